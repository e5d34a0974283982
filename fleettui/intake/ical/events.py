"""Reads calendar files (.ics) as invites. Events that cannot be read are named, the others are taken.

The file is cut into its events before the library (icalendar) parses each by itself, so that one damaged event does not lose
the others. Zones and repeating are read here, with bounded work: libraries lay them out for ever where a file says so.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fleettui.domain.calls.invitation import MOST_DOCUMENTS, Invite, Kind, Series
from fleettui.domain.calls.selection import OVER, LeftOut
from fleettui.domain.calls.series import DAYS_BACK, coming, instance_key, planned
from fleettui.errors import Refused
from fleettui.intake.ical.fields import (
    address_in,
    attendees_in,
    busy_as,
    is_private,
    moment_in,
    name_in,
    number_in,
    several,
    text_in,
)
from fleettui.intake.ical.lines import CalendarLines, EventLines, calendars_in, lines_of, parsed
from fleettui.intake.ical.links import links_of_event
from fleettui.intake.ical.zones import FileZones
from fleettui.text import cleaning
from fleettui.time.recurrence import Steps, read_rule
from fleettui.time.zones import instant_of, zone_or_none

if TYPE_CHECKING:
    from icalendar import Event

LARGEST = 10_000_000
"""Bytes. A team's whole calendar is smaller."""
MOST_EVENTS = 2_000
MOST_INVITES = 500
MOST_RULES = 4
MOST_CHANGED = 60
"""Changed ones of a series that are kept."""
WEEKS_AHEAD = 6
USUAL_LENGTH = timedelta(minutes=30)
STEPS = 300_000
"""The work for all series of a file."""
KINDS: dict[str, Kind] = {"": "request", "PUBLISH": "request", "REQUEST": "request", "ADD": "request"}
KINDS |= {"REPLY": "reply", "CANCEL": "cancel"}


@dataclass
class ParsedCalendar:
    """The invites of a file, and in words what could not be read, and what is over."""

    invites: list[Invite] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    series: dict[str, tuple[Invite, Series]] = field(default_factory=dict)
    """By UID, where the file has all of a series, with what any call of it looks like: a call of it without an invite does not
    take place any more."""
    until: datetime | None = None
    """Until when series were laid out."""
    weeks: int = WEEKS_AHEAD
    steps: Steps = field(default_factory=lambda: Steps(STEPS))


def read(content: bytes, now: datetime, zone: ZoneInfo, weeks: int = WEEKS_AHEAD) -> ParsedCalendar:
    """`zone` is where times without a zone are meant, unless the calendar names its own. `weeks`: so far ahead series are
    laid out."""
    if len(content) > LARGEST:
        raise Refused(f"larger than {LARGEST // 1_000_000} MB; export fewer weeks", field="file")
    reading = ParsedCalendar(until=now + timedelta(weeks=weeks), weeks=weeks)
    sources = list(calendars_in(lines_of(content)))
    others = sum((source.others for source in sources), Counter[tuple[str, str]]())
    if not any(source.events for source in sources):
        reading.problems.append(_no_event(others))
    else:
        reading.left_out += [
            LeftOut(title=_counted(words, number), why="no event") for words, number in others.items()
        ]
    for source in sources:
        _read_calendar(source, reading, now, zone)
    more = len(reading.invites) - MOST_INVITES
    if more > 0:
        reading.problems.append(f"{more} events more than {MOST_INVITES} are left out, those farthest ahead")
        reading.invites = sorted(reading.invites, key=lambda invite: invite.start or now)[:MOST_INVITES]
    return reading


def _counted(words: tuple[str, str], number: int) -> str:
    """`words` are for one of them and for several."""
    return f"{number} {words[number != 1]}"


def _no_event(others: Counter[tuple[str, str]]) -> str:
    holds = " and ".join(_counted(words, number) for words, number in others.items())
    return f"there is no event in this file, only {holds}" if holds else "there is no event in this file"


# From blocks to invites


def _read_calendar(source: CalendarLines, reading: ParsedCalendar, now: datetime, zone: ZoneInfo) -> None:
    if source.method and source.method not in KINDS:
        for block in source.events:
            reading.problems.append(f"{block.label}: {_unread_method(source.method)}")
        return
    zone = zone_or_none(source.zone) or zone
    zones = FileZones(source.zones, now)
    groups: dict[str, list[EventLines]] = {}
    blocks = [block for block in source.events if not _is_long_over(block, reading, now)]
    for block in blocks[:MOST_EVENTS]:
        if not block.whole:
            reading.problems.append(f"{block.label}: the file ends or goes on before it is complete")
        uid = block.value("UID")
        if not uid:
            reading.problems.append(f"{block.label}: has no UID, so nobody could tell it from another")
            continue
        groups.setdefault(uid, []).append(block)
    if len(blocks) > MOST_EVENTS:
        reading.problems.append(
            f"{len(blocks) - MOST_EVENTS} events after the first {MOST_EVENTS} are left out"
        )
    for uid, group in groups.items():
        _Series(source, uid, reading, now, zone, zones).read(group)
    reading.problems += zones.problems


