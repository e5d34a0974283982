"""How something repeats: the rules of calendars (RRULE of RFC 5545), laid out in days of a wall clock.

The work is bounded whatever the rule says: a rule is at most daily, each period that is looked at costs a step, and so does
each day in it; who asks brings the steps that may be taken. Periods before the days that are asked for are skipped, not
walked through, unless the rule counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from fleettui.errors import Refused

Every = Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]

TOO_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_TIMES_A_DAY = 4
LONGEST_RULE = 2_000
LARGEST_NUMBER = 100_000
EARLIEST_YEAR, LATEST_YEAR = 1990, 2190
UNREAD = ("BYWEEKNO", "BYYEARDAY")
READ = frozenset(
    [
        "FREQ",
        "INTERVAL",
        "COUNT",
        "UNTIL",
        "BYDAY",
        "BYMONTHDAY",
        "BYMONTH",
        "BYSETPOS",
        "BYHOUR",
        "BYMINUTE",
        "BYSECOND",
        "WKST",
    ]
)


class Steps:
    """How much work may still be done."""

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self, steps: int = 1) -> None:
        self.left -= steps
        if self.left < 0:
            raise Refused("it takes too much work to lay out")


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule, read. Weekdays are (which one, day): (0, 0) every Monday, (-1, 4) the last Friday."""

    every: Every
    interval: int = 1
    count: int | None = None
    until: str = ""
    weekdays: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    week_start: int = 0


# Reading


def read_rule(text: str) -> Rule:
    """The rule that this text says; refused with the reason where it cannot be laid out."""
    if len(text) > LONGEST_RULE:
        raise Refused("how it repeats is too long to be meant")
    parts = dict(_parts(text))
    every = parts.get("FREQ", "")
    if every in TOO_OFTEN:
        raise Refused("repeats more often than calls do")
    if every not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        raise Refused("does not say how often it repeats")
    for name in parts:
        if name in UNREAD or (name not in READ and not name.startswith("X-")):
            raise Refused(f"how it repeats cannot be read ({name[:20]})")
    rule = Rule(
        every=every,  # type: ignore[arg-type]
        interval=_number(parts.get("INTERVAL", "1")),
        count=_number(parts["COUNT"]) if "COUNT" in parts else None,
        until=parts.get("UNTIL", ""),
        weekdays=tuple(dict.fromkeys(_weekday(part) for part in _list(parts, "BYDAY"))),
        month_days=_numbers(parts, "BYMONTHDAY", -31, 31),
        months=_numbers(parts, "BYMONTH", 1, 12),
        positions=_numbers(parts, "BYSETPOS", -366, 366),
        hours=_numbers(parts, "BYHOUR", 0, 23),
        minutes=_numbers(parts, "BYMINUTE", 0, 59),
        week_start=_weekday(parts.get("WKST", "MO"))[1],
    )
    seconds = _numbers(parts, "BYSECOND", 0, 60)
    if max(1, len(rule.hours)) * max(1, len(rule.minutes)) * max(1, len(seconds)) > MOST_TIMES_A_DAY:
        raise Refused("repeats more often than calls do")
    if rule.interval < 1:
        raise Refused("repeats without ever going on")
    _until(rule, ZoneInfo("UTC"))
    return rule


def _parts(text: str) -> Iterator[tuple[str, str]]:
    for part in text.strip().upper().split(";"):
        name, _, value = part.partition("=")
        if name.strip():
            yield name.strip(), value.strip()


def _list(parts: dict[str, str], name: str) -> list[str]:
    return [part.strip() for part in parts.get(name, "").split(",") if part.strip()]


