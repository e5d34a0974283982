"""Every time that a person types, in one grammar: forms, options of the command line, searches, days off.

    in 2 h   90m   3 d   2 weeks   in 2 months        from now on; of the past also: 20 min ago
    14:00   9:30 am   at 9pm                          the next such time, or of the past the last one
    tomorrow 10:00   fri 9:30   next monday 17:00     a day and a time of day
    2026-03-12 10:00   2026-03-12T10:00+01:00         exactly that; without an offset it is meant in the zone given
    mon   tomorrow   2026-03-12                       a day; where a moment is wanted, what its caller makes of it

A weekday is the next such day, today included while the time lies ahead; of the past it is the last one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fleettui.errors import Fields, Refused, WrongUsage
from fleettui.text import cleaning
from fleettui.time.business import WEEKDAYS
from fleettui.time.zones import day_of, instant_of, refuse_far

_CLOCK = re.compile(r"(?:^| )(?:at )?(\d{1,2})(?::(\d{2})(?: ?(am|pm))?| ?(am|pm))$")
_SPAN = re.compile(r"(\d{1,5}) ?(m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?|months?|years?)")
_LENGTHS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_LONG = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

DayStart = Callable[[datetime], datetime]
"""What a day alone stands for where a moment is wanted, given the day's first instant."""


def first_instant(at: datetime) -> datetime:
    """The `DayStart` for which a day begins at midnight."""
    return at


def moment(
    typed: str,
    field: str,
    now: datetime,
    zone: ZoneInfo,
    *,
    past: bool = False,
    day_start: DayStart | None = None,
) -> datetime:
    """In UTC. Without a `day_start`, "tomorrow" alone is refused; a date alone is its first instant all the same."""
    words = _words(typed)
    at = _from_now(words, now, zone, past)
    try:
        at = at or _on_a_day(words, now, zone, past, day_start) or _iso(typed, zone)
    except (ValueError, OverflowError):
        at = None
    if at is None:
        examples = "9:00, yesterday 16:00" if past else "tomorrow 10:00, fri 9:30"
        raise Refused(
            f"{_quoted(typed)} is not a time; write it like {examples} or 2026-03-12T10:00", field=field
        )
    try:
        refuse_far(at.year, field)
    except WrongUsage as error:
        raise Refused(error.text, field=field) from None
    return at


def past_moment(typed: str, field: str, now: datetime, zone: ZoneInfo) -> datetime:
    """In UTC, for what has been: "9:00" is today's, or yesterday's while today's is still to come. The future is refused."""
    at = moment(typed, field, now, zone, past=True, day_start=first_instant)
    if at > now:
        raise Refused(f"{_quoted(typed)} is still to come; name a moment that has been", field=field)
    return at


def day(typed: str, field: str, now: datetime, zone: ZoneInfo, *, past: bool = False) -> date:
    words = _words(typed)
    at = _from_now(words, now, zone, past)
    named = day_of(at, zone) if at is not None else day_named(words, day_of(now, zone), past=past)
    if named is None:
        raise Refused(
            f"{_quoted(typed)} is not a day; write it like 2026-03-09, friday or {'yesterday' if past else 'tomorrow'}",
            field=field,
        )
    return named


def days_read(
    fields: Mapping[str, Any],
    now: datetime,
    zone: ZoneInfo,
    *,
    coming: Iterable[str] = (),
    past: Iterable[str] = (),
) -> dict[str, Any]:
    """`fields` with what is typed into those named read as a day; empty ones and dates stay as they are."""
    read = dict(fields)
    checked = Fields()
    for names, is_past in ((coming, False), (past, True)):
        for name in names:
            if isinstance(value := fields.get(name), str) and value.strip():
                with checked.check():
                    read[name] = day(value, name, now, zone, past=is_past)
    checked.refuse()
    return read


def span(typed: str) -> timedelta | None:
    """ "30m", "2 h", "3 days", "1w". None for everything else, and for months and years: they differ in length."""
    spelled = _SPAN.fullmatch(_words(typed))
    if spelled is None or _is_calendar_unit(spelled[2]):
        return None
    return int(spelled[1]) * _LENGTHS[spelled[2][0]]


def day_named(typed: str, today: date, *, past: bool = False) -> date | None:
    """ "today", "fri", "next monday", "2026-03-12"; "tomorrow", or of the past "yesterday"."""
    words = _words(typed)
    near = {"today": 0, "yesterday": -1} if past else {"today": 0, "tomorrow": 1}
    if words in near:
        return today + timedelta(days=near[words])
    name = words.removeprefix("last " if past else "next ").removeprefix("on ")
    if len(name) >= 3 and any(long.startswith(name) for long in _LONG):
        ahead = (WEEKDAYS.index(name[:3]) - today.weekday()) % 7
        if ahead == 0 and words.startswith(("next ", "last ")):
            ahead = -7 if past else 7
        elif past and ahead:
            ahead -= 7
        return today + timedelta(days=ahead)
    try:
        return date.fromisoformat(words.upper())
    except ValueError:
        return None


def _words(typed: str) -> str:
    return " ".join(typed.casefold().replace(",", " ").split())


def _is_calendar_unit(unit: str) -> bool:
    return unit.startswith(("mo", "y"))


def _from_now(words: str, now: datetime, zone: ZoneInfo, past: bool) -> datetime | None:
    """ "2h", and which way: "in 2h" is of the future, "2h ago" of the past."""
    spelled = _SPAN.fullmatch(words.removesuffix(" ago") if past else words.removeprefix("in "))
    if spelled is None:
        return None
    number = -int(spelled[1]) if past else int(spelled[1])
    try:
        if _is_calendar_unit(spelled[2]):
            from fleettui.time.months import months_later

            return months_later(now, number * (12 if spelled[2].startswith("y") else 1), zone)
        return now + number * _LENGTHS[spelled[2][0]]
    except (OverflowError, ValueError):
        return None


def _on_a_day(
    words: str, now: datetime, zone: ZoneInfo, past: bool, day_start: DayStart | None
) -> datetime | None:
    today = day_of(now, zone)
    day_words, clock = _split(words)
    named = day_named(day_words, today, past=past) if day_words else today
    if named is None:
        return None
    if clock is None and (day_start is None or not day_words):
        return None
    wall = datetime.combine(named, datetime.min.time()) + (clock or timedelta())
    at = instant_of(wall, zone)
    # An exact day is meant as it is written; a weekday or a time of day alone lies on its own side of now.
    if day_words not in ("today", "tomorrow", "yesterday") and not day_words[:1].isdigit():
        step = timedelta(days=7 if day_words else 1)
        if past and at > now:
            at = instant_of(wall - step, zone)
        elif not past and at <= now:
            at = instant_of(wall + step, zone)
    return day_start(at) if clock is None and day_start else at


def _split(words: str) -> tuple[str, timedelta | None]:
    """The words for the day, and the time of day since midnight."""
    clock = _CLOCK.search(words)
    if clock is None:
        return words, None
    hour, minute, half = int(clock[1]), int(clock[2] or 0), clock[3] or clock[4]
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        return words, None
    return words[: clock.start()].strip(), timedelta(hours=hour, minutes=minute)


def _iso(typed: str, zone: ZoneInfo) -> datetime:
    at = datetime.fromisoformat(typed.strip().upper())
    return instant_of(at, zone) if at.tzinfo is None else at.astimezone(UTC)


def _quoted(typed: str) -> str:
    return repr(cleaning.line(typed, 40))
