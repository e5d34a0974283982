"""The periods of a ritual: which days belong together, and when each falls due (RIT).

Everything follows from the rhythm and its start date, never from when something was last ticked: so a period is there even if
nobody looked at it, and two sessions that ask for the same Monday get the same period.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal

import msgspec
from msgspec.structs import force_setattr

from fleettui.errors import WrongUsage
from fleettui.time import zones
from fleettui.time.business import WEEKDAYS, Calendar
from fleettui.time.months import day_of_month, months_after, weekday_of_month

Every = Literal["day", "business day", "week", "month", "quarter", "year"]

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_ADVERBS = {
    "day": "daily",
    "business day": "every business day",
    "week": "weekly",
    "month": "monthly",
    "quarter": "quarterly",
    "year": "yearly",
}
_LONG_NAMES = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LONG_MONTHS = {
    "jan": "January",
    "feb": "February",
    "mar": "March",
    "apr": "April",
    "may": "May",
    "jun": "June",
    "jul": "July",
    "aug": "August",
    "sep": "September",
    "oct": "October",
    "nov": "November",
    "dec": "December",
}
_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}


class Rhythm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often something is done.

    week: on `weekday` ("mon".."sun"), or any time in the week; on several ("mon,wed,fri", or a list),
    each with a period of its own.
    month: on `day` (31: its last day), or on the `nth` `weekday` (-1: the last), or any time in it; so too quarter and year, by
    their first month. `months`: the only ones in which a monthly ritual is due, or the first month of a year or quarter.
    `phase`: in which of every n weeks (days, months) from `start` on. `times`: from, to, in a period.
    `at`: the wall time of the due day at which it is due; without it, when the team closes. `exact`: the named day
    stays the due day on a holiday too, and a day on which nobody opens ends at 23:59, still by its own date.
    """

    every: Every
    interval: int = 1
    phase: int = 1
    weekday: str | tuple[str, ...] | None = None
    """Kept as text, in the order of the week; `weekdays` has them one by one."""
    day: int | None = None
    nth: int | None = None
    months: tuple[str, ...] = ()
    start: date
    times: tuple[int, int] = (1, 1)
    at: str | None = None
    exact: bool = False

    def __post_init__(self) -> None:
        force_setattr(self, "weekday", ",".join(_in_order(self.weekdays, WEEKDAYS)) or None)
        force_setattr(self, "months", _in_order(self.months, MONTHS))
        zones.refuse_far(self.start.year, "start")
        _check_counts(self)
        _check_named_day(self)
        _check_months(self)
        if self.at is not None:
            zones.parse_clock(self.at, "at")

    @property
    def weekdays(self) -> tuple[str, ...]:
        if not self.weekday:
            return ()
        return tuple(self.weekday.split(",")) if isinstance(self.weekday, str) else self.weekday


def _in_order(names: Sequence[str], order: Sequence[str]) -> tuple[str, ...]:
    """Each once, in the order of the week or year; unknown ones, which are refused later, at the end."""
    known = [name for name in order if name in names]
    return (*known, *(name for name in names if name not in order))


class Period(msgspec.Struct, frozen=True):
    """Days that belong together, both ends included. The key names it for good."""

    first: date
    last: date
    key: str
    due: datetime


def period_containing(rhythm: Rhythm, day: date, calendar: Calendar) -> Period | None:
    """The period that a date belongs to; none before the start, nor on a day off from a ritual of business days."""
    zones.refuse_far(day.year, "day")
    if rhythm.every == "business day":
        belongs = day >= rhythm.start and calendar.is_business_day(day)
        return _period(rhythm, day, day, calendar) if belongs else None
    index = _index_of(rhythm, day)
    if index < _first_index(rhythm, calendar) or not _is_in_months(rhythm, day):
        return None
    return _numbered(rhythm, index, calendar)


def periods_between(rhythm: Rhythm, first: date, last: date, calendar: Calendar) -> list[Period]:
    """Every period with a day from `first` to `last`, in order."""
    if last < first:
        raise WrongUsage(f"{last} is before {first}", field="last")
    zones.refuse_far(first.year, "first")
    zones.refuse_far(last.year, "last")
    if rhythm.every == "business day":
        days = _days(max(first, rhythm.start), last)
        return [_period(rhythm, day, day, calendar) for day in days if calendar.is_business_day(day)]
    begin = max(_index_of(rhythm, first), _first_index(rhythm, calendar))
    return [
        _numbered(rhythm, index, calendar)
        for index in range(begin, _index_of(rhythm, last) + 1)
        if not rhythm.months or _is_in_months(rhythm, _bounds(rhythm, index)[0])
    ]


