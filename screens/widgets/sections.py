"""Rows below a heading."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from screens.widgets.row import Key, Row


class SectionKey(Struct, frozen=True):
    """Names a heading among the rows."""

    name: str


def heading_row(name: str, text: str = "") -> Row[Any]:
    return Row(SectionKey(name), (text or name,), heading=True)


def section(name: str, rows: Iterable[Row[Key]], text: str = "") -> list[Row[Key]]:
    """The rows with their heading, `text` or else the name; nothing where there are none."""
    below = list(rows)
    return [heading_row(name, text), *below] if below else []
