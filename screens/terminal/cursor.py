"""Where the terminal's own cursor stands. It is hidden, but magnifiers and Braille lines follow it."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from textual.app import App
from textual.geometry import Offset


@runtime_checkable
class HasCursorLine(Protocol):
    """A widget in which a line is the one that is read: the row of a list, the first line of a text."""

    def cursor_line(self) -> Offset | None:
        """Where that line begins on the screen; None where there is none."""


class CursorFollows(App[int]):
    """The cursor stands on the row that is lit. Textual reads its position whenever it has drawn something, so that
    nothing is drawn or sent for it alone."""

    _elsewhere = Offset(0, 0)

    @property
    def cursor_position(self) -> Offset:
        """In the widget that has the focus: on the line that is read, or where somebody types."""
        focused: object = self.focused if self.screen_stack else None
        if isinstance(focused, HasCursorLine):
            return focused.cursor_line() or self._elsewhere
        typed_at: Offset | None = getattr(focused, "cursor_screen_offset", None)  # of Textual's two fields
        return typed_at or self._elsewhere

    @cursor_position.setter
    def cursor_position(self, position: Offset) -> None:
        """By Textual's fields, which do not know where they stand before they have been drawn."""
        self._elsewhere = position
