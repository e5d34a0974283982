"""Writes proposed times as a calendar file with tentative entries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fleettui.domain.calls.model import Call
    from fleettui.domain.calls.slots import Slot


def slots_file(call: Call, slots: Iterable[Slot], now: datetime) -> bytes:
    """The content of the .ics file, one entry for each slot."""
    from icalendar import Calendar, Event  # late: only who asks for the file needs it

    calendar = Calendar()
    calendar.add("prodid", "-//fleettui//proposed times//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for number, slot in enumerate(slots, 1):
        event = Event()
        event.add("uid", f"{call.id}-{slot.start:%Y%m%dT%H%MZ}@fleettui")
        event.add("dtstamp", now)
        event.add("dtstart", slot.start)
        event.add("dtend", slot.end)
        event.add("summary", f"Proposed time {number}: {call.title}")
        event.add("status", "TENTATIVE")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
