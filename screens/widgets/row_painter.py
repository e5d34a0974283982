"""From a row to the line that is drawn for it, at the width that the list has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic

from textual.strip import Strip

from fleettui.text.cleaning import padded, width_of
from screens.terminal.text import one_line, wrap
from screens.widgets.columns import GAP, Column, Place, arrange
from screens.widgets.lines import Span
from screens.widgets.row import MARK_SIGN, Cell, Key, Row

CURSOR_SIGNS = {"cursor": ("▌", "accent"), "cursor-idle": ("▏", "muted")}
"""At the left of its line: also without colours one sees which list has the keys."""
RULE = "─"
"""After a heading, to the edge."""
GUTTER = 3
"""The cursor's sign, the mark's sign, a blank."""
KEPT_STRIPS = 512

StripOf = Callable[[Iterable[Span], int, str], Strip]
"""Spans, width and style of the line to a strip: of `Lines`."""


class RowPainter(Generic[Key]):
    """What it has painted is kept: cursor and filter come back to the same rows again and again."""

    def __init__(self, columns: Sequence[Column], strip_of: StripOf) -> None:
        self._columns, self._strip_of = columns, strip_of
        self._width = 0
        self._places: list[Place] = []
        self._strips: dict[tuple[Key, str, bool], tuple[Row[Key], Strip]] = {}

    def resize(self, width: int) -> None:
        """To a list of that width: the columns are arranged anew."""
        if width == self._width:
            return
        self._width = width
        self._places = arrange(self._columns, width - GUTTER)
        self.forget()

    def forget(self) -> None:
        """What was painted may look otherwise now."""
        self._strips.clear()

    def row(self, row: Row[Key], line: str, marked: bool, width: int) -> Strip:
        """`line` is the style of the whole line: the cursor's, or none."""
        known = self._strips.get((row.key, line, marked))
        if known is not None and known[0] is row:
            return known[1]
        spans = self._heading_spans(row, width) if row.heading else self._row_spans(row, line, marked, width)
        strip = self._strip_of(spans, width, line)
        if len(self._strips) >= KEPT_STRIPS:
            self._strips.clear()
        self._strips[row.key, line, marked] = row, strip
        return strip

    def _row_spans(self, row: Row[Key], line: str, marked: bool, width: int) -> Iterable[Span]:
        yield CURSOR_SIGNS.get(line, (" ", ""))
        yield (MARK_SIGN if marked else " "), "marked"
        yield " ", ""
        room = width - GUTTER
        for number, place in enumerate(self._places):
            if place.index >= len(row.cells):
                break
            if number:
                yield " " * GAP, ""
                room -= GAP
            last = place.index == len(row.cells) - 1
            cells = room if last and number < len(self._places) - 1 else place.width
            text, style = text_and_style(row.cells[place.index])
            yield padded(one_line(text), cells, place.right), style or row.style
            room -= cells

    def _heading_spans(self, row: Row[Key], width: int) -> Iterable[Span]:
        text, style = text_and_style(row.cells[0] if row.cells else "")
        words = f"{one_line(text)} "
        yield " ", ""
        yield words, style or "heading"
        yield RULE * (width - width_of(words) - 2), "rule"

    def titles(self, counts: str, width: int) -> Strip:
        """The titles of the columns, and at the right how many rows are shown and marked."""
        room = max(0, width - width_of(counts))
        titles = " " * GUTTER
        for place in self._places:
            title = padded(self._columns[place.index].title, place.width, place.right)
            if counts and width_of(titles + title.rstrip()) > room:
                break  # counts stand where it would; half a title says nothing
            titles += title + " " * GAP
        return self._strip_of([(padded(titles.rstrip(), room), "muted"), (counts, "accent")], width, "")

    def empty(self, text: str, y: int, width: int) -> Strip:
        """A line of what stands where there is no row."""
        lines = ["", *wrap(text, max(10, width - 2 * GUTTER))]
        return self._strip_of([(" " * GUTTER + (lines[y] if y < len(lines) else ""), "muted")], width, "")


def text_and_style(cell: Cell) -> Span:
    return (cell, "") if isinstance(cell, str) else cell
