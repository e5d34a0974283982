"""Times as people type them: "tomorrow 10:00", "fri 9:30", "14:00", "in 2 h", "2026-03-12 10:00", ISO 8601."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from fleettui.errors import FleettuiError, Refused
from fleettui.text import cleaning
from fleettui.time.business import WEEKDAYS
from fleettui.time.clock import parse_instant
from fleettui.time.zones import day_of, instant_of

_CLOCK = re.compile(r"(?:at )?(\d{1,2})(?::(\d{2}))? ?(am|pm)?$")
_SPAN = re.compile(r"in (\d{1,4}) ?(min|minutes?|h|hours?|d|days?|w|weeks?)$")
_AGO = re.compile(r"(\d{1,4}) ?(min|minutes?|h|hours?|d|days?|w|weeks?) ago$")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def a_time(typed: str, field: str, now: datetime, zone: ZoneInfo) -> datetime:
    """In UTC. A time of day alone is the next one; a weekday is the next such day, today included while it lies ahead."""
    said = " ".join(typed.lower().replace(",", " ").split())
    span = _SPAN.match(said)
    if span:
        return now + timedelta(**{_UNITS[span[2][0]]: int(span[1])})
    day_word, clock = _split(said)
    if clock is None:
        return _iso(typed, field, zone)
    today = day_of(now, zone)
    day = _day(day_word, today)
    if day is None:
        raise _unclear(typed, field)
    at = instant_of(datetime.combine(day, datetime.min.time()) + clock, zone)
    if at <= now and day == today and day_word != "today":
        step = 7 if day_word else 1
        at = instant_of(datetime.combine(day + timedelta(days=step), datetime.min.time()) + clock, zone)
    return at


def a_past_time(typed: str, field: str, now: datetime, zone: ZoneInfo) -> datetime:
    """When something was, in UTC. A time of day alone is the last one; a weekday the last such day, today included."""
    said = " ".join(typed.lower().replace(",", " ").split())
    ago = _AGO.match(said)
    if ago:
        return now - timedelta(**{_UNITS[ago[2][0]]: int(ago[1])})
    day_word, clock = _split(said)
    if clock is None:
        return _iso(typed, field, zone)
    today = day_of(now, zone)
    day = today - timedelta(days=1) if day_word == "yesterday" else _day(day_word, today)
    if day is None:
        raise _unclear(typed, field)
    at = instant_of(datetime.combine(day, datetime.min.time()) + clock, zone)
    if at > now and day_word not in ("today", "tomorrow") and not day_word[:1].isdigit():
        step = 7 if day_word else 1
        at = instant_of(datetime.combine(day - timedelta(days=step), datetime.min.time()) + clock, zone)
    return at


def a_day(typed: str, field: str, now: datetime, zone: ZoneInfo) -> date:
    """ "friday", "tomorrow", "in 3 d" or an ISO date."""
    said = " ".join(typed.lower().split())
    span = _SPAN.match(said)
    if span:
        return day_of(now + timedelta(**{_UNITS[span[2][0]]: int(span[1])}), zone)
    day = _day(said, day_of(now, zone)) if said else None
    if day is None:
        raise Refused(
            f"{cleaning.line(typed, 40)!r} is not a day; write it like friday, tomorrow or 2026-03-12",
            field=field,
        )
    return day


def _split(said: str) -> tuple[str, timedelta | None]:
    """The words for the day, and the time of day since midnight."""
    found = re.search(r"(?:^| )((?:at )?\d{1,2}(?::\d{2}(?: ?[ap]m)?| ?[ap]m))$", said)
    if found is None:
        return said, None
    clock = _CLOCK.match(found[1])
    if clock is None:
        return said, None
    hour, minute, half = int(clock[1]), int(clock[2] or 0), clock[3]
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        return said, None
    return said[: found.start()].strip(), timedelta(hours=hour, minutes=minute)


def _day(word: str, today: date) -> date | None:
    near = {"": 0, "today": 0, "tomorrow": 1}
    if word in near:
        return today + timedelta(days=near[word])
    short = word.removeprefix("next ").removeprefix("on ")[:3]
    if short in WEEKDAYS and _is_weekday(word.removeprefix("next ").removeprefix("on ")):
        ahead = (WEEKDAYS.index(short) - today.weekday()) % 7
        return today + timedelta(days=ahead or (7 if word.startswith("next ") else 0))
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


_LONG = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _is_weekday(word: str) -> bool:
    return len(word) >= 3 and any(long.startswith(word) for long in _LONG)


def _iso(typed: str, field: str, zone: ZoneInfo) -> datetime:
    try:
        return parse_instant(typed.strip().replace("z", "Z"), field, zone)
    except FleettuiError:
        raise _unclear(typed, field) from None


def _unclear(typed: str, field: str) -> Refused:
    return Refused(
        f"{cleaning.line(typed, 40)!r} is not a time; write it like tomorrow 10:00, fri 9:30 or 2026-03-12T10:00",
        field=field,
    )
