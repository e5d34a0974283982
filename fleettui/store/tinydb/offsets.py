"""Where the history of each document stands in its table. As arrays: fifty thousand objects would take ten megabytes."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from fleettui.store.tinydb import table_file


class Offset(NamedTuple):
    """The document's number, and where its row is."""

    number: int
    start: int
    length: int

    def row_in(self, table: bytes) -> bytes:
        return table[self.start : self.start + self.length]


class Offsets:
    """By id, which is looked up by halving."""

    def __init__(self, table: bytes) -> None:
        there = {id_: offset for id_, *offset in table_file.offsets_in(table)}
        self.ids = sorted(there)
        columns = list(zip(*(there[id_] for id_ in self.ids), strict=True)) or [(), (), ()]
        self._numbers, self._starts, self._lengths = (array("q", column) for column in columns)

    def get(self, id_: str) -> Offset | None:
        place = bisect_left(self.ids, id_)
        is_there = place < len(self.ids) and self.ids[place] == id_
        return self._at(place) if is_there else None

    def each(self) -> Iterator[tuple[str, Offset]]:
        return ((id_, self._at(place)) for place, id_ in enumerate(self.ids))

    def _at(self, place: int) -> Offset:
        return Offset(self._numbers[place], self._starts[place], self._lengths[place])
