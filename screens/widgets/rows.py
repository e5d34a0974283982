"""The list: every list on every screen is this widget.

It is given plain rows and draws the lines that can be seen, keeping what it painted on each, so that a key, a filter
letter or another session's change sends only the lines that differ. It never asks for a new layout.

Textual's DataTable was not taken: on 50 rows a key sends 2 to 4 kB and a letter of a filter 8 to 9 kB, here 0.3 and 0.2 kB on
10,000 rows (bench/screens.py); and it knows no headings and no marks, and loses the cursor's line when rows come and go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic

from msgspec.structs import replace
from textual import events
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip

from screens.commands.catalogue import bindings
from screens.commands.dispatch import Commanded
from screens.commands.effective import with_keys
from screens.widgets.columns import Column
from screens.widgets.lines import Lines
from screens.widgets.listing import Listing
from screens.widgets.row import Cell, Filter, Key, Row
from screens.widgets.row_painter import RowPainter

EVERY_ROW = "[board.back] shows every row again."
WHEEL_LINES = 3
TOAST_LINES = 3
"""A message may take as many lines for a while: rows of two lines stay as they are."""
MEASURED = 100
"""Rows of which the columns' widths are measured at once; the others when they are seen."""

Painted = tuple[Row[Any], str, bool]
"""What stands on a line: the row, the line's style, whether it is marked."""


