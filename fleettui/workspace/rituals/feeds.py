"""What feeds a ritual, live: the queue's answer times (RIT-2), silent opportunities (RIT-11), documentation questions (RIT-16),
the week's retro (RIT-17)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING

import msgspec

from fleettui.domain.customers import model as customers
from fleettui.domain.rituals.model import Ritual
from fleettui.domain.tickets import model as tickets
from fleettui.domain.tickets.model import Message, Ticket
from fleettui.time.zones import day_of, start_of_day

if TYPE_CHECKING:
    from fleettui.workspace.workspace import Workspace

MOST_ROWS = 30


class Figure(msgspec.Struct, frozen=True, rename={"text": "told"}):
    """In words, whether that is as it should be, and the list behind it. `minutes`: the oldest wait; `median`: today's.
    Scripts read the words as `told`."""

    text: str
    good: bool
    rows: tuple[str, ...] = ()
    minutes: int | None = None
    median: int | None = None


def figure(workspace: Workspace, ritual: Ritual) -> Figure | None:
    read = _FEEDS.get(ritual.fed_by)
    return read(workspace, ritual) if read else None


def answer_times(workspace: Workspace, ritual: Ritual) -> Figure:
    """RIT-2: how long the oldest message in a customer's channel has waited, in opening hours, and how fast the answers of
    today were."""
    prefix = workspace.handbook.labels.waiting_prefix
    now = workspace.now()
    here = [one for one in workspace.tickets.all() if one.channel and "@" not in one.channel]
    waits = [(since, one) for one in here if (since := tickets.owed_since(one, prefix)) is not None]
    waits.sort(key=lambda pair: pair[0])
    oldest = _minutes(workspace, waits[0][0], now) if waits else None
    today = start_of_day(day_of(now, workspace.zone), workspace.zone)
    spans = [
        _minutes(workspace, asked, given)
        for one in here
        for asked, given in answers(one.messages)
        if given >= today
    ]
    middle = round(median(spans)) if spans else None
    limit = ritual.target_minutes
    rows = tuple(
        f"{one.id} {one.customer}: {_minutes(workspace, since, now)} min" for since, one in waits[:MOST_ROWS]
    )
    return Figure(
        f"{_waiting_words(oldest)}; {_answered_words(middle, len(spans))}",
        oldest is None or limit is None or oldest < limit,
        rows,
        oldest,
        middle,
    )


def _waiting_words(oldest: int | None) -> str:
    return "nobody waits" if oldest is None else f"the oldest waits {oldest} min"


def _answered_words(middle: int | None, count: int) -> str:
    return "no answers yet today" if middle is None else f"{count} answered today, in {middle} min (median)"


def answers(messages: Iterable[Message]) -> Iterator[tuple[datetime, datetime]]:
    """From the oldest message that was owed an answer to that answer; an automatic one answers nothing."""
    asked: datetime | None = None
    for message in messages:
        if message.direction == "in" and asked is None and message.deleted_at is None:
            asked = message.at
        elif message.direction == "out" and not message.automatic and asked is not None:
            yield asked, message.at
            asked = None


def _minutes(workspace: Workspace, start: datetime, end: datetime) -> int:
    return int(workspace.calendar.between(start, end) / timedelta(minutes=1)) if end > start else 0


def quiet_opportunities(workspace: Workspace, ritual: Ritual) -> Figure:
    """RIT-11: open ones without contact for so many days or more."""
    days = ritual.quiet_days or workspace.handbook.gtm.quiet_days
    today = day_of(workspace.now(), workspace.zone)
    found = customers.quiet_opportunities(workspace.customers.all(), today, days)
    rows = tuple(
        f"{one.shown}: {opportunity.name}, {'never in contact' if quiet is None else f'{quiet} days quiet'}"
        for one, opportunity, quiet in found[:MOST_ROWS]
    )
    told = _counted(len(found), "open opportunity", "open opportunities")
    return Figure(f"{told} without contact for {days} days or more", not found, rows)


def documentation_questions(workspace: Workspace, ritual: Ritual) -> Figure:
    """RIT-16: what customers asked that the documentation should answer, and nobody has written yet."""
    found = [one for one in workspace.tickets.all(archived=True) if is_unwritten(one)]
    rows = tuple(
        f"{one.id} {one.documentation.what or one.subject}" for one in found[:MOST_ROWS] if one.documentation
    )
    return Figure(_counted(len(found), "question to write up", "questions to write up"), not found, rows)


def is_unwritten(ticket: Ticket) -> bool:
    asked = ticket.documentation
    return asked is not None and asked.answer == "yes" and not asked.done


def on_call_retro(workspace: Workspace, ritual: Ritual) -> Figure:
    """RIT-17: how much of this week's three questions is answered (SUP-16)."""
    from fleettui.domain.team.retro import WeekSpan
    from fleettui.workspace.collections import RETROS

    week = WeekSpan(day_of(workspace.now(), workspace.zone), workspace.zone)
    kept = workspace.store.get(RETROS, week.key)
    answered = kept.answers if kept else {}
    questions = workspace.handbook.tickets.retro
    rows = tuple(f"{one.question} {answered[one.key]}" for one in questions if one.key in answered)
    told = f"{len(rows)} of {len(questions)} questions of {week.key} answered"
    return Figure(told, len(rows) == len(questions), rows)


def _counted(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"


_FEEDS: dict[str, Callable[[Workspace, Ritual], Figure]] = {
    "answer times": answer_times,
    "quiet opportunities": quiet_opportunities,
    "documentation questions": documentation_questions,
    "on-call retro": on_call_retro,
}
