"""The number of a row, typed (%)."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.widget import Widget
from textual.widgets import Input, Static

from screens.commands.catalogue import bindings
from screens.dialogs.dialog import Dialog
from screens.widgets.footer import Footer
from screens.widgets.line_input import LineInput


class RowNumber(Dialog[int | None]):
    """Dismissed with the number, or with None."""

    BINDINGS = bindings("number")

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def compose(self) -> Iterable[Widget]:
        yield Static(f"To the row with the number, 1 to {self._most}; Enter goes there", markup=False)
        yield LineInput(placeholder="Number", type="integer", compact=True)
        yield Footer()

    @on(Input.Submitted)
    def _go(self) -> None:
        typed = self.query_one(LineInput).value.strip()
        if not typed.isdecimal() or not 1 <= int(typed) <= self._most:
            self.fleettui.say(f"There are the numbers 1 to {self._most}.")
            return
        self.dismiss(int(typed))

    def do_close(self) -> None:
        self.dismiss(None)
