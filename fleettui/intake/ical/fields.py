"""Reads single fields of an event, as different calendars write them. A value that cannot be read counts as missing."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fleettui.domain.calls.invitation import ANSWERS, MOST_ATTENDEES, Attendee, BusyAs
from fleettui.text import cleaning

if TYPE_CHECKING:
    from icalendar import Event


KIND_PROPERTIES = ("EVENT-TYPE", "X-EVENT-TYPE", "X-GOOGLE-EVENT-TYPE", "EVENTTYPE")


def text_in(event: Event, name: str) -> str:
    """The text of a property; of several the first."""
    value = event.get(name, "")
    return str(value[0] if isinstance(value, list) else value)


def number_in(given: Any) -> int:
    """A whole number from 0 to a million; 0 where it cannot be read."""
    try:
        return max(0, min(int(given or 0), 1_000_000))
    except (TypeError, ValueError):
        return 0


def moment_in(event: Event, name: str) -> Any:
    """The property, if it is there and whole."""
    given = event.get(name)
    try:
        return given if given is not None and given.dt is not None else None
    except Exception:  # a value that the library could not read raises its own errors when asked
        return None


def several(given: Any) -> list[Any]:
    """The values of a property that may be there once, many times or not at all."""
    if given is None:
        return []
    return list(given) if isinstance(given, list) else [given]


def attendees_in(event: Event, stamp: datetime | None) -> tuple[Attendee, ...]:
    """The people of an event, each once; rooms and devices are left out."""
    attendees: dict[str, Attendee] = {}
    for given in several(event.get("ATTENDEE"))[:MOST_ATTENDEES]:
        attendee = _attendee(given, stamp)
        if attendee is not None:
            attendees.setdefault(attendee.email, attendee)
    return tuple(attendees.values())


def _attendee(given: Any, stamp: datetime | None) -> Attendee | None:
    email, params = address_in(given), getattr(given, "params", {})
    if not email or str(params.get("CUTYPE", "")).upper() in ("ROOM", "RESOURCE"):
        return None
    status = str(params.get("PARTSTAT", "NEEDS-ACTION")).strip().lower()
    return Attendee(
        email=email,
        name=name_in(params, email),
        status=next((answer for answer in ANSWERS if answer == status), "needs-action"),
        optional=str(params.get("ROLE", "")).upper() == "OPT-PARTICIPANT",
        answered=stamp if status != "needs-action" else None,
    )


def name_in(params: Any, email: str) -> str:
    """The name that stands beside an address, unless it is the address again."""
    name = cleaning.line(str(params.get("CN", "")).strip("\"' "), 120)
    return "" if name.lower() == email else name


def address_in(given: Any) -> str:
    """`mailto:` in whatever case; some write the address into a parameter and nonsense as the value."""
    if given is None:
        return ""
    if isinstance(given, list):
        given = given[0]
    params = getattr(given, "params", {})
    for value in (str(given), str(params.get("EMAIL", ""))):
        email = cleaning.line(re.sub(r"(?i)^\s*mailto:", "", value), 254).strip("<> ").lower()
        name, at, host = email.partition("@")
        if name and at and host and "@" not in host and " " not in email:
            return email
    return ""


def busy_as(event: Event) -> BusyAs:
    """What calendars call time that is no meeting: each has a property of its own."""
    outlooks = text_in(event, "X-MICROSOFT-CDO-BUSYSTATUS") or text_in(
        event, "X-MICROSOFT-CDO-INTENDEDSTATUS"
    )
    kind = next((text_in(event, name) for name in KIND_PROPERTIES if name in event), "").lower()
    if outlooks.upper() == "OOF" or "outofoffice" in kind:
        return "out of office"
    if "focus" in kind:
        return "focus time"
    if outlooks.upper() == "WORKINGELSEWHERE" or "workinglocation" in kind:
        return "elsewhere"
    free = text_in(event, "TRANSP").upper() == "TRANSPARENT" or outlooks.upper() == "FREE"
    return "free" if free else ""


def is_private(event: Event) -> bool:
    return text_in(event, "CLASS").upper() in ("PRIVATE", "CONFIDENTIAL")
