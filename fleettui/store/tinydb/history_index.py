"""The histories of a collection: those in its checkpoint, of removed documents too, and what happened since.

They grow with every change ever made, and a day's work needs few of them. So they stay in the file, which is held open: a
newer checkpoint may take its name, and this one can still be read.
"""

from __future__ import annotations

import heapq
import itertools
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from fleettui.store import files, sums
from fleettui.store.files import FileSlice
from fleettui.store.protocol import Entry, is_of_request
from fleettui.store.tinydb import found_lines, table_file

KEPT = 200
"""How many of the newest entries are kept at hand: what a screen shows of them, and undo looks through."""

Order = Callable[[Entry], tuple[Any, int]]


def by_time(entry: Entry) -> tuple[Any, int]:
    return entry.at, entry.rev


def as_recorded(entry: Entry) -> tuple[Any, int]:
    return entry.order, entry.rev


Row = tuple[int, bytes]
"""A document's number in the file, and its encoded HistoryRow."""


class Offset(msgspec.Struct, frozen=True):
    """Where a document's row is in the table, and the document's number."""

    number: int
    start: int
    length: int

    def row_in(self, table: bytes) -> bytes:
        return table[self.start : self.start + self.length]


class Offsets:
    """By id, which is looked up by halving. As arrays: fifty thousand objects would take ten megabytes."""

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
        """In the order of the table."""
        for place in sorted(range(len(self.ids)), key=self._starts.__getitem__):
            yield self.ids[place], self._at(place)

    def _at(self, place: int) -> Offset:
        return Offset(self._numbers[place], self._starts[place], self._lengths[place])


