"""What becomes news by itself when time passes: a promise that is about to be broken, and one that was (SLA-15).

A promise becomes news at the moment in which it gets so far (`deadlines`); or, where a change brought it there (another
priority, a mail that came late), with that change (`crossed`). Both follow from the ticket as it was
then, and from nothing before: whoever looks learns the same.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec.structs import replace

from fleettui.domain.events.model import Changed, Event, Kind
from fleettui.domain.events.policy import Alarms, Whom
from fleettui.domain.events.team import Team
from fleettui.domain.events.tickets import named
from fleettui.domain.tickets.debt import debt_of
from fleettui.domain.tickets.model import Listed, Ticket
from fleettui.domain.tickets.sla import Debt
from fleettui.errors import FleettuiError

BEGINNING = datetime.min.replace(tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Threshold(msgspec.Struct, frozen=True):
    """A step on the way to a broken promise, and when it is reached."""

    at: datetime
    kind: Kind
    to: Whom
    name: str


def sound_debt(ticket: Listed, team: Team) -> Debt | None:
    """None also where the times of the ticket make no sense."""
    try:
        return debt_of(ticket, team.debts())
    except (ValueError, ArithmeticError, FleettuiError):
        return None


class Stand(msgspec.Struct, frozen=True):
    """A ticket as it was from that moment on."""

    since: datetime
    ticket: Listed


def thresholds(owed: Debt, alarms: Alarms) -> Iterator[Threshold]:
    """In the order of time, each reckoned when it is asked for: a queue has tens of thousands, and looks at the first. None where
    nothing is promised, or the times of the ticket make no sense."""
    if owed.due is None or owed.calendar is None:
        return
    try:
        whole = owed.calendar.between(owed.since, owed.due)
        for step in sorted(alarms.breaching, key=lambda step: step.left, reverse=True):
            counted = timedelta(microseconds=int(whole / MICROSECOND * (1 - step.left)))
            at = min(owed.calendar.forward(owed.since, counted).end, owed.due)
            yield Threshold(at, "breaching", step.to, f"breaching-{step.left:g}")
    except (ValueError, ArithmeticError, FleettuiError):
        return
    yield _broken(owed.due, alarms)


def _broken(due: datetime, alarms: Alarms) -> Threshold:
    return Threshold(due, "breached", alarms.breached, "breached")


def _reached(owed: Debt, alarms: Alarms, at: datetime) -> Threshold | None:
    """The last one until then."""
    if owed.due is not None and owed.calendar is not None and owed.due <= at:
        return _broken(owed.due, alarms)
    last = None
    for step in thresholds(owed, alarms):
        if step.at > at:
            break
        last = step
    return last


def deadlines(stands: Sequence[Stand], after: datetime, now: datetime, team: Team) -> Iterator[Event]:
    """What becomes news from `after` until now. `stands`: how the ticket was since then, the oldest first."""
    for place, stand in enumerate(stands):
        until = stands[place + 1].since if place + 1 < len(stands) else now
        owed = sound_debt(stand.ticket, team)
        if owed is None or owed.due is None or owed.due < after or owed.due <= stand.since:
            continue
        for step in thresholds(owed, team.alarms):
            if step.at > until:
                break
            if stand.since < step.at and step.at >= after:
                yield _event(stand.ticket, owed, step, step.at, team)


def crossed(change: Changed, team: Team) -> Iterator[Event]:
    """How far a change brought a promise at once: only the last step of it is news."""
    before, after = change.before, change.after
    owed = debt_of(after, team.debts()) if isinstance(after, Ticket) else None
    if owed is None or not isinstance(after, Ticket) or owed.since >= change.at:
        return
    old = debt_of(before, team.debts()) if isinstance(before, Ticket) else None
    if old is not None and (old.since, old.due) == (owed.since, owed.due):
        return  # nearly always, and cheap to see
    reached = _reached(owed, team.alarms, change.at)
    was_same = old is not None and old.since == owed.since
    steps = thresholds(old, team.alarms) if old is not None and was_same else ()
    passed = {step.name for step in steps if step.at <= change.at}
    if reached is not None and reached.name not in passed:
        # With its own id an event of thousands of tickets would keep the memory in which each of them was from being given back.
        yield replace(
            _event(after, owed, reached, change.at, team, change.rev), id=change.id, about=(change.id,)
        )


def _event(ticket: Listed, owed: Debt, step: Threshold, at: datetime, team: Team, rev: int = 0) -> Event:
    """`rev`: of the change that brought it so far."""
    text = f"The answer is late: {named(ticket)} ({ticket.customer})"
    if step.kind == "breaching" and owed.due is not None:
        due = owed.due.astimezone(team.zone)
        text = f"To answer until {due:%a %H:%M}: {named(ticket)} ({ticket.customer})"
    return Event(
        key=f"tickets/{ticket.id}/{owed.since:%Y%m%dT%H%M%S}/{step.name}/{rev or f'{step.at:%Y%m%dT%H%M%S}'}",
        kind=step.kind,
        at=at,
        collection="tickets",
        id=ticket.id,
        logins=team.meant_by(step.to, ticket.assignee, at),
        text=text,
        about=(ticket.id,),
    )
