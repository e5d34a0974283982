"""Calendar files (.ics) as invites: what can be read is read, the rest is named.

The file is cut into its events before a library sees it, so that one damaged event takes no other with it. The library
(icalendar, recurring-ical-events) knows folded lines, the zones that Outlook and Google write, and how series repeat.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from fleettui import text
from fleettui.calls import ANSWERS, MOST_ATTENDEES, MOST_DOCUMENTS, Attendee
from fleettui.calls_invites import Invite, Kind, instance_key
from fleettui.errors import Refused
from fleettui.intake import ics_links
from fleettui.localtime import instant_of

if TYPE_CHECKING:
    from icalendar import Calendar, Event

LARGEST = 4_000_000
"""Bytes. A team's whole calendar is smaller."""
MOST_EVENTS = 2_000
MOST_INVITES = 500
WEEKS_AHEAD = 6
"""How far a series is laid out; importing it again later brings the next weeks."""
DAYS_BACK = 7
"""What ended longer ago is no call to prepare."""
USUAL_LENGTH = timedelta(minutes=30)
TOO_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")
MOST_TIMES_A_DAY = 4
EARLIEST_SERIES = 1990
PATIENCE, LEAST_PATIENCE = 5.0, 0.2
"""Seconds for all series of a file; and for each, when those are used up."""
KINDS: dict[str, Kind] = {"": "request", "PUBLISH": "request", "REQUEST": "request", "ADD": "request"}
KINDS |= {"REPLY": "reply", "CANCEL": "cancel"}


@dataclass
class Reading:
    """What a file said: its invites, and in words what could not be taken from it."""

    invites: list[Invite] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    series: set[str] = field(default_factory=set)
    """UIDs of which the whole series is there: what is not among its invites takes no longer place."""
    until: datetime | None = None
    """How far those were laid out."""
    patience: float = field(default_factory=lambda: PATIENCE)
    """Seconds that are left for laying out series."""


@dataclass
class _Block:
    """One event of the file, still as lines."""

    number: int
    lines: list[bytes]
    whole: bool = False

    def value(self, name: str) -> str:
        for line in self.lines:
            head, _, rest = line.partition(b":")
            if head.split(b";")[0].strip().upper() == name.encode():
                return text.line(rest.decode("utf-8", "replace"), 300)
        return ""

    @property
    def called(self) -> str:
        title = text.line(self.value("SUMMARY").replace("\\", ""), 60)
        return f"event {self.number}" + (f" ({title})" if title else "")


@dataclass
class _Book:
    """One VCALENDAR: its method, its zones, its events."""

    method: str = ""
    zone: str = ""
    zones: list[bytes] = field(default_factory=list)
    events: list[_Block] = field(default_factory=list)


def read(content: bytes, now: datetime, zone: ZoneInfo) -> Reading:
    """`zone` is where times without a zone are meant, unless the calendar names its own."""
    if len(content) > LARGEST:
        raise Refused(f"file: larger than {LARGEST // 1_000_000} MB; export fewer weeks")
    reading = Reading(until=now + timedelta(weeks=WEEKS_AHEAD))
    books = list(_books(_lines(content)))
    if not any(book.events for book in books):
        reading.problems.append("there is no event in this file")
    for book in books:
        _read_book(book, reading, now, zone)
    if len(reading.invites) > MOST_INVITES:
        reading.problems.append(
            f"{len(reading.invites) - MOST_INVITES} events more than {MOST_INVITES} are left out"
        )
        del reading.invites[MOST_INVITES:]
    return reading


# The file's lines


