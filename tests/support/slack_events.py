"""Slack payloads as Slack sends them, for the tests of the intake."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
CHANNEL, CUSTOMER_ID, STAFF_ID = "C01ACME", "U0CUSTOMER", "U0KATHY"

SUNDAY_NIGHT = "2026-03-08 20:00"
MONDAY_MORNING = "2026-03-09 08:00"


def stamp(wall: str, unique: int = 100) -> str:
    at = datetime.fromisoformat(wall).replace(tzinfo=LOS_ANGELES)
    return f"{int(at.timestamp())}.{unique:06d}"


def message(words: str = "The hosts page is empty", at: str = SUNDAY_NIGHT, **more: Any) -> dict[str, Any]:
    """The inner event; `unique` tells apart two messages of one second."""
    return {
        "type": "message",
        "channel": CHANNEL,
        "channel_type": "channel",
        "user": CUSTOMER_ID,
        "text": words,
        "ts": stamp(at, more.pop("unique", 100)),
        **more,
    }


def envelope(event: dict[str, Any], id_: str = "Ev01") -> dict[str, Any]:
    """As Slack posts it."""
    return {
        "type": "event_callback",
        "team_id": "T01TEAM",
        "event_id": id_,
        "event_time": 1,
        "event": event,
    }


def edit(before: dict[str, Any], words: str, at: str = SUNDAY_NIGHT, unique: int = 700) -> dict[str, Any]:
    edited = {"user": before["user"], "ts": stamp(at, unique)}
    return {
        "type": "message",
        "subtype": "message_changed",
        "channel": before["channel"],
        "ts": stamp(at, unique),
        "message": {**before, "text": words, "edited": edited},
        "previous_message": before,
    }


def deletion(before: dict[str, Any], at: str = SUNDAY_NIGHT, unique: int = 800) -> dict[str, Any]:
    return {
        "type": "message",
        "subtype": "message_deleted",
        "channel": before["channel"],
        "ts": stamp(at, unique),
        "deleted_ts": before["ts"],
        "previous_message": before,
    }
