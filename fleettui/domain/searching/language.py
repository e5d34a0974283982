"""The language of every search: words, quotes, `field:value`, comparisons, a minus, OR. What fields there are, each kind of
thing says itself. Pure functions.

    priority:P1 tier:ultimate assignee:me "500 error" -label:bug due:<2h created:mon..wed label:bug OR label:wish

Every term has to match; terms with OR between them are one, of which any has to match; a minus negates a term. A term that is
not finished yet (`priority:`, `label:bug OR`) tests nothing. A word before a colon that is no field is text, as in a web
address; the search says so, because it may be a field that was mistyped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import compress
from typing import Generic, NamedTuple, Protocol, TypeVar, runtime_checkable
from zoneinfo import ZoneInfo

from fleettui.text import cleaning

LONGEST = 400
OR = "OR"
AT_ONCE = 2048
"""So many things are looked at before a search asks whether it is still wanted."""
TEXT = ("", "text")
"""The fields of what is looked for as text."""

D = TypeVar("D")
"""What is searched: a ticket, a customer, a call."""
C = TypeVar("C", bound="SearchContext")

Known = Callable[[str], Sequence[str]]
"""The values that this team has for a field, such as its priorities; none where anything may be typed."""


class SearchContext:
    """Who searches, and when."""

    __slots__ = ("logins", "me", "now", "zone")

    def __init__(self, *, me: str, now: datetime, zone: ZoneInfo, logins: Mapping[str, str]) -> None:
        """`logins`: from names, in small letters, to logins."""
        self.me, self.now, self.zone, self.logins = me, now, zone, logins


class Field(NamedTuple, Generic[D, C]):
    """What may stand before a colon."""

    meaning: str
    """For whoever types it: one short line."""
    test: Callable[[str, C], Callable[[D], bool]]
    problem: Callable[[str, Sequence[str]], str] = lambda _, __: ""
    """Why a value cannot be understood, given the values that are known; empty where it can."""
    values: tuple[str, ...] = ()
    """What is offered while somebody types, before the values that are known."""
    meant: Callable[[str, Sequence[str]], str] = lambda value, _: value
    """The value as it is compared: a level that was named by its number is meant by its key."""


class Language(NamedTuple, Generic[D, C]):
    """The search of one kind of thing."""

    fields: Mapping[str, Field[D, C]]
    text: Callable[[str, C], Callable[[D], bool]]
    scopes: Mapping[str, str] = {}
    """What `in:` may name, and what it means: where else is looked."""
    bare: Callable[[str, Known], str] = lambda _, __: ""
    """The field that a word stands for by itself, such as P1; empty for text."""


@runtime_checkable
class Sifting(Protocol[D]):
    """A test of text that knows something of very many things at once."""

    def __call__(self, thing: D, /) -> bool: ...

    def sift(self, things: Sequence[D], *, negative: bool) -> tuple[Sequence[D], bool]:
        """Those that may match, or may not; the list itself where it is all of them. And whether they are sure to: else each has
        to be asked."""

    def keep(self, things: Sequence[D], fitting: Sequence[int]) -> Sequence[D]:
        """Those that another test has left: a 1 for each. What is known of them stays known."""


class Term(NamedTuple):
    """One word of a search."""

    field: str
    value: str
    negative: bool


class Mistake(NamedTuple):
    """What was not understood, and where it stands in what was typed."""

    text: str
    start: int
    end: int


class Search(NamedTuple):
    """A search that was read. Of each clause any term has to match."""

    clauses: tuple[tuple[Term, ...], ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    scopes: frozenset[str] = frozenset()

    @property
    def terms(self) -> tuple[Term, ...]:
        return tuple(term for clause in self.clauses for term in clause)

    @property
    def problems(self) -> tuple[str, ...]:
        """What was not understood, in words."""
        return tuple(mistake.text for mistake in self.mistakes)

    def asks_for(self, states: Iterable[str]) -> bool:
        """Whether it names one of these states, and so wants to see them."""
        wanted = set(states)
        return any(
            term.field in ("is", "status") and term.value in wanted and not term.negative
            for term in self.terms
        )


class Word(NamedTuple):
    """A part of what was typed, as it stands there."""

    start: int
    end: int
    minus: str
    field: str
    value: str
    is_quoted: bool

    @property
    def is_or(self) -> bool:
        return not (self.minus or self.field or self.is_quoted) and self.value == OR


_WORD = re.compile(r'(-?)(?:([A-Za-z_]+):)?(?:((?<=:)[<>=]+)?"([^"]*)"?|(\S+)|(?<=:))')


def words_of(typed: str) -> list[Word]:
    words = []
    for match in _WORD.finditer(typed[:LONGEST]):
        minus, field, sign, quoted, bare = match.groups()
        value = f"{sign or ''}{quoted or ''}" if bare is None else bare
        words.append(Word(match.start(), match.end(), minus, field or "", value, quoted is not None))
    return words


def parse(language: Language[D, C], typed: str, known: Known) -> Search:
    """Reads a search. What cannot be understood is among its mistakes."""
    clauses: list[list[Term]] = []
    mistakes: list[Mistake] = []
    scopes: set[str] = set()
    goes_on = False
    for word in words_of(typed):
        if word.is_or:
            goes_on = bool(clauses)
            continue
        read = _read(language, word, known)
        if isinstance(read, Mistake):
            mistakes.append(read)
        elif isinstance(read, str):
            scopes.add(read)
        elif read is not None:
            term, mistake = read
            mistakes += [mistake] if mistake else []
            if goes_on:
                clauses[-1].append(term)
            else:
                clauses.append([term])
        if word.value:
            goes_on = False
    return Search(tuple(map(tuple, clauses)), tuple(mistakes), frozenset(scopes))


_Read = tuple[Term, Mistake | None] | Mistake | str | None


def _read(language: Language[D, C], word: Word, known: Known) -> _Read:
    """A term; a scope; a mistake; None for what is not finished."""
    field, value, mistake = word.field.casefold(), word.value, None
    if field == "in" and language.scopes:
        return _scope(language, word)
    if field and field not in language.fields and field != "text":
        text = f"{word.field}:{value}"
        if value and not value.startswith("//"):
            mistake = Mistake(
                f"{field}: is not a field; to look for the text, write it in quotes", word.start, word.end
            )
        field, value = "", text
    value = cleaning.line(value).casefold()
    if not value.strip():
        return None
    if not field and not word.is_quoted:
        field = language.bare(value, known)
    if field in language.fields:
        values = known(field)
        value = language.fields[field].meant(value, values)
        problem = language.fields[field].problem(value, values)
        if problem:
            return Mistake(problem, word.start, word.end)
    return Term(field, value, bool(word.minus)), mistake


def _scope(language: Language[D, C], word: Word) -> Mistake | str | None:
    value = word.value.casefold()
    if not value:
        return None
    if value in language.scopes and not word.minus:
        return value
    return Mistake(f"in: {value!r} is not one of {', '.join(language.scopes)}", word.start, word.end)


def narrows(before: Search, after: Search) -> bool:
    """Whether `after` can only find what `before` found: the last word of text became longer."""
    if (
        not before.clauses
        or before.scopes != after.scopes
        or len(before.clauses) != len(after.clauses)
        or before.clauses[:-1] != after.clauses[:-1]
        or len(before.clauses[-1]) != 1
        or len(after.clauses[-1]) != 1
    ):
        return False
    old, new = before.clauses[-1][0], after.clauses[-1][0]
    return not (old.field or new.field or old.negative or new.negative) and new.value.startswith(old.value)


def cheap_first(search: Search) -> list[tuple[Term, ...]]:
    """The clauses, those that look for text last."""
    return sorted(search.clauses, key=lambda clause: any(term.field in TEXT for term in clause))


def test_of(language: Language[D, C], term: Term, context: C) -> Callable[[D], bool]:
    if term.field in TEXT:
        return language.text(term.value, context)
    return language.fields[term.field].test(term.value, context)


def clause_test(language: Language[D, C], clause: Sequence[Term], context: C) -> Callable[[D], bool]:
    """Whether any of its terms matches."""
    return _any_of([(test_of(language, term, context), term.negative) for term in clause])


def _any_of(tests: Sequence[tuple[Callable[[D], bool], bool]]) -> Callable[[D], bool]:
    if len(tests) == 1:
        test, negative = tests[0]
        return (lambda thing: not test(thing)) if negative else test
    return lambda thing: any(test(thing) is not negative for test, negative in tests)


def find(
    language: Language[D, C],
    search: Search,
    among: Iterable[D],
    context: C,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Sequence[D]:
    """What was cancelled finds nothing. The list itself where all of it matches.

    Cheap tests first: text is looked for last, unless its test knows a quicker way than to be asked for each (`Sifting`)."""
    things: Sequence[D] = among if isinstance(among, list) else list(among)
    sifted: Sifting[D] | None = None
    every: list[Callable[[D], bool]] = []
    for clause in cheap_first(search):
        if is_cancelled():
            return []
        tests = [(test_of(language, term, context), term.negative) for term in clause]
        only = tests[0][0] if len(tests) == 1 else None
        if isinstance(only, Sifting):
            sifted = only
            things, is_sure = only.sift(things, negative=tests[0][1])
            if is_sure:
                continue
        every.append(_any_of(tests))
    for test in every:
        fitting = _fitting(test, things, is_cancelled)
        if fitting is None:
            return []
        if 0 in fitting:
            things = sifted.keep(things, fitting) if sifted else list(compress(things, fitting))
    return things


def _fitting(
    test: Callable[[D], bool], things: Sequence[D], is_cancelled: Callable[[], bool]
) -> bytearray | None:
    """A 1 for each that the test lets pass; None once the search is cancelled."""
    fitting = bytearray()
    for start in range(0, len(things), AT_ONCE):
        if is_cancelled():
            return None
        fitting += bytes(map(bool, map(test, things[start : start + AT_ONCE])))
    return fitting
