"""Which of very many texts have something in them, without reading them again: their words, each with the texts that have it.

What is looked for is looked up in the words, of which there are few: any part of a word is found, as by reading. Texts that have
a word are a number with a bit for each where the word is frequent, else a list. Nothing is ever taken out: who asks leaves out
what is gone, and begins anew when that has become much.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from itertools import chain

FREQUENT = 64
"""A word that more than one text in so many has is kept as bits."""
SLICE = 4096
"""So many new texts are gathered before frequent words are looked for again."""


class TextIndex:
    """Texts by their places, in the order in which they were added."""

    def __init__(self) -> None:
        self.count = 0
        self._lists: dict[str, array[int]] = {}
        self._bits: dict[str, int] = {}
        self._waiting: dict[str, list[int]] = {}
        """Of frequent words, since their bits were made."""

    def add(self, parts: Iterable[str]) -> int:
        """Its place."""
        place = self.count
        words: set[str] = set()
        for part in parts:
            words.update(part.casefold().split())
        for word in words:
            if word in self._bits:
                self._waiting.setdefault(word, []).append(place)
            elif (places := self._lists.get(word)) is not None:
                places.append(place)
            else:
                self._lists[word] = array("I", (place,))
        self.count += 1
        if self.count % SLICE == 0:
            self._pack()
        return place

    def _pack(self) -> None:
        most = max(SLICE, self.count) // FREQUENT
        for word in [word for word, places in self._lists.items() if len(places) > most]:
            self._bits[word] = _as_bits(self._lists.pop(word))
        for word, places in self._waiting.items():
            self._bits[word] |= _as_bits(places)
        self._waiting = {}

    def having(self, needle: str) -> bytes:
        """A byte for each place: 1 where the text has all words of `needle` in it, each as a part of a word. Where `needle` has
        blanks this is more than has them side by side."""
        if self._waiting:
            self._pack()
        every: int | None = None
        for part in needle.split():
            bits = self._bits_of(part)
            every = bits if every is None else every & bits
        return _as_bytes(every or 0, self.count)

    def _bits_of(self, part: str) -> int:
        bits = 0
        for word, places in self._bits.items():
            if part in word:
                bits |= places
        if bits == (1 << self.count) - 1:  # a single letter is in every text by frequent words alone
            return bits
        lists = [places for word, places in self._lists.items() if part in word]
        if lists:
            marks = bytearray(self.count)
            for place in chain.from_iterable(lists):
                marks[place] = 1
            bits |= _bits_from(marks)
        return bits


def _as_bits(places: Iterable[int]) -> int:
    each = list(places)
    marks = bytearray(each[-1] // 8 + 1)
    for place in each:
        marks[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(marks, "little")


_DIGITS = bytes.maketrans(b"01", b"\x00\x01")
_MARKS = bytes.maketrans(b"\x00\x01", b"01")


def _bits_from(marks: bytearray) -> int:
    """A number whose lowest bit is the first mark."""
    return int(bytes(marks).translate(_MARKS)[::-1], 2) if marks else 0


def _as_bytes(bits: int, count: int) -> bytes:
    return format(bits, f"0{max(1, count)}b").encode().translate(_DIGITS)[::-1]
