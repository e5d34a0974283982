"""What a list shows: which of its rows, where the cursor is, which are marked. The widget (rows.py) draws it."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from itertools import islice
from typing import Generic

from screens.widgets.row import MARK_SIGN, Filter, Key, Row


class Listing(Generic[Key]):
    """Methods that need it are given the height: how many rows there is room for."""

    def __init__(
        self, match: Filter[Key] | None, best_first: bool, fill: Callable[[Row[Key]], Row[Key]] | None
    ) -> None:
        """See `Rows`."""
        self._match, self._best_first, self._fill = match, best_first, fill
        self._filled: dict[Key, Row[Key]] = {}
        self._rows: Sequence[Row[Key]] = ()
        self._texts: list[str] | None = None
        self._keys: frozenset[Key] | None = None
        self._marks: dict[Key, None] = {}
        self.titles: Sequence[str] = ()
        """Of the columns."""
        self.total = 0
        """How many rows there are, headings not counted."""
        self.filter_text = ""
        self.shown: Sequence[Row[Key]] = ()
        self.cursor = -1
        self.top = 0
        """The number of the first row to be seen."""

    # Rows

    def show(self, rows: Sequence[Row[Key]], shown: Sequence[Row[Key]] | None = None) -> None:
        """The cursor stays on its row and the row on its line, if it is still among them. `shown` are those that the filter
        finds, as far as that is known."""
        key, line = self.key, self.cursor - self.top
        self._rows, self._texts, self._keys, self._filled = rows, None, None, {}
        self.total = sum(not row.heading for row in rows)
        if self._marks:
            keys = {row.key for row in rows}
            self._marks = {mark: None for mark in self._marks if mark in keys}
        self._return_to(key, line, shown)

    def still_shown(self, rows: Sequence[Row[Key]]) -> Sequence[Row[Key]]:
        """Of what a filter shows, what is among these rows, as it is there; and what it has found elsewhere."""
        now, before = {row.key: row for row in rows}, {row.key for row in self._rows}
        return [now.get(row.key, row) for row in self.shown if row.key in now or row.key not in before]

    def filter(self, text: str, shown: Sequence[Row[Key]] | None = None) -> None:
        """Only the rows that match; the cursor stays on its row if that is one of them, else goes to the first. `shown` are
        those rows, where somebody has looked for them already."""
        key, line = None if self._best_first else self.key, self.cursor - self.top
        self.filter_text = text
        self._return_to(key, line, shown)

    def _return_to(self, key: Key | None, line: int, shown: Sequence[Row[Key]] | None = None) -> None:
        self.shown = self._filtered() if shown is None else shown
        number = None if key is None else self.number_of(key)
        if number is None:
            number = self.nearest(0 if self.filter_text else max(0, min(self.cursor, len(self.shown) - 1)))
        self.cursor = number
        self.top = number - line

    def _filtered(self) -> Sequence[Row[Key]]:
        if not self.filter_text.strip():
            return self._rows
        if self._match is not None:
            return self._match(self.filter_text, self._rows)
        matches: Iterable[tuple[Row[Key], str]] = zip(self._rows, self.prepare_filter(), strict=True)
        for word in self.filter_text.casefold().split():
            matches = [pair for pair in matches if word in pair[1]]
        return [row for row, _ in matches if not row.heading]

    def prepare_filter(self) -> list[str]:
        """What a filter without a function of its own looks at: every word must be somewhere in the row."""
        if self._texts is None:
            self._texts = [row.text for row in self._rows]
        return self._texts

    @property
    def every(self) -> Sequence[Row[Key]]:
        """All rows, also those that a filter hides."""
        return self._rows

    def replace(self, keys: Container[Key], changed: Callable[[Row[Key]], Row[Key]]) -> None:
        """Other cells in the rows with these keys."""
        self._rows = [changed(row) if row.key in keys else row for row in self._rows]
        self.shown = [changed(row) if row.key in keys else row for row in self.shown]

    def refill(self) -> None:
        """The cells of what can be seen are to be made anew."""
        self._filled = {}

    def with_cells(self, row: Row[Key]) -> Row[Key]:
        """The row as it is shown."""
        if self._fill is None or row.heading:
            return row
        filled = self._filled.get(row.key)
        if filled is None:
            filled = self._filled[row.key] = self._fill(row)
        return filled

    def visible(self, height: int) -> list[Row[Key]]:
        """The rows that can be seen, with their cells."""
        return [self.with_cells(row) for row in self.shown[self.top : self.top + height]]

    @property
    def count(self) -> int:
        """How many are shown, headings not counted."""
        return sum(not row.heading for row in self.shown)

    @property
    def total_lines(self) -> int:
        """Rows and headings, also those that a filter hides."""
        return max(len(self._rows), len(self.shown))

    def counts(self) -> str:
        """In words, what a filter and marks leave; nothing where every row is shown and none is marked."""
        count = len(self.marked_shown)
        marks = f" {count} {MARK_SIGN}" if count else ""
        of = "found" if self.finds_more else f"of {self.total}"
        shown = f" {self.count:,} {of}" if self.filter_text else ""
        return f"{shown}{marks} " if marks or shown else ""

    @property
    def finds_more(self) -> bool:
        """Whether the filter shows rows that are not among those it was given."""
        if not self.filter_text or self._match is None:
            return False
        if self._keys is None:
            self._keys = frozenset(row.key for row in self._rows)
        return any(row.key not in self._keys for row in self.shown)

    # The cursor

    @property
    def row(self) -> Row[Key] | None:
        """Under the cursor."""
        return self.shown[self.cursor] if 0 <= self.cursor < len(self.shown) else None

    @property
    def key(self) -> Key | None:
        return self.row.key if self.row else None

    def number_of(self, key: Key) -> int | None:
        """Of the row with that key, if it is shown."""
        numbers = (n for n, row in enumerate(self.shown) if row.key == key and not row.heading)
        return next(numbers, None)

    def key_named(self, name: str) -> Key | None:
        """That of the shown row whose key is written like this."""
        return next((row.key for row in self.shown if not row.heading and repr(row.key) == name), None)

    def nearest(self, number: int, step: int = 1) -> int:
        """The row there, or the next one that is no heading, looking back when there is none ahead; -1 for none."""
        for direction in (step, -step):
            n = number
            while 0 <= n < len(self.shown):
                if not self.shown[n].heading:
                    return n
                n += direction
        return -1

    def move_to(self, number: int, step: int = 1) -> None:
        """The cursor to the row with that number, or to the nearest that is no heading."""
        self.cursor = self.nearest(max(0, min(number, len(self.shown) - 1)), step)

    def scroll(self, by: int, height: int) -> None:
        """The list moves; the cursor follows only as far as it must to stay in sight."""
        self.top = max(0, min(self.top + by, len(self.shown) - height))
        lowest = self.top + height - 1
        if self.cursor < self.top or self.cursor > lowest:
            self.cursor = self.nearest(max(self.top, min(self.cursor, lowest)), 1 if by > 0 else -1)

    def keep_in_sight(self, height: int, jump: int = 0) -> None:
        """Past an edge, the list moves on by `jump`, else by a third of its height at once: every line of it has to be sent
        again, and so that is done for every seventh key, not for each."""
        jump = jump or max(1, height // 3)
        first = self.cursor
        while first > 0 and self.shown[first - 1].heading:  # a heading is seen with its first row
            first -= 1
        if first < self.top:
            self.top = first if first == 0 else first - jump + 1
        elif self.cursor >= self.top + height:
            self.top = self.cursor - height + jump
        # More headings than fit give way to the row.
        self.top = max(0, self.cursor - height + 1, min(self.top, len(self.shown) - height))

    @property
    def place(self) -> int:
        """Of the row under the cursor among all that are no headings: 1 is the first; 0 where there is none."""
        return sum(not row.heading for row in self.shown[: self.cursor + 1])

    def key_at(self, place: int) -> Key | None:
        """Of the row with that place."""
        keys = (row.key for row in self.shown if not row.heading)
        return next(islice(keys, place - 1, None), None)

    @property
    def heading(self) -> str:
        """What stands above the row under the cursor; empty where nothing does."""
        for row in reversed(self.shown[: max(0, self.cursor)]):
            if row.heading:
                cell = row.cells[0] if row.cells else ""
                return cell if isinstance(cell, str) else cell[0]
        return ""

    # Marks

    @property
    def marked(self) -> list[Key]:
        """Keys in the order in which they were marked, also of rows that a filter hides."""
        return list(self._marks)

    @property
    def marked_shown(self) -> list[Key]:
        """Those of them that are shown: what one sees is what one acts on."""
        shown = {row.key for row in self.shown} if self._marks else set()
        return [mark for mark in self._marks if mark in shown]

    def is_marked(self, key: Key) -> bool:
        return key in self._marks

    def toggle_mark(self, key: Key) -> None:
        if key in self._marks:
            del self._marks[key]
        else:
            self._marks[key] = None

    def mark_all(self, kind: type = object) -> None:
        """All that are shown and have a key of that type, beside those that are marked already."""
        shown = (row for row in self.shown if not row.heading)
        self._marks |= {row.key: None for row in shown if isinstance(row.key, kind)}

    def set_marks(self, keys: Iterable[Key]) -> None:
        """These and no others."""
        known = {row.key for row in (*self._rows, *self.shown)} if keys else set()
        self._marks = {key: None for key in keys if key in known}
