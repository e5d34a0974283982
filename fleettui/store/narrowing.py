"""Whether a row fits a `Narrow`: what every store means by it, whether it looks at each row or knows a quicker way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from fleettui.store.protocol import Narrow, Needle, RowKind
from fleettui.time.timeline import moment_of

NEVER = 1 << 62
"""Microseconds since 1970, for what has not happened: later than all that has."""


def hay_of(words: Iterable[str]) -> str:
    """In which a needle is looked for."""
    return "\n".join(words).casefold()


def moment(at: datetime | None) -> int:
    return NEVER if at is None else moment_of(at)


def fits_facts(narrow: Narrow, kind: RowKind[Any, Any], row: Any, finished: int) -> bool:
    """All but the needles. `finished`: a `moment`."""
    return (
        is_between(finished, narrow.finished_from, narrow.finished_before)
        and is_between(moment(kind.opened(row)), narrow.opened_from, narrow.opened_before)
        and all(getattr(row, name) in values for name, values in narrow.among.items())
    )


def is_between(when: int, begin: datetime | None, before: datetime | None) -> bool:
    """What has not happened is between no times."""
    if begin is None and before is None:
        return True
    earliest = -NEVER if begin is None else moment_of(begin)
    return earliest <= when < (NEVER if before is None else moment_of(before))


def has_needle(needle: Needle, row: Any, hay: str) -> bool:
    return (needle.text in hay or has_fact(needle, row)) is not needle.negative


def has_fact(needle: Needle, row: Any) -> bool:
    return bool(needle.among) and getattr(row, needle.fact) in needle.among
