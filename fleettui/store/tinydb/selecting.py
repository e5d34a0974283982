"""Rows that are asked for, archived or not, without any document that stays in memory."""

from __future__ import annotations

import contextlib
import heapq
import threading
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import compress, islice
from typing import Generic, NamedTuple, TypeVar

from fleettui.documents import Document
from fleettui.domain.searching.text_index import LETTERS, MANY_TEXTS, TextIndex
from fleettui.store import files
from fleettui.store.narrowing import NEVER, fits_facts, has_needle, hay_of, is_between, moment
from fleettui.store.protocol import Narrow, Needle, RowCollection
from fleettui.store.tinydb import slim
from fleettui.store.tinydb.archive import Archive
from fleettui.store.tinydb.archive_rows import ArchiveRows
from fleettui.store.tinydb.collection import LoadedCollection

T = TypeVar("T", bound=Document)
R = TypeVar("R")

_OTHERS = bytes.maketrans(b"\x00\x01", b"\x01\x00")
AT_ONCE = 500
"""So many documents are read together to look for a text in them."""


class _Place(NamedTuple):
    """By which rows are in order: the largest comes first."""

    finished: int
    key: int


class Selecting(Generic[T, R]):
    """Of one collection of a session."""

    def __init__(
        self, loaded: LoadedCollection[T], archive: Archive[T], collection: RowCollection[T, R]
    ) -> None:
        self._loaded, self._collection = loaded, collection
        self._archived = ArchiveRows(archive, collection)
        self._turn = threading.Lock()

    def select(self, narrow: Narrow, limit: int) -> list[R]:
        with self._turn:
            try:
                return self._select(narrow, limit)
            except files.ChangedUnderneath:  # another session has just archived something
                return self._select(narrow, limit)

    def count(self) -> int:
        with self._turn:
            self._archived.follow()
            known = self._loaded.ids_with_history()
            return len(self._loaded.documents) + sum(id_ not in known for id_ in self._archived.place_of)

    def prepare(self) -> None:
        """Others may select meanwhile."""
        goes_on = True
        while goes_on:
            with self._turn, contextlib.suppress(files.ChangedUnderneath):
                self._archived.follow()
                goes_on = self._archived.index_some(AT_ONCE)
        for letter in LETTERS if len(self._archived.ids) > MANY_TEXTS else ():
            with self._turn:
                if self._archived.texts is not None:
                    self._archived.texts.prepare(letter)

    def documents(self, ids: Set[str]) -> dict[str, T]:
        """Those of them that are archived. Whoever asks knows that nothing newer of them is elsewhere."""
        with self._turn:
            try:
                self._archived.follow()
                return self._archived.documents(ids)
            except files.ChangedUnderneath:
                self._archived.follow()
                return self._archived.documents(ids)

    def _select(self, narrow: Narrow, limit: int) -> list[R]:
        self._archived.follow()
        behind = self._place_of(narrow.after) if narrow.after else _Place(NEVER, NEVER)
        if behind is None:
            return []
        archived = self._fitting_archived(narrow, behind)
        if narrow.only_archived:
            return [row for _, row in islice(archived, limit)]
        here = sorted(self._fitting_here(narrow, behind), key=lambda placed: placed[0], reverse=True)
        merged = heapq.merge(here, archived, key=lambda placed: placed[0], reverse=True)
        return [row for _, row in islice(merged, limit)]

    def _place_of(self, id_: str) -> _Place | None:
        if id_ in self._loaded.documents:
            document = self._loaded.documents[id_]
            return _Place(moment(self._collection.finished(document)), self._loaded.keys[id_])
        place = self._archived.place_of.get(id_)
        return None if place is None else _Place(self._archived.finished[place], self._archived.keys[place])

    # -- in the collection's file

    def _fitting_here(self, narrow: Narrow, behind: _Place) -> Iterator[tuple[_Place, R]]:
        loaded, kind = self._loaded, self._collection.row
        finished = slim.finished_in(self._collection, loaded.documents)
        rows: dict[str, R] = {}
        places: dict[str, _Place] = {}
        for id_, row in loaded.beside.rows(loaded.documents).items():
            place = _Place(moment(finished.get(id_)), loaded.keys[id_])
            if place < behind and fits_facts(narrow, kind, row, place.finished):
                rows[id_], places[id_] = row, place
        if not narrow.needles:
            yield from ((places[id_], row) for id_, row in rows.items())
            return
        ids = list(rows)
        for start in range(0, len(ids), AT_ONCE):
            for id_, document in slim.several_in(loaded.documents, ids[start : start + AT_ONCE]).items():
                hay = hay_of(kind.words(document))
                if all(has_needle(needle, rows[id_], hay) for needle in narrow.needles):
                    yield places[id_], rows[id_]

    # -- in the archive

    def _fitting_archived(self, narrow: Narrow, behind: _Place) -> Iterator[tuple[_Place, R]]:
        """In their order."""
        archived, known = self._archived, self._loaded.ids_with_history()
        for place in self._really_having(narrow.needles, self._candidates(narrow, behind)):
            at = _Place(archived.finished[place], archived.keys[place])
            if archived.ids[place] not in known:
                yield at, archived.row(place)

    def _candidates(self, narrow: Narrow, behind: _Place) -> Sequence[int]:
        """All those that fit, and more where only the words themselves can tell."""
        archived = self._archived
        places: Sequence[int] = archived.order[self._begin(behind) :]
        if (texts := archived.texts) is not None:
            for needle in narrow.needles:
                places = _marked(places, self._marks(texts, needle))
        for name, values in narrow.among.items():
            facts = archived.facts(name)
            places = [place for place in places if facts[place] in values]
        spans = (
            (archived.finished, narrow.finished_from, narrow.finished_before),
            (archived.opened, narrow.opened_from, narrow.opened_before),
        )
        for times, begin, before in spans:
            if begin is not None or before is not None:
                places = [place for place in places if is_between(times[place], begin, before)]
        return places

    def _begin(self, behind: _Place) -> int:
        """The first in order that comes behind it."""
        archived = self._archived

        def place_of(place: int) -> tuple[int, int]:
            return -archived.finished[place], -archived.keys[place]

        return bisect_right(archived.order, (-behind.finished, -behind.key), key=place_of)

    def _marks(self, texts: TextIndex, needle: Needle) -> bytes:
        """A byte for each place: 1 where it may fit."""
        marks = texts.having(needle.text)
        if not needle.text.split() or (needle.negative and not _is_word(needle.text)):
            return b"\x01" * len(marks)
        if needle.among:
            facts = self._archived.facts(needle.fact)
            marks = bytes(mark or fact in needle.among for mark, fact in zip(marks, facts, strict=True))
        return marks.translate(_OTHERS) if needle.negative else marks

    def _really_having(self, needles: Iterable[Needle], places: Sequence[int]) -> Iterator[int]:
        """Where words have to stand side by side, or are not indexed yet, only the text itself knows."""
        unsure = [needle for needle in needles if self._archived.texts is None or not _is_word(needle.text)]
        if not unsure:
            yield from places
            return
        archived = self._archived
        words = self._collection.row.words
        for start in range(0, len(places), AT_ONCE):
            some = places[start : start + AT_ONCE]
            documents = archived.documents(archived.ids[place] for place in some)
            for place in some:
                id_ = archived.ids[place]
                row, hay = archived.row(place), hay_of(words(documents[id_]))
                if all(has_needle(needle, row, hay) for needle in unsure):
                    yield place


def _is_word(text: str) -> bool:
    return text.split() == [text]


def _marked(places: Sequence[int], marks: bytes) -> array[int]:
    return array("I", compress(places, map(marks.__getitem__, places)))
