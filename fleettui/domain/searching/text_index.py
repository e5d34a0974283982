"""Which of very many texts have something in them, without reading them again: their words, each with the texts that have it.

What is looked for is looked up in the words, of which there are few: any part of a word is found, as by reading. The texts that
have a word are a number with a bit for each where the word is frequent, else a list, else the only one. Nothing is ever taken
out: who asks leaves out what is gone, and begins anew when that has become much.
"""

from __future__ import annotations

import string
from array import array
from collections.abc import Collection, Iterable, Iterator
from itertools import chain, compress
from typing import NamedTuple

FREQUENT = 200
"""A word that more than one text in so many has is kept as bits."""
SLICE = 4096
"""So many new texts are gathered before frequent words are looked for again."""
REMEMBERED = 12
"""The answers that are kept: the other words of a search stay while one letter is typed after the other."""
MANY = 8
"""Where one of so many words has what is looked for, each is looked at."""
MANY_TEXTS, LETTERS = 4096, string.ascii_lowercase + string.digits + "-./:_@#"
"""With so many texts it is looked up beforehand which have a letter."""
MOST_WORDS = 120_000
"""Of an answer so many words are kept, among which alone the next letter is looked for."""


class _Answer(NamedTuple):
    """Which texts have a part, and the words that have it; empty where they are very many."""

    bits: int
    frequent: Collection[str]
    others: Collection[str]
    rare: Collection[str]
    places: Iterable[int]
    """Of the rare ones, each in one text alone."""
    is_complete: bool


class TextIndex:
    """Texts by their places, in the order in which they were added."""

    def __init__(self) -> None:
        self.count = 0
        self._frequent: dict[str, int] = {}
        self._others: dict[str, array[int]] = {}
        self._rare: dict[str, int] = {}
        self._waiting: dict[str, list[int]] = {}
        """Of frequent words, since their bits were made."""
        self._words, self._new_words = "\n", list[str]()
        """Every word on a line of its own, and those that came since. One long text is looked through many times as fast as so
        many words, which lie all over the memory."""
        self._answers: dict[str, _Answer] = {}
        self._letters: dict[str, int] = {}
        """Which texts have a letter. For a seldom one nearly every word has to be looked at, so these are kept up."""

    def add(self, parts: Iterable[str]) -> int:
        """Its place."""
        place = self.count
        waiting, others, rare = self._waiting, self._others, self._rare
        folded = "\n".join(parts).casefold()
        for word in set(folded.split()):
            if (frequent := waiting.get(word)) is not None:
                frequent.append(place)
            elif (places := others.get(word)) is not None:
                places.append(place)
            elif (first := rare.pop(word, None)) is not None:
                others[word] = array("I", (first, place))
            else:
                rare[word] = place
                self._new_words.append(word)
        self.count += 1
        if self._answers:
            self._answers = {}
        for letter, bits in self._letters.items():
            if letter in folded:
                self._letters[letter] = bits | 1 << place
        if self.count % SLICE == 0:
            self._pack()
        return place

    def _pack(self) -> None:
        most = max(SLICE, self.count) // FREQUENT
        for word in [word for word, places in self._others.items() if len(places) > most]:
            self._frequent[word], self._waiting[word] = _as_bits(self._others.pop(word)), []
        for word, places in self._waiting.items():
            if places:
                self._frequent[word] |= _as_bits(places)
                self._waiting[word] = []

    def prepare(self, letter: str) -> None:
        """So that the first search for it is quick."""
        if letter not in self._letters:
            self._letters[letter] = self._answer(letter).bits

    def having(self, needle: str) -> bytes:
        """A byte for each place: 1 where the text has all words of `needle` in it, each as a part of a word. Where `needle` has
        blanks this is more than has them side by side."""
        every: int | None = None
        for part in needle.split():
            bits = self._letters[part] if part in self._letters else self._answer(part).bits
            every = bits if every is None else every & bits
        return _as_bytes(every or 0, self.count)

    def _answer(self, part: str) -> _Answer:
        answer = self._answers.pop(part, None)
        if answer is None:
            if any(self._waiting.values()):
                self._pack()
            answer = self._looked_up(part)
        self._answers[part] = answer  # as the newest
        if len(self._answers) > REMEMBERED:
            del self._answers[next(iter(self._answers))]
        return answer

    def _looked_up(self, part: str) -> _Answer:
        """Among the words that have its beginning, where these are known. No pair of a word and its places is made: hundreds of
        thousands of new objects would have Python search all there are for garbage."""
        shorter = (self._answers.get(part[:length]) for length in range(len(part) - 1, 0, -1))
        known = next((answer for answer in shorter if answer is not None and answer.is_complete), None)
        if known is None:
            known = self._words_having(part) or self._all_words()
        frequent, bits, every = [word for word in known.frequent if part in word], 0, (1 << self.count) - 1
        for having in map(self._frequent.__getitem__, frequent):
            bits |= having
        if bits == every:
            return _Answer(bits, (), (), (), (), is_complete=False)
        others = [word for word in known.others if part in word]
        fits = [part in word for word in known.rare]
        rare, places = list(compress(known.rare, fits)), array("I", compress(known.places, fits))
        if others or rare:
            bits |= self._bits_of(others, places)
        if len(others) + len(rare) > MOST_WORDS:
            return _Answer(bits, (), (), (), (), is_complete=False)
        return _Answer(bits, frequent, others, rare, places, is_complete=True)

    def _all_words(self) -> _Answer:
        return _Answer(0, self._frequent, self._others, self._rare, self._rare.values(), is_complete=True)

    def _words_having(self, part: str) -> _Answer | None:
        """None where so many have it that to look at each word is quicker."""
        if self._new_words:
            self._words += "\n".join((*self._new_words, ""))
            self._new_words = []
        known = len(self._frequent) + len(self._others) + len(self._rare)
        if len(part) == 1 or self._words.count(part) > known // MANY:
            return None
        frequent, others, rare, places = list[str](), list[str](), list[str](), array("I")
        for word in _lines_having(self._words, part):
            place = self._rare.get(word)
            if place is not None:
                rare.append(word)
                places.append(place)
            elif word in self._frequent:
                frequent.append(word)
            else:
                others.append(word)
        return _Answer(0, frequent, others, rare, places, is_complete=True)

    def _bits_of(self, others: Iterable[str], rare: Iterable[int]) -> int:
        """As `_as_bits`, quicker for very many in any order."""
        marks = bytearray(self.count)
        for place in chain.from_iterable(map(self._others.__getitem__, others)):
            marks[place] = 1
        for place in rare:
            marks[place] = 1
        return int(bytes(marks).translate(_MARKS)[::-1], 2)


def _lines_having(text: str, part: str) -> Iterator[str]:
    """Each line once. The text begins and ends with the end of a line."""
    at = text.find(part)
    while at >= 0:
        end = text.find("\n", at)
        yield text[text.rfind("\n", 0, at) + 1 : end]
        at = text.find(part, end)


def _as_bits(places: Iterable[int]) -> int:
    each = list(places)
    marks = bytearray(each[-1] // 8 + 1)
    for place in each:
        marks[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(marks, "little")


_DIGITS = bytes.maketrans(b"01", b"\x00\x01")
_MARKS = bytes.maketrans(b"\x00\x01", b"01")


def _as_bytes(bits: int, count: int) -> bytes:
    return format(bits, f"0{max(1, count)}b").encode().translate(_DIGITS)[::-1]
