"""The lines of a calendar file: unfolded, cleaned, and cut into calendars and events before the library parses them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fleettui.text import cleaning

if TYPE_CHECKING:
    from icalendar import Event

LONGEST_LINE = 4_000_000
LONGEST_VALUE = 3_000
TIMES = re.compile(rb"(?i)^(DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE)\b")
ZONE_OF = re.compile(rb'(?i);TZID=("[^"]*"|[^;:]*)')
NO_EVENTS = {
    "VTODO": ("task", "tasks"),
    "VJOURNAL": ("note", "notes"),
    "VFREEBUSY": ("list of busy times", "lists of busy times"),
}
"""What else a calendar holds."""


@dataclass
class EventLines:
    """One event of the file, still as lines."""

    number: int
    lines: list[bytes]
    whole: bool = False

    def value(self, name: str) -> str:
        """The value of the first property with this name, or an empty text."""
        return next(self.values(name), "")

    def values(self, name: str) -> Iterator[str]:
        """The values of all properties with this name."""
        for line in self.lines:
            if line[: len(name)].upper() == name.encode() and line[len(name) : len(name) + 1] in (b":", b";"):
                yield cleaning.line(line.partition(b":")[2].decode("utf-8", "replace"), LONGEST_VALUE)

    @property
    def label(self) -> str:
        """How messages name the event."""
        title = cleaning.line(self.value("SUMMARY").replace("\\", ""), 60)
        return f"event {self.number}" + (f" ({title})" if title else "")


@dataclass
class CalendarLines:
    """One VCALENDAR: its method, its zones, its events."""

    method: str = ""
    zone: str = ""
    zones: list[bytes] = field(default_factory=list)
    events: list[EventLines] = field(default_factory=list)
    others: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What is no event, by the words for one and for several."""


def lines_of(content: bytes) -> list[bytes]:
    """Unfolded as bytes: a fold may cut a UTF-8 sequence in two."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = content.decode("utf-16", "replace").encode()
    content = content.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"")
    content = re.sub(rb"\r*\n", b"\n", content).replace(b"\r", b"\n")
    content = re.sub(rb"\n[ \t]", b"", content)
    return [_cleaned(line) for line in content.split(b"\n") if line.strip()]


def _cleaned(line: bytes) -> bytes:
    """In UTF-8, without control characters: the library would drop a whole attendee because of one."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text = line.decode("cp1252", "replace")
    return cleaning.clean(text, LONGEST_LINE).replace("\n", " ").encode()


def calendars_in(lines: list[bytes]) -> Iterator[CalendarLines]:
    """The calendars of a file. An event without END ends where the next one begins, or with the file."""
    source, event, depth, in_zone, count = CalendarLines(), None, 0, False, 0
    for line in lines:
        word = line.strip().upper()
        if word == b"BEGIN:VCALENDAR":
            yield source
            source, event, in_zone = CalendarLines(), None, False
        elif word == b"BEGIN:VTIMEZONE":
            in_zone, event = True, None
            source.zones.append(line)
        elif in_zone:
            source.zones.append(line)
            in_zone = word != b"END:VTIMEZONE"
        elif word == b"BEGIN:VEVENT":
            count += 1
            event, depth = EventLines(count, [line]), 0
            source.events.append(event)
        elif event is not None:
            event.lines.append(line)
            depth += word.startswith(b"BEGIN:") - word.startswith(b"END:")
            if word == b"END:VEVENT":
                event.whole, event = True, None
        else:
            _heading(source, line)
    yield source


def _heading(source: CalendarLines, line: bytes) -> None:
    name, _, value = line.partition(b":")
    name = name.split(b";")[0].strip().upper()
    if name == b"BEGIN":
        kind = NO_EVENTS.get(value.decode(errors="replace").strip().upper())
        source.others.update([kind] if kind else ())
    elif name == b"METHOD":
        source.method = cleaning.line(value.decode(errors="replace"), 20).upper()
    elif name == b"X-WR-TIMEZONE":
        source.zone = cleaning.line(value.decode(errors="replace"), 60)


def parsed(block: EventLines, zone_key: Callable[[str], str]) -> Event:
    """The event, parsed by the library: without what stands inside it (alarms), and with an end where it has none.

    The library never sees the zones of the file: it lays out their rules, whatever they say. `zone_key` gives the name of the
    zone that is meant by a name in the file.
    """
    from icalendar import Calendar  # late: 60 ms, and only imports need it

    def known(match: re.Match[bytes]) -> bytes:
        named = match.group(1).strip(b'"').decode(errors="replace")
        key = zone_key(named)
        return f";TZID={key}".encode() if key else match.group()

    lines = [ZONE_OF.sub(known, line) if TIMES.match(line) else line for line in _own_lines(block.lines)]
    text = b"\r\n".join(
        [b"BEGIN:VCALENDAR", b"VERSION:2.0", b"PRODID:fleettui", *lines, b"END:VCALENDAR", b""]
    )
    events: list[Any] = Calendar.from_ical(text).walk("VEVENT")
    (event,) = events
    return event  # type: ignore[no-any-return]


def _own_lines(lines: list[bytes]) -> list[bytes]:
    kept, inner = [], 0
    for line in lines[1:]:
        word = line.strip().upper()
        inner += word.startswith(b"BEGIN:")
        if not inner and word != b"END:VEVENT":
            kept.append(line)
        inner -= word.startswith(b"END:") and inner > 0
    return [lines[0], *kept, b"END:VEVENT"]
