"""Reads calendar files (.ics) as invites. Events that cannot be read are named, the others are taken.

The file is cut into its events before the libraries (icalendar, recurring-ical-events) parse it, so that one damaged event
does not lose the others. They know the zones that Outlook and Google write, and how series repeat.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fleettui.domain.calls.invites import Invite, Kind, instance_key
from fleettui.domain.calls.model import MOST_DOCUMENTS
from fleettui.errors import Refused
from fleettui.intake.ical.fields import (
    address_in,
    attendees_in,
    events_of,
    moment_in,
    name_in,
    number_in,
    text_in,
    zone_name,
)
from fleettui.intake.ical.lines import CalendarLines, EventLines, calendars_in, lines_of, parsed
from fleettui.intake.ical.links import links_of_event
from fleettui.text import cleaning
from fleettui.time.zones import instant_of, zone_or_none

if TYPE_CHECKING:
    from icalendar import Calendar, Event

LARGEST = 4_000_000
"""Bytes. A team's whole calendar is smaller."""
MOST_EVENTS = 2_000
MOST_INVITES = 500
WEEKS_AHEAD = 6
"""How far a series is expanded; importing the file again later brings the next weeks."""
DAYS_BACK = 7
"""Events that ended earlier are left out."""
USUAL_LENGTH = timedelta(minutes=30)
TOO_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")
MOST_TIMES_A_DAY = 4
EARLIEST_SERIES = 1990
PATIENCE, LEAST_PATIENCE = 5.0, 0.2
"""Seconds for all series of a file; and for each, when those are used up."""
KINDS: dict[str, Kind] = {"": "request", "PUBLISH": "request", "REQUEST": "request", "ADD": "request"}
KINDS |= {"REPLY": "reply", "CANCEL": "cancel"}


@dataclass
class ParsedCalendar:
    """The invites of a file, and in words what could not be read."""

    invites: list[Invite] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    series: set[str] = field(default_factory=set)
    """UIDs of series that are complete: an instance without an invite does not take place any more."""
    until: datetime | None = None
    """Until when series were expanded."""
    patience: float = field(default_factory=lambda: PATIENCE)
    """Seconds left for expanding series."""


def read(content: bytes, now: datetime, zone: ZoneInfo) -> ParsedCalendar:
    """`zone` is where times without a zone are meant, unless the calendar names its own."""
    if len(content) > LARGEST:
        raise Refused(f"larger than {LARGEST // 1_000_000} MB; export fewer weeks", field="file")
    reading = ParsedCalendar(until=now + timedelta(weeks=WEEKS_AHEAD))
    sources = list(calendars_in(lines_of(content)))
    if not any(source.events for source in sources):
        reading.problems.append("there is no event in this file")
    for source in sources:
        _read_calendar(source, reading, now, zone)
    if len(reading.invites) > MOST_INVITES:
        reading.problems.append(
            f"{len(reading.invites) - MOST_INVITES} events more than {MOST_INVITES} are left out"
        )
        del reading.invites[MOST_INVITES:]
    return reading


# From blocks to invites


def _read_calendar(source: CalendarLines, reading: ParsedCalendar, now: datetime, zone: ZoneInfo) -> None:
    if source.method and source.method not in KINDS:
        for block in source.events:
            reading.problems.append(f"{block.label}: {_unread_method(source.method)}")
        return
    zone = zone_or_none(source.zone) or zone
    groups: dict[str, list[EventLines]] = {}
    for block in source.events[:MOST_EVENTS]:
        if not block.whole:
            reading.problems.append(f"{block.label}: the file ends or goes on before it is complete")
        uid = block.value("UID")
        if not uid:
            reading.problems.append(f"{block.label}: has no UID, so nobody could tell it from another")
            continue
        groups.setdefault(uid, []).append(block)
    if len(source.events) > MOST_EVENTS:
        reading.problems.append(
            f"{len(source.events) - MOST_EVENTS} events after the first {MOST_EVENTS} are left out"
        )
    for uid, blocks in groups.items():
        _Series(source, uid, reading, now, zone).read(blocks)


def _unread_method(method: str) -> str:
    if method == "COUNTER":
        return "proposes another time; answer it in the calendar, and import the new invite"
    return f"{cleaning.line(method, 20)!r} is no invite, answer or cancellation"


