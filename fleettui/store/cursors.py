"""Cursors: for each collection the number of the last entry that was seen (`Entry.recorded`), as a line of text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from fleettui.errors import Refused
from fleettui.store.protocol import Collection


def encoded(numbers: Mapping[str, int]) -> str:
    return ",".join(f"{name}:{number}" for name, number in sorted(numbers.items()))


def decoded(cursor: str) -> dict[str, int]:
    try:
        pairs = [part.rsplit(":", 1) for part in cursor.split(",") if part]
        return {name: int(number) for name, number in pairs}
    except ValueError:
        raise Refused("this is no cursor of a workspace; give one that was printed", field="since") from None


def until(collections: Iterable[Collection[Any]], at: datetime) -> str:
    """Behind all that was written until then."""
    return encoded({collection.name: int(at.timestamp() * 1_000_000) for collection in collections})
