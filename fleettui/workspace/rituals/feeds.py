"""Live figures for rituals: the queue's answer times (RIT-2), silent opportunities (RIT-11), documentation questions (RIT-16),
the week's retro (RIT-17)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING

import msgspec

from fleettui.domain.customers.in_touch import last_contact, quiet_opportunities
from fleettui.domain.rituals.model import Ritual
from fleettui.domain.tickets import model as tickets
from fleettui.domain.tickets.model import Message, Ticket
from fleettui.time import wording
from fleettui.time.zones import start_of_day
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.workspace.customers import Customers
    from fleettui.workspace.facts import Facts
    from fleettui.workspace.tickets.actions import Tickets

MOST_ROWS = 30


class Figure(msgspec.Struct, frozen=True, rename={"text": "told"}):
    """In words, whether that is as it should be, and the list behind it. `minutes`: the oldest wait; `median`: today's.
    Scripts read the words as `told`."""

    text: str
    good: bool
    rows: tuple[str, ...] = ()
    minutes: int | None = None
    median: int | None = None


class Feeds:
    """Reads the figures that feed rituals, by the name of the feed."""

    def __init__(self, session: Session, tickets: Tickets, customers: Customers, facts: Facts) -> None:
        self._session, self._tickets, self._customers = session, tickets, customers
        self._facts = facts
        self._sources: dict[str, Callable[[Ritual], Figure]] = {
            "answer times": self.answer_times,
            "quiet opportunities": self.quiet_opportunities,
            "documentation questions": self.documentation_questions,
            "held calls": self.in_touch,
            "on-call retro": self.on_call_retro,
        }

    def figure(self, ritual: Ritual) -> Figure | None:
        source = self._sources.get(ritual.fed)
        return source(ritual) if source else None

    def answer_times(self, ritual: Ritual) -> Figure:
        """RIT-2: how long the oldest message in a customer's channel has waited, in opening hours, and how fast the answers
        of today were."""
        policy, now = self._session.policy, self._session.now()
        prefix = policy.handbook.labels.waiting_prefix
        in_channels = self._tickets.which(lambda row: row.channel and "@" not in row.channel)
        waits = [
            (since, ticket)
            for ticket in in_channels
            if (since := tickets.owed_since(ticket, prefix)) is not None
        ]
        waits.sort(key=lambda pair: pair[0])
        oldest = self._minutes(waits[0][0], now) if waits else None
        today = start_of_day(self._session.today(), policy.zone)
        spans = [
            self._minutes(asked, answered)
            for ticket in in_channels
            for asked, answered in answers(ticket.messages)
            if answered >= today
        ]
        middle = round(median(spans)) if spans else None
        limit = ritual.target_minutes
        rows = tuple(
            f"{ticket.id} {ticket.customer}: {self._minutes(since, now)} min"
            for since, ticket in waits[:MOST_ROWS]
        )
        return Figure(
            f"{_waiting_words(oldest)}; {_answered_words(middle, len(spans))}",
            oldest is None or limit is None or oldest < limit,
            rows,
            oldest,
            middle,
        )

    def _minutes(self, start: datetime, end: datetime) -> int:
        """Of opening hours."""
        if end <= start:
            return 0
        return int(self._session.policy.calendar.between(start, end) / timedelta(minutes=1))

    def quiet_opportunities(self, ritual: Ritual) -> Figure:
        """RIT-11: open ones without contact for so many days or more."""
        days = ritual.quiet_days or self._session.policy.handbook.gtm.quiet_days
        quiet = quiet_opportunities(self._customers.all(), self._facts.at_work(), self._session.today(), days)
        rows = tuple(
            f"{customer.shown}: {opportunity.name}, "
            f"{'no contact known' if silence is None else f'{silence} days quiet'}"
            for customer, opportunity, silence in quiet[:MOST_ROWS]
        )
        count = _counted(len(quiet), "open opportunity", "open opportunities")
        return Figure(f"{count} without contact for {days} days or more", not quiet, rows)

    def in_touch(self, ritual: Ritual) -> Figure:
        """RIT-9: when we were last in touch with each commercial customer, whatever way (GTM-9); the longest silence first."""
        today, at_work = self._session.today(), self._facts.at_work()
        customers = self._customers.commercial()
        contacts = [(customer, last_contact(customer, at_work.get(customer.id))) for customer in customers]
        contacts.sort(key=lambda pair: pair[1].day if pair[1] else date.min)
        recent = sum(contact is not None and contact.days_ago(today) < 7 for _, contact in contacts)
        rows = tuple(
            f"{customer.shown}: {wording.day(contact.day)}, {contact.words}"
            if contact
            else f"{customer.shown}: no contact known"
            for customer, contact in contacts[:MOST_ROWS]
        )
        return Figure(
            f"in touch with {recent} of {len(customers)} in the last 7 days", recent == len(customers), rows
        )

    def documentation_questions(self, ritual: Ritual) -> Figure:
        """RIT-16: what customers asked that the documentation should answer, and nobody has written yet."""
        unwritten = [ticket for ticket in self._tickets.all(archived=True) if is_unwritten(ticket)]
        rows = tuple(
            f"{ticket.id} {ticket.documentation.what or ticket.subject}"
            for ticket in unwritten[:MOST_ROWS]
            if ticket.documentation
        )
        count = _counted(len(unwritten), "question to write up", "questions to write up")
        return Figure(count, not unwritten, rows)

    def on_call_retro(self, ritual: Ritual) -> Figure:
        """RIT-17: how much of this week's three questions is answered (SUP-16)."""
        from fleettui.domain.team.retro import WeekSpan
        from fleettui.workspace.collections import RETROS

        week = WeekSpan(self._session.today(), self._session.policy.zone)
        kept = self._session.store.get(RETROS, week.key)
        given = kept.answers if kept else {}
        questions = self._session.policy.handbook.tickets.retro
        rows = tuple(
            f"{question.question} {given[question.key]}" for question in questions if question.key in given
        )
        text = f"{len(rows)} of {len(questions)} questions of {week.key} answered"
        return Figure(text, len(rows) == len(questions), rows)


def _waiting_words(oldest: int | None) -> str:
    return "nobody waits" if oldest is None else f"the oldest waits {oldest} min"


def _answered_words(middle: int | None, count: int) -> str:
    return "no answers yet today" if middle is None else f"{count} answered today, in {middle} min (median)"


def answers(messages: Iterable[Message]) -> Iterator[tuple[datetime, datetime]]:
    """Pairs of times: the oldest message that was owed an answer, and that answer. Automatic messages are no answer."""
    asked: datetime | None = None
    for message in messages:
        if message.direction == "in" and asked is None and message.deleted_at is None:
            asked = message.at
        elif message.is_answer and asked is not None:
            yield asked, message.at
            asked = None


def is_unwritten(ticket: Ticket) -> bool:
    """Whether the solution belongs into the documentation and is not written yet."""
    asked = ticket.documentation
    return asked is not None and asked.answer == "yes" and not asked.done


def _counted(count: int, singular: str, plural: str) -> str:
    return f"{count} {singular if count == 1 else plural}"
