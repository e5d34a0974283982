"""Where longer texts are written. What is pasted is cleaned first, and what the app puts in is an edit like any other, so that
Ctrl+Z takes it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual import events
from textual.dom import DOMNode
from textual.widgets import TextArea

from fleettui.text.gaps import GAP
from screens.terminal.text import clean


class LongText(TextArea):
    """Several lines; Tab goes on to what comes next."""

    def __init__(self, text: str, *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002
        super().__init__(
            text, soft_wrap=True, compact=True, highlight_cursor_line=False, placeholder=placeholder, id=id
        )
        self.cursor_blink = False

    def watch(
        self, obj: DOMNode, attribute_name: str, callback: Callable[..., Any], init: bool = True
    ) -> None:
        """A text area watches the app's theme, and the app lets go of who watches it only when the theme changes: every closed
        text stayed, with the whole dialog around it. The theme's signal tells the same and can be left."""
        if obj is self.app and attribute_name == "theme":
            self.app.theme_changed_signal.subscribe(self, lambda _: callback())
        else:
            super().watch(obj, attribute_name, callback, init)

    def on_unmount(self) -> None:
        self.app.theme_changed_signal.unsubscribe(self)

    def on_paste(self, event: events.Paste) -> None:
        event.text = clean(event.text)


class TextPane(LongText):
    """The composer's keys come before the text's own: they are declared with priority."""

    def __init__(self, text: str) -> None:
        super().__init__(text, id="composer-text")

    def put(self, text: str) -> None:
        """In the place of all that is there."""
        self.replace(text, (0, 0), self.document.end, maintain_selection_offset=False)
        self.move_cursor((0, 0))

    def put_paragraph(self, text: str) -> None:
        """What was typed stays, and no line of it is broken."""
        line, column = self.cursor_location
        at = (line, len(self.document.get_line(line))) if column else (line, 0)
        place = index_of(self.text, at)
        before, between, after = paragraph_between(self.text[:place], text, self.text[place:])
        self.replace(
            between,
            location_of(self.text, len(before)),
            location_of(self.text, len(self.text) - len(after)),
            maintain_selection_offset=False,
        )

    def select_gap(self) -> bool:
        """The next place that is to be filled in; whether there is one."""
        after = index_of(self.text, self.cursor_location)
        places = list(GAP.finditer(self.text))
        if not places:
            return False
        place = next((place for place in places if place.start() >= after), places[0])
        start, end = (location_of(self.text, index) for index in place.span())
        self.move_cursor(start)
        self.move_cursor(end, select=True)
        self.focus()
        return True


def index_of(text: str, location: tuple[int, int]) -> int:
    """From line and column to a place in the text."""
    line, column = location
    return sum(len(above) + 1 for above in text.split("\n")[:line]) + column


def location_of(text: str, index: int) -> tuple[int, int]:
    """From a place in the text to line and column."""
    before = text[:index]
    return before.count("\n"), index - (before.rfind("\n") + 1)


def paragraph_between(before: str, text: str, after: str) -> tuple[str, str, str]:
    """The text set apart from what stands around it by blank lines. What stands around it loses only blanks."""
    above, below = before.rstrip(), after.lstrip("\n")
    opening = "\n\n" if above else ""
    closing = "\n\n" if below.strip() else ""
    return above, f"{opening}{text.rstrip()}{closing}", below
