"""What would be done to each of several, shown one after the other before it is done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from textual.widget import Widget

from screens.commands.catalogue import bindings
from screens.dialogs.dialog import Dialog
from screens.widgets.footer import Footer
from screens.widgets.page import BLANK, Page, Para, title

Answer = Literal["take", "edit"]


class Walk(Dialog[Answer | None]):
    """Dismissed with what is to be done, or with None."""

    AUTO_FOCUS = ""
    BINDINGS = bindings("walk")
    CSS_PATH = Path(__file__).with_name("composer.tcss")

    def __init__(self, name: str, sheets: Sequence[Sequence[Para]], why_no_edit: str = "") -> None:
        """`sheets`: one for each. `why_no_edit`: where the text cannot be changed here."""
        super().__init__()
        self._of_what, self._sheets, self._why_no_edit = name, sheets, why_no_edit
        self._at = 0

    def compose(self) -> Iterable[Widget]:
        page = Page(id="sheet")
        page.can_focus = False
        yield page
        yield Footer()

    def on_mount(self) -> None:
        self._show()

    def _show(self) -> None:
        count = len(self._sheets)
        place = f" · {self._at + 1} of {count}" if count > 1 else ""
        self.query_one(Page).show([title(f"{self._of_what}{place}"), BLANK, *self._sheets[self._at]])

    def _go(self, by: int) -> None:
        at = self._at + by
        if 0 <= at < len(self._sheets):
            self._at = at
            self._show()
        else:
            self.fleettui.say("There is no other." if len(self._sheets) == 1 else "That was all of them.")

    def do_on(self) -> None:
        self._go(1)

    def do_before(self) -> None:
        self._go(-1)

    def do_down(self) -> None:
        self.query_one(Page).do_down()

    def do_up(self) -> None:
        self.query_one(Page).do_up()

    def do_page_down(self) -> None:
        self.query_one(Page).do_page_down()

    def do_page_up(self) -> None:
        self.query_one(Page).do_page_up()

    def do_take(self) -> None:
        self.dismiss("take")

    def do_edit(self) -> None:
        if self._why_no_edit:
            self.fleettui.say(self._why_no_edit, "warning")
        else:
            self.dismiss("edit")

    def do_close(self) -> None:
        self.dismiss(None)
