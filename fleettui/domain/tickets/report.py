"""A week of support in figures: what came, what was answered and how soon, what was late and why. Pure functions.

A debt counts once, in the week in which it was decided: when it was answered in time, or when its time ran out. What happened
after the week changes none of its figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from fleettui.domain.team.retro import WeekSpan
from fleettui.domain.tickets import model as tickets
from fleettui.domain.tickets.debt import DebtPolicy
from fleettui.domain.tickets.episodes import ClockPast, Episode, episodes
from fleettui.domain.tickets.model import Ticket
from fleettui.domain.tickets.sla import Debt

FieldAt = Callable[[str, datetime], Any]
"""What a field of a ticket was at a moment."""


class TicketHistory(NamedTuple):
    """A ticket, what its fields were, when its clock stood, and what its customer is called (SUP-13)."""

    ticket: Ticket
    field_at: FieldAt
    past: Callable[[], ClockPast]
    shown: str


class Breach(msgspec.Struct, frozen=True, kw_only=True):
    """A promise that was not kept, and why."""

    ticket: str
    customer: str
    tier: str
    priority: str
    rule: str
    since: datetime
    due: datetime
    answered: datetime | None
    resolved: datetime | None
    """When the ticket was resolved without an answer."""
    by: str
    over: timedelta
    """On the promise's own clock: day and night, or opening hours. What is still open is late so far: to the week's end, or
    until now."""
    reasons: tuple[str, ...]


class Attainment(msgspec.Struct, frozen=True, kw_only=True):
    """Of the promises of one kind that were decided in the week."""

    tier: str
    priority: str
    in_time: int
    late: int
    median: timedelta | None
    """On the clock of this promise, so that both can be compared; likewise `worst`."""
    worst: timedelta | None

    @property
    def share(self) -> float | None:
        """How much of it was in time."""
        decided = self.in_time + self.late
        return self.in_time / decided if decided else None


class OpenWork(msgspec.Struct, frozen=True, kw_only=True):
    """As it stood at the end of the week, or stands now."""

    open: int
    owed: int
    waiting: int
    snoozed: int
    median_age: timedelta | None
    oldest_age: timedelta | None
    oldest: str


class WeekReport(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one week."""

    week: str
    first: date
    last: date
    arrivals: int
    messages: int
    answers: int
    resolved: int
    resolved_unanswered: int
    """How often a ticket was resolved while its customer had no answer; `resolved_unanswered_late`: after it was due."""
    resolved_unanswered_late: int
    in_time: int
    late: int
    median: timedelta | None
    """From the oldest unanswered message to its answer, in opening hours; likewise `worst`."""
    worst: timedelta | None
    worst_ticket: str
    attainment: tuple[Attainment, ...]
    breaches: tuple[Breach, ...]
    still_open: OpenWork
    by_hour: tuple[int, ...]
    """Customers' messages by hour of the day; `by_weekday` from Monday."""
    by_weekday: tuple[int, ...]

    @property
    def share(self) -> float | None:
        """How much of what was promised was in time."""
        return self.in_time / (self.in_time + self.late) if self.in_time + self.late else None


class _Debt(NamedTuple):
    past: TicketHistory
    episode: Episode
    tier: str
    priority: str
    owed: Debt
    response: timedelta | None
    """In opening hours."""
    ended: datetime
    """Or how far it has come: the end of the week, or now."""
    in_time: bool
    decided: datetime | None
    """When it was kept or broken; None where it is neither, or where that was decided before."""

    @property
    def due(self) -> datetime | None:
        return self.owed.due

    @property
    def on_clock(self) -> timedelta | None:
        """The response as the promise counts it."""
        clock, answered = self.owed.calendar, self.episode.answered
        return clock.between(self.episode.since, answered) if clock and answered else None


