"""Changing a call by hand: fields as a form or a script gives them, each checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from fleettui.domain.calls import model as calls
from fleettui.domain.calls.model import Call
from fleettui.errors import Refused
from fleettui.text import cleaning, reading
from fleettui.time.zones import zone_named

SETTABLE = (
    "title",
    "customer",
    "company",
    "start",
    "minutes",
    "join_url",
    "place",
    "about",
    "host",
    "zone",
    "notes",
)


def minutes_of(given: Any, usual: int) -> int:
    """A length that was typed in; `usual` where nothing was."""
    if given in (None, ""):
        return usual
    expected = "expected how long it lasts, like 30"
    minutes = reading.whole_number("minutes", given, expected)
    if not 1 <= minutes <= calls.LONGEST_CALL // timedelta(minutes=1):
        raise Refused(expected, field="minutes")
    return minutes


def edited(call: Call, fields: Mapping[str, Any]) -> Call:
    """`call` with other fields, each checked."""
    unknown = [field for field in fields if field not in SETTABLE]
    if unknown:
        raise Refused(f"there is no such field; a call has {', '.join(SETTABLE)}", field=unknown[0])
    given = dict(fields)
    start = given.pop("start", call.start)
    minutes = minutes_of(given.pop("minutes", None), call.minutes)
    cleaned: dict[str, Any] = {
        field: cleaning.clean(str(value)).strip()
        if field in ("about", "notes")
        else cleaning.line(str(value))
        for field, value in given.items()
    }
    if cleaned.get("zone"):
        zone_named(cleaned["zone"])
    timed = (
        {"start": start, "end": start + timedelta(minutes=minutes)}
        if {"start", "minutes"} & fields.keys()
        else {}
    )
    return replace(call, **cleaned, **timed)