def _is_in_months(rhythm: Rhythm, day: date) -> bool:
    """A monthly ritual may be due in a few months only."""
    return rhythm.every != "month" or not rhythm.months or MONTHS[day.month - 1] in rhythm.months


def in_words(rhythm: Rhythm) -> str:
    """ "weekly on Monday, 3 to 4 times"; "every 3 weeks"; "monthly on the last Friday"."""
    words = _ADVERBS[rhythm.every] if rhythm.interval == 1 else f"every {rhythm.interval} {rhythm.every}s"
    weekdays = listed([_LONG_NAMES[name] for name in rhythm.weekdays])
    if weekdays and rhythm.nth:
        words += f" on the {_ORDINALS[rhythm.nth]} {weekdays}"
    elif weekdays:
        words += f" on {weekdays}"
    elif rhythm.day:
        words += f" on day {rhythm.day}"
    if rhythm.months:
        words += f" in {listed([LONG_MONTHS[month] for month in rhythm.months])}"
    low, high = rhythm.times
    if high > 1:
        words += f", {low} times" if low == high else f", {low} to {high} times"
    return words


def listed(names: Sequence[str]) -> str:
    """ "Monday", "Monday and Friday", "Monday, Wednesday and Friday"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


# Periods are numbered from the start date; number 0 holds it, or the first named day after it.


def _index_of(rhythm: Rhythm, day: date) -> int:
    if rhythm.every in _MONTHS:
        return (_month_number(day) - _first_month(rhythm)) // _months_each(rhythm)
    number, offset = divmod((day - _first_day(rhythm)).days, _days_each(rhythm))
    begins = _begins(rhythm)
    return number * len(begins) + bisect_right(begins, offset) - 1


def _bounds(rhythm: Rhythm, index: int) -> tuple[date, date]:
    if rhythm.every in _MONTHS:
        first = _first_of_month(_first_month(rhythm) + index * _months_each(rhythm))
        following = months_after(first, _months_each(rhythm))
        zones.refuse_far(following.year, "day")
    else:
        begins = (*_begins(rhythm), _days_each(rhythm))
        number, part = divmod(index, len(begins) - 1)
        week = _first_day(rhythm) + timedelta(days=number * _days_each(rhythm))
        first, following = (week + timedelta(days=offset) for offset in begins[part : part + 2])
    return first, following - timedelta(days=1)


def _begins(rhythm: Rhythm) -> tuple[int, ...]:
    """On which days of a week (or of every n weeks) a period begins: the first at once, each other on its weekday."""
    return (0, *(WEEKDAYS.index(name) for name in rhythm.weekdays[1:])) if rhythm.every == "week" else (0,)


def _days_each(rhythm: Rhythm) -> int:
    return rhythm.interval * (7 if rhythm.every == "week" else 1)


def _months_each(rhythm: Rhythm) -> int:
    return rhythm.interval * _MONTHS[rhythm.every]


def _first_day(rhythm: Rhythm) -> date:
    """Days count from the start itself, weeks from the Monday of the week in which the first is due."""
    if rhythm.every == "day":
        return rhythm.start + timedelta(days=rhythm.phase - 1)
    begin = rhythm.start + timedelta(days=min(_days_until(rhythm, rhythm.start), default=0))
    return begin - timedelta(days=begin.weekday()) + timedelta(weeks=rhythm.phase - 1)


def _days_until(rhythm: Rhythm, day: date) -> list[int]:
    """How far it is from `day` to each of its weekdays."""
    return [(WEEKDAYS.index(name) - day.weekday()) % 7 for name in rhythm.weekdays]


def _first_month(rhythm: Rhythm) -> int:
    """The start's month; for a monthly ritual whose day in it had already passed, the next one. Of a year or quarter that has
    to begin in a month, the last one that has begun by the start."""
    month = _month_number(rhythm.start)
    if rhythm.every == "month":
        named = _named_day(rhythm, rhythm.start.replace(day=1))
        month += bool(named and named < rhythm.start)
    elif rhythm.months:
        month -= (month - MONTHS.index(rhythm.months[0])) % _MONTHS[rhythm.every]
    return month + (rhythm.phase - 1) * _MONTHS[rhythm.every]


def _first_index(rhythm: Rhythm, calendar: Calendar) -> int:
    """The first period that is not due before the start."""
    index = 0
    while _due_day(rhythm, *_bounds(rhythm, index), calendar) < rhythm.start:
        index += 1
    return index


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first_of_month(number: int) -> date:
    year, month = divmod(number, 12)
    zones.refuse_far(year, "day")
    return date(year, month + 1, 1)


# When a period is due


def _numbered(rhythm: Rhythm, index: int, calendar: Calendar) -> Period:
    return _period(rhythm, *_bounds(rhythm, index), calendar)


def _period(rhythm: Rhythm, first: date, last: date, calendar: Calendar) -> Period:
    return Period(first, last, first.isoformat(), _due(rhythm, first, last, calendar))


def _due(rhythm: Rhythm, first: date, last: date, calendar: Calendar) -> datetime:
    day = _due_day(rhythm, first, last, calendar)
    if rhythm.at is not None:
        return zones.instant_of(datetime.combine(day, zones.parse_clock(rhythm.at, "at")), calendar.zone)
    closing = calendar.closing_of(day)
    if closing is None and rhythm.exact:
        return zones.instant_of(datetime.combine(day, time(23, 59)), calendar.zone)
    return closing or zones.end_of_day(day, calendar.zone)


def _due_day(rhythm: Rhythm, first: date, last: date, calendar: Calendar) -> date:
    """The named day, or the period's last business day. If the team is closed on the named day, it is the next business day in
    the period, else the last one in it; but a weekday on which the team never opens is taken as named."""
    named = _named_day(rhythm, first)
    if named and rhythm.exact:
        return named
    if named and rhythm.weekday and not calendar.opens_on(WEEKDAYS[named.weekday()]):
        return named
    if named:
        following = next(filter(calendar.is_business_day, _days(named, last)), None)
        if following:
            return following
    if rhythm.months:
        last = min(last, months_after(first, 1) - timedelta(days=1))
    latest = next(filter(calendar.is_business_day, reversed(list(_days(first, last)))), None)
    return latest or named or last


def _named_day(rhythm: Rhythm, first: date) -> date | None:
    """The day that the rhythm names, in the week or month that begins with `first`."""
    if rhythm.day is not None:
        return day_of_month(first, rhythm.day)
    if not rhythm.weekdays:
        return None
    if rhythm.nth is not None:
        return weekday_of_month(first, rhythm.weekdays[0], rhythm.nth)
    return first + timedelta(days=min(_days_until(rhythm, first)))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


# What makes sense


def _check_counts(rhythm: Rhythm) -> None:
    low, high = rhythm.times
    if not 1 <= rhythm.interval <= 999:
        raise WrongUsage(
            f"every {rhythm.interval} {rhythm.every}s makes no sense; write 1 or more", field="interval"
        )
    if not 1 <= rhythm.phase <= rhythm.interval:
        raise WrongUsage(f"write 1 to {rhythm.interval}: in which of every {rhythm.interval}", field="phase")
    if rhythm.every == "business day" and rhythm.interval != 1:
        raise WrongUsage(
            "a ritual of business days happens on each of them; write every: day for another step",
            field="interval",
        )
    if not 1 <= low <= high:
        raise WrongUsage(f"{low} to {high} makes no sense; write from, to, such as 3, 4", field="times")


def _check_named_day(rhythm: Rhythm) -> None:
    by_month = rhythm.every in _MONTHS
    for name in rhythm.weekdays:
        if name not in WEEKDAYS:
            raise WrongUsage(
                f"{name!r} is not a weekday; write {', '.join(WEEKDAYS)}, or several", field="weekday"
            )
    if rhythm.weekday and rhythm.every != "week" and rhythm.nth is None:
        raise WrongUsage(f"every {rhythm.every} goes with a weekday only together with nth", field="weekday")
    if rhythm.nth is not None and not (by_month and len(rhythm.weekdays) == 1 and rhythm.nth in _ORDINALS):
        raise WrongUsage(
            "write 1 to 4, or -1 for the last, with a weekday, for a month, quarter or year", field="nth"
        )
    if rhythm.day is not None and not (by_month and rhythm.nth is None and 1 <= rhythm.day <= 31):
        raise WrongUsage("write 1 to 31, without nth, for a month, quarter or year", field="day")


def _check_months(rhythm: Rhythm) -> None:
    for name in rhythm.months:
        if name not in MONTHS:
            raise WrongUsage(f"{name!r} is not a month; write {', '.join(MONTHS)}", field="months")
    if rhythm.months and rhythm.every not in _MONTHS:
        raise WrongUsage("they go with a month, quarter or year", field="months")
    if rhythm.months and rhythm.every == "month" and rhythm.interval > 1:
        raise WrongUsage("write monthly with the months in which it is due", field="months")
    if len(rhythm.months) > 1 and rhythm.every != "month":
        raise WrongUsage(f"write one: the month in which the {rhythm.every} begins", field="months")
