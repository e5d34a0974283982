"""The only place that asks the system for the time. Everything else takes `now` as an argument."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from fleettui.errors import WrongUsage

Clock = Callable[[], datetime]

FROZEN_BY = "FLEETTUI_NOW"


def system_clock() -> datetime:
    return datetime.now(UTC)


def machine_microseconds() -> int:
    """Since 1970, also where FLEETTUI_NOW stands still: for the order of things, never for a time that somebody reads."""
    return time.time_ns() // 1000


def steady_microseconds() -> int:
    """Of a clock that nobody sets: for the length of a time, never for a moment."""
    return time.monotonic_ns() // 1000


def frozen_clock(at: datetime) -> Clock:
    return lambda: at


def clock_from(environment: Mapping[str, str] = os.environ) -> Clock:
    """The system's clock, or one that stands still at FLEETTUI_NOW."""
    text = environment.get(FROZEN_BY)
    if not text:
        return system_clock
    return frozen_clock(parse_instant(text, FROZEN_BY))


def parse_instant(text: str, field: str) -> datetime:
    """ISO 8601 with an offset, as UTC. What else a person may type for a time is fleettui.time.typed's."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise WrongUsage(
            f"{text!r} is not a time; write it like 2026-03-09T08:30:00-07:00", field=field
        ) from None
    if at.tzinfo is None:
        raise WrongUsage(f"{text!r} has no offset; write it like 2026-03-09T08:30:00-07:00", field=field)
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise WrongUsage(f"{text!r} is too far away", field=field) from None


def until_next_minute(now: datetime) -> float:
    """In seconds: how long a timer waits that shows the time."""
    return 60 - now.second - now.microsecond / 1_000_000
