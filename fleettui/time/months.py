"""Arithmetic with months, whose lengths differ: quarters, ends of months, the last Friday. Done by pendulum.

pendulum is loaded late: that takes 15 ms, and most rhythms and most typed times do without it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from fleettui.time.business import WEEKDAYS


def months_later(at: datetime, months: int, zone: ZoneInfo) -> datetime:
    """The same day and wall time so many months on; the month's last day where it has no such day."""
    import pendulum

    return datetime.fromtimestamp(pendulum.instance(at.astimezone(zone)).add(months=months).timestamp(), UTC)


def months_after(first: date, months: int) -> date:
    """The first day of the month that comes so many months after the one that begins with `first`."""
    if months == 1:
        return (first + timedelta(days=31)).replace(day=1)  # the one case that most starts of the app meet
    import pendulum

    following = pendulum.Date(first.year, first.month, 1).add(months=months)
    return date(following.year, following.month, 1)


@cache
def day_of_month(first: date, day: int) -> date:
    """The month's `day`, or its last where it is shorter; `first` is its first."""
    import pendulum

    last = pendulum.Date(first.year, first.month, 1).last_of("month")
    return first.replace(day=min(day, last.day))


@cache
def weekday_of_month(first: date, weekday: str, nth: int) -> date:
    """The `nth` such weekday of a month, -1 the last of them; `first` is the month's first day."""
    import pendulum

    month = pendulum.Date(first.year, first.month, 1)
    column = pendulum.WeekDay(WEEKDAYS.index(weekday))
    named = month.last_of("month", column) if nth == -1 else month.nth_of("month", nth, column)
    return date(named.year, named.month, named.day)
