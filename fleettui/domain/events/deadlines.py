"""What becomes news by itself when time passes: a promise that is about to be broken, and one that was (SLA-15).

A promise becomes news at the moment in which it gets so far (`deadlines`); or, where a change brought it there (another
priority, a mail that came late), with that change (`crossed`). Both follow from the ticket as it was
then, and from nothing before: whoever looks learns the same.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from fleettui.domain.events.model import Changed, Event, Kind
from fleettui.domain.events.policy import Alarms, Whom
from fleettui.domain.events.team import Team
from fleettui.domain.events.tickets import named
from fleettui.domain.tickets.debt import debt_of
from fleettui.domain.tickets.model import Listed, Ticket
from fleettui.domain.tickets.sla import Debt
from fleettui.errors import FleettuiError

BEGINNING = datetime.min.replace(tzinfo=UTC)


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


def thresholds(owed: Debt, alarms: Alarms) -> list[Threshold]:
    """In the order of time; none where nothing is promised, or the times of the ticket make no sense."""
    try:
        return _thresholds(owed, alarms)
    except (ValueError, ArithmeticError, FleettuiError):
        return []


def _thresholds(owed: Debt, alarms: Alarms) -> list[Threshold]:
    if owed.due is None or owed.calendar is None:
        return []
    whole = owed.calendar.between(owed.since, owed.due)
    reached = [Threshold(owed.due, "breached", alarms.breached, "breached")]
    for step in alarms.breaching:
        counted = timedelta(microseconds=int(whole / timedelta(microseconds=1) * (1 - step.left)))
        at = min(owed.calendar.forward(owed.since, counted).end, owed.due)
        reached.append(Threshold(at, "breaching", step.to, f"breaching-{step.left:g}"))
    return sorted(reached, key=lambda step: (step.at, step.kind != "breaching"))


def deadlines(stands: Sequence[Stand], after: datetime, now: datetime, team: Team) -> Iterator[Event]:
    """What becomes news from `after` until now. `stands`: how the ticket was since then, the oldest first."""
    for place, stand in enumerate(stands):
        until = stands[place + 1].since if place + 1 < len(stands) else now
        owed = sound_debt(stand.ticket, team)
        if owed is None:
            continue
        for step in thresholds(owed, team.alarms):
            if stand.since < step.at <= until and step.at >= after:
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
    was_same = old is not None and old.since == owed.since
    steps = thresholds(old, team.alarms) if old is not None and was_same else []
    passed = {step.name for step in steps if step.at <= change.at}
    reached = [step for step in thresholds(owed, team.alarms) if step.at <= change.at]
    if reached and reached[-1].name not in passed:
        yield _event(after, owed, reached[-1], change.at, team, change.rev)


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
