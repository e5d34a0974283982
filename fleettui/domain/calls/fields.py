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


def checked(field: str, value: Any) -> Any:
    """A value as it is kept; of `minutes` 0 where nothing was typed."""
    if field not in SETTABLE:
        raise Refused(f"there is no such field; a call has {', '.join(SETTABLE)}", field=field)
    if field == "start":
        return value
    if field == "minutes":
        return minutes_of(value, 0)
    text = str(value)
    cleaned = cleaning.clean(text).strip() if field in ("about", "notes") else cleaning.line(text)
    if field == "zone" and cleaned:
        zone_named(cleaned)
    if field == "join_url" and cleaned:
        reading.link(field, cleaned)
    if field == "title" and not cleaned:
        raise Refused("a call needs a title", field=field)
    return cleaned


def edited(call: Call, fields: Mapping[str, Any]) -> Call:
    """`call` with other fields, which are checked."""
    given = dict(fields)
    start = given.pop("start", call.start)
    minutes = given.pop("minutes", 0) or call.minutes
    timed = (
        {"start": start, "end": start + timedelta(minutes=minutes)}
        if {"start", "minutes"} & fields.keys()
        else {}
    )
    return replace(call, **given, **timed)
