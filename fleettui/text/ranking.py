"""Finding among thousands of things while somebody types: by parts of words, by letters in order, by a slip of the finger; the
best first.

rapidfuzz was not taken: its ratios put a long text with the whole word in it below a short one with half of the letters, and its
import costs a start. Here a letter among 12,000 things takes some milliseconds (bench/finder.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from heapq import nlargest
from itertools import islice
from typing import NamedTuple

import msgspec

ENOUGH = 8
"""With so many that have the words themselves, no other likeness is looked for."""
MOST_SCORED = 1_500
"""Of more, only those count in which a word begins with what was typed, and of these the first."""
SHORTEST_LIKE, SHORTEST_SLIP = 3, 4
"""Letters of a word for which others are looked for that are like it; and in which a slip is forgiven."""
SPREAD = 4
"""Letters in order count where they lie within so many times their number."""
MOST_USED = 350
"""What use can add: a step of likeness and a half, and never as much as the exact name."""
END_OF_NAMES = "\x00"

NAME, BEGINNING, WORD, OTHER_WORD, INSIDE, OTHER_INSIDE = 1200, 800, 500, 300, 200, 100
IN_ORDER, SLIPPED, BEGUN_WITH_SLIP = 60, 95, 30
SIGNS = re.compile(r"[^\w&+]+")


class Thing(msgspec.Struct, frozen=True, gc=False):
    """Something that can be chosen, prepared to be searched."""

    key: str
    text: str
    """Its names, each on a line, then what else is known of it."""
    weight: int = 0
    """How likely it is meant, before anybody has chosen it."""
    is_loose: bool = False
    """Letters in order may come from several words of its name: for the few that people know by heart."""


def folded(text: str) -> str:
    """In small letters, without accents."""
    plain = text.casefold()
    if plain.isascii():
        return plain
    letters = unicodedata.normalize("NFKD", plain)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def prepared(
    key: str, names: Iterable[str], others: str = "", weight: int = 0, *, is_loose: bool = False
) -> Thing:
    """`names` are what people call it; `others` are words that belong to it."""
    lines = "\n".join(_words_of(name) for name in names if name)
    return Thing(key, f"\n{lines}\n{END_OF_NAMES} {_words_of(others)}", weight, is_loose)


def _words_of(text: str) -> str:
    return SIGNS.sub(" ", folded(text)).strip()


class _Word(NamedTuple):
    """What is looked for, and how it looks at the beginning of a name and of a word."""

    letters: str
    name: str
    beginning: str
    word: str


def _wanted(typed: str) -> list[_Word]:
    words = _words_of(typed).split()
    return [_Word(word, f"\n{word}\n", f"\n{word}", f" {word}") for word in words]


class Ranking:
    """Things, and the last search among them: the same with one more letter looks only at what that has left."""

    def __init__(self, things: Sequence[Thing]) -> None:
        self.things = things
        self._last: tuple[str, Sequence[Thing]] = "", things

    def best(
        self,
        typed: str,
        used: Mapping[str, float],
        limit: int,
        wanted: Callable[[Thing], bool] | None = None,
    ) -> list[Thing]:
        """The best first. `used`: how much each was chosen lately, by its key. `wanted`: which come into question."""
        words = _wanted(typed)
        if not words:
            return []
        alike = self._with_words(typed, words)
        if wanted is not None:
            alike = [thing for thing in alike if wanted(thing)]
        few = _few(alike, words, used)
        scores = [(_likeness(thing.text, words), thing) for thing in few]
        if len(alike) < ENOUGH:
            known = {thing.key for thing in alike}
            others = (row for row in self._like(words) if wanted is None or wanted(row[1]))
            scores += [(score, thing) for score, thing in others if thing.key not in known]
        ranked = (
            (score + thing.weight + worth(used.get(thing.key, 0.0)), -len(thing.text), -place, thing)
            for place, (score, thing) in enumerate(scores)
        )
        return [thing for *_, thing in nlargest(limit, ranked)]

    def _with_words(self, typed: str, words: Sequence[_Word]) -> Sequence[Thing]:
        before, among = self._last
        alike = among if before and typed.startswith(before) else self.things
        for word in words:
            letters = word.letters
            alike = [thing for thing in alike if letters in thing.text]
        self._last = typed, alike
        return alike

    # What is like it

    @cached_property
    def _vocabulary(self) -> Mapping[str, Mapping[str, Sequence[Thing]]]:
        """The words of all things, by their first letter; numbers are typed right or not at all."""
        words: defaultdict[str, list[Thing]] = defaultdict(list)
        for thing in self.things:
            for word in {*thing.text.split()}:
                if len(word) >= SHORTEST_LIKE and not word.isdecimal():
                    words[word].append(thing)
        by_letter: defaultdict[str, dict[str, Sequence[Thing]]] = defaultdict(dict)
        for word, things in words.items():
            by_letter[word[0]][word] = things
        return by_letter

    def _like(self, words: Sequence[_Word]) -> Iterator[tuple[int, Thing]]:
        """Things with words that are like those that nothing has, and with the others."""
        if len(words) == 1:
            yield from _across_words(words[0].letters, self.things)
        like = [self._words_like(word.letters) for word in words]
        rare = min((scores for scores in like if scores), key=len, default=None)
        if rare is None:
            return
        best_first = sorted(rare, key=lambda word: -rare[word])
        things = (thing for word in best_first for thing in self._vocabulary[word[0]][word])
        exact = [word.letters for word, scores in zip(words, like, strict=True) if not scores]
        fitting = (thing for thing in things if all(letters in thing.text for letters in exact))
        for thing in _distinct(islice(fitting, MOST_SCORED)):
            score = _likeness_by(thing.text, words, like)
            if score:
                yield score, thing

    def _words_like(self, letters: str) -> dict[str, int]:
        """With the score of each. In order first; where there is none, with a slip."""
        if len(letters) < SHORTEST_LIKE:
            return {}
        words = self._vocabulary.get(letters[0], {})
        pattern = _in_order(letters)
        places = {word: pattern.match(word) for word in words}
        spans = {word: place.end() for word, place in places.items() if place}
        like = {word: IN_ORDER - span for word, span in spans.items() if span <= SPREAD * len(letters)}
        if like or len(letters) < SHORTEST_SLIP:
            return like
        slipped = _slipped(letters)
        places = {word: slipped.match(word) for word in words}
        return {
            word: SLIPPED if place.end() == len(word) else BEGUN_WITH_SLIP
            for word, place in places.items()
            if place
        }


def worth(used: float) -> int:
    """What use adds: the first choice the most."""
    return round(MOST_USED * (1 - 0.5**used)) if used else 0


def _few(alike: Sequence[Thing], words: Sequence[_Word], used: Mapping[str, float]) -> Sequence[Thing]:
    """Those that may be among the best. What was used is always one of them."""
    if len(alike) <= MOST_SCORED:
        return alike
    begun = alike
    for word in words:
        _, _, of_name, of_word = word
        begun = [thing for thing in begun if of_word in thing.text or of_name in thing.text]
    first = words[0].beginning
    names = [thing for thing in begun if first in thing.text][:MOST_SCORED]
    others = [thing for thing in begun or alike if first not in thing.text][: MOST_SCORED - len(names)]
    kept = _distinct([*names, *others, *(thing for thing in alike if thing.key in used)])
    return list(kept)


def _distinct(things: Iterable[Thing]) -> Iterable[Thing]:
    return {thing.key: thing for thing in things}.values()


def _likeness(text: str, words: Sequence[_Word]) -> int:
    """Of a text that has all of the words. A name of several words counts as a whole."""
    if len(words) > 1:
        phrase = f"\n{' '.join([word.letters for word in words])}"
        if phrase in text:
            return NAME if f"{phrase}\n" in text else BEGINNING
    end = text.find(END_OF_NAMES)
    return sum(_of_word(text, word, end) for word in words) // len(words)


def _of_word(text: str, word: _Word, end: int) -> int:
    if word.beginning in text:
        return NAME if word.name in text else BEGINNING
    at = text.find(word.word)
    if at >= 0:
        return WORD if at < end else OTHER_WORD
    return INSIDE if text.find(word.letters) < end else OTHER_INSIDE


def _likeness_by(text: str, words: Sequence[_Word], like: Sequence[Mapping[str, int]]) -> int:
    """Each word is in the text, or one of those that are like it; else 0."""
    own = text.split()
    total = 0
    for word, scores in zip(words, like, strict=True):
        best = max((scores[name] for name in own if name in scores), default=0)
        if word.letters in text:
            best = IN_ORDER
        if not best:
            return 0
        total += best
    return max(1, total // len(words))


# Letters in order: "rpl" is reply


def _in_order(letters: str) -> re.Pattern[str]:
    """From the first on, on the same line. It never goes back, so that a long text costs its length."""
    first, *others = map(re.escape, letters)
    return re.compile(first + "".join(rf"[^{letter}\n]*{letter}" for letter in others))


def _across_words(letters: str, things: Iterable[Thing]) -> Iterator[tuple[int, Thing]]:
    """Of the few that may have the letters in several words, from the beginning of a word on."""
    if len(letters) < SHORTEST_LIKE - 1:
        return
    pattern = re.compile(rf"\b{_in_order(letters).pattern}")
    for thing in things:
        if thing.is_loose:
            names, _, _ = thing.text.partition(END_OF_NAMES)
            spans = [place.end() - place.start() for place in pattern.finditer(names)]
            if spans and min(spans) <= SPREAD * len(letters):
                yield max(1, IN_ORDER - min(spans)), thing


# A slip: a letter too many, another letter, two letters the wrong way round


def _slipped(letters: str) -> re.Pattern[str]:
    """The first letter is right: all who type see that one."""
    ways = []
    for at in range(1, len(letters)):
        before, here, after = letters[:at], letters[at], letters[at + 1 :]
        ways += [re.escape(before + after), rf"{re.escape(before)}\w{re.escape(after)}"]
        if after:
            ways.append(re.escape(before + after[0] + here + after[1:]))
    return re.compile("|".join(ways))