def _is_long_over(block: EventLines, reading: ParsedCalendar, now: datetime) -> bool:
    """What is clearly over is not parsed: years of a calendar are mostly that."""
    day = block.value("DTEND")[:8]
    if not day.isdigit() or len(day) < 8 or block.value("RRULE") or block.value("RDATE"):
        return False
    if block.value("RECURRENCE-ID") or day >= f"{now - timedelta(days=DAYS_BACK + 2):%Y%m%d}":
        return False
    title = cleaning.line(block.value("SUMMARY").replace("\\", ""), 200)
    reading.left_out.append(LeftOut(title=title or "event", why=OVER, uid=block.value("UID")[:300]))
    return True


def _unread_method(method: str) -> str:
    if method == "COUNTER":
        return "proposes another time; answer it in the calendar, and import the new invite"
    return f"{cleaning.line(method, 20)!r} is no invite, answer or cancellation"


@dataclass(frozen=True)
class _Sound:
    """An event that could be read, with its lines."""

    block: EventLines
    event: Event

    @property
    def repeats(self) -> bool:
        return "RRULE" in self.event or "RDATE" in self.event


@dataclass
class _Series:
    """The events of one UID: one, or a series with its exceptions."""

    source: CalendarLines
    uid: str
    reading: ParsedCalendar
    now: datetime
    zone: ZoneInfo
    zones: FileZones

    def read(self, blocks: list[EventLines]) -> None:
        kind = KINDS[self.source.method]
        readable = [sound for block in blocks if (sound := self._sound(block))]
        sounds = [sound for sound in readable if self._has_start(sound.event, kind)]
        masters = [sound for sound in sounds if sound.repeats and "RECURRENCE-ID" not in sound.event]
        if kind == "request" and masters and not _cancelled(masters[-1].event):
            exceptions = [sound.event for sound in sounds if "RECURRENCE-ID" in sound.event]
            self._read_series(masters[-1], exceptions)
            return
        for sound in sounds:
            self._keep(sound.event, kind, "RECURRENCE-ID" in sound.event)

    def _sound(self, block: EventLines) -> _Sound | None:
        try:
            event = parsed(block, self.zones.key)
        except Exception as error:
            # The library may raise anything: this event is named, the others are read.
            self.reading.problems.append(f"{block.label}: cannot be read ({cleaning.line(str(error), 120)})")
            return None
        for name, what in event.errors:
            self.reading.problems.append(
                f"{block.label}: {cleaning.line(str(name or 'a line'), 40)} cannot be read: {cleaning.line(str(what), 120)}"
            )
        return _Sound(block, event)

    def _has_start(self, event: Event, kind: Kind) -> bool:
        start = moment_in(event, "DTSTART")
        if start is None:
            if kind == "request":
                self._problem(event, "has no start that can be read")
            return kind != "request"
        named = start.params.get("TZID")
        if named and isinstance(start.dt, datetime) and start.dt.tzinfo is None:
            self._problem(
                event, f"its zone {cleaning.line(named, 40)!r} is not known; read as {self.zone.key}"
            )
        return True

    def _problem(self, event: Event, what: str) -> None:
        self.reading.problems.append(f"{self._title(event)}: {what}")

    def _title(self, event: Event) -> str:
        return cleaning.line(str(event.get("SUMMARY", "")), 60) or self.uid[:40]

    # Series

    def _read_series(self, master: _Sound, exceptions: list[Event]) -> None:
        try:
            usual = self._invite(master.event, "request", True)
            series = self._series(master, usual, exceptions)
            invites = coming(series, usual, self.now, self.reading.weeks, self.reading.steps)
        except (Refused, ValueError, OverflowError, TypeError, AttributeError) as error:
            self.reading.problems.append(f"{master.block.label}: {cleaning.line(str(error), 160)}")
            return
        if not invites:
            self.reading.left_out.append(
                LeftOut(
                    title=self._title(master.event),
                    why=self._ended(series),
                    uid=usual.uid,
                    start=usual.start,
                )
            )
        self.reading.series[usual.uid] = usual, series
        self.reading.invites += invites

    def _series(self, master: _Sound, usual: Invite, exceptions: list[Event]) -> Series:
        assert usual.start is not None and usual.end is not None  # noqa: S101  a request has both
        rules = tuple(master.block.values("RRULE"))[:MOST_RULES]
        for rule in rules:
            read_rule(rule)
        start = moment_in(master.event, "DTSTART").dt
        key = str(getattr(getattr(start, "tzinfo", None), "key", "")) or (
            "UTC" if getattr(start, "tzinfo", None) else self.zone.key
        )
        return Series(
            rules=rules,
            start=usual.start,
            zone=key,
            lasts=max(1, (usual.end - usual.start) // timedelta(minutes=1)),
            dates=tuple(self._dates(master.event, "RDATE")),
            without=tuple(instance_key(at) for at in self._dates(master.event, "EXDATE")),
            changed=self._changed(exceptions),
        )

    def _changed(self, exceptions: list[Event]) -> tuple[Invite, ...]:
        """Those to come; the last word of the file about each."""
        latest: dict[str, Invite] = {}
        for event in exceptions:
            invite = self._read_invite(event, "request", True)
            if invite is not None and not self._is_over(invite):
                latest[invite.recurrence] = invite
        if len(latest) > MOST_CHANGED:
            self._problem(
                exceptions[0], f"only the first {MOST_CHANGED} of {len(latest)} changed ones are kept"
            )
        return tuple(sorted(latest.values(), key=lambda invite: invite.recurrence)[:MOST_CHANGED])

    def _dates(self, event: Event, name: str) -> list[datetime]:
        """The times of EXDATE or RDATE; of a period its start."""
        values = [value for dates in several(event.get(name)) for value in getattr(dates, "dts", [])]
        times = (value.dt[0] if isinstance(value.dt, tuple) else value.dt for value in values[:1000])
        return [self._instant(at) for at in times if isinstance(at, date)]

    def _ended(self, series: Series) -> str:
        times = list(planned(series, series.start, self.now, self.reading.steps))
        return f"the series ended on {times[-1]:%Y-%m-%d}" if times else "no day fits how it repeats"

    # One event

    def _is_over(self, invite: Invite) -> bool:
        return bool(invite.end and invite.end < self.now - timedelta(days=DAYS_BACK))

    def _read_invite(self, event: Event, kind: Kind, one_of_series: bool) -> Invite | None:
        try:
            return self._invite(event, kind, one_of_series)
        except (Refused, ValueError, OverflowError, TypeError, AttributeError) as error:
            self._problem(event, f"cannot be read ({cleaning.line(str(error), 120)})")
            return None

    def _keep(self, event: Event, kind: Kind, one_of_series: bool) -> None:
        invite = self._read_invite(event, kind, one_of_series)
        if invite is None:
            return
        if kind == "request" and self._is_over(invite):
            over = LeftOut(title=invite.title, why=OVER, uid=invite.uid, start=invite.start)
            self.reading.left_out.append(over)
        else:
            self.reading.invites.append(invite)

    def _invite(self, event: Event, kind: Kind, one_of_series: bool) -> Invite:
        if _cancelled(event):
            kind = "cancel"
        start, end, all_day = self._times(event)
        about = cleaning.clean(text_in(event, "DESCRIPTION"), 20_000).strip()
        links = links_of_event(event, about)
        return Invite(
            kind=kind,
            uid=cleaning.line(self.uid, 300),
            recurrence=self._recurrence(event, start) if one_of_series else "",
            of_series=kind != "request" and not one_of_series,
            sequence=number_in(event.get("SEQUENCE")),
            stamped=self._stamp(event),
            title=cleaning.line(text_in(event, "SUMMARY"), 200) or "Call",
            start=start,
            end=end,
            all_day=all_day,
            zone=self._zone_name(event),
            join_url=links.join,
            place=cleaning.line(text_in(event, "LOCATION"), 300),
            about=about,
            organizer=address_in(event.get("ORGANIZER")),
            organizer_name=name_in(getattr(event.get("ORGANIZER"), "params", {}), ""),
            attendees=attendees_in(event, self._stamp(event)),
            documents=links.documents[:MOST_DOCUMENTS],
            private=is_private(event),
            busy_as=busy_as(event),
        )

    def _zone_name(self, event: Event) -> str:
        """An IANA name where there is one."""
        start = moment_in(event, "DTSTART")
        key = str(getattr(getattr(getattr(start, "dt", None), "tzinfo", None), "key", ""))
        names = (key, self.source.zone)
        return next((name for name in names if name and name != "UTC" and zone_or_none(name)), "")

    def _times(self, event: Event) -> tuple[datetime | None, datetime | None, bool]:
        given = moment_in(event, "DTSTART")
        if given is None:
            return None, None, False
        start = self._instant(given.dt)
        all_day = not isinstance(given.dt, datetime)
        ending, lasting = moment_in(event, "DTEND"), moment_in(event, "DURATION")
        if ending is not None:
            end = self._instant(ending.dt)
        elif lasting is not None:
            end = start + lasting.dt
        else:
            end = self._instant(given.dt + timedelta(days=1)) if all_day else start + USUAL_LENGTH
        return start, (end if end > start else start + USUAL_LENGTH), all_day

    def _instant(self, at: date | datetime) -> datetime:
        if not isinstance(at, datetime):
            at = datetime(at.year, at.month, at.day)  # noqa: DTZ001  a wall time, given its zone below
        if at.tzinfo is None:
            return instant_of(at, self.zone)
        return at.astimezone(UTC)

    def _recurrence(self, event: Event, start: datetime | None) -> str:
        given = moment_in(event, "RECURRENCE-ID")
        at = self._instant(given.dt) if given is not None else start
        return instance_key(at) if at is not None else ""

    def _stamp(self, event: Event) -> datetime | None:
        given = moment_in(event, "DTSTAMP")
        return self._instant(given.dt) if given is not None else None


def _cancelled(event: Event) -> bool:
    return str(event.get("STATUS", "")).upper() == "CANCELLED"
