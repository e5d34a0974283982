"""Arithmetic with months, whose ends are not all alike. Done by pendulum, which is loaded when a month's end first matters:
it costs 15 ms, and most rhythms and most of what is typed get by without it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from fleettui.time.business import WEEKDAYS


def months_later(at: datetime, months: int, zone: ZoneInfo) -> datetime:
    """The same day and wall time so many months on; the month's last day where it has no such day."""
    import pendulum

    return datetime.fromtimestamp(pendulum.instance(at.astimezone(zone)).add(months=months).timestamp(), UTC)


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
    wanted = pendulum.WeekDay(WEEKDAYS.index(weekday))
    named = month.last_of("month", wanted) if nth == -1 else month.nth_of("month", nth, wanted)
    return date(named.year, named.month, named.day)
