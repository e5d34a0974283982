"""The zones of a calendar file, as IANA zones: by their names, else by what their rules do to the clock.

The rules are never handed to a library, which would lay them out second by second where they say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from fleettui.errors import Refused
from fleettui.text import cleaning
from fleettui.time.recurrence import EARLIEST_YEAR, Rule, Steps, laid_out, read_rule
from fleettui.time.zones import zone_or_none

MOST_CHANGES = 600
"""Lines of one zone that say when its clocks change."""
STEPS = 20_000
USUAL = (
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Australia/Sydney",
)
"""Of zones with the same clocks, these are named first."""

Onset = tuple[datetime, timedelta]
"""From when on (UTC) the clocks have this offset."""


class FileZones:
    """What the names of zones mean in one file."""

    def __init__(self, lines: list[bytes], now: datetime) -> None:
        self.problems: list[str] = []
        self._now = now
        self._known: dict[str, ZoneInfo | None] = {}
        self._blocks = dict(_blocks(lines))

    def key(self, name: str) -> str:
        """The IANA name; empty where nobody knows the zone."""
        if name not in self._known:
            self._known[name] = named_zone(name) or self._by_its_block(name)
        zone = self._known[name]
        return zone.key if zone is not None else ""

    def _by_its_block(self, name: str) -> ZoneInfo | None:
        block = self._blocks.get(name)
        if block is None:
            return None
        place = next((value for head, value in block if head == "X-LIC-LOCATION"), "")
        if place and (zone := named_zone(place)):
            return zone
        try:
            return _zone_like(_onsets(block, self._now), self._now)
        except Refused as refused:
            self.problems.append(f"time zone {cleaning.line(name, 40)!r}: {refused}; its rules are not used")
        except (ValueError, OverflowError):
            self.problems.append(f"time zone {cleaning.line(name, 40)!r}: its rules cannot be read")
        return None


def named_zone(name: str) -> ZoneInfo | None:
    """By an IANA name, also at the end of a path, or by one of Outlook's."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # late: only imports need it

    parts = name.strip().strip("/").split("/")
    names = ["/".join(parts[first:]) for first in range(min(len(parts), 8))]
    names += [WINDOWS_TO_OLSON.get(name.strip(), "")]
    return next((zone for tried in names if tried and (zone := zone_or_none(tried))), None)


Block = list[tuple[str, str]]


def _blocks(lines: list[bytes]) -> Iterator[tuple[str, Block]]:
    block: Block = []
    for line in lines:
        head, _, value = line.decode(errors="replace").partition(":")
        value = value.replace("\\,", ",").replace("\\;", ";")
        name = head.split(";")[0].strip().upper()
        if (name, value.strip().upper()) == ("BEGIN", "VTIMEZONE"):
            block = []
        elif (name, value.strip().upper()) == ("END", "VTIMEZONE"):
            yield next((text for key, text in block if key == "TZID"), ""), block
        else:
            block.append((name, value.strip()))


# What its rules do


def _onsets(block: Block, now: datetime) -> list[Onset]:
    """When its clocks change, from two years ago until two years ahead, and what they are at first."""
    steps, onsets, changes = Steps(STEPS), [], 0
    part: dict[str, list[str]] = {}
    for name, value in block:
        if name == "BEGIN":
            part = {}
        elif name == "END":
            onsets += _onsets_of(part, now, steps)
        else:
            part.setdefault(name, []).append(value)
            changes += 1
        if changes > MOST_CHANGES:
            raise Refused("its clocks change too often")
    return sorted(onsets)


def _onsets_of(part: dict[str, list[str]], now: datetime, steps: Steps) -> list[Onset]:
    start = _wall(part["DTSTART"][0]) if "DTSTART" in part else None
    if start is None or "TZOFFSETTO" not in part:
        return []
    after = _offset(part["TZOFFSETTO"][0])
    before = _offset(part.get("TZOFFSETFROM", part["TZOFFSETTO"])[0])
    walls = [start, *(_wall(date) for dates in part.get("RDATE", ()) for date in dates.split(",")[:100])]
    for text in part.get("RRULE", ())[:4]:
        walls += _by_rule(read_rule(text), start, now, steps)
    return [(wall.replace(tzinfo=UTC) - before, after) for wall in walls]


def _by_rule(rule: Rule, start: datetime, now: datetime, steps: Steps) -> Iterator[datetime]:
    if rule.every != "YEARLY" or rule.count is not None:
        raise Refused("its clocks change by a rule that clocks do not follow")
    year = timedelta(days=366)
    since, until = (now.replace(tzinfo=None) + shift for shift in (-2 * year, 2 * year))
    if start.year < EARLIEST_YEAR:  # Outlook's begin in 1601: their rules name month and day themselves
        start = datetime(EARLIEST_YEAR, 1, 1, start.hour, start.minute)  # noqa: DTZ001
    yield from laid_out(rule, start, ZoneInfo("UTC"), max(since, start), until, steps)


def _wall(text: str) -> datetime:
    return datetime.strptime(text.strip().rstrip("Z")[:15], "%Y%m%dT%H%M%S")  # noqa: DTZ007  a wall time


def _offset(text: str) -> timedelta:
    sign = -1 if text.strip().startswith("-") else 1
    digits = text.strip().lstrip("+-").ljust(6, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]), seconds=int(digits[4:6]))
    if offset >= timedelta(days=1):
        raise Refused("its clocks are a day off")
    return sign * offset


def _zone_like(onsets: list[Onset], now: datetime) -> ZoneInfo | None:
    """A zone whose clocks are the same, week by week."""
    if not onsets:
        return None
    weeks = [now + timedelta(weeks=week) for week in range(-26, 79)]
    wanted = [
        (at, next((offset for since, offset in reversed(onsets) if since <= at), onsets[0][1]))
        for at in weeks
    ]
    return next(
        (zone for zone in _candidates() if all(at.astimezone(zone).utcoffset() == off for at, off in wanted)),
        None,
    )


@cache
def _candidates() -> tuple[ZoneInfo, ...]:
    names = dict.fromkeys([*USUAL, *sorted(available_timezones())])
    return tuple(zone for name in names if (zone := zone_or_none(name)))
