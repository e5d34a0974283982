"""The words of many tickets, for searches at every letter. In memory alone: a file of it would be as secret as the workspace."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from operator import attrgetter
from threading import Lock
from typing import NamedTuple

from fleettui.domain.searching.text_index import LETTERS, MANY_TEXTS, TextIndex
from fleettui.domain.tickets.entry import QueueEntry

BEGUN_ANEW = 1000
REMEMBERED, LONG_AGO = 6, 60
"""Lists of tickets whose places are known: all of them, and those that the letters before have left. The longest is forgotten,
too, when so many others were used since."""
_OTHERS = bytes.maketrans(b"\x00\x01", b"\x01\x00")
AT_ONCE = 200
"""So many are taken in while a search has to wait, some hundredths of a second."""


class TicketTexts:
    """Filled beside the event loop; what is not in it yet is read."""

    def __init__(self) -> None:
        self._index, self._lock = TextIndex(), Lock()
        self._known = KnownPlaces()

    def take_in(self, entries: Iterable[QueueEntry]) -> None:
        """Slow for many: an app calls it beside its event loop, and searches meanwhile use what is in it. Begun anew where most
        of what it knows is gone."""
        wanted = list(entries)
        with self._lock:
            if self._index.count > 2 * len(wanted) + BEGUN_ANEW:
                self._index = TextIndex()
            index = self._index
        new = [entry for entry in wanted if entry.indexed is None or entry.indexed[0] is not index]
        for start in range(0, len(new), AT_ONCE):
            with self._lock:
                for entry in new[start : start + AT_ONCE]:
                    if entry.indexed is None or entry.indexed[0] is not index:
                        entry.indexed = (index, index.add(_texts_of(entry)))
        for letter in LETTERS if len(new) > MANY_TEXTS else ():
            with self._lock:
                index.prepare(letter)

    def having(self, needle: str) -> Having:
        """The test whether a ticket has it: `QueueEntry.has` without reading most of them."""
        with self._lock:
            index, marks = self._index, self._index.having(needle)
        return Having(needle, index, marks, self._known)


class _Places(NamedTuple):
    """Where the tickets of a list stand in an index. The memory of a hundred thousand is all over the place: to look at each of
    them takes longer than all the rest of a search."""

    entries: Sequence[QueueEntry]
    of: TextIndex
    places: array[int]


class KnownPlaces:
    """Of the lists that were asked about last, and of the longest among them, with which each new search begins."""

    def __init__(self) -> None:
        self._lists: dict[int, _Places] = {}
        self._used: dict[int, int] = {}
        self._uses, self._lock = 0, Lock()

    def of(self, entries: Sequence[QueueEntry], index: TextIndex) -> array[int] | None:
        with self._lock:
            known = self._lists.get(id(entries))
            if known is None or known.of is not index:
                return None
            self._use(id(entries))
            return known.places

    def add(self, known: _Places) -> None:
        with self._lock:
            self._lists[id(known.entries)] = known
            self._use(id(known.entries))
            if len(self._lists) > REMEMBERED:
                del self._lists[(gone := self._least_wanted())], self._used[gone]

    def _use(self, which: int) -> None:
        self._uses += 1
        self._used[which] = self._uses

    def _least_wanted(self) -> int:
        oldest, *others = sorted(self._used, key=self._used.__getitem__)
        longest = max(self._lists, key=lambda which: len(self._lists[which].entries))
        is_wanted = oldest == longest and self._used[oldest] > self._uses - LONG_AGO
        return others[0] if is_wanted else oldest


class Having:
    """A test of one ticket, or of many at once (`Sifting`)."""

    __slots__ = ("_has_blanks", "_index", "_known", "_marks", "_needle")

    def __init__(self, needle: str, index: TextIndex, marks: bytes, known: KnownPlaces) -> None:
        self._needle, self._index, self._marks, self._known = needle, index, marks, known
        self._has_blanks = len(needle.split()) != 1 or needle != needle.strip()

    def __call__(self, entry: QueueEntry) -> bool:
        indexed = entry.indexed
        if indexed is None or indexed[0] is not self._index or indexed[1] >= len(self._marks):
            return entry.has(self._needle)
        return bool(self._marks[indexed[1]]) and (not self._has_blanks or entry.has(self._needle))

    def sift(self, entries: Sequence[QueueEntry], *, negative: bool) -> tuple[Sequence[QueueEntry], bool]:
        """Those that may have it, or may not; the list itself where it is all of them. And whether they are sure to: else each
        has to be asked."""
        places = None if self._has_blanks and negative else self._places_of(entries)
        if places is None:
            return entries, False
        fitting = bytes(map(self._marks.__getitem__, places))
        if negative:
            fitting = fitting.translate(_OTHERS)
        if fitting.count(1) == len(entries):
            return entries, not self._has_blanks
        return self._left(entries, places, fitting), not self._has_blanks

    def keep(self, entries: Sequence[QueueEntry], fitting: Sequence[int]) -> Sequence[QueueEntry]:
        """Those that another test has left: a 1 for each. Where they stand stays known."""
        places = self._places_of(entries)
        return list(compress(entries, fitting)) if places is None else self._left(entries, places, fitting)

    def _left(
        self, entries: Sequence[QueueEntry], places: array[int], fitting: Sequence[int]
    ) -> Sequence[QueueEntry]:
        left = list(compress(entries, fitting))
        self._known.add(_Places(left, self._index, array("I", compress(places, fitting))))
        return left

    def _places_of(self, entries: Sequence[QueueEntry]) -> array[int] | None:
        """None where one of them is not in the index."""
        known = self._known.of(entries, self._index)
        if known is not None:
            return known
        index, end = self._index, len(self._marks)
        places = array("I")
        for indexed in map(attrgetter("indexed"), entries):
            if indexed is None or indexed[0] is not index or indexed[1] >= end:
                return None
            places.append(indexed[1])
        self._known.add(_Places(entries, index, places))
        return places


def _texts_of(entry: QueueEntry) -> Iterator[str]:
    yield entry.search_text
    for message in entry.messages:
        yield message.body
