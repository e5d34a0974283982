"""A row of a list: plain values, given by the screens and drawn by the list widget (rows.py)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic

from msgspec import Struct
from typing_extensions import TypeVar

from screens.widgets.lines import Span

Key = TypeVar("Key", bound=Hashable, default=str)
"""What identifies a row while other rows come and go: an id, or, where a list has rows of several kinds, a frozen struct for
each kind (`row_keys.py` of the screen), as in `Row(StepKey("ladder", "email"), …)`. `Row`, `Rows`, `Board` and `Picker` without
a parameter have strings as keys; others are written `Row[StepKey]`, `Board[CallKey | StepKey]`."""

Cell = str | Span
"""Plain text, or plain text and the name of its style (themes.STYLES)."""


class Row(Struct, Generic[Key], frozen=True, gc=False):
    """A line of a list."""

    key: Key
    cells: tuple[Cell, ...]
    """By column. Where there are fewer than columns, the last has the rest of the line."""
    heading: bool = False
    """A title between rows: its cell over the whole line; the cursor passes it. With several cells it is no title, but what goes
    on from the row above it."""
    style: str = ""
    """For its cells that have none of their own."""
    spoken: str = ""
    """What the plain mode reads of it besides its cells: on the screens it stands outside the list."""

    @property
    def text(self) -> str:
        """Of all cells, for a search that does not distinguish upper and lower case."""
        return " ".join([cell if isinstance(cell, str) else cell[0] for cell in self.cells]).casefold()


class Today(Struct, Generic[Key], frozen=True):
    """Where the cursor of a choice begins when there is a value already."""

    key: Key | None
    """Of the row with today's value. None: there are several values, so Enter must not take one of them by chance."""


MARK_SIGN = "✓"

MANY = 500
"""With so many rows a search is made beside the event loop."""
Aside = Callable[[Callable[[], bool]], Callable[[], Sequence[Row[Any]]]]
"""A search beside the event loop: asked whether it is still wanted, it gives what makes the rows, back on the loop."""

Filter = Callable[[str, Sequence[Row[Key]]], Sequence[Row[Key]]]
"""From what was typed and all rows to those that are shown, in their order."""