def week_report(
    histories: Sequence[TicketHistory],
    tickets_then: Iterable[Ticket],
    debt_policy: DebtPolicy,
    week: WeekSpan,
    now: datetime,
    zone: ZoneInfo,
) -> WeekReport:
    """The report of one week. `tickets_then` are the tickets as they were at the end of it."""
    debts = [debt for history in histories for debt in _debts(history, debt_policy, week, now)]
    answered = [debt for debt in debts if week.has(debt.episode.answered)]
    decided = [debt for debt in debts if debt.due is not None and week.has(debt.decided)]
    dropped = [debt for debt in debts if debt.episode.end == "resolved" and week.has(debt.episode.ended)]
    spans = [debt.response for debt in answered if debt.response is not None]
    worst = max(answered, key=lambda debt: debt.response or timedelta(0), default=None)
    came = [
        message.at.astimezone(zone)
        for history in histories
        for message in history.ticket.messages
        if message.direction == "in" and not message.moved_from and week.has(message.at)
    ]
    return WeekReport(
        week=week.key,
        first=week.first,
        last=week.last,
        arrivals=sum(week.has(history.ticket.opened_at) for history in histories),
        messages=len(came),
        answers=len(answered),
        resolved=sum(_was_resolved(history, week, now) for history in histories),
        resolved_unanswered=len(dropped),
        resolved_unanswered_late=sum(not debt.in_time for debt in dropped),
        in_time=sum(debt.in_time for debt in decided),
        late=sum(not debt.in_time for debt in decided),
        median=_median(spans),
        worst=max(spans, default=None),
        worst_ticket=worst.past.ticket.id if worst else "",
        attainment=tuple(_attainment(decided, debt_policy)),
        breaches=tuple(_breach(debt, zone) for debt in decided if not debt.in_time),
        still_open=_open_work(tickets_then, debt_policy, min(now, week.end)),
        by_hour=tuple(sum(at.hour == hour for at in came) for hour in range(24)),
        by_weekday=tuple(sum(at.weekday() == day for at in came) for day in range(7)),
    )


def _until(week: WeekSpan, now: datetime) -> datetime | None:
    """What is counted happened before this; a week that is not over has no end yet."""
    return week.end if week.end <= now else None


def _was_resolved(history: TicketHistory, week: WeekSpan, now: datetime) -> bool:
    """In this week, whatever became of it later. What was taken back was not."""
    changes = [change for change in history.past().changes if change.at < week.end or week.end > now]
    undone = {change.undoes for change in changes}
    return any(
        change.state == "resolved" and week.has(change.at) and change.rev not in undone for change in changes
    )


def _debts(history: TicketHistory, debt_policy: DebtPolicy, week: WeekSpan, now: datetime) -> Iterable[_Debt]:
    at_end, earlier = min(week.end, now), list[_Debt]()
    for episode in episodes(history.ticket, history.past(), _until(week, now)):
        debt = _decided(history, episode, debt_policy, at_end, earlier)
        earlier.append(debt)
        if episode.since < week.end and (episode.ended is None or episode.ended >= week.start):
            # Else it ended before the week, or begins after it: decided elsewhere, whatever the promise was.
            yield debt


def _decided(
    history: TicketHistory,
    episode: Episode,
    debt_policy: DebtPolicy,
    at_end: datetime,
    earlier: Sequence[_Debt],
) -> _Debt:
    """With the tier and priority of the moment it ended: later changes do not count."""
    ended = episode.ended or at_end
    tier, priority = history.field_at("tier", ended), history.field_at("priority", ended)
    whose = history.ticket.customer_id, history.ticket.customer
    owed = debt_policy.debt(tier, priority, episode.since, whose)
    in_time = owed.due is None or ended <= owed.due
    response = (
        debt_policy.calendars.working.between(episode.since, episode.answered) if episode.answered else None
    )
    decided: datetime | None = None
    if _was_late(episode, owed, earlier):
        pass  # counted already, when its time ran out
    elif in_time:
        # What is open and has time, or ended in time without an answer, is neither kept nor broken.
        decided = episode.answered
    elif owed.due is not None:
        decided = max(owed.due, episode.began)
    return _Debt(history, episode, tier, priority, owed, response, ended, in_time, decided)


