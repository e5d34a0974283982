"""A row of the handbook by a name that somebody typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from fleettui.errors import Refused
from fleettui.text import finding

T = TypeVar("T")


def row_named(kind: str, typed: str, rows: Iterable[T], names: Callable[[T], tuple[str, ...]]) -> T:
    """By any of its names, in any case; what is near is suggested."""
    every = list(rows)
    fitting = finding.exact(every, typed, names)
    if fitting:
        return fitting[0]
    known = [name for row in every for name in (names(row)[0], names(row)[-1])]
    raise Refused(f"there is no {kind} {typed[:60]!r}{finding.did_you_mean(typed, known)}")