class HistoryIndex:
    """Read on the event loop while another thread takes in what others write: each question is answered from one table."""

    def __init__(self, path: Path, table: bytes | FileSlice, checked: sums.Sum | None = None) -> None:
        """`checked` is the sum of the table, where the file says one."""
        self.path, self._table, self._checked = path, table, checked
        self._recent: dict[str, list[Entry]] = {}
        self._gone: set[str] = set()
        self._offsets: Offsets | None = None
        self._newest: dict[tuple[str | None, Order], tuple[int, list[tuple[str, Entry]]]] = {}

    def in_file(self, table: FileSlice, checked: sums.Sum | None) -> HistoryIndex:
        """The same histories, after a checkpoint has taken in what was recent: that is read from its file from now on."""
        index = HistoryIndex(self.path, table, checked)
        for (by, order), (kept, newest) in list(self._newest.items()):
            recent = (owned for owned in self._all_recent() if by is None or owned[1].by == by)
            index._newest[by, order] = kept, _newest(kept, order, recent, newest)
        return index

    # -- changes

    def add(self, id_: str, entries: Iterable[Entry]) -> None:
        self._recent.setdefault(id_, []).extend(entries)

    def forget(self, ids: Iterable[str]) -> None:
        """They went to the archive, with their histories."""
        for id_ in ids:
            self._gone.add(id_)
            self._recent.pop(id_, None)
        self._newest = {}

    # -- one document

    def knows(self, id_: str) -> bool:
        """Whether there is a history of it."""
        return id_ in self._recent or self._offset(id_) is not None

    def history(self, id_: str) -> list[Entry]:
        offset = self._offset(id_)
        return self._merged(id_, None if offset is None else self._read(offset.start, offset.length))

    def key_of(self, id_: str) -> int | None:
        offset = self._offset(id_)
        return None if offset is None else offset.number

    def _offset(self, id_: str) -> Offset | None:
        return None if id_ in self._gone else self._all_offsets().get(id_)

    # -- all of them

    def ids(self) -> set[str]:
        return (set(self._all_offsets().ids) - self._gone) | set(self._recent)

    def histories(self, ids: Set[str] | None = None) -> Iterator[tuple[str, list[Entry]]]:
        """Of these documents, or of every one."""
        table, offsets = self._read(), self._all_offsets()
        known = self.ids()
        for id_ in known if ids is None else known & ids:
            offset = None if id_ in self._gone else offsets.get(id_)
            yield id_, self._merged(id_, None if offset is None else offset.row_in(table))

    def rows(self, keys: Mapping[str, int]) -> dict[str, Row]:
        """As a checkpoint keeps them, what is recent included; `keys` are the numbers of what is recent."""
        table = self._read()
        rows: dict[str, Row] = {}
        for id_, offset in self._all_offsets().each():
            if id_ not in self._gone:
                rows[id_] = offset.number, found_lines.in_our_form(id_, offset.row_in(table))
        for id_ in list(self._recent):
            entries = self._merged(id_, rows[id_][1] if id_ in rows else None)
            rows[id_] = keys[id_], msgspec.json.encode(table_file.HistoryRow(id_, entries))
        return rows

    def latest(self, limit: int, by: str | None, order: Order) -> Iterator[tuple[str, Entry]]:
        """At least the newest entries, each with its document's id."""
        recent = {
            (id_, entry.rev): entry for id_, entry in self._all_recent() if by is None or entry.by == by
        }
        yield from ((id_, entry) for (id_, _), entry in recent.items())
        for id_, entry in self._newest_of_table(limit, by, order):
            if (id_, entry.rev) not in recent:
                yield id_, entry

    def requested(self, request_id: str) -> Iterator[tuple[str, Entry]]:
        """The entries of a request. The table is only searched for the bytes, unless they are there."""
        known = {
            (id_, entry.rev): entry for id_, entry in self._all_recent() if is_of_request(entry, request_id)
        }
        if request_id.encode() in self._read():
            known |= {
                (id_, entry.rev): entry
                for id_, entry in self._entries(None)
                if is_of_request(entry, request_id)
            }
        yield from ((id_, entry) for (id_, _), entry in known.items())

    def times(self) -> Iterator[datetime]:
        """Of all entries."""
        yield from (entry.at for _, entry in self._all_recent())
        table = self._read()
        for _, offset in self._all_offsets().each():
            with table_file.damage_named(self.path):
                yield from table_file.times_in(offset.row_in(table))

    def _all_recent(self) -> Iterator[tuple[str, Entry]]:
        for id_, entries in list(self._recent.items()):
            yield from ((id_, entry) for entry in list(entries))

    def _newest_of_table(self, limit: int, by: str | None, order: Order) -> list[tuple[str, Entry]]:
        kept, newest = self._newest.get((by, order), (0, []))
        if limit > kept:
            kept = max(limit, KEPT)
            newest = _newest(kept, order, self._entries(by))
            self._newest[by, order] = kept, newest
        return newest[:limit]

    def _entries(self, by: str | None) -> Iterator[tuple[str, Entry]]:
        table = self._read()
        for id_, offset in self._all_offsets().each():
            if id_ in self._gone:
                continue
            for entry in self._entries_in(offset.row_in(table)):
                if by is None or entry.by == by:
                    yield id_, entry

    # -- the table

    def _merged(self, id_: str, row: bytes | None) -> list[Entry]:
        entries = [] if row is None else self._entries_in(row)
        known = entries[-1].rev if entries else 0
        return [*entries, *(entry for entry in list(self._recent.get(id_, ())) if entry.rev > known)]

    def _entries_in(self, row: bytes) -> list[Entry]:
        with table_file.damage_named(self.path):
            return table_file.decode_row(row).entries

    def _all_offsets(self) -> Offsets:
        """Found once, at the first question; then the checksum of the table is looked at, too."""
        if self._offsets is None:
            table = self._read()
            if self._checked is not None and sums.sum_of(table) != self._checked:
                with files.os_errors_about(self.path):
                    raise table_file.changed_row(self.path, files.read_file(self.path))
            with table_file.damage_named(self.path):
                self._offsets = Offsets(table)
        return self._offsets

    def _read(self, start: int = 0, length: int | None = None) -> bytes:
        if isinstance(self._table, FileSlice):
            return self._table.read(start, length)
        return self._table if length is None else self._table[start : start + length]


def _newest(count: int, order: Order, *owned: Iterable[tuple[str, Entry]]) -> list[tuple[str, Entry]]:
    return heapq.nlargest(count, itertools.chain(*owned), key=lambda row: order(row[1]))
