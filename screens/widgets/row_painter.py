"""From a row to the lines that are drawn for it, at the width that the list has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Generic

from textual.strip import Strip

from fleettui.text.cleaning import padded, width_of
from screens.terminal.text import one_line, wrap
from screens.widgets.columns import Arrangement, Column, Place, arrange_lines, main_column, shortened
from screens.widgets.lines import Span
from screens.widgets.row import MARK_SIGN, Cell, Key, Row

CURSOR_SIGNS = {"cursor": ("▌", "accent"), "cursor-idle": ("▏", "muted")}
"""At the left of its line: also without colours one sees which list has the keys."""
RULE = "─"
"""After a heading, to the edge."""
GUTTER = 3
"""The cursor's sign, the mark's sign, a blank."""
BETWEEN = "  "
"""Between what stands on the second line of a row."""
MOST_LEFT_OUT = 12
"""Cells: in so few, nothing is begun there that does not fit."""
KEPT_STRIPS = 512
EMPTY_LINES = 4
"""What stands where there is no row has room in as many."""

StripOf = Callable[[Iterable[Span], int, str], Strip]
"""Spans, width and style of the line to a strip: of `Lines`."""


class RowPainter(Generic[Key]):
    """What it has painted is kept: cursor and filter come back to the same rows again and again."""

    def __init__(self, strip_of: StripOf) -> None:
        self._strip_of = strip_of
        self._width = self._terminal = 0
        self.two_lines: bool | None = None
        """For each row; None: where its text would have too little room on one."""
        self.first: Key | None = None
        """Of the list: nothing stands above it."""
        self.fits_twice = False
        """There is room for all rows with two lines each."""
        self._measured: dict[Key, Row[Key]] = {}
        self._strips: dict[tuple[Key, str, bool], tuple[Row[Key], list[Strip]]] = {}
        self.use(())

    def use(self, columns: Sequence[Column], picked: Sequence[int] = ()) -> None:
        """These columns from now on; `picked` are the numbers of those that are shown, in their order: none for all of them."""
        self._columns = columns
        self._picked = tuple(picked) or tuple(range(len(columns)))
        shown = [columns[index] for index in self._picked]
        self._main = self._picked[main_column(shown)] if shown else 0
        self._content = [0] * len(columns)
        """Cells of the widest text that was seen of each column."""
        self._arrangement = Arrangement()
        self._measured.clear()
        self.forget()

    @property
    def lines(self) -> int:
        """Of each row."""
        return self._arrangement.lines

    def lines_needed(self, rows: int) -> int:
        """For so many rows and headings, with the titles above them."""
        titles = any(column.title for column in self._columns)
        return titles + self.lines * max(rows, EMPTY_LINES)

    @property
    def names(self) -> set[int]:
        """Which of a row's cells are names that may stand as initials, on any of its lines."""
        shown = {place.index for place in self._arrangement.places} | set(self._arrangement.below)
        return {index for index in shown if self._columns[index].shorten == "name"}

    def resize(self, width: int, terminal: int) -> None:
        """To a list of that width. Of the same width, what was painted is right still."""
        if (width, terminal) != (self._width, self._terminal):
            self.forget()
        self._width, self._terminal = width, terminal
        self._arrange()

    def _arrange(self) -> bool:
        """Whether the columns stand otherwise than before."""
        before = self._arrangement
        if self._width:
            arrangement = arrange_lines(
                [self._columns[index] for index in self._picked],
                self._width - GUTTER,
                [self._content[index] for index in self._picked],
                self._terminal,
                self.two_lines,
                self.fits_twice,
            )
            self._arrangement = arrangement.of(self._picked)
        if before == self._arrangement:
            return False
        self.forget()
        return True

    def measure(self, rows: Iterable[Row[Key]], anew: bool = False) -> bool:
        """Make room for what is in these rows, beside what was seen; `anew`: for nothing else. Whether columns moved."""
        if anew:
            self._content = [0] * len(self._columns)
            self._measured.clear()
        before = list(self._content)
        for row in rows:
            if not row.heading and self._measured.get(row.key) is not row:
                self._measured[row.key] = row
                self._measure(row.cells)
        return (anew or before != self._content) and self._arrange()

    def _measure(self, cells: Sequence[Cell]) -> None:
        content, last = self._content, len(cells) - 1
        for index, cell in enumerate(cells):
            wide = width_of(cell if isinstance(cell, str) else cell[0])
            if index == last and last < len(content) - 1:  # it has the rest of the line
                wide = min(wide, self._columns[index].width)
            if (
                wide and self._columns[index].shorten == "amounts"
            ):  # it changes by itself: nothing moves for that
                wide = max(wide, self._columns[index].width)
            if wide > content[index]:
                content[index] = wide

    def forget(self) -> None:
        """What was painted may look otherwise now."""
        self._strips.clear()

    def row(self, row: Row[Key], style: str, marked: bool, width: int) -> list[Strip]:
        """`style` is that of the whole line: the cursor's, or none."""
        known = self._strips.get((row.key, style, marked))
        if known is not None and known[0] is row:
            return known[1]
        strips = [self._strip_of(spans, width, style) for spans in self._lines_of(row, style, marked, width)]
        if len(self._strips) >= KEPT_STRIPS:
            self._strips.clear()
        self._strips[row.key, style, marked] = row, strips
        return strips

    def _lines_of(self, row: Row[Key], style: str, marked: bool, width: int) -> list[list[Span]]:
        if row.heading:
            blank: list[list[Span]] = [[] for _ in range(self.lines - 1)]
            heading = list(self._heading_spans(row, width))
            return [heading, *blank] if row.key == self.first else [*blank, heading]
        mark = (MARK_SIGN if marked else " "), "marked"
        spans, rest = self._row_spans(row, width - GUTTER)
        lines = [[CURSOR_SIGNS.get(style, (" ", "")), mark, (" ", ""), *spans]]
        if self.lines > 1:
            below = self._below_spans(row, rest, width - GUTTER)
            lines.append([CURSOR_SIGNS.get(style, (" ", "")), (" " * (GUTTER - 1), ""), *below])
        return lines

    def _row_spans(self, row: Row[Key], room: int) -> tuple[list[Span], str]:
        """Of its first line; and what is left of its text for the second."""
        gap = self._arrangement.gap
        places = [place for place in self._arrangement.places if place.index < len(row.cells)]
        texts = [one_line(text_and_style(row.cells[place.index])[0]) for place in places]
        widths = self._widths_for(places, texts, room)
        spans: list[Span] = []
        rest = ""
        for number, (place, text, cells) in enumerate(zip(places, texts, widths, strict=True)):
            if not cells:
                continue
            if number:
                spans.append((" " * gap, ""))
            text = shortened(text, cells, self._columns[place.index].shorten)
            if place.index == self._main and self.lines > 1:
                text, rest = _broken(text, cells)
            _, style = text_and_style(row.cells[place.index])
            spans.append((padded(text, cells, place.right), style or row.style))
        return spans, rest

    def _widths_for(self, places: Sequence[Place], texts: Sequence[str], room: int) -> list[int]:
        """The cells of each text in this row; 0 where the text before it runs on."""
        widths = [place.width for place in places]
        for number, text in enumerate(texts):
            if width_of(text) > widths[number] > 0:
                self._run_on(number, texts, widths, room)
                self._begin_earlier(number, texts, widths)
        return widths

    def _run_on(self, number: int, texts: Sequence[str], widths: list[int], room: int) -> None:
        """A text that is too long goes on where nothing stands beside it."""
        gap = self._arrangement.gap
        following = number + 1
        while following < len(texts) and not texts[following]:
            widths[number] += gap + widths[following]
            widths[following] = 0
            following += 1
        if following == len(texts):
            before = [width + gap for width in widths[:number] if width]
            widths[number] = max(1, room - sum(before))

    def _begin_earlier(self, number: int, texts: Sequence[str], widths: list[int]) -> None:
        """At the end of a row, a text that is too long begins further left, where those before it end earlier. What people read,
        and what stands before it, always begins at the same place."""
        places = self._arrangement.places
        if any(texts[number + 1 :]) or self._columns[places[number].index].shorten:
            return
        for before in range(number - 1, -1, -1):
            if any(place.index == self._main for place in places[before + 1 :]):
                break
            free = widths[before] - width_of(texts[before])
            more = max(0, min(free, width_of(texts[number]) - widths[number]))
            widths[before] -= more
            widths[number] += more

    def _below_spans(self, row: Row[Key], rest: str, room: int) -> Iterator[Span]:
        """The second line, under the text: the rest of it, and what has no place on the first. Names are shortened first."""
        indent = self._indent_below(row)
        room -= indent
        yield " " * indent, ""
        between = ""
        if rest:
            text, style = text_and_style(row.cells[self._main])
            yield rest, style or row.style
            room -= width_of(rest)
            between = BETWEEN
        pieces = self._pieces_below(row)
        missing = sum(width_of(text) + len(BETWEEN) for _, text, _ in pieces) - room
        for column, text, style in pieces:
            short = shortened(text, max(3, width_of(text) - max(0, missing)), column.shorten)
            missing -= width_of(text) - width_of(short)
            piece = f"{column.label} {short}".strip()
            if width_of(between + piece) > room < MOST_LEFT_OUT:
                continue
            yield between + piece, style or row.style or "muted"
            room -= width_of(between + piece)
            between = BETWEEN

    def _indent_below(self, row: Row[Key]) -> int:
        arrangement = self._arrangement
        before = takewhile(lambda place: place.index != self._main, arrangement.places)
        text, _ = text_and_style(row.cells[self._main]) if self._main < len(row.cells) else ("", "")
        return sum(place.width + arrangement.gap for place in before) + len(_hanging(one_line(text)))

    def _pieces_below(self, row: Row[Key]) -> list[tuple[Column, str, str]]:
        cells = [
            (self._columns[index], *text_and_style(row.cells[index]))
            for index in self._arrangement.below
            if index != self._main and index < len(row.cells)
        ]
        return [(column, one_line(text).strip(), style) for column, text, style in cells if text.strip()]

    def _heading_spans(self, row: Row[Key], width: int) -> Iterable[Span]:
        if len(row.cells) > 1:
            yield " " * GUTTER, ""
            yield from self._row_spans(row, width - GUTTER)[0]
            return
        text, style = text_and_style(row.cells[0] if row.cells else "")
        words = f"{one_line(text)} "
        yield " ", ""
        yield words, style or "heading"
        yield RULE * (width - width_of(words) - 2), "rule"

    def text_of(self, row: Row[Key]) -> str:
        """What people read of it, without the signs before it."""
        text, _ = text_and_style(row.cells[min(self._main, len(row.cells) - 1)]) if row.cells else ("", "")
        return one_line(text)[len(_hanging(one_line(text))) :].strip()

    def titles(self, counts: str, width: int) -> Strip:
        """The titles of the columns, and at the right how many rows are shown and marked."""
        room = max(0, width - width_of(counts))
        titles = " " * GUTTER
        for place in self._arrangement.places:
            title = padded(self._title(place), place.width, place.right)
            if counts and width_of(titles + title.rstrip()) > room:
                break  # counts stand where it would; half a title says nothing
            titles += title + " " * self._arrangement.gap
        return self._strip_of([(padded(titles.rstrip(), room), "muted"), (counts, "accent")], width, "")

    def _title(self, place: Place) -> str:
        column = self._columns[place.index]
        titles = (column.title, column.short)
        return next((title for title in titles if width_of(title) <= place.width), "")

    def empty(self, text: str, y: int, width: int) -> Strip:
        """A line of what stands where there is no row."""
        lines = ["", *wrap(text, max(10, width - 2 * GUTTER))]
        return self._strip_of([(" " * GUTTER + (lines[y] if y < len(lines) else ""), "muted")], width, "")


def text_and_style(cell: Cell) -> Span:
    return (cell, "") if isinstance(cell, str) else cell


def _broken(text: str, cells: int) -> tuple[str, str]:
    """What fits into the cells, ending with a word, and the rest."""
    if width_of(text) <= cells:
        return text, ""
    first = wrap(text, cells)[0]
    return (first, text[len(first) :].strip()) if text.startswith(first) and first.strip() else (text, "")


def _hanging(text: str) -> str:
    """Blanks below the signs with which a text begins: `│ ○ Ask the assistant`."""
    end = 0
    while text[end + 1 : end + 2] == " " and not text[end].isalnum():
        end += 2
    return " " * end
