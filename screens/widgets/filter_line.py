"""The line in which a filter is typed, above its list. The list follows each letter at once, in the same redraw."""

from __future__ import annotations

from typing import Any

from screens.commands.catalogue import bindings
from screens.commands.dispatch import Commanded
from screens.widgets.line_input import LineInput
from screens.widgets.rows import Rows


class FilterLine(Commanded, LineInput):
    """The field for a filter; up and down move the cursor of its list."""

    BINDINGS = bindings("filter")

    def __init__(self, rows: Rows[Any]) -> None:
        super().__init__(placeholder="words to look for", compact=True, select_on_focus=False)
        self.cursor_blink = False
        self._rows = rows

    def on_mount(self) -> None:
        self._rows.prepare_filter()

    def watch_value(self, value: str) -> None:
        """Not by a message: that would be a second redraw, a sixtieth of a second later."""
        if self.is_mounted:
            self._rows.filter(value)

    def on_focus(self) -> None:
        self._rows.lead(True)

    def on_blur(self) -> None:
        self._rows.lead(False)

    def do_done(self) -> None:
        self.screen.set_focus(self._rows)  # at once: the next key is meant for it
        if not self.value.strip():
            self.do_clear()

    def do_clear(self) -> None:
        self.value = ""
        self.display = False
        self.screen.set_focus(self._rows)  # at once: the next key is meant for it

    def do_down(self) -> None:
        self._rows.do_down()

    def do_up(self) -> None:
        self._rows.do_up()
