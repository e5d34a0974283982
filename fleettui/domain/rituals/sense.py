"""Rhythms that can be reckoned with and that nobody means: refused where they are typed, while what is kept stays readable."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from fleettui.domain.checklists.mistakes import Mistake
from fleettui.domain.rituals.recurrence import LONG_MONTHS, MONTHS, Rhythm, listed

MOST_TIMES = {"day": 24, "business day": 24}
MOST_TIMES_LONGER = 100
YEARS_AHEAD = 5
LONGEST_DAYS = 3660

_DAYS = {"day": 1, "business day": 1, "week": 7, "month": 30, "quarter": 91, "year": 366}

_LONGEST = {"feb": 29, "apr": 30, "jun": 30, "sep": 30, "nov": 30}


def nonsense(rhythm: Rhythm, today: date | None = None) -> Iterator[Mistake]:
    """Each with the field that is meant. `today`: also a start that is too far away."""
    most, high = MOST_TIMES.get(rhythm.every, MOST_TIMES_LONGER), rhythm.times[1]
    if high > most:
        yield "times", f"{high} times in a {rhythm.every} are too many; write at most {most}"
    if len(rhythm.weekdays) > 1 and high > 1:
        yield "times", f"each of {len(rhythm.weekdays)} weekdays is one time; leave the times at 1"
    if rhythm.interval * _DAYS[rhythm.every] > LONGEST_DAYS:
        yield "interval", f"every {rhythm.interval} {rhythm.every}s is too rare; write at most 10 years"
    months = _due_months(rhythm)
    if rhythm.day and months and all(rhythm.day > _LONGEST.get(month, 31) for month in months):
        names = listed([LONG_MONTHS[month] for month in months])
        longest = max(_LONGEST.get(month, 31) for month in months)
        yield "day", f"{names} has no day {rhythm.day}; write at most {longest}"
    if today is not None and rhythm.start.year - today.year > YEARS_AHEAD:
        yield "start", f"{rhythm.start} is too far away; write a day of the next {YEARS_AHEAD} years"


def _due_months(rhythm: Rhythm) -> tuple[str, ...]:
    """The only ones in which its day can fall; none where that can be any."""
    if rhythm.months and rhythm.every in ("month", "year"):
        return rhythm.months
    is_yearly = rhythm.every == "year" or (rhythm.every == "month" and rhythm.interval % 12 == 0)
    return (MONTHS[rhythm.start.month - 1],) if is_yearly else ()
