"""Writes a call as an invitation, to send to those who are to come."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fleettui.domain.calls.model import Attendee, Call
    from fleettui.domain.team.people import Person


def invite_file(call: Call, leader: Person, now: datetime) -> bytes:
    """The content of the .ics file: a request with the guests and the link."""
    from icalendar import Calendar, Event  # late: only who asks for the file needs it

    calendar = Calendar()
    calendar.add("prodid", "-//fleettui//invitation//")
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST")
    event = Event()
    event.add("uid", call.uid)
    event.add("sequence", call.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", call.start)
    event.add("dtend", call.end)
    event.add("summary", call.title)
    event.add("status", "CONFIRMED")
    where = call.join_url or call.place
    if where:
        event.add("location", where)
    if call.join_url:
        event.add("url", call.join_url)
    if call.about:
        event.add("description", call.about)
    if leader.email:
        event.add("organizer", _address(leader.email, leader.shown), encode=False)
    for attendee in call.attendees:
        event.add("attendee", _guest(attendee), encode=False)
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _address(email: str, name: str) -> object:
    from icalendar import vCalAddress, vText

    address = vCalAddress(f"mailto:{email}")
    address.params["CN"] = vText(name)
    return address


def _guest(attendee: Attendee) -> object:
    from icalendar import vText

    address = _address(attendee.email, attendee.shown)
    parameters = {
        "ROLE": "OPT-PARTICIPANT" if attendee.optional else "REQ-PARTICIPANT",
        "PARTSTAT": attendee.status.upper(),
        "RSVP": "TRUE",
    }
    address.params.update({name: vText(value) for name, value in parameters.items()})  # type: ignore[attr-defined]
    return address
