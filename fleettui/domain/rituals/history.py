"""Which periods a ritual has had, and how well they were kept. Pure functions.

A skip neither breaks nor lengthens a streak; a tick that came late keeps the period. What lies before the team began to keep
the ritual here counts only where somebody did it all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import msgspec

from fleettui.domain.rituals.model import Era, Instance, Ritual, instance_key
from fleettui.domain.rituals.recurrence import Every, Period, period_containing, periods_between
from fleettui.time.business import Calendar

Outcome = Literal["kept", "late", "covered", "skipped", "missed", "open"]

KEPT: tuple[Outcome, ...] = ("kept", "late", "covered")

_STRETCH: dict[Every, int] = {
    "day": 16,
    "business day": 16,
    "week": 70,
    "month": 310,
    "quarter": 920,
    "year": 3660,
}
"""How many days to look at in one go: some ten periods."""


@dataclass(frozen=True)
class RitualPeriod:
    """A period of a ritual and the id under which it is recorded."""

    dates: Period
    id: str


def period_on(ritual: Ritual, day: date, calendar: Calendar) -> RitualPeriod | None:
    """The period to which a day belongs, by the rhythm that was in force; nothing once it is retired."""
    for number, era in enumerate(ritual.eras):
        if era.last is not None and (era.last < era.first or day > era.last):
            continue
        period = period_containing(era.rhythm, day, calendar)
        if period is None or (number and period.last < era.first):
            return None
        if not is_cut(era, period):
            return RitualPeriod(period, instance_key(ritual, number, period))
    return None


def is_cut(era: Era, period: Period) -> bool:
    """Whether the period was cut short by another rhythm or by retiring: then it is not due."""
    return era.last is not None and period.last > era.last


def periods(ritual: Ritual, first: date, last: date, calendar: Calendar) -> list[RitualPeriod]:
    """Every period with a day from `first` to `last`, in order."""
    ritual_periods: list[RitualPeriod] = []
    for number, era in enumerate(ritual.eras):
        begin = first if number == 0 else max(first, era.first)
        end = last if era.last is None else min(last, era.last)
        if end < begin or (era.last is not None and era.last < era.first):
            continue
        ritual_periods += [
            RitualPeriod(period, instance_key(ritual, number, period))
            for period in periods_between(era.rhythm, begin, end, calendar)
            if not is_cut(era, period)
        ]
    return ritual_periods


def periods_backwards(ritual: Ritual, day: date, calendar: Calendar, oldest: date) -> Iterator[RitualPeriod]:
    """The periods that have begun by `day`, newest first, down to the one with `oldest` in it."""
    stretch = timedelta(days=_STRETCH[ritual.rhythm.every] * ritual.rhythm.interval)
    seen: str | None = None
    end = day
    while end >= oldest:
        begin = max(oldest, end - stretch)
        for period in reversed(periods(ritual, begin, end, calendar)):
            if period.id != seen:
                yield period
            seen = period.id
        end = begin - timedelta(days=1)


Judge = Callable[[RitualPeriod, Instance | None], Outcome]
"""How a period ended, or stands."""


class TrackRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A ritual over a stretch of time. `rate` is the share of kept periods among those that were owed; None: none was."""

    outcomes: tuple[tuple[date, date, Outcome], ...]
    kept: int
    late: int
    covered: int
    skipped: int
    missed: int
    rate: float | None
    streak: int
    longest: int
    covered_by: dict[str, int]


def streak(outcomes: Iterable[Outcome]) -> int:
    """Newest first. What is still open does not break it."""
    count = 0
    for outcome in outcomes:
        if outcome == "missed":
            break
        count += outcome in KEPT
    return count


def longest(outcomes: Iterable[Outcome]) -> int:
    """The longest streak there was, in either direction of time."""
    best = run = 0
    for outcome in outcomes:
        run = 0 if outcome == "missed" else run + (outcome in KEPT)
        best = max(best, run)
    return best


def look_back(
    ritual: Ritual,
    instances: Mapping[str, Instance],
    judge: Judge,
    first: date,
    last: date,
    calendar: Calendar,
) -> TrackRecord:
    """Every counted period with a day from `first` to `last`."""
    rows: list[tuple[date, date, Outcome]] = []
    covered_by: dict[str, int] = {}
    for period in periods(ritual, first, last, calendar):
        instance = instances.get(period.id)
        if is_counted(ritual, period, instance, calendar):
            outcome = judge(period, instance)
            rows.append((period.dates.first, period.dates.last, outcome))
            for login in coverers(instance) if instance and outcome in KEPT else ():
                covered_by[login] = covered_by.get(login, 0) + 1
    return track_record(rows, covered_by)


def track_record(rows: list[tuple[date, date, Outcome]], covered_by: dict[str, int]) -> TrackRecord:
    """The figures of these outcomes, the oldest first."""
    outcomes = [outcome for _, _, outcome in rows]
    counts = {name: outcomes.count(name) for name in ("late", "covered", "skipped", "missed")}
    kept = sum(outcome in KEPT for outcome in outcomes)
    owed = kept + counts["missed"]
    return TrackRecord(
        outcomes=tuple(rows),
        kept=kept,
        **counts,
        rate=kept / owed if owed else None,
        streak=streak(reversed(outcomes)),
        longest=longest(outcomes),
        covered_by=covered_by,
    )


def is_counted(ritual: Ritual, period: RitualPeriod, instance: Instance | None, calendar: Calendar) -> bool:
    """Whether a period counts: one from before the ritual was kept here counts only if somebody did it."""
    is_due_since = calendar.day_of(period.dates.due) >= ritual.counted_from
    return is_due_since or (instance is not None and instance.touched)


def coverers(instance: Instance) -> list[str]:
    """Who did it for somebody else, each once."""
    logins = [tick.by for tick in (*instance.ticks, *instance.boxes.values()) if tick.covers]
    marks = instance.run.marks if instance.run else {}
    logins += [mark.by for key, mark in marks.items() if instance.covers.get(key)]
    return list(dict.fromkeys(logins))