def _number(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        raise Refused(f"how it repeats cannot be read ({text[:20]!r} is no number)") from None
    if abs(number) > LARGEST_NUMBER:
        raise Refused(f"how it repeats cannot be meant ({text[:20]})")
    return number


def _numbers(parts: dict[str, str], name: str, least: int, most: int) -> tuple[int, ...]:
    numbers = sorted({_number(part) for part in _list(parts, name)})
    if any(not least <= number <= most or (number == 0 and least < 0) for number in numbers):
        raise Refused(f"how it repeats cannot be meant ({name} {parts[name][:20]})")
    return tuple(numbers)


def _weekday(text: str) -> tuple[int, int]:
    nth, day = text[:-2], text[-2:]
    if day not in WEEKDAYS:
        raise Refused(f"how it repeats cannot be read ({text[:20]!r} is no day of the week)")
    number = _number(nth) if nth else 0
    if abs(number) > 53:
        raise Refused(f"how it repeats cannot be meant ({text[:20]})")
    return number, WEEKDAYS.index(day)


def _until(rule: Rule, zone: ZoneInfo) -> datetime:
    """The last moment on the wall clock at which it may still repeat."""
    text = rule.until
    if not text:
        return datetime(LATEST_YEAR, 1, 1)  # noqa: DTZ001  a wall time, as all in this module
    try:
        if "T" not in text:
            return datetime.combine(datetime.strptime(text, "%Y%m%d").date(), time.max)  # noqa: DTZ007
        wall = datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007
    except ValueError:
        raise Refused(f"how it repeats cannot be read ({text[:20]!r} is no day)") from None
    if not text.endswith("Z") or not 1 < wall.year < 9999:
        return wall
    return wall.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


# Laying out


def laid_out(
    rule: Rule, start: datetime, zone: ZoneInfo, since: datetime, before: datetime, steps: Steps
) -> Iterator[datetime]:
    """The wall times of `zone` from `since` to `before`, in their order. All are wall times. The start itself always counts."""
    if not EARLIEST_YEAR <= start.year <= LATEST_YEAR:
        raise Refused(f"repeats since the year {start.year}")
    last = min(_until(rule, zone), before)
    number = 1
    if since <= start < before:
        yield start
    for wall in _walls(rule, start, since if rule.count is None else start, last, steps):
        if wall <= start:
            continue
        number += 1
        if wall > last or wall >= before or (rule.count is not None and number > rule.count):
            return
        if wall >= since:
            yield wall


def _walls(rule: Rule, start: datetime, since: datetime, last: datetime, steps: Steps) -> Iterator[datetime]:
    """All of each period that may have one between `since` and `last`."""
    times = [
        time(hour, minute, start.second)
        for hour in rule.hours or (start.hour,)
        for minute in rule.minutes or (start.minute,)
    ]
    for days in _PERIODS[rule.every](rule, start.date(), since.date(), last.date(), steps):
        walls = [datetime.combine(day, at) for day in sorted(days) for at in times]
        steps.take(1 + len(walls))
        yield from _positions(rule, walls)


def _positions(rule: Rule, walls: list[datetime]) -> list[datetime]:
    if not rule.positions:
        return walls
    chosen = {at - 1 if at > 0 else len(walls) + at for at in rule.positions}
    return [wall for index, wall in enumerate(walls) if index in chosen]


Days = Iterator[set[date]]


def _daily(rule: Rule, start: date, since: date, last: date, steps: Steps) -> Days:
    first = max(0, (since - start).days // rule.interval)
    day = start + timedelta(days=first * rule.interval)
    wanted = {weekday for _, weekday in rule.weekdays}
    while day <= last:
        steps.take()
        fits = not wanted or day.weekday() in wanted
        if fits and _in_months(rule, day) and (not rule.month_days or day in _month_days(rule, day)):
            yield {day}
        day += timedelta(days=rule.interval)


def _weekly(rule: Rule, start: date, since: date, last: date, steps: Steps) -> Days:
    monday = start - timedelta(days=(start.weekday() - rule.week_start) % 7)
    first = max(0, (since - monday).days // (7 * rule.interval))
    week = monday + timedelta(weeks=first * rule.interval)
    wanted = {weekday for _, weekday in rule.weekdays} or {start.weekday()}
    while week <= last:
        steps.take()
        days = (week + timedelta(days=offset) for offset in range(7))
        yield {day for day in days if day.weekday() in wanted and _in_months(rule, day)}
        week += timedelta(weeks=rule.interval)


def _monthly(rule: Rule, start: date, since: date, last: date, steps: Steps) -> Days:
    begin, ahead = _month_number(start), max(0, _month_number(since) - _month_number(start))
    number = begin + ahead // rule.interval * rule.interval
    while number <= _month_number(last):
        steps.take()
        first = date(number // 12, number % 12 + 1, 1)
        if not rule.months or first.month in rule.months:
            steps.take(31)
            yield _days_of_month(rule, first, start.day)
        number += rule.interval


def _yearly(rule: Rule, start: date, since: date, last: date, steps: Steps) -> Days:
    year = start.year + max(0, since.year - start.year) // rule.interval * rule.interval
    while year <= last.year:
        steps.take(366)
        yield _days_of_year(rule, year, start)
        year += rule.interval


_PERIODS: dict[str, Callable[[Rule, date, date, date, Steps], Days]] = {
    "DAILY": _daily,
    "WEEKLY": _weekly,
    "MONTHLY": _monthly,
    "YEARLY": _yearly,
}


def _days_of_year(rule: Rule, year: int, start: date) -> set[date]:
    if rule.weekdays and not rule.months and not rule.month_days:
        return _weekdays_between(rule, date(year, 1, 1), date(year, 12, 31))
    plain = not rule.weekdays and not rule.month_days
    months = rule.months or ((start.month,) if plain else range(1, 13))
    return {day for month in months for day in _days_of_month(rule, date(year, month, 1), start.day)}


def _days_of_month(rule: Rule, first: date, usual: int) -> set[date]:
    if rule.weekdays:
        days = _weekdays_between(rule, first, _last_of(first))
        return days & _month_days(rule, first) if rule.month_days else days
    if rule.month_days:
        return _month_days(rule, first)
    return {first.replace(day=usual)} if usual <= _last_of(first).day else set()


def _month_days(rule: Rule, in_month: date) -> set[date]:
    length = _last_of(in_month).day
    numbers = {number if number > 0 else length + 1 + number for number in rule.month_days}
    return {in_month.replace(day=number) for number in numbers if 1 <= number <= length}


def _weekdays_between(rule: Rule, first: date, last: date) -> set[date]:
    days: set[date] = set()
    for nth, weekday in rule.weekdays:
        begin = first + timedelta(days=(weekday - first.weekday()) % 7)
        fitting = [begin + timedelta(weeks=week) for week in range(((last - begin).days // 7) + 1)]
        if nth == 0:
            days.update(fitting)
        elif abs(nth) <= len(fitting):
            days.add(fitting[nth - 1 if nth > 0 else nth])
    return days


def _in_months(rule: Rule, day: date) -> bool:
    return not rule.months or day.month in rule.months


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _last_of(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