def _lines(content: bytes) -> list[bytes]:
    """Unfolded as bytes: a fold may cut a letter in two."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = content.decode("utf-16", "replace").encode()
    content = content.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"")
    content = re.sub(rb"\r*\n", b"\n", content).replace(b"\r", b"\n")
    content = re.sub(rb"\n[ \t]", b"", content)
    return [_cleaned(line) for line in content.split(b"\n") if line.strip()]


def _cleaned(line: bytes) -> bytes:
    """In UTF-8, without what a terminal would obey: the library would drop a whole attendee for it."""
    try:
        said = line.decode()
    except UnicodeDecodeError:
        said = line.decode("cp1252", "replace")
    return text.clean(said, LARGEST).replace("\n", " ").encode()


def _books(lines: list[bytes]) -> Iterator[_Book]:
    """Cut along BEGIN and END. An event whose END is missing ends where the next begins, or the file."""
    book, event, depth, in_zone, count = _Book(), None, 0, False, 0
    for line in lines:
        word = line.strip().upper()
        if word == b"BEGIN:VCALENDAR":
            yield book
            book, event, in_zone = _Book(), None, False
        elif word == b"BEGIN:VTIMEZONE":
            in_zone, event = True, None
            book.zones.append(line)
        elif in_zone:
            book.zones.append(line)
            in_zone = word != b"END:VTIMEZONE"
        elif word == b"BEGIN:VEVENT":
            count += 1
            event, depth = _Block(count, [line]), 0
            book.events.append(event)
        elif event is not None:
            event.lines.append(line)
            depth += word.startswith(b"BEGIN:") - word.startswith(b"END:")
            if word == b"END:VEVENT":
                event.whole, event = True, None
        else:
            _heading(book, line)
    yield book


def _heading(book: _Book, line: bytes) -> None:
    name, _, value = line.partition(b":")
    name = name.split(b";")[0].strip().upper()
    if name == b"METHOD":
        book.method = text.line(value.decode(errors="replace"), 20).upper()
    elif name == b"X-WR-TIMEZONE":
        book.zone = text.line(value.decode(errors="replace"), 60)


# From blocks to invites


def _read_book(book: _Book, reading: Reading, now: datetime, zone: ZoneInfo) -> None:
    if book.method and book.method not in KINDS:
        for block in book.events:
            reading.problems.append(f"{block.called}: {_unread_method(book.method)}")
        return
    zone = _zone(book.zone) or zone
    groups: dict[str, list[_Block]] = {}
    for block in book.events[:MOST_EVENTS]:
        if not block.whole:
            reading.problems.append(f"{block.called}: the file ends or goes on before it is complete")
        uid = block.value("UID")
        if not uid:
            reading.problems.append(f"{block.called}: has no UID, so nobody could tell it from another")
            continue
        groups.setdefault(uid, []).append(block)
    if len(book.events) > MOST_EVENTS:
        reading.problems.append(
            f"{len(book.events) - MOST_EVENTS} events after the first {MOST_EVENTS} are left out"
        )
    for uid, blocks in groups.items():
        _Series(book, uid, reading, now, zone).read(blocks)


def _unread_method(method: str) -> str:
    if method == "COUNTER":
        return "proposes another time; answer it in the calendar, and import the new invite"
    return f"{text.line(method, 20)!r} is no invite, answer or cancellation"


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


@dataclass
class _Series:
    """The events of one UID: one, or a series with its exceptions."""

    book: _Book
    uid: str
    reading: Reading
    now: datetime
    zone: ZoneInfo

    def read(self, blocks: list[_Block]) -> None:
        sound = [block for block in blocks if self._can_be_read(block)]
        if not sound:
            return
        kind = KINDS[self.book.method]
        events = [event for event in _events(_parse(self.book, sound)) if self._has_start(event, kind)]
        if kind == "request" and any("RRULE" in event or "RDATE" in event for event in events):
            self._read_series(sound)
        else:
            for event in events:
                self._keep(event, kind, bool(event.get("RECURRENCE-ID")))

    def _can_be_read(self, block: _Block) -> bool:
        try:
            (event,) = _events(_parse(self.book, [block]))
            _refuse_endless(event)
        except Exception as error:
            # Whatever the library stumbles over: this event is named, the others are read.
            told = (
                str(error) if isinstance(error, Refused) else f"cannot be read ({text.line(str(error), 120)})"
            )
            self.reading.problems.append(f"{block.called}: {told}")
            return False
        for name, what in event.errors:
            self.reading.problems.append(
                f"{block.called}: {text.line(str(name or 'a line'), 40)} cannot be read: {text.line(str(what), 120)}"
            )
        return True

    def _has_start(self, event: Event, kind: Kind) -> bool:
        start = _moment(event, "DTSTART")
        if start is None:
            if kind == "request":
                self._problem(event, "has no start that can be read")
            return kind != "request"
        named = start.params.get("TZID")
        if named and isinstance(start.dt, datetime) and start.dt.tzinfo is None:
            self._problem(event, f"its zone {text.line(named, 40)!r} is not known; read as {self.zone.key}")
        return True

    def _problem(self, event: Event, what: str) -> None:
        title = text.line(str(event.get("SUMMARY", "")), 60) or self.uid[:40]
        self.reading.problems.append(f"{title}: {what}")

    def _read_series(self, blocks: list[_Block]) -> None:
        calendar = _parse(self.book, blocks)
        try:
            found = self._laid_out(calendar)
        except Exception as error:
            told = text.line(str(error), 120)
            self.reading.problems.append(f"{blocks[0].called}: how it repeats cannot be read ({told})")
            return
        if any("RECURRENCE-ID" not in event for event in _events(calendar)):
            self.reading.series.add(self.uid)
        for event in found:
            cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
            self._keep(event, "cancel" if cancelled else "request", True)

    def _laid_out(self, calendar: Calendar) -> list[Event]:
        """Each time that it takes place. A rule that no day fits is searched to the end of all years: in a thread, then, and
        not waited for."""
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
            self._problem(event, f"cannot be read ({text.line(str(error), 120)})")
            return
        if kind == "request" and invite.end and invite.end < self.now - timedelta(days=DAYS_BACK):
            self._problem(event, f"was over on {invite.end:%Y-%m-%d}")
        else:
            self.reading.invites.append(invite)

    def _invite(self, event: Event, kind: Kind, one_of_series: bool) -> Invite:
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            kind = "cancel"
        start, end, all_day = self._times(event)
        about = text.clean(_text(event, "DESCRIPTION"), 20_000).strip()
        links = ics_links.of_event(event, about)
        return Invite(
            kind=kind,
            uid=text.line(self.uid, 300),
            recurrence=self._recurrence(event, start) if one_of_series else "",
            of_series=kind != "request" and not one_of_series,
            sequence=_number(event.get("SEQUENCE")),
            stamped=self._stamp(event),
            title=text.line(_text(event, "SUMMARY"), 200) or "Call",
            start=start,
            end=end,
            all_day=all_day,
            zone=_zone_name(_moment(event, "DTSTART"), self.book.zone),
            join_url=links.join,
            place=text.line(_text(event, "LOCATION"), 300),
            about=about,
            organizer=_address(event.get("ORGANIZER")),
            organizer_name=_name(getattr(event.get("ORGANIZER"), "params", {}), ""),
            attendees=_attendees(event, self._stamp(event)),
            documents=links.documents[:MOST_DOCUMENTS],
        )

    def _times(self, event: Event) -> tuple[datetime | None, datetime | None, bool]:
        given = _moment(event, "DTSTART")
        if given is None:
            return None, None, False
        start = self._instant(given.dt)
        all_day = not isinstance(given.dt, datetime)
        ending, lasting = _moment(event, "DTEND"), _moment(event, "DURATION")
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
        given = _moment(event, "RECURRENCE-ID")
        at = self._instant(given.dt) if given is not None else start
        return instance_key(at) if at is not None else ""

    def _stamp(self, event: Event) -> datetime | None:
        given = _moment(event, "DTSTAMP")
        return self._instant(given.dt) if given is not None else None


def _parse(book: _Book, blocks: list[_Block]) -> Calendar:
    from icalendar import Calendar  # late: 60 ms, and only imports need it

    lines = [b"BEGIN:VCALENDAR", b"VERSION:2.0", b"PRODID:fleettui", *book.zones]
    for block in blocks:
        lines += block.lines if block.whole else _mended(block.lines)
    parsed = Calendar.from_ical(b"\r\n".join([*lines, b"END:VCALENDAR", b""]))
    assert isinstance(parsed, Calendar)  # noqa: S101  without `multiple` it is one
    return parsed


def _mended(lines: list[bytes]) -> list[bytes]:
    """An event that was cut off, without the alarm or whatever was open in it, and with an end."""
    kept, inner = [], 0
    for line in lines[1:]:
        word = line.strip().upper()
        inner += word.startswith(b"BEGIN:")
        if not inner:
            kept.append(line)
        inner -= word.startswith(b"END:")
    return [lines[0], *kept, b"END:VEVENT"]


def _refuse_endless(event: Event) -> None:
    """Rules that a library would lay out for minutes, or for ever."""
    rules = event.get("RRULE") or []
    start = _moment(event, "DTSTART")
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


# What stands in an event


def _text(event: Event, name: str) -> str:
    found = event.get(name, "")
    return str(found[0] if isinstance(found, list) else found)


def _number(given: Any) -> int:
    try:
        return max(0, min(int(given or 0), 1_000_000))
    except (TypeError, ValueError):
        return 0


def _zone_name(start: Any, calendars: str) -> str:
    """An IANA name where there is one; Outlook's own names are translated."""
    if start is None:
        return ""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    named = str(start.params.get("TZID", ""))
    key = str(getattr(getattr(start.dt, "tzinfo", None), "key", ""))
    for name in (key, named, WINDOWS_TO_OLSON.get(named, ""), calendars):
        if name and name != "UTC" and _zone(name):
            return name
    return ""