def _was_late(episode: Episode, owed: Debt, earlier: Sequence[_Debt]) -> bool:
    """Whether this debt, which ran before, was broken then."""
    if not episode.again:
        return False
    before = [debt for debt in earlier if debt.episode.since == episode.since]
    if not before:
        # It came with a merged ticket, where it ran until then.
        return owed.due is not None and owed.due < episode.began
    return any(not debt.in_time for debt in before)


def _attainment(decided: Sequence[_Debt], debt_policy: DebtPolicy) -> Iterable[Attainment]:
    for row in debt_policy.policy.priorities:
        for tier in dict.fromkeys(commitment.tier for commitment in debt_policy.policy.commitments):
            row_debts = [debt for debt in decided if debt.tier == tier and debt.priority == row.key]
            spans = [debt.on_clock for debt in row_debts if debt.on_clock is not None]
            if row_debts:
                yield Attainment(
                    tier=tier,
                    priority=row.key,
                    in_time=sum(debt.in_time for debt in row_debts),
                    late=sum(not debt.in_time for debt in row_debts),
                    median=_median(spans),
                    worst=max(spans, default=None),
                )


def _median(spans: Sequence[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(span.total_seconds() for span in spans)) if spans else None


def _breach(debt: _Debt, zone: ZoneInfo) -> Breach:
    ticket, episode, clock = debt.past.ticket, debt.episode, debt.owed.calendar
    due = debt.due or debt.ended
    ended = max(due, debt.ended)
    return Breach(
        ticket=ticket.id,
        customer=debt.past.shown,
        tier=debt.tier,
        priority=debt.priority,
        rule=debt.owed.rule,
        since=episode.since,
        due=due,
        answered=episode.answered,
        resolved=episode.ended if episode.end == "resolved" else None,
        by=episode.by,
        over=clock.between(due, ended) if clock else ended - due,
        reasons=tuple(_reasons(debt, due, zone)),
    )


def _reasons(debt: _Debt, due: datetime, zone: ZoneInfo) -> Iterable[str]:
    """What the team wrote down; then what its history shows of the moment at which the time ran out."""
    ticket, at, episode = debt.past.ticket, debt.past.field_at, debt.episode
    if ticket.late_why:
        yield ticket.late_why
    assignee = at("assignee", due)
    yield f"{assignee} had it" if assignee else "nobody had it"
    if at("status", due) in ("waiting", "snoozed"):
        yield f"it was {at('status', due)} when its time ran out"
    for field in ("priority", "tier"):
        began, ended = at(field, episode.since), at(field, debt.ended)
        if began != ended:
            yield f"{field} was changed from {began} to {ended} meanwhile"
    if episode.ended is None:
        yield f"open, late so far: unanswered since {_moment(episode.since, zone)}"
    elif episode.end == "resolved":
        yield f"resolved without an answer {_moment(episode.ended, zone)}"


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %d %b %H:%M}"


def _open_work(tickets_then: Iterable[Ticket], debt_policy: DebtPolicy, at: datetime) -> OpenWork:
    open_tickets = [
        ticket for ticket in tickets_then if ticket.status != "resolved" and ticket.opened_at <= at
    ]
    states = [tickets.status_at(ticket, at) for ticket in open_tickets]
    oldest = min(open_tickets, key=lambda ticket: ticket.opened_at, default=None)
    return OpenWork(
        open=len(open_tickets),
        owed=sum(
            tickets.owed_since(ticket, debt_policy.waiting_prefix) is not None for ticket in open_tickets
        ),
        waiting=states.count("waiting"),
        snoozed=states.count("snoozed"),
        median_age=_median([at - ticket.opened_at for ticket in open_tickets]),
        oldest_age=at - oldest.opened_at if oldest else None,
        oldest=oldest.id if oldest else "",
    )
