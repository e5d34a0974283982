"""The list: every list on every screen is this widget.

It is given plain rows and draws the lines that can be seen, keeping what it painted on each, so that a key, a filter
letter or another session's change sends only the lines that differ. It never asks for a new layout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic

from msgspec.structs import replace
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from fleettui.text.cleaning import padded, width_of
from screens.commands.catalogue import bindings
from screens.commands.dispatch import Commanded
from screens.terminal.text import one_line, wrap
from screens.widgets.columns import GAP, Column, Place, arrange
from screens.widgets.lines import Lines, Span
from screens.widgets.row import Cell, Filter, Key, Row

CURSOR_SIGN = "▌"
MARK_SIGN = "✓"
RULE = "─"
"""After a heading, to the edge."""
GUTTER = 3
"""The cursor's sign, the mark's sign, a blank."""
WHEEL_LINES = 3
KEPT_STRIPS = 512


Painted = tuple[Row[Any], str, bool]
"""What stands on a line: the row, the line's style, whether it is marked."""


class Rows(Commanded, Lines, Generic[Key], can_focus=True):
    BINDINGS = bindings("list")

    class Moved(Message):
        """The cursor stands on another row, or on none."""

        def __init__(self, rows: Rows[Any], row: Row[Any] | None) -> None:
            super().__init__()
            self.rows, self.row = rows, row

    class Opened(Message):
        """Enter, or two clicks."""

        def __init__(self, rows: Rows[Any], row: Row[Any]) -> None:
            super().__init__()
            self.rows, self.row = rows, row

    class Counted(Message):
        """How many rows are shown, of how many, has changed; or how many are marked."""

        def __init__(self, rows: Rows[Any]) -> None:
            super().__init__()
            self.rows = rows

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        empty: str = "Nothing here yet.",
        match: Filter[Key] | None = None,
        best_first: bool = False,
        fill: Callable[[Row[Key]], Row[Key]] | None = None,
        id: str | None = None,  # noqa: A002
    ) -> None:
        """`fill` gives a row its cells when it is first seen: for long lists whose cells take time to make."""
        super().__init__(id=id)
        self._fill = fill
        self._filled: dict[Key, Row[Key]] = {}
        self.columns = tuple(columns)
        self.empty = empty
        self._leads = False
        self._match, self._best_first = match, best_first
        self._all: Sequence[Row[Key]] = ()
        self._shown: Sequence[Row[Key]] = ()
        self._total = 0
        self._texts: list[str] | None = None
        self._keys: frozenset[Key] | None = None
        self._filter = ""
        self._cursor = -1
        self._top = 0
        self._marks: dict[Key, None] = {}
        self._counted = ""
        self._moved_to: Key | None = None
        self._painted: list[Painted] = []
        self._places: list[Place] = []
        self._strips: dict[tuple[Key, str, bool], tuple[Row[Key], Strip]] = {}

    # What it shows

    def show(self, rows: Sequence[Row[Key]]) -> None:
        """These rows from now on. The cursor stays on its row and the row on its line, if it is still there."""
        key = self.key
        line = self._cursor - self._top
        self._all, self._texts, self._keys = rows, None, None
        self._filled = {}
        self._total = sum(not row.heading for row in rows)
        if self._marks:
            there = {row.key for row in rows}
            self._marks = {mark: None for mark in self._marks if mark in there}
        self._return_to(key, line)

    def filter(self, text: str) -> None:
        """Only the rows that match; the cursor stays on its row if that is one of them, else goes to the first. With
        `best_first` it always goes there."""
        if text == self._filter:
            return
        key, line = None if self._best_first else self.key, self._cursor - self._top
        self._filter = text
        self._return_to(key, line)

    def update_cells(self, changes: Mapping[Key, Mapping[str, Cell]]) -> None:
        """New texts by row and column, for what changes by itself: only lines that can be seen and differ are redrawn."""
        index = {column.name: number for number, column in enumerate(self.columns)}

        def changed(row: Row[Key]) -> Row[Key]:
            cells = list(row.cells)
            for name, cell in changes[row.key].items():
                cells[index[name]] = cell
            return replace(row, cells=tuple(cells))

        self._all = [changed(row) if row.key in changes else row for row in self._all]
        self._shown = [changed(row) if row.key in changes else row for row in self._shown]
        self._redraw()

    def tell_again(self) -> None:
        """Have the cells of what can be seen made anew (`fill`): only lines that differ are redrawn."""
        self._filled = {}
        self._redraw()

    def _told(self, row: Row[Key]) -> Row[Key]:
        if self._fill is None or row.heading:
            return row
        found = self._filled.get(row.key)
        if found is None:
            found = self._filled[row.key] = self._fill(row)
        return found

    def _filtered(self) -> Sequence[Row[Key]]:
        if not self._filter.strip():
            return self._all
        if self._match is not None:
            return self._match(self._filter, self._all)
        found: Iterable[tuple[Row[Key], str]] = zip(self._all, self.prepare_filter(), strict=True)
        for word in self._filter.casefold().split():
            found = [pair for pair in found if word in pair[1]]
        return [row for row, _ in found if not row.heading]

    def prepare_filter(self) -> list[str]:
        """What a filter without a function of its own looks at: every word must be somewhere in the row."""
        if self._texts is None:
            self._texts = [
                " ".join([cell if isinstance(cell, str) else cell[0] for cell in row.cells]).casefold()
                for row in self._all
            ]
        return self._texts

    def _return_to(self, key: Key | None, line: int) -> None:
        self._shown = self._filtered()
        where = next((n for n, row in enumerate(self._shown) if row.key == key), None)
        if where is None:
            where = self._nearest(0 if self._filter else max(0, min(self._cursor, len(self._shown) - 1)))
        self._cursor = where
        self._top = where - line
        self._after_move()
        self._tell_counts()

    def _tell_counts(self) -> None:
        counts = self._counts()
        if counts != self._counted:
            self._counted = counts
            self.refresh(Region(0, 0, self.size.width, 1))
        self.post_message(self.Counted(self))

    # Where the cursor is

    @property
    def row(self) -> Row[Key] | None:
        return self._shown[self._cursor] if 0 <= self._cursor < len(self._shown) else None

    @property
    def count(self) -> int:
        """How many are shown."""
        return sum(not row.heading for row in self._shown)

    @property
    def finds_more(self) -> bool:
        """Whether the filter shows rows that are not among those it was given."""
        if not self._filter or self._match is None:
            return False
        if self._keys is None:
            self._keys = frozenset(row.key for row in self._all)
        return any(row.key not in self._keys for row in self._shown)

    @property
    def key(self) -> Key | None:
        return self.row.key if self.row else None

    def go_to(self, key: Key) -> bool:
        """The cursor to that row, if it is shown."""
        for number, row in enumerate(self._shown):
            if row.key == key and not row.heading:
                self._move_to(number)
                return True
        return False

    def visible_keys(self) -> list[Key]:
        """The rows that can be seen: the only ones whose clocks are worth telling."""
        return [row.key for row in self._shown[self._top : self._top + self._lines]]

    def _nearest(self, number: int, step: int = 1) -> int:
        """The row there, or the next one that is no heading, looking back when there is none ahead; -1 for none."""
        for direction in (step, -step):
            n = number
            while 0 <= n < len(self._shown):
                if not self._shown[n].heading:
                    return n
                n += direction
        return -1

    def _move_to(self, number: int, step: int = 1) -> None:
        if not self._shown:
            return
        self._cursor = self._nearest(max(0, min(number, len(self._shown) - 1)), step)
        self._after_move()

    def _after_move(self) -> None:
        self._keep_in_sight()
        self._redraw()
        if self.key != self._moved_to:
            self._moved_to = self.key
            self.post_message(self.Moved(self, self.row))

    def _keep_in_sight(self) -> None:
        """Past an edge, the list moves on by a third of its height at once: every line of it has to be sent again, and
        so that is done for every seventh key, not for each."""
        lines = self._lines
        jump = max(1, lines // 3)
        first = self._cursor
        while first > 0 and self._shown[first - 1].heading:  # a heading is seen with its first row
            first -= 1
        if first < self._top:
            self._top = first if first == 0 else first - jump + 1
        elif self._cursor >= self._top + lines:
            self._top = self._cursor - lines + jump
        self._top = max(0, min(self._top, len(self._shown) - lines))

    # Marks

    @property
    def marked(self) -> list[Key]:
        """Keys in the order in which they were marked, also of rows that a filter hides."""
        return list(self._marks)

    @property
    def marked_shown(self) -> list[Key]:
        """Those of them that are shown: what one sees is what one acts on."""
        shown = {row.key for row in self._shown} if self._marks else set()
        return [mark for mark in self._marks if mark in shown]

    def toggle_mark(self) -> None:
        """Marks the row or takes its mark away, and goes on to the next."""
        if self.key is None:
            return
        marks = dict(self._marks)
        if marks.pop(self.key, self) is self:
            marks[self.key] = None
        self._set_marks(marks)
        self._move_to(self._cursor + 1)

    def mark_all(self) -> None:
        """All that are shown, beside those that are marked already."""
        self._set_marks(self._marks | {row.key: None for row in self._shown if not row.heading})

    def clear_marks(self) -> None:
        self._set_marks({})

    def _set_marks(self, marks: dict[Key, None]) -> None:
        self._marks = marks
        self._redraw()
        self._tell_counts()

    # Keys

    def do_down(self) -> None:
        self._move_to(self._cursor + 1)

    def do_up(self) -> None:
        self._move_to(self._cursor - 1, -1)

    def do_page_down(self) -> None:
        self._move_to(self._cursor + self._lines - 1)

    def do_page_up(self) -> None:
        self._move_to(self._cursor - self._lines + 1, -1)

    def do_top(self) -> None:
        self._move_to(0)

    def do_bottom(self) -> None:
        self._move_to(len(self._shown) - 1, -1)

    def do_open(self) -> None:
        if self.row is not None:
            self.post_message(self.Opened(self, self.row))

    # Mouse

    def on_click(self, event: events.Click) -> None:
        number = self._top + event.y - self._title_lines
        if event.y < self._title_lines or number >= len(self._shown) or self._shown[number].heading:
            return
        self._move_to(number)
        if event.chain == 2:
            self.do_open()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._scroll(WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._scroll(-WHEEL_LINES)

    def _scroll(self, by: int) -> None:
        """The list moves under the eye; the cursor follows only as far as it must to stay in sight."""
        self._top = max(0, min(self._top + by, len(self._shown) - self._lines))
        lowest = self._top + self._lines - 1
        if self._cursor < self._top or self._cursor > lowest:
            self._cursor = self._nearest(max(self._top, min(self._cursor, lowest)), 1 if by > 0 else -1)
        self._after_move()

    # Drawing

    @property
    def _title_lines(self) -> int:
        return 1 if any(column.title for column in self.columns) else 0

    @property
    def _lines(self) -> int:
        return max(1, self.size.height - self._title_lines)

    def on_resize(self) -> None:
        self._places = arrange(self.columns, self.size.width - GUTTER)
        self._strips.clear()
        self._painted = []
        self._keep_in_sight()
        self._redraw()

    def lead(self, leads: bool) -> None:
        """Whether its cursor is the one that counts though the focus is elsewhere: in a line to type in."""
        self._leads = leads
        self._redraw()

    def on_focus(self) -> None:
        self._redraw()

    def on_blur(self) -> None:
        self._redraw()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()

    def _what_stands(self) -> list[Painted]:
        """What each line below the titles is to show."""
        cursor = "cursor" if self.has_focus or self._leads else "cursor-idle"
        lines: list[Painted] = []
        for number in range(self._top, min(self._top + self._lines, len(self._shown))):
            row = self._told(self._shown[number])
            lines.append((row, cursor if number == self._cursor else "", row.key in self._marks))
        return lines

    def _redraw(self) -> None:
        """Have the lines drawn that show something else than before, and no others."""
        before, now = self._painted, self._what_stands()
        self._painted = now
        first, width = self._title_lines, self.size.width
        if not now or not before:
            self.refresh()
            return
        changed = [y for y in range(max(len(before), len(now))) if before[y : y + 1] != now[y : y + 1]]
        if changed:
            self.refresh(*(Region(0, first + y, width, 1) for y in changed))

    def render_line(self, y: int) -> Strip:
        y -= self._title_lines
        if y < 0:
            return self._title_strip()
        if not self._shown:
            return self._empty_strip(y)
        if y >= len(self._painted):
            return self.strip_of((), self.size.width)
        return self._row_strip(*self._painted[y])

    def _row_strip(self, row: Row[Key], line: str, marked: bool) -> Strip:
        found = self._strips.get((row.key, line, marked))
        if found is not None and found[0] is row:
            return found[1]
        spans = self._heading_spans(row) if row.heading else self._row_spans(row, bool(line), marked)
        strip = self.strip_of(spans, self.size.width, line)
        if len(self._strips) >= KEPT_STRIPS:
            self._strips.clear()
        self._strips[row.key, line, marked] = row, strip
        return strip

    def _row_spans(self, row: Row[Key], here: bool, marked: bool) -> Iterable[Span]:
        yield (CURSOR_SIGN if here else " "), "accent"
        yield (MARK_SIGN if marked else " "), "marked"
        yield " ", ""
        room = self.size.width - GUTTER
        for number, place in enumerate(self._places):
            if place.index >= len(row.cells):
                break
            if number:
                yield " " * GAP, ""
                room -= GAP
            last = place.index == len(row.cells) - 1
            width = room if last and number < len(self._places) - 1 else place.width
            cell = row.cells[place.index]
            text, style = (cell, "") if isinstance(cell, str) else cell
            yield padded(one_line(text), width, place.right), style or row.style
            room -= width

    def _heading_spans(self, row: Row[Key]) -> Iterable[Span]:
        cell = row.cells[0] if row.cells else ""
        text, style = (cell, "") if isinstance(cell, str) else cell
        yield " ", ""
        words = f"{one_line(text)} "
        yield words, style or "heading"
        yield RULE * (self.size.width - width_of(words) - 2), "rule"

    def _title_strip(self) -> Strip:
        said = self._counts()
        room = max(0, self.size.width - width_of(said))
        titles = " " * GUTTER
        for place in self._places:
            title = padded(self.columns[place.index].title, place.width, place.right)
            if said and width_of(titles + title.rstrip()) > room:
                break  # counts stand where it would; half a title says nothing
            titles += title + " " * GAP
        return self.strip_of([(padded(titles.rstrip(), room), "muted"), (said, "accent")], self.size.width)

    def _counts(self) -> str:
        """What a filter and marks leave; nothing where every row is shown and none is marked."""
        count = len(self.marked_shown)
        marks = f" {count} {MARK_SIGN}" if count else ""
        of = "found" if self.finds_more else f"of {self._total}"
        shown = f" {self.count:,} {of}" if self._filter else ""
        return f"{shown}{marks} " if marks or shown else ""

    def _empty_strip(self, y: int) -> Strip:
        text = (
            f"Nothing here has “{self._filter}” in it. Esc shows every row again."
            if self._filter
            else self.empty
        )
        lines = wrap(text, max(10, self.size.width - 2 * GUTTER))
        said = lines[y - 1] if 1 <= y <= len(lines) else ""
        return self.strip_of([(" " * GUTTER + said, "muted")], self.size.width)