def _moment(event: Event, name: str) -> Any:
    """The property, if it is there and whole."""
    given = event.get(name)
    try:
        return given if given is not None and given.dt is not None else None
    except Exception:  # a value that the library could not read raises its own errors when asked
        return None


def _events(calendar: Calendar) -> list[Event]:
    found: list[Any] = calendar.walk("VEVENT")
    return found


def _several(given: Any) -> list[Any]:
    if given is None:
        return []
    return list(given) if isinstance(given, list) else [given]


def _attendees(event: Event, stamp: datetime | None) -> tuple[Attendee, ...]:
    found: dict[str, Attendee] = {}
    for given in _several(event.get("ATTENDEE"))[:MOST_ATTENDEES]:
        one = _attendee(given, stamp)
        if one is not None:
            found.setdefault(one.email, one)
    return tuple(found.values())


def _attendee(given: Any, stamp: datetime | None) -> Attendee | None:
    email, params = _address(given), getattr(given, "params", {})
    if not email or str(params.get("CUTYPE", "")).upper() in ("ROOM", "RESOURCE"):
        return None
    said = str(params.get("PARTSTAT", "NEEDS-ACTION")).strip().lower()
    return Attendee(
        email=email,
        name=_name(params, email),
        status=next((answer for answer in ANSWERS if answer == said), "needs-action"),
        optional=str(params.get("ROLE", "")).upper() == "OPT-PARTICIPANT",
        answered=stamp if said != "needs-action" else None,
    )


def _name(params: Any, email: str) -> str:
    name = text.line(str(params.get("CN", "")).strip("\"' "), 120)
    return "" if name.lower() == email else name


def _address(given: Any) -> str:
    """`mailto:` in whatever case; some write the address into a parameter and nonsense as the value."""
    if given is None:
        return ""
    if isinstance(given, list):
        given = given[0]
    params = getattr(given, "params", {})
    for said in (str(given), str(params.get("EMAIL", ""))):
        email = text.line(re.sub(r"(?i)^\s*mailto:", "", said), 254).strip("<> ").lower()
        name, at, host = email.partition("@")
        if name and at and host and "@" not in host and " " not in email:
            return email
    return ""
