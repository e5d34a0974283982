"""What a session knows of the archive once it was searched: of each document its row, and where it stands in the file of its
month. The months are read one after the other, and again only when they have changed; no document stays in memory.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from fleettui.documents import UNREADABLE, Document
from fleettui.domain.searching.text_index import TextIndex
from fleettui.places import named
from fleettui.store import files, sums
from fleettui.store.narrowing import moment
from fleettui.store.protocol import RowCollection
from fleettui.store.tinydb import table_file
from fleettui.store.tinydb.archive import Archive

T = TypeVar("T", bound=Document)
R = TypeVar("R")

AT_HAND = 8000
"""So many rows that were asked for are kept, for the next letters of a search."""
UNKNOWN = -1
"""Where a document stands in a file that another program has laid out."""
READ_TOGETHER = 1 << 20
Version = tuple[int, int, int]
"""Of a file: its inode, time and size."""


class _Month(NamedTuple):
    version: Version
    places: range


class ArchiveRows(Generic[T, R]):
    """By place: the order in which the documents were read. Used by one thread at a time."""

    def __init__(self, archive: Archive[T], collection: RowCollection[T, R]) -> None:
        self._archive, self.collection = archive, collection
        self._months: dict[Path, _Month] = {}
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._months = {}
        self.ids: list[str] = []
        self.keys, self.revisions = array("q"), array("q")
        self.finished, self.opened = array("q"), array("q")
        self._starts, self._lengths, self._sums = array("q"), array("I"), array("I")
        self._encoded: list[bytes] = []
        self._at_hand: dict[int, R] = {}
        """Those that were asked for last."""
        self._facts: dict[str, list[Any]] = {}
        self._texts = TextIndex()
        self._order: array[int] | None = None
        self.place_of: dict[str, int] = {}
        """Of a document that was archived twice the newer one."""
        self._decode_row = msgspec.msgpack.Decoder(self.collection.row.type).decode
        self._decode = msgspec.json.Decoder(self.collection.type).decode

    # -- kept up

    def follow(self) -> None:
        """Takes in the months that have changed."""
        paths = self._archive.all_months()
        versions = {path: _version_of(path) for path in paths}
        if any(path not in versions for path in self._months) or self._is_mostly_gone():
            self._begin_anew()
        for path, version in versions.items():
            known = self._months.get(path)
            if known is not None and known.version == version:
                continue
            before = self._forget(known) if known is not None else set()
            self._take_in(path, version)
            if not before <= self.place_of.keys():  # after a restore: an older one may stand in another month
                self._begin_anew()
                self.follow()
                return

    def _is_mostly_gone(self) -> bool:
        return len(self.ids) > 2 * len(self.place_of) + 1000

    def _forget(self, month: _Month) -> set[str]:
        """It is read again: which documents of it counted."""
        gone = {self.ids[place] for place in month.places if self.place_of.get(self.ids[place]) == place}
        for id_ in gone:
            del self.place_of[id_]
        self._order = None
        return gone

    def _take_in(self, path: Path, version: Version) -> None:
        row_of, opened = self.collection.row.of, self.collection.row.opened
        first, encode = len(self.ids), msgspec.msgpack.Encoder().encode
        for key, document, start, line in self._read(path):
            row, place = row_of(document), len(self.ids)
            self.ids.append(document.id)
            self.keys.append(key)
            self.revisions.append(document.rev)
            self.finished.append(moment(self.collection.finished(document)))
            self.opened.append(moment(opened(row)))
            self._starts.append(start)
            self._lengths.append(len(line))
            self._sums.append(sums.number_of(line))
            self._encoded.append(encode(row))
            known = self.place_of.get(document.id)
            if known is None or self.revisions[known] < document.rev:
                self.place_of[document.id] = place
        self._months[path] = _Month(version, range(first, len(self.ids)))
        self._order = None

    def _read(self, path: Path) -> Iterator[tuple[int, T, int, bytes]]:
        """The number of each document, itself, and the line on which it stands."""
        content = self._archive.content(path)
        documents = table_file.decode(path, content, self.collection.type)["_default"]
        at = content.find(b'"_default":{\n') + len(b'"_default":{\n')
        for number, document in documents.items():
            begin, end = at + len(number) + len('"":'), content.find(b"\n", at)
            is_ours = content.startswith(b'"%s":{' % number.encode(), at)
            line = content[begin:end].removesuffix(b",") if is_ours else b""
            yield int(number), document, begin if is_ours else UNKNOWN, line
            at = end + 1 if is_ours else at

    # -- facts and words

    @property
    def order(self) -> array[int]:
        """The places of what is there, what was finished last before the others."""
        if self._order is None:
            finished, keys = self.finished, self.keys
            places = sorted(self.place_of.values(), key=lambda at: (finished[at], keys[at]), reverse=True)
            self._order = array("I", places)
        return self._order

    def row(self, place: int) -> R:
        known = self._at_hand.get(place)
        if known is None:
            known = self._at_hand[place] = self._decode_row(self._encoded[place])
            if len(self._at_hand) > AT_HAND:
                for oldest in list(islice(self._at_hand, AT_HAND // 4)):
                    del self._at_hand[oldest]
        return known

    def facts(self, name: str) -> Sequence[Any]:
        """That fact of all of them; equal ones are one object."""
        known, shared = self._facts.setdefault(name, []), dict[Any, Any]()
        for place in range(len(known), len(self.ids)):
            value = getattr(self._decode_row(self._encoded[place]), name)
            known.append(shared.setdefault(value, value))
        return known

    @property
    def texts(self) -> TextIndex | None:
        """Of the words of each; None until all of them are in it (`index_some`)."""
        return self._texts if self._texts.count == len(self.ids) else None

    def index_some(self, count: int) -> bool:
        """Takes in the words of so many; whether there are more."""
        texts, words = self._texts, self.collection.row.words
        end = min(texts.count + count, len(self.ids))
        for place, document in self._documents(range(texts.count, end)):
            while texts.count < place:
                texts.add(())
            texts.add(words(document))
        while texts.count < end:
            texts.add(())
        return end < len(self.ids)

    # -- documents

    def documents(self, ids: Iterable[str]) -> dict[str, T]:
        """Those of them that are here."""
        places = [self.place_of[id_] for id_ in ids if id_ in self.place_of]
        return {self.ids[place]: document for place, document in self._documents(sorted(places))}

    def _documents(self, places: Sequence[int]) -> Iterator[tuple[int, T]]:
        """In ascending order; those that are gone are left out."""
        for path, month in self._months.items():
            begin, end = (bisect_left(places, place) for place in (month.places.start, month.places.stop))
            here = [place for place in places[begin:end] if self.place_of.get(self.ids[place]) == place]
            if here:
                yield from self._documents_in(path, here)

    def _documents_in(self, path: Path, places: Sequence[int]) -> Iterator[tuple[int, T]]:
        if any(self._starts[place] == UNKNOWN for place in places):
            by_id = {document.id: document for _, document, _, _ in self._read(path)}
            yield from ((place, by_id[self.ids[place]]) for place in places)
            return
        with files.os_errors_about(path), open(files.open_file(path, 0, 0), "rb") as file:
            for _, group in groupby(places, lambda place: self._starts[place] // READ_TOGETHER):
                near = list(group)
                begin, last = self._starts[near[0]], near[-1]
                file.seek(begin)
                content = file.read(self._starts[last] + self._lengths[last] - begin)
                for place in near:
                    at = self._starts[place] - begin
                    yield place, self._decoded(path, place, content[at : at + self._lengths[place]])

    def _decoded(self, path: Path, place: int, line: bytes) -> T:
        if sums.number_of(line) == self._sums[place]:
            try:
                return self._decode(line)
            except UNREADABLE:
                pass
        raise files.ChangedUnderneath(
            f"{path}: it was written anew meanwhile. Try again: it will be read anew."
        )


def _version_of(path: Path) -> Version:
    with files.os_errors_about(path):
        facts = named(path).stat()
    return facts.st_ino, facts.st_mtime_ns, facts.st_size
