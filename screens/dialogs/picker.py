"""Choosing one of many by typing: a line to type in, and a list that follows.

Textual's own fuzzy matcher (`textual.fuzzy`) was not taken: it wants the letters in the order of the name, so that "self-hosted
enterprise" does not find "enterprise self-hosted", it finds most rows for two or three letters, and it takes 16 to 28 ms for a
letter among 500 customers, where words take 0.2 ms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Generic

from textual import on
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from screens.commands.catalogue import bindings
from screens.dialogs.dialog import Dialog
from screens.shell.whole_row import show_whole_choice
from screens.terminal.text import one_line
from screens.widgets.columns import Column
from screens.widgets.footer import Footer
from screens.widgets.line_input import LineInput
from screens.widgets.row import Key, Row, Today
from screens.widgets.rows import Rows

BACK = "Backspace takes letters back, [picker.close] closes."
NOTHING_CHOSEN = "Nothing is chosen yet: ↓ goes to the first row, letters find one."


class PickerInput(LineInput):
    """What is typed into; the picker's keys come before a text field's own."""

    BINDINGS = bindings("picker", on="screen.")

    def __init__(self, rows: Rows[Any], hint: str, begin: Callable[[], None]) -> None:
        super().__init__(placeholder=hint, compact=True)
        self.cursor_blink = False
        self._rows, self._begin = rows, begin

    def watch_value(self, value: str) -> None:
        if self.is_mounted:
            self._rows.filter(value)
            if not value:
                self._begin()


class Picker(Dialog[Key | None], Generic[Key]):
    """Dismissed with the key of the row that was chosen, or with None."""

    BINDINGS = bindings("picker")
    CSS_PATH = Path(__file__).with_name("form.tcss")  # also for subclasses in other folders
    COLUMNS: ClassVar[tuple[Column, ...]] = (Column("name", width=10, grow=1),)
    HINT: ClassVar[str] = "Type to find"

    def __init__(
        self, about: str = "", hint: str = "", today: Today[Key] | None = None, below: str = ""
    ) -> None:
        """`about`: what it is chosen for, shown on top where that can be mistaken, because it covers the list. `hint`: what
        stands in the line before anything is typed, where the class does not know it. `today`: where the cursor begins,
        else on the first row. `below`: what one has to know to choose, line by line."""
        super().__init__()
        self.below = below
        self.hint = hint or self.HINT
        self.about = about
        self._today = today

    def choices(self) -> Sequence[Row[Key]]:
        """All rows to choose from."""
        return ()

    def compose(self) -> Iterable[Widget]:
        rows = Rows(self.COLUMNS, match=self.matching, best_first=True)
        rows.can_focus, rows.way_back = False, BACK
        with Vertical(id="picker"):
            if self.about:
                yield Static(one_line(self.about), id="picker-about", markup=False)
            yield PickerInput(rows, self.hint, self._begin)
            yield rows
            if self.below:
                yield Static(self.below, id="picker-below", markup=False)
        yield Footer()

    def matching(self, query: str, rows: Sequence[Row[Key]]) -> Sequence[Row[Key]]:
        """What is shown of the choices for what was typed."""
        return self.find(query, rows)

    @staticmethod
    def find(
        query: str, rows: Sequence[Row[Key]], text_of: Callable[[Row[Key]], str] = lambda row: row.text
    ) -> Sequence[Row[Key]]:
        """Every word is somewhere in the text of the row; where it begins with it comes first."""
        words = query.casefold().split()
        texts = [(text_of(row), row) for row in rows if not row.heading]
        matches = [(text, row) for text, row in texts if all(word in text for word in words)]
        return [row for text, row in sorted(matches, key=lambda pair: not pair[0].startswith(words[0]))]

    @property
    def rows(self) -> Rows[Key]:
        return self.query_one(Rows)

    def on_mount(self) -> None:
        self.query_one(PickerInput).focus()
        self.rows.lead(True)
        self.rows.show(self.choices())
        self._begin()

    def _begin(self) -> None:
        """The cursor where it belongs before anything is typed."""
        if self._today is not None and not self.rows.go_to(self._today.key):
            self.rows.go_to(None)

    @on(Rows.Moved)
    def _show_what_is_cut(self) -> None:
        """Once the row is drawn."""
        self.call_after_refresh(lambda: show_whole_choice(self.query_one("#picker"), self.rows))

    def on_resize(self) -> None:
        self._show_what_is_cut()

    @on(Rows.Opened)
    def do_choose(self) -> None:
        if self.rows.key is not None:
            self.dismiss(self.rows.key)
        elif self.rows.listing.count:
            self.fleettui.say(NOTHING_CHOSEN)

    def do_close(self) -> None:
        self.dismiss(None)

    def do_down(self) -> None:
        self.rows.do_down()

    def do_up(self) -> None:
        self.rows.do_up()
