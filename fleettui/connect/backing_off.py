"""How long to wait after a trouble: longer each time, and never all at the same moment."""

from __future__ import annotations

import random
from datetime import timedelta

FIRST, LONGEST = 2.0, 300.0
QUIET_AGAIN = 60.0
"""Seconds of work without a trouble after which the next one is a first one."""
_WAITS = (0.5, 1, 2, 5, 15, 30, 60, 120)
"""Minutes between the tries of one order."""


class BackingOff:
    """For a connection."""

    def __init__(self, first: float = FIRST, longest: float = LONGEST) -> None:
        self._first, self._longest, self._troubles = first, longest, 0

    def next(self, at_least: timedelta | None = None) -> float:
        """Seconds."""
        wait = min(self._first * 2**self._troubles, self._longest)
        self._troubles = min(self._troubles + 1, 20)
        return max(jittered(wait), at_least.total_seconds() if at_least else 0)

    def reset(self) -> None:
        self._troubles = 0


def jittered(seconds: float) -> float:
    return seconds * random.uniform(0.75, 1.25)  # noqa: S311  spreads load, hides nothing


def after_try(tries: int, at_least: timedelta) -> timedelta:
    """Until the next try of an order that was tried so often."""
    minutes = _WAITS[min(max(tries, 1), len(_WAITS)) - 1]
    return max(timedelta(seconds=jittered(minutes * 60)), at_least)
