"""Many things looked at a few at a time, so that whoever does not want the answer any more need not wait for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

AT_ONCE = 256
"""Things between two questions whether somebody still waits for the answer."""


def pieces(things: Sequence[T], is_cancelled: Callable[[], bool]) -> Iterator[Sequence[T]]:
    """All of them, piece by piece; no more of them once it is cancelled."""
    for start in range(0, len(things), AT_ONCE):
        if is_cancelled():
            return
        yield things[start : start + AT_ONCE]
