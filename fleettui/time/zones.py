"""Wall clocks and instants: what a wall time means where clocks go forward or back, and when they do.

An instant is an aware datetime in UTC. A wall time is what the clock on the wall of a zone shows: it may not exist (the
hour that is skipped in spring) or exist twice (the hour that is repeated in autumn).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import msgspec

from fleettui.errors import Refused, WrongUsage

# What a customer team can mean by a time; beyond it a typing error is more likely than a plan.
FIRST_YEAR, LAST_YEAR = 1900, 2200

# Since 1900 no zone has changed its offset twice within six days: this step misses no change.
_PROBE = 3 * 86_400


class Steady(msgspec.Struct, frozen=True):
    """A stretch over which a zone keeps its offset. All in seconds, since 1970 or of offset."""

    start: int
    end: int
    offset: int
    shift: int  # how far the clocks moved at `start`; 0 where they did not


@cache
def zone_or_none(name: str) -> ZoneInfo | None:
    """The IANA zone of this name, if there is one."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # OSError: the name of a folder, such as "America"
        return None


def zone_named(name: str) -> ZoneInfo:
    zone = zone_or_none(name)
    if zone is None:
        raise WrongUsage(f"there is no time zone {name!r}; write it like America/Los_Angeles", field="zone")
    return zone


def refuse_unknown_zone(name: str) -> None:
    if zone_or_none(name) is None:
        raise Refused(f"{name!r} is no time zone; write it like America/Los_Angeles", field="zone")


def as_utc(at: datetime, field: str) -> datetime:
    """The same instant in UTC; refuses what is naive, and years that nobody means."""
    if at.tzinfo is None:
        raise WrongUsage(f"{at.isoformat()} says no zone or offset", field=field)
    refuse_far(at.year, field)
    return at if at.tzinfo is UTC else at.astimezone(UTC)


def refuse_far(year: int, field: str) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise WrongUsage(f"the year {year} is outside {FIRST_YEAR} to {LAST_YEAR}", field=field)


def parse_clock(text: str, field: str) -> time:
    """A wall time of day, "06:00" to "23:59"."""
    hour, colon, minute = text.partition(":")
    well_formed = colon and hour.isdecimal() and minute.isdecimal() and len(hour) <= 2 and len(minute) == 2
    if not well_formed or int(hour) > 23 or int(minute) > 59:
        raise WrongUsage(f"{text!r} is not a time of day; write it like 06:00", field=field)
    return time(int(hour), int(minute))


def offset_at(zone: ZoneInfo, second: int) -> int:
    offset = datetime.fromtimestamp(second, zone).utcoffset()
    assert offset is not None, "a ZoneInfo knows its offset"  # noqa: S101
    return offset.days * 86_400 + offset.seconds


def change_between(zone: ZoneInfo, before: int, after: int) -> int:
    """The second at which the offset changes, given a second on either side of the change."""
    old = offset_at(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        if offset_at(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def steady_stretches(zone: ZoneInfo, start: int, end: int) -> Iterator[Steady]:
    """From `start` to `end` without a gap, cut wherever the offset changes."""
    offset = offset_at(zone, start)
    since, shift = start, offset - offset_at(zone, start - 1)
    for probe in (*range(start + _PROBE, end, _PROBE), end - 1):
        new = offset_at(zone, probe)
        if new != offset:
            change = change_between(zone, max(since, probe - _PROBE), probe)
            yield Steady(since, change, offset, shift)
            since, shift, offset = change, new - offset, new
    yield Steady(since, end, offset, shift)


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """When the clock shows this: the first time if it does so twice, the moment clocks jump over it if it never does."""
    first = wall.replace(tzinfo=zone, fold=0)
    second = first.replace(fold=1)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)  # neither skipped nor repeated
    earlier_offset = first.astimezone(UTC)
    if earlier_offset.astimezone(zone).replace(tzinfo=None, fold=0) == wall.replace(fold=0):
        return earlier_offset
    later_offset = second.astimezone(UTC)
    change = change_between(zone, int(later_offset.timestamp()), int(earlier_offset.timestamp()))
    return datetime.fromtimestamp(change, UTC)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The day's first instant: 01:00 where clocks jump over midnight."""
    return instant_of(datetime.combine(day, time()), zone)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    return start_of_day(day + timedelta(days=1), zone)


def day_of(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
