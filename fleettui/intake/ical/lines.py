"""The lines of a calendar file: unfolded, cleaned, and cut into calendars and events before the library parses them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fleettui.text import cleaning

if TYPE_CHECKING:
    from icalendar import Calendar

LONGEST_LINE = 4_000_000


@dataclass
class EventLines:
    """One event of the file, still as lines."""

    number: int
    lines: list[bytes]
    whole: bool = False

    def value(self, name: str) -> str:
        """The value of the first property with this name, or an empty text."""
        for line in self.lines:
            head, _, rest = line.partition(b":")
            if head.split(b";")[0].strip().upper() == name.encode():
                return cleaning.line(rest.decode("utf-8", "replace"), 300)
        return ""

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
    if name == b"METHOD":
        source.method = cleaning.line(value.decode(errors="replace"), 20).upper()
    elif name == b"X-WR-TIMEZONE":
        source.zone = cleaning.line(value.decode(errors="replace"), 60)


def parsed(source: CalendarLines, blocks: list[EventLines]) -> Calendar:
    """The calendar with these events only, parsed by the library; an incomplete event is given an end."""
    from icalendar import Calendar  # late: 60 ms, and only imports need it

    lines = [b"BEGIN:VCALENDAR", b"VERSION:2.0", b"PRODID:fleettui", *source.zones]
    for block in blocks:
        lines += block.lines if block.whole else _mended(block.lines)
    calendar = Calendar.from_ical(b"\r\n".join([*lines, b"END:VCALENDAR", b""]))
    assert isinstance(calendar, Calendar)  # noqa: S101  without `multiple` it is one
    return calendar


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