@dataclass
class _Series:
    """The events of one UID: one, or a series with its exceptions."""

    source: CalendarLines
    uid: str
    reading: ParsedCalendar
    now: datetime
    zone: ZoneInfo

    def read(self, blocks: list[EventLines]) -> None:
        sound = [block for block in blocks if self._can_be_read(block)]
        if not sound:
            return
        kind = KINDS[self.source.method]
        events = [event for event in events_of(parsed(self.source, sound)) if self._has_start(event, kind)]
        if kind == "request" and any("RRULE" in event or "RDATE" in event for event in events):
            self._read_series(sound)
        else:
            for event in events:
                self._keep(event, kind, bool(event.get("RECURRENCE-ID")))

    def _can_be_read(self, block: EventLines) -> bool:
        try:
            (event,) = events_of(parsed(self.source, [block]))
            _refuse_endless(event)
        except Exception as error:
            # The library may raise anything: this event is named, the others are read.
            refused = isinstance(error, Refused)
            what = str(error) if refused else f"cannot be read ({cleaning.line(str(error), 120)})"
            self.reading.problems.append(f"{block.label}: {what}")
            return False
        for name, what in event.errors:
            self.reading.problems.append(
                f"{block.label}: {cleaning.line(str(name or 'a line'), 40)} cannot be read: {cleaning.line(str(what), 120)}"
            )
        return True

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
        title = cleaning.line(str(event.get("SUMMARY", "")), 60) or self.uid[:40]
        self.reading.problems.append(f"{title}: {what}")

    def _read_series(self, blocks: list[EventLines]) -> None:
        calendar = parsed(self.source, blocks)
        try:
            laid_out = self._laid_out(calendar)
        except Exception as error:
            what = cleaning.line(str(error), 120)
            self.reading.problems.append(f"{blocks[0].label}: how it repeats cannot be read ({what})")
            return
        if any("RECURRENCE-ID" not in event for event in events_of(calendar)):
            self.reading.series.add(self.uid)
        for event in laid_out:
            cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
            self._keep(event, "cancel" if cancelled else "request", True)

    def _laid_out(self, calendar: Calendar) -> list[Event]:
        """Its instances. The library searches without end for a day that a rule never fits: so it runs in a thread."""
        from recurring_ical_events import of  # type: ignore[import-untyped]  # late: only series need it

        outcome: list[list[Event] | Exception] = []

        def lay_out() -> None:
            since = self.now - timedelta(days=DAYS_BACK)
            try:
                outcome.append(
                    of(calendar, keep_recurrence_attributes=True).between(since, self.reading.until)
                )
            except Exception as error:
                outcome.append(error)

        began = time.monotonic()
        thread = threading.Thread(target=lay_out, name="fleettui-series", daemon=True)
        thread.start()
        thread.join(max(self.reading.patience, LEAST_PATIENCE))
        self.reading.patience -= time.monotonic() - began
        if not outcome:
            raise TimeoutError("it takes too long to lay out")
        if isinstance(outcome[0], Exception):
            raise outcome[0]
        return outcome[0]

    def _keep(self, event: Event, kind: Kind, one_of_series: bool) -> None:
        try:
            invite = self._invite(event, kind, one_of_series)
        except (Refused, ValueError, OverflowError, TypeError, AttributeError) as error:
            self._problem(event, f"cannot be read ({cleaning.line(str(error), 120)})")
            return
        if kind == "request" and invite.end and invite.end < self.now - timedelta(days=DAYS_BACK):
            self._problem(event, f"was over on {invite.end:%Y-%m-%d}")
        else:
            self.reading.invites.append(invite)

    def _invite(self, event: Event, kind: Kind, one_of_series: bool) -> Invite:
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
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
            zone=zone_name(moment_in(event, "DTSTART"), self.source.zone),
            join_url=links.join,
            place=cleaning.line(text_in(event, "LOCATION"), 300),
            about=about,
            organizer=address_in(event.get("ORGANIZER")),
            organizer_name=name_in(getattr(event.get("ORGANIZER"), "params", {}), ""),
            attendees=attendees_in(event, self._stamp(event)),
            documents=links.documents[:MOST_DOCUMENTS],
        )

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


def _refuse_endless(event: Event) -> None:
    """Refuse rules that the library would expand for minutes, or for ever."""
    rules = event.get("RRULE") or []
    start = moment_in(event, "DTSTART")
    if rules and start is not None and start.dt.year < EARLIEST_SERIES:
        raise Refused(f"repeats since the year {start.dt.year}")
    for rule in rules if isinstance(rules, list) else [rules]:
        every = str((rule.get("FREQ") or [""])[0]).upper()
        times = 1
        for part in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            times *= max(1, len(rule.get(part) or []))
        if every in TOO_OFTEN or times > MOST_TIMES_A_DAY:
            raise Refused("repeats more often than calls do")
        if int((rule.get("INTERVAL") or [1])[0]) < 1:
            raise Refused("repeats without ever going on")
