"""What may follow while somebody types a search: fields, and the values of a field. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from fleettui.domain.searching.language import OR, Known, Language, Word, words_of

MOST = 8
NOWHERE = 3
"""Behind all that is offered."""
_BARE_FIELDS = ("priority", "tier", "is", "has")
"""Whose values are offered without the field being typed first."""


class Named(str):
    """A value, such as a login, that is also found by the words of a name."""

    name: str

    def __new__(cls, value: str, name: str) -> Named:
        made = super().__new__(cls, value)
        made.name = name
        return made


class Offer(NamedTuple):
    """What can be put in the place of the word under the cursor, and what it means."""

    text: str
    meaning: str


class Completion(NamedTuple):
    """The place in what was typed, and what may stand there; the best offer first."""

    start: int
    end: int
    offers: tuple[Offer, ...] = ()


def complete(language: Language[Any, Any], typed: str, cursor: int, known: Known) -> Completion:
    """For the word that ends at the cursor, or for a new one."""
    word = next((word for word in words_of(typed) if word.start < cursor <= word.end), None)
    if word is None:
        return Completion(cursor, cursor, tuple(_fields(language, "", "")))
    if word.end != cursor or word.is_or:
        return Completion(cursor, cursor)
    if word.field:
        offers = list(_values(language, word, known))
    elif word.is_quoted:
        offers = []
    else:
        offers = [*_fields(language, word.value, word.minus), *_bare_values(language, word, known)]
    return Completion(word.start, word.end, tuple(offers[:MOST]))


def _fields(language: Language[Any, Any], begun: str, minus: str) -> Iterator[Offer]:
    start = begun.casefold()
    meanings = {name: field.meaning for name, field in language.fields.items()}
    if language.scopes:
        meanings["in"] = ", ".join(f"{name}: {meaning}" for name, meaning in language.scopes.items())
    for name, meaning in meanings.items():
        if name.startswith(start):
            yield Offer(f"{minus}{name}:", meaning)


def _values(language: Language[Any, Any], word: Word, known: Known) -> Iterator[Offer]:
    name = word.field.casefold()
    if name == "in":
        values: Sequence[str] = tuple(language.scopes)
    elif name in language.fields:
        values = (*language.fields[name].values, *known(name))
    else:
        return
    for value in _best(values, word.value.casefold()):
        meaning = value.name if isinstance(value, Named) else ""
        yield Offer(f"{word.minus}{word.field}:{_quoted(value)}", meaning)


def _bare_values(language: Language[Any, Any], word: Word, known: Known) -> Iterator[Offer]:
    """`ult` may become `tier:Ultimate`."""
    start = word.value.casefold()
    for name in _BARE_FIELDS if len(start) > 1 else ():
        field = language.fields.get(name)
        for value in (*field.values, *known(name)) if field else ():
            if value.casefold().startswith(start):
                yield Offer(f"{word.minus}{name}:{_quoted(value)}", "")


def _best(values: Iterable[str], typed: str) -> list[str]:
    """Those that begin like what was typed, then those of which another word does, then those that have it in them; not what
    stands there already."""
    ranked = [
        (rank, value)
        for value in dict.fromkeys(values)
        if value.casefold() != typed and (rank := _rank(value, typed)) < NOWHERE
    ]
    return [value for _, value in sorted(ranked, key=lambda pair: pair[0])][:MOST]


def _rank(value: str, typed: str) -> int:
    """0: it begins so; 1: one of its words; 2: it is somewhere in it."""
    texts = [value.casefold(), value.name.casefold()] if isinstance(value, Named) else [value.casefold()]
    if any(text.startswith(typed) for text in texts):
        return 0
    if any(text.startswith(typed, begin) for text in texts for begin in _beginnings(text)):
        return 1
    return 2 if any(typed in text for text in texts) else NOWHERE


def _beginnings(text: str) -> Iterator[int]:
    """Where the words of it begin."""
    for at in range(1, len(text)):
        if text[at].isalnum() and not text[at - 1].isalnum():
            yield at


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value or value == OR else value
