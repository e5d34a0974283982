"""The columns of a list: which are shown at a width, and how wide."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

GAP = 2
"""Cells between two columns."""


class Column(msgspec.Struct, frozen=True):
    """A column of a list, as a screen declares it."""

    name: str
    title: str = ""
    width: int = 8
    """Its cells; of one that grows, the least it wants."""
    grow: int = 0
    """Its share of what the fixed columns leave over; 0: it has its width and no more."""
    hide: int = 0
    """Where there is no room, the highest number goes first; 0 never goes."""
    right: bool = False


class Place(msgspec.Struct, frozen=True):
    """A column as it stands in a line."""

    index: int
    """Which of a row's cells it shows."""
    width: int
    right: bool


def arrange(columns: Sequence[Column], room: int) -> list[Place]:
    """The columns that fit into `room` cells, in order."""
    shown = list(columns)
    while _least(shown) > room and any(column.hide for column in shown):
        shown.remove(max(shown, key=lambda column: column.hide))
    widths = _widths(shown, room)
    index = {id(column): number for number, column in enumerate(columns)}
    return [
        Place(index[id(column)], width, column.right) for column, width in zip(shown, widths, strict=True)
    ]


def _least(columns: Sequence[Column]) -> int:
    return sum(column.width for column in columns) + GAP * (len(columns) - 1)


def _widths(columns: Sequence[Column], room: int) -> list[int]:
    left = room - _least(columns)
    shares = sum(column.grow for column in columns)
    if left < 0 or not shares:
        return _squeezed(columns, room) if left < 0 else [column.width for column in columns]
    widths = [column.width + left * column.grow // shares for column in columns]
    for number in reversed(range(len(columns))):  # what rounding left over goes to the last that grows
        if columns[number].grow:
            widths[number] += room - GAP * (len(columns) - 1) - sum(widths)
            break
    return widths


def _squeezed(columns: Sequence[Column], room: int) -> list[int]:
    """Even what never hides does not fit: the growing ones give way, the rest is cut at the edge."""
    missing = _least(columns) - room
    widths = []
    for column in columns:
        given = min(missing, column.width - 1) if column.grow else 0
        missing -= given
        widths.append(column.width - given)
    return widths
