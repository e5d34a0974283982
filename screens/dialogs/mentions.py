"""Whom @ may mean, while one types: a small list under the cursor. Tab or Enter takes a name, Esc leaves the list, and whoever
types on need not heed it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from textual import events
from textual.geometry import Offset
from textual.strip import Strip

from fleettui.text.cleaning import fit, width_of
from fleettui.text.mentions import ON_CALL, completions
from screens.terminal.text import one_line
from screens.widgets.lines import Lines
from screens.widgets.text_pane import TextPane

People = Sequence[tuple[str, str]]
"""Logins with names."""

MOST = 5
ANYBODY_ON_CALL = (ON_CALL[0], "whoever is on call")
BEGUN = re.compile(r"(?<![\w.@`/])@(\w[\w.’'-]*)\Z")


class MentionList(Lines):
    """The names, over the text. The composer's text has the keys."""

    def __init__(self) -> None:
        super().__init__(id="mentions")
        self.display = False
        self._people: list[tuple[str, str]] = []
        self._at = 0

    @property
    def login(self) -> str:
        """Of the row that Tab takes."""
        return self._people[self._at][0]

    @property
    def text(self) -> str:
        """The row that Tab takes, and how many there are."""
        return f"{_row(self._people[self._at])}, {self._at + 1} of {len(self._people)}, Tab takes it"

    def offer(self, people: People, cursor: Offset) -> None:
        """Below the cursor; none takes the list away."""
        if not people:
            self.display = False
            return
        shown = list(people[:MOST])
        if shown != self._people or not self.display:
            self._people, self._at = shown, 0
        self.absolute_offset = cursor  # the margin is the line below it, or above
        self.styles.width = max(width_of(_row(person)) for person in shown) + 3
        self.styles.height = len(shown)
        self.display = True
        self.refresh(layout=True)

    def move(self, by: int) -> None:
        self._at = (self._at + by) % len(self._people)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y >= len(self._people):
            return self.strip_of([], width)
        sign = "▌" if y == self._at else " "
        text = fit(_row(self._people[y]), max(1, width - 3))
        return self.strip_of([(sign, "accent"), (f" {text}", "")], width, "cursor" if y == self._at else "")


def _row(person: tuple[str, str]) -> str:
    login, name = person
    return one_line(f"{name} @{login}")


class MentioningText(TextPane):
    """A text in which people are named."""

    def __init__(self, text: str, people: People, names: MentionList) -> None:
        super().__init__(text)
        self._everybody, self._list = (*people, ANYBODY_ON_CALL), names
        self._left: tuple[int, int] | None = None
        """Where the @ stands whose list was left."""

    def on_text_area_changed(self) -> None:
        self._offer()

    def on_text_area_selection_changed(self) -> None:
        if self._list.display:
            self._offer()

    def on_blur(self) -> None:
        self._list.offer((), Offset())

    def on_key(self, event: events.Key) -> None:
        if not self._list.display:
            return
        match event.key:
            case "tab" | "enter":
                self._take()
            case "escape":
                self._left = self._begun()[0]
                self._list.offer((), Offset())
            case "down":
                self._list.move(1)
            case "up":
                self._list.move(-1)
            case _:
                return
        event.stop()
        event.prevent_default()

    def line_down(self) -> None:
        """One line further down, or one name where names are offered."""
        if self._list.display:
            self._list.move(1)
        else:
            self.action_cursor_down()

    def _begun(self) -> tuple[tuple[int, int] | None, str]:
        """Where the @ before the cursor stands, and what is typed behind it."""
        line, column = self.cursor_location
        match = BEGUN.search(self.document.get_line(line)[:column])
        return ((line, match.start()), match[1]) if match and self.selection.is_empty else (None, "")

    def _offer(self) -> None:
        place, typed = self._begun()
        if place != self._left:
            self._left = None
        if place is None or self._left is not None or not self.has_focus:
            people: People = ()
        else:
            people = [person for person in completions(typed, self._everybody) if person[0] != typed]
        self._list.offer(people, self.cursor_screen_offset)

    def _take(self) -> None:
        place, _ = self._begun()
        if place is None:
            return
        line, column = self.cursor_location
        behind = self.document.get_line(line)[column : column + 1]
        gap = "" if behind.strip() == "" and behind else " "
        self.replace(f"@{self._list.login}{gap}", place, (line, column), maintain_selection_offset=False)