class Rows(Commanded, Lines, Generic[Key], can_focus=True):
    """The list widget. `row.py` has its rows, `listing.py` what is shown of them, `row_painter.py` the drawing."""

    BINDINGS = bindings("list")

    class Moved(Message):
        """The cursor stands on another row, or on none."""

        def __init__(self, row: Row[Any] | None) -> None:
            super().__init__()
            self.row = row

    class Opened(Message):
        """Enter, or two clicks."""

        def __init__(self, row: Row[Any]) -> None:
            super().__init__()
            self.row = row

    class Counted(Message):
        """How many rows are shown, of how many, has changed; or how many are marked."""

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
        """`match` decides what a filter shows; with `best_first` the cursor then goes to the first row. `fill` gives a row
        its cells when it is first seen: for long lists whose cells take time to make."""
        super().__init__(id=id)
        self.empty = empty
        self.way_back = EVERY_ROW
        """After what says that a filter finds nothing: how one comes back to the rows. Keys are named in brackets."""
        self.could_have = 0
        """Lines, if it had rows for them."""
        self._leads = self._stands_by = False
        self.listing = Listing(match, best_first, fill)
        self.painter: RowPainter[Key] = RowPainter(self.strip_of)
        self._use_columns(columns)
        self._counted = ""
        self._moved_to: Key | None = None
        self._painted: list[Painted] = []

    # What it shows

    def show(self, rows: Sequence[Row[Key]], shown: Sequence[Row[Key]] | None = None) -> None:
        """These rows from now on. The cursor stays on its row and the row on its line, if it is still among them. `shown` are
        those that the filter finds, as far as that is known."""
        self.listing.show(rows, shown)
        self._measure_all()
        self._after_change()

    def _measure_all(self) -> None:
        """The first rows too, not only those that can be seen: else columns would move while one goes down a short list."""
        listing = self.listing
        listing.keep_in_sight(self._height)
        known = (row for row in listing.shown[:MEASURED] if row.cells)
        self._look_around()
        if self.painter.measure((*known, *listing.visible(self._height)), anew=True):
            self._painted = []

    def _look_around(self) -> None:
        shown = self.listing.shown
        self.painter.first = shown[0].key if shown else None
        lasting = TOAST_LINES if self.painter.lines > 1 else 0
        room = max(self.size.height, self.could_have) - self._title_lines + lasting
        self.painter.fits_twice = 2 * len(shown) <= room

    def set_two_lines(self, two_lines: bool | None) -> None:
        """Two lines for each row, or one; None: two where one is too little."""
        if two_lines != self.painter.two_lines:
            self.painter.two_lines = two_lines
            if self.is_mounted:
                self.on_resize()

    def filter(self, text: str, shown: Sequence[Row[Key]] | None = None) -> None:
        """Only the rows that match; the cursor stays on its row if that is one of them, else goes to the first. `shown` are
        those rows, where somebody has looked for them already."""
        if text != self.listing.filter_text or shown is not None:
            self.listing.filter(text, shown)
            self._after_change()

    def set_columns(self, columns: Sequence[Column], names: Sequence[str] = ()) -> None:
        """Other columns, for the rows that are shown next; `names`: only these of them, in that order."""
        if (tuple(columns), tuple(names)) != (self._columns, self._names):
            self._use_columns(columns, names)
            self.painter.resize(self.size.width, self.app.size.width)
            self._painted = []
            self.refresh()

    def _use_columns(self, columns: Sequence[Column], names: Sequence[str] = ()) -> None:
        self._columns, self._names = tuple(columns), tuple(names)
        self.listing.titles = [column.title for column in columns]
        index = {column.name: number for number, column in enumerate(columns)}
        picked = [index[name] for name in names if name in index]
        shown = [columns[number] for number in picked] if picked else columns
        self._title_lines = 1 if any(column.title for column in shown) else 0
        self.painter.use(self._columns, picked)

    def update_cells(self, changes: Mapping[Key, Mapping[str, Cell]]) -> None:
        """New texts by row and column, for what changes by itself: only lines that can be seen and differ are redrawn."""
        index = {column.name: number for number, column in enumerate(self._columns)}

        def changed(row: Row[Key]) -> Row[Key]:
            cells = list(row.cells)
            for name, cell in changes[row.key].items():
                cells[index[name]] = cell
            return replace(row, cells=tuple(cells))

        self.listing.replace(changes, changed)
        self._redraw()

    def refill_cells(self) -> None:
        """Have the cells of what can be seen made anew (`fill`): only lines that differ are redrawn."""
        self.listing.refill()
        self._redraw()

    def _after_change(self) -> None:
        """Of what is shown, or of marks."""
        self._after_move()
        counts = self.listing.counts()
        if counts != self._counted:
            self._counted = counts
            self.refresh(Region(0, 0, self.size.width, 1))
        self.post_message(self.Counted())

    # The cursor

    @property
    def row(self) -> Row[Key] | None:
        """Under the cursor."""
        return self.listing.row

    @property
    def key(self) -> Key | None:
        """Of the row under the cursor."""
        return self.listing.key

    def go_to(self, key: Key | None) -> bool:
        """The cursor to that row, if it is shown. None: to no row, until it is moved."""
        number = None if key is None else self.listing.number_of(key)
        if key is None:
            self.listing.cursor = -1
            self._after_move()
        elif number is not None:
            self._move_to(number)
        return number is not None

    def cursor_line(self) -> Offset | None:
        """Where the row under the cursor begins on the screen."""
        number = self.listing.cursor - self.listing.top
        if not 0 <= number < self._height or self.listing.row is None:
            return None
        return self.content_region.offset + Offset(0, self._title_lines + number * self.painter.lines)

    def visible_keys(self) -> list[Key]:
        """The rows that can be seen: the only ones whose clocks are worth telling."""
        return [row.key for row in self.listing.visible(self._height)]

    def _move_to(self, number: int, step: int = 1) -> None:
        if self.listing.shown:
            self.listing.move_to(number, step)
            self._after_move()

    def _after_move(self) -> None:
        self.listing.keep_in_sight(self._height)
        self._redraw()
        if self.key != self._moved_to:
            self._moved_to = self.key
            self.post_message(self.Moved(self.row))

    # Marks

    def toggle_mark(self) -> None:
        """Marks the row or takes its mark away, and goes on to the next."""
        if self.key is not None:
            self.listing.toggle_mark(self.key)
            self._after_change()
            self.do_down()

    def mark_all(self, kind: type = object) -> None:
        """All of that kind that are shown, beside those that are marked already."""
        self.listing.mark_all(kind)
        self._after_change()

    def set_marks(self, keys: Sequence[Key] = ()) -> None:
        """These rows are marked, as far as it has them, and no others."""
        self.listing.set_marks(keys)
        self._after_change()

    # Keys

    def do_down(self) -> None:
        self._move_to(self.listing.cursor + 1)

    def do_up(self) -> None:
        self._move_to(self.listing.cursor - 1, -1)

    def do_page_down(self) -> None:
        self._move_to(self.listing.cursor + self._height - 1)

    def do_page_up(self) -> None:
        self._move_to(self.listing.cursor - self._height + 1, -1)

    def do_top(self) -> None:
        self._move_to(0)

    def do_bottom(self) -> None:
        self._move_to(len(self.listing.shown) - 1, -1)

    def do_open(self) -> None:
        if self.row is not None:
            self.post_message(self.Opened(self.row))

    # Mouse

    def on_click(self, event: events.Click) -> None:
        y, shown = event.y - self._title_lines, self.listing.shown
        number = self.listing.top + y // self.painter.lines
        if y < 0 or number >= len(shown) or shown[number].heading:
            return
        self._move_to(number)
        if event.chain == 2:
            self.do_open()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.listing.scroll(WHEEL_LINES, self._height)
        self._after_move()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.listing.scroll(-WHEEL_LINES, self._height)
        self._after_move()

    # Drawing

    @property
    def why_empty(self) -> str:
        """What stands where there is no row."""
        query = self.listing.filter_text
        return f"Nothing here has “{query}” in it. {with_keys(self.way_back)}" if query else self.empty

    @property
    def _height(self) -> int:
        """How many rows there is room for."""
        return max(1, (self.size.height - self._title_lines) // self.painter.lines)

    def on_resize(self) -> None:
        self._look_around()
        self.painter.resize(self.size.width, self.app.size.width)
        self._painted = []
        self.listing.keep_in_sight(
            self._height, jump=1
        )  # a message takes a line or two: no reason to move on
        self._redraw()

    def lead(self, leads: bool) -> None:
        """Whether its cursor is the one that counts though the focus is elsewhere: in a line to type in."""
        self._leads = leads
        self._redraw()

    def stand_by(self, stands_by: bool) -> None:
        """Among lists beside each other: another one has the cursor that counts, and this one shows none."""
        if stands_by != self._stands_by:
            self._stands_by = stands_by
            self._redraw()

    def watch_has_focus(self, has_focus: bool) -> None:
        """Not `on_blur`: that is called while the list still has the focus, and the bright cursor would stay."""
        super().watch_has_focus(has_focus)
        if self.is_mounted:
            self._redraw()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.painter.forget()

    def _redraw(self) -> None:
        """Have the lines drawn that show something else than before, and no others."""
        listing = self.listing
        if self.painter.measure(listing.visible(self._height)):
            listing.keep_in_sight(self._height)
            self._painted = []
        idle = "" if self._stands_by else "cursor-idle"  # dim where the keys come back to
        cursor = "cursor" if self.has_focus or self._leads else idle
        before = self._painted
        now = [
            (row, cursor if number == listing.cursor else "", listing.is_marked(row.key))
            for number, row in enumerate(listing.visible(self._height), listing.top)
        ]
        self._painted = now
        first, width, lines = self._title_lines, self.size.width, self.painter.lines
        if not now or not before:
            self.refresh()
            return
        changed = [y for y in range(max(len(before), len(now))) if before[y : y + 1] != now[y : y + 1]]
        if changed:
            self.refresh(*(Region(0, first + y * lines, width, lines) for y in changed))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        y -= self._title_lines
        if y < 0:
            return self.painter.titles(self.listing.counts(), width)
        if not self.listing.shown:
            return self.painter.empty(self.why_empty, y, width)
        number, line = divmod(y, self.painter.lines)
        if number >= len(self._painted):
            return self.strip_of((), width)
        return self.painter.row(*self._painted[number], width)[line]
