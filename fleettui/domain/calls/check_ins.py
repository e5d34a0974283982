"""CALL-12: when a check-in was held, the next one is booked. Pure functions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from fleettui.domain.calls import rebooking
from fleettui.domain.calls.model import Call

if TYPE_CHECKING:
    from fleettui.domain.calls.policy import CallKind
    from fleettui.domain.calls.stages import CallRules

FARTHEST = timedelta(days=200)
"""A longer way between two check-ins was an interruption, not their rhythm."""


def next_start(
    call: Call, before: Call | None, kind: CallKind, now: datetime, zone: ZoneInfo
) -> datetime | None:
    """On the same clock, as far ahead as this one was from the one before it; else as the policy wants. None where the kind
    does not repeat."""
    if kind.repeats_weeks is None:
        return None
    local = call.start.astimezone(zone)
    days = kind.repeats_weeks * 7
    if before is not None:
        apart = local.date() - before.start.astimezone(zone).date()
        days = apart.days if timedelta() < apart <= FARTHEST else days
    step = timedelta(days=max(1, days))
    start = local + step  # the wall clock's days: summer time changes nothing
    while start <= now:
        start += step
    return start.astimezone(call.start.tzinfo)


def made_after(call: Call, new_id: str, start: datetime, now: datetime, rules: CallRules) -> Call:
    """The next check-in: the same people and link, nothing of it prepared."""
    return replace(rebooking.following(call, new_id, start, now, rules), moved_from="", follows=call.id)
