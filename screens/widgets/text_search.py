"""Where words are in a text that is wrapped into lines. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from screens.widgets.lines import Span

MATCH, HERE = "match", "here"


class Piece(NamedTuple):
    """A part of a line; a match has several where the line was broken in it."""

    line: int
    start: int
    end: int


Match = tuple[Piece, ...]


def matches_in(lines: Sequence[Sequence[Span]], paragraphs: Sequence[int], typed: str) -> list[Match]:
    """In any case, any blank for any blank. `paragraphs`: the first line of each."""
    words = typed.split()
    if not words:
        return []
    pattern = re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)
    bounds = [*paragraphs, len(lines)]
    return [match for first, last in pairwise(bounds) for match in _in_paragraph(lines, first, last, pattern)]


def _in_paragraph(
    lines: Sequence[Sequence[Span]], first: int, last: int, pattern: re.Pattern[str]
) -> Iterator[Match]:
    text, begins = "", []
    for number in range(first, last):
        line = "".join(piece for piece, _ in lines[number])
        indent = 0 if number == first else len(line) - len(line.lstrip(" "))
        begins.append((len(text), number, indent))
        text += f"{line[indent:]} "
    for place in pattern.finditer(text):
        yield tuple(_pieces(place.start(), place.end(), begins, len(text)))


def _pieces(start: int, end: int, begins: Sequence[tuple[int, int, int]], length: int) -> Iterator[Piece]:
    for (begin, number, indent), (after, _, _) in pairwise([*begins, (length, 0, 0)]):
        low, high = max(start, begin), min(end, after - 1)
        if low < high:
            yield Piece(number, low - begin + indent, high - begin + indent)


def painted(spans: Sequence[Span], pieces: Sequence[tuple[Piece, bool]]) -> list[Span]:
    """The line with its matches in another style; of the match where one is, True."""
    line: list[Span] = []
    at = 0
    for text, style in spans:
        cuts = [(max(piece.start - at, 0), min(piece.end - at, len(text)), here) for piece, here in pieces]
        done = 0
        for start, end, is_here in cuts:
            if start < end:
                line += [(text[done:start], style), (text[start:end], HERE if is_here else MATCH)]
                done = end
        line.append((text[done:], style))
        at += len(text)
    return [span for span in line if span[0]]


class TextSearch:
    """The words, where they are, and at which of these places one is."""

    def __init__(self) -> None:
        self.words = ""
        self.matches: list[Match] = []
        self._at = 0
        self._by_line: dict[int, list[tuple[Piece, bool]]] = {}

    @property
    def line(self) -> int:
        """Where one is; -1 where there is no match."""
        return self.matches[self._at][0].line if self.matches else -1

    @property
    def count(self) -> str:
        return f"{self._at + 1}/{len(self.matches)}" if self.matches else "0/0"

    def look(self, lines: Sequence[Sequence[Span]], paragraphs: Sequence[int], words: str, top: int) -> None:
        """From `top` on; from the beginning where there is none further down."""
        self.words, self.matches = words, matches_in(lines, paragraphs, words)
        below = (number for number, match in enumerate(self.matches) if match[0].line >= top)
        self._go_to(next(below, 0))

    def step(self, by: int) -> None:
        """After the last comes the first."""
        if self.matches:
            self._go_to((self._at + by) % len(self.matches))

    def _go_to(self, number: int) -> None:
        self._at = number
        self._by_line = {}
        for place, match in enumerate(self.matches):
            for piece in match:
                self._by_line.setdefault(piece.line, []).append((piece, place == number))

    def paint(self, number: int, spans: Sequence[Span]) -> Sequence[Span]:
        pieces = self._by_line.get(number)
        return painted(spans, pieces) if pieces else spans
