"""A longer text over a screen: read it, copy it, and go back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from textual import on
from textual.widget import Widget

from screens.commands.catalogue import bindings
from screens.dialogs.dialog import Dialog
from screens.widgets.footer import Footer
from screens.widgets.page import Page, Para


class TextDialog(Dialog[None]):
    """The dialog; Esc closes it."""

    BINDINGS = bindings("sheet")
    CSS_PATH = Path(__file__).with_name("composer.tcss")  # also for subclasses in other folders

    def __init__(self, paras: Sequence[Para]) -> None:
        super().__init__()
        self._paras = paras

    def compose(self) -> Iterable[Widget]:
        yield Page(id="sheet")
        yield Footer()

    def on_mount(self) -> None:
        page = self.query_one(Page)
        page.show(self._paras)
        page.focus()

    @on(Page.Left)
    def do_close(self) -> None:
        self.dismiss()
