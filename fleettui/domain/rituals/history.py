"""Which periods a ritual has had, and how well they were kept. Pure functions.

A skip neither breaks nor lengthens a streak; a tick that came late keeps the period. What lies before the team began to keep
the ritual here counts only where somebody did it all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Literal

import msgspec

from fleettui.domain.rituals.model import Era, Instance, Ritual, instance_key
from fleettui.domain.rituals.recurrence import Every, Period, Rhythm, period_containing, periods_between
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
LONGEST_GAP = timedelta(days=370)
"""No two periods of a rhythm are farther apart."""


class RitualPeriod(msgspec.Struct, frozen=True):
    """A period of a ritual and the id under which it is recorded."""

    dates: Period
    id: str
    rhythm: Rhythm
    """The one that was in force."""
    since: date
    """From when on that rhythm was in force."""
    carried: bool = False
    """It goes on with what was done before the rhythm was changed."""
    cut: bool = False
    """Another rhythm, or retiring, ended it early. It has a record, else it would not be: what was done stays done."""


Instances = Mapping[str, Instance]
"""The records, by their ids."""


def period_on(
    ritual: Ritual, day: date, calendar: Calendar, instances: Instances = MappingProxyType({})
) -> RitualPeriod | None:
    """The period to which a day belongs, by the rhythm that was in force; nothing once it is retired."""
    eras = ritual.eras
    for number, era in enumerate(eras):
        if is_empty(era) or (era.last is not None and day > era.last):
            continue
        period = period_containing(era.rhythm, day, calendar)
        if period is None or (number and period.last < era.first):
            return None
        period_then = _in_era(ritual, number, era, period)
        if not period_then.cut or _stays(period_then, eras, number, instances):
            return period_then
    return None


def periods(
    ritual: Ritual, first: date, last: date, calendar: Calendar, instances: Instances = MappingProxyType({})
) -> list[RitualPeriod]:
    """Every period with a day from `first` to `last`, in order."""
    ritual_periods: list[RitualPeriod] = []
    eras = ritual.eras
    for number, era in enumerate(eras):
        begin = first if number == 0 else max(first, era.first)
        end = last if era.last is None else min(last, era.last)
        if end < begin or is_empty(era):
            continue
        in_era = (
            _in_era(ritual, number, era, period)
            for period in periods_between(era.rhythm, begin, end, calendar)
        )
        ritual_periods += [
            period for period in in_era if not period.cut or _stays(period, eras, number, instances)
        ]
    return ritual_periods


def is_empty(era: Era) -> bool:
    """It ended before it began."""
    return era.last is not None and era.last < era.first


def _in_era(ritual: Ritual, number: int, era: Era, period: Period) -> RitualPeriod:
    carried = bool(era.carried) and period.first <= era.first <= period.last
    id_ = era.carried if carried else instance_key(ritual, number, period)
    cut = era.last is not None and period.last > era.last
    return RitualPeriod(period, id_, era.rhythm, era.first, carried, cut)


def _stays(period: RitualPeriod, eras: Sequence[Era], number: int, instances: Instances) -> bool:
    """Whether a period that was cut short is still one: something was done in it, and no later period goes on with that."""
    instance = instances.get(period.id)
    is_carried_on = any(later.carried == period.id and not is_empty(later) for later in eras[number + 1 :])
    return instance is not None and instance.touched and not is_carried_on


def periods_backwards(
    ritual: Ritual,
    day: date,
    calendar: Calendar,
    oldest: date,
    instances: Instances = MappingProxyType({}),
) -> Iterator[RitualPeriod]:
    """The periods that have begun by `day`, newest first, down to the one with `oldest` in it."""
    stretch = timedelta(days=_STRETCH[ritual.rhythm.every] * ritual.rhythm.interval)
    seen: str | None = None
    end = day
    while end >= oldest:
        begin = max(oldest, end - stretch)
        for period in reversed(periods(ritual, begin, end, calendar, instances)):
            if period.id != seen:
                yield period
            seen = period.id
        end = begin - timedelta(days=1)


def owed_on(
    ritual: Ritual, day: date, calendar: Calendar, instances: Instances = MappingProxyType({})
) -> RitualPeriod | None:
    """As `period_on`; but what could not be done in time any more when it began is not owed: the next one is, and is to come."""
    period = period_on(ritual, day, calendar, instances)
    if period is None or day < period.since or is_counted(period, instances.get(period.id), calendar):
        return period
    following = periods(
        ritual, period.dates.last + timedelta(days=1), period.dates.last + LONGEST_GAP, calendar, instances
    )
    return following[0] if following else period


def next_due(ritual: Ritual, today: date, calendar: Calendar, count: int) -> list[datetime]:
    """When it falls due next."""
    due: list[datetime] = []
    begin, step = today, timedelta(days=_STRETCH[ritual.rhythm.every] * ritual.rhythm.interval)
    last = max(today, ritual.rhythm.start) + timedelta(days=366) + step
    while len(due) < count and begin <= last:
        due += [
            period.dates.due
            for period in periods(ritual, begin, begin + step, calendar)
            if period.dates.first >= begin or begin == today
            if due_day(period, calendar) >= today
        ]
        begin += step + timedelta(days=1)
    return due[:count]


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
    instances: Instances,
    judge: Judge,
    first: date,
    last: date,
    calendar: Calendar,
    of_whom: Callable[[RitualPeriod], bool] = lambda _: True,
) -> TrackRecord:
    """Every counted period with a day from `first` to `last`; `of_whom` chooses among them by whose they were."""
    rows: list[tuple[date, date, Outcome]] = []
    covered_by: dict[str, int] = {}
    for period in periods(ritual, first, last, calendar, instances):
        instance = instances.get(period.id)
        if is_counted(period, instance, calendar) and of_whom(period):
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


def is_counted(period: RitualPeriod, instance: Instance | None, calendar: Calendar) -> bool:
    """Whether a period counts: one that was due before its rhythm began here counts only if somebody did it."""
    return due_day(period, calendar) >= period.since or (instance is not None and instance.touched)


def due_day(period: RitualPeriod, calendar: Calendar) -> date:
    return calendar.day_of(period.dates.due)


def coverers(instance: Instance) -> list[str]:
    """Who did it for somebody else, each once."""
    logins = [tick.by for tick in (*instance.ticks, *instance.boxes.values()) if tick.covers]
    marks = instance.run.marks if instance.run else {}
    logins += [mark.by for key, mark in marks.items() if instance.covers.get(key)]
    return list(dict.fromkeys(logins))
