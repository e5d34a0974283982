"""The line in which one types what to look for in a long text, and which of the places one is at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from textual.containers import Horizontal
from textual.widget import Widget

from screens.commands.catalogue import bindings
from screens.commands.dispatch import Commanded
from screens.commands.effective import with_keys
from screens.widgets.info_line import InfoLine
from screens.widgets.line_input import LineInput


class SearchedText(Protocol):
    """The text, as far as its line asks it."""

    def search(self, words: str) -> None: ...

    def do_next_match(self) -> None: ...

    def do_last_match(self) -> None: ...

    def end_search(self) -> None: ...

    def focus(self) -> object: ...


class FindLine(Commanded, LineInput):
    """The field."""

    BINDINGS = bindings("finding")

    def __init__(self, text: SearchedText) -> None:
        super().__init__(placeholder="Words to look for in this text", compact=True, select_on_focus=False)
        self.cursor_blink = False
        self._text = text

    def watch_value(self, value: str) -> None:
        if self.is_mounted:
            self._text.search(value)

    def do_done(self) -> None:
        if self.value.strip():
            self._text.focus()
        else:
            self._text.end_search()

    def do_end(self) -> None:
        self._text.end_search()

    def do_down(self) -> None:
        self._text.do_next_match()

    def do_up(self) -> None:
        self._text.do_last_match()


ENDS = "  [page.next_match] [page.last_match]  [finding.end] ends"


class FindBar(Horizontal):
    """The field, and the count at its right."""

    def __init__(self, text: SearchedText) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> Iterable[Widget]:
        yield FindLine(self._text)
        yield InfoLine(id="find-count")

    def on_mount(self) -> None:
        self.query_one(FindLine).focus()

    def show_count(self, count: str) -> None:
        for line in self.query(InfoLine):
            line.show([(count, "strong"), (with_keys(ENDS), "muted")])
