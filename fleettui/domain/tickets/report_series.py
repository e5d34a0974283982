"""Several weeks of support side by side, and when customers write: the figures behind the plots. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from fleettui.domain.team.retro import WeekSpan
from fleettui.domain.tickets.debt import DebtPolicy
from fleettui.domain.tickets.episodes import episodes
from fleettui.domain.tickets.model import Ticket
from fleettui.domain.tickets.report import TicketHistory, WeekReport, week_report

HOURS, DAYS = 24, 7


class ArrivalCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Customers' messages from the first to the last week, by weekday (from Monday) and hour of the team's clocks."""

    first: WeekSpan
    last: WeekSpan
    counts: tuple[tuple[int, ...], ...]

    @property
    def total(self) -> int:
        """All messages."""
        return sum(self.by_weekday)

    @property
    def by_weekday(self) -> tuple[int, ...]:
        """From Monday."""
        return tuple(sum(day) for day in self.counts)

    def by_hour(self, hours: int = 1) -> tuple[int, ...]:
        """Over all weekdays, so many hours together."""
        return tuple(sum(column) for column in zip(*self.together(hours), strict=True))

    def together(self, hours: int) -> tuple[tuple[int, ...], ...]:
        """By weekday, so many hours of it together."""
        return tuple(
            tuple(sum(day[start : start + hours]) for start in range(0, HOURS, hours)) for day in self.counts
        )


class Trend(msgspec.Struct, frozen=True, kw_only=True):
    """The oldest week first."""

    weeks: tuple[WeekReport, ...]
    arrivals: ArrivalCounts


def trend(
    histories: Sequence[TicketHistory],
    debt_policy: DebtPolicy,
    weeks: Sequence[WeekSpan],
    now: datetime,
    zone: ZoneInfo,
) -> Trend:
    """Each week's report, without what was open at its end: that would need every ticket as it was then."""
    by_week: list[list[TicketHistory]] = [[] for _ in weeks]
    for history in histories:
        for number in _concerned(history, weeks, now):
            by_week[number].append(history)
    return Trend(
        weeks=tuple(
            week_report(histories, (), debt_policy, week, now, zone)
            for week, histories in zip(weeks, by_week, strict=True)
        ),
        arrivals=arrivals((history.ticket for history in histories), weeks, zone),
    )


def _concerned(history: TicketHistory, weeks: Sequence[WeekSpan], now: datetime) -> Iterable[int]:
    """The weeks in which something of it happened: a message, a running debt, its end."""
    ticket, past = history.ticket, history.past()
    moments = [
        ticket.opened_at,
        *(message.at for message in ticket.messages),
        *(change.at for change in past.changes),
    ]
    stretches = [(moment, moment) for moment in moments]
    stretches += [(episode.since, episode.ended or now) for episode in episodes(ticket, past)]
    for number, week in enumerate(weeks):
        if any(since < week.end and until >= week.start for since, until in stretches):
            yield number


def arrivals(tickets: Iterable[Ticket], weeks: Sequence[WeekSpan], zone: ZoneInfo) -> ArrivalCounts:
    """The customers' messages of these weeks, counted."""
    counts = [[0] * HOURS for _ in range(DAYS)]
    first, last = weeks[0], weeks[-1]
    for ticket in tickets:
        for message in ticket.messages:
            if message.direction == "in" and not message.moved_from and first.start <= message.at < last.end:
                at = message.at.astimezone(zone)
                counts[at.weekday()][at.hour] += 1
    return ArrivalCounts(first=first, last=last, counts=tuple(tuple(day) for day in counts))
