"""The documents of a collection that has rows: in the file that was read, until somebody asks for one."""

from __future__ import annotations

import contextlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from typing import TypeVar

import msgspec

from fleettui.documents import UNREADABLE, Document, readable
from fleettui.store import sums
from fleettui.store.files import FileSlice
from fleettui.store.protocol import Collection
from fleettui.store.tinydb.columns import Columns
from fleettui.store.tinydb.damage import Damaged

T = TypeVar("T", bound=Document)

AT_HAND = 500
"""So many of those that were read last are kept."""
READ_TOGETHER = 1 << 20
"""Bytes that are read at once where many documents are asked for."""
Guard = Callable[[], Callable[[], contextlib.AbstractContextManager[None]] | None]
"""A weak reference to a method that makes a context: else a store that nobody uses any more would not be let go at once."""
FIRST_LINE = 3
"""Of the documents in their file."""


class Bodies(MutableMapping[str, T]):
    """By id. What was changed since the file was written is in memory."""

    def __init__(
        self,
        path: Path,
        collection: Collection[T],
        ids: Iterable[str],
        columns: Columns,
        file: FileSlice,
        read_columns: Callable[[], Columns],
    ) -> None:
        """`file`: from its second line on."""
        self.path = path
        self._collection, self._file, self._read_columns = collection, file, read_columns
        self.guard: Guard = lambda: None
        """Around each reading: whoever opened the file makes of an error what is to be said."""
        self._decoder = msgspec.json.Decoder(collection.type)
        self._places = {id_: place for place, id_ in enumerate(ids)}
        self._lengths, self._sums = array("I", columns.own("length")), array("I", columns.own("sum"))
        self._starts, start = array("q"), len(b'"_default":{\n')
        for number, length in zip(columns.own("number"), self._lengths, strict=True):
            start += len(f'"{number}":')
            self._starts.append(start)
            start += length + len(b",\n")
        since = zip(self._places, columns.own("finished"), strict=True)
        self._finished = {id_: at for id_, at in since if at is not None}
        self._changed: dict[str, T] = {}
        self._at_hand: dict[str, T] = {}

    # -- as a mapping

    def __getitem__(self, id_: str) -> T:
        document = self._in_memory(id_)
        if document is None:
            place = self._places[id_]
            with self._guarded():
                line = self._whole(place, self._file.read_of_then(self._starts[place], self._lengths[place]))
                document = self._at_hand[id_] = self._decoded(place, line)
            if len(self._at_hand) > AT_HAND:
                self._at_hand.pop(next(iter(self._at_hand)), None)
        return document

    def __setitem__(self, id_: str, document: T) -> None:
        self._changed[id_] = document
        self._places.setdefault(id_, -1)
        self._at_hand.pop(id_, None)

    def __delitem__(self, id_: str) -> None:
        del self._places[id_]
        self._changed.pop(id_, None)
        self._at_hand.pop(id_, None)

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._places))

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._places

    def several(self, ids: Iterable[str]) -> dict[str, T]:
        """Those that are there, in that order, read together. Very many are not kept at hand."""
        wanted = [id_ for id_ in ids if id_ in self._places]
        known = {id_: document for id_ in wanted if (document := self._in_memory(id_)) is not None}
        missing = [id_ for id_ in wanted if id_ not in known]
        if len(missing) <= AT_HAND // 2:
            return {id_: known[id_] if id_ in known else self[id_] for id_ in wanted}
        with self._guarded():
            known |= {id_: self._decoded(self._places[id_], line) for id_, line in self._lines(missing)}
        return {id_: known[id_] for id_ in wanted}

    def at_hand(self) -> dict[str, T]:
        """Those that are in memory."""
        return self._at_hand | self._changed

    def take_over(self, known: Mapping[str, T]) -> None:
        """What is known of these documents since another file was read: the newest of it."""
        self._at_hand = dict(islice(reversed(list(known.items())), AT_HAND))

    # -- without decoding them

    def encoded(self, ids: Iterable[str]) -> dict[str, T | msgspec.Raw]:
        """To be written again: what was not changed, as it stands in the file."""
        wanted = list(ids)
        with self._guarded():
            unchanged = dict(self._lines(id_ for id_ in wanted if id_ not in self._changed))
        return {
            id_: msgspec.Raw(unchanged[id_]) if id_ in unchanged else self._changed[id_] for id_ in wanted
        }

    def finished(self) -> dict[str, datetime | None]:
        """Of each that may be finished, since when it is."""
        there = {id_: at for id_, at in self._finished.items() if id_ in self._places}
        return there | {id_: self._collection.finished(each) for id_, each in list(self._changed.items())}

    def keys_of_all(self) -> Iterator[tuple[str, Iterable[str]]]:
        """Those of each document, by which what arrives finds it."""
        with self._guarded():
            known = self._read_columns().own("keys")
        for id_, place in list(self._places.items()):
            document = self._changed.get(id_)
            yield id_, known[place] if document is None else self._collection.keys(document)

    def is_same(self, id_: str, other: Bodies[T]) -> bool:
        """Whether both have it in their files, and to the letter the same."""
        here, there = self._print_of(id_), other._print_of(id_)
        return here is not None and here == there

    # -- inside

    def _guarded(self) -> contextlib.AbstractContextManager[None]:
        guard = self.guard()
        return guard() if guard is not None else contextlib.nullcontext()

    def _print_of(self, id_: str) -> tuple[int, int] | None:
        place = self._places.get(id_, -1)
        return None if place < 0 or id_ in self._changed else (self._lengths[place], self._sums[place])

    def _in_memory(self, id_: str) -> T | None:
        document = self._changed.get(id_)
        return document if document is not None else self._at_hand.get(id_)

    def _lines(self, ids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Each as it stands in the file; what lies near to each other is read at once."""
        places = sorted((self._places[id_], id_) for id_ in ids)
        for _, group in groupby(places, lambda pair: self._starts[pair[0]] // READ_TOGETHER):
            near = list(group)
            start, last = self._starts[near[0][0]], near[-1][0]
            content = self._file.read_of_then(start, self._starts[last] + self._lengths[last] - start)
            for place, id_ in near:
                begin = self._starts[place] - start
                yield id_, self._whole(place, content[begin : begin + self._lengths[place]])

    def _whole(self, place: int, line: bytes) -> bytes:
        if sums.number_of(line) != self._sums[place]:
            raise self._file.changed()
        return line

    def _decoded(self, place: int, line: bytes) -> T:
        try:
            return self._decoder.decode(line)
        except UNREADABLE as error:
            raise self._damaged(place, readable(error)) from None

    def _damaged(self, place: int, what: str) -> Damaged:
        id_ = next((id_ for id_, known in self._places.items() if known == place), "")
        return Damaged(self.path, FIRST_LINE + place, f"document {id_}: {what}")
