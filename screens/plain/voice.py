"""What is written in the plain mode: one line under the other, on a terminal that may know no more than line ends.

The cursor stays on the last line: on its first letter where something is read, where the next letter goes where somebody types.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from fleettui.text.cleaning import width_of
from screens.terminal.text import wrap

NARROWEST = 20
BACK = "\b"


class Typed(Struct, frozen=True):
    """A line that somebody types into."""

    name: object
    """Which line it is: the same one is changed where it stands."""
    label: str
    value: str
    at: int
    """How many letters of the value are before the cursor."""

    @property
    def text(self) -> str:
        return f"{self.label}{self.value}"


class Voice:
    """Writes to a terminal: `put` takes what goes there, `columns` says how wide it is. With `can_rise` the terminal moves its
    cursor up, to the beginning of a row that takes several lines."""

    def __init__(self, put: Callable[[str], None], columns: Callable[[], int], *, can_rise: bool) -> None:
        self._put, self._columns, self._can_rise = put, columns, can_rise
        self._has_begun = False
        self._below = 0
        """How many lines are below the cursor's."""
        self._typed: tuple[object, str, int] | None = None
        """The line that is typed into: its name, what stands there, and how many letters are before the cursor."""

    @property
    def room(self) -> int:
        """Not the last column: in it, terminals differ in where the cursor goes."""
        return max(NARROWEST, self._columns()) - 1

    def tell(self, texts: Sequence[str]) -> None:
        """Lines that are read; the cursor goes to the beginning of the last."""
        for text in texts:
            self._tell(text)

    def _tell(self, text: str) -> None:
        lines = [part for line in text.split("\n") for part in wrap(line, self.room)] or [""]
        self._begin_line()
        rise = len(lines) - 1 if self._can_rise else 0
        self._put("\r\n".join(lines) + (f"\x1b[{rise}A" if rise else "") + "\r")
        self._below = rise

    def _begin_line(self) -> None:
        if self._has_begun:
            self._put("\r" + "\n" * (self._below + 1))
        self._has_begun, self._below, self._typed = True, 0, None

    def leave(self) -> None:
        """What comes next is not ours."""
        if self._has_begun:
            self._begin_line()
        self._has_begun = False

    # What is typed

    def show(self, typed: Typed) -> None:
        """The line that is typed into, as it is now: changed where it stands, or on a line of its own."""
        shown, at = self._part_of(typed)
        if self._typed is None or self._typed[0] != typed.name:
            self._begin_line()
            self._put(shown + BACK * width_of(shown[at:]))
        else:
            _, before, was_at = self._typed
            self._put(edit(before, was_at, shown, at))
        self._typed = typed.name, shown, at

    def _part_of(self, typed: Typed) -> tuple[str, int]:
        """What of it there is room for: what stands before the cursor."""
        text, at = typed.text, len(typed.label) + typed.at
        start = 0
        while width_of(text[start:at]) > self.room:
            start += max(1, self.room // 3)
        end = len(text)
        while width_of(text[start:end]) > self.room:
            end -= 1
        return text[start:end], at - start


def edit(before: str, was_at: int, after: str, at: int) -> str:
    """What changes a line of a terminal that knows no more than "one back", from one text and cursor to the other."""
    same = _common(before, after)
    if same == len(before) == len(after):
        return _moved(before, was_at, at)
    gone = max(0, width_of(before[same:]) - width_of(after[same:]))
    rest = after[same:] + " " * gone
    return _moved(before, was_at, same) + rest + BACK * (width_of(after[at:]) + gone)


def _moved(text: str, start: int, end: int) -> str:
    """Forward by writing the letters again."""
    return text[start:end] if end >= start else BACK * width_of(text[end:start])


def _common(one_text: str, other: str) -> int:
    """How many letters both begin with."""
    for number, (first, second) in enumerate(zip(one_text, other, strict=False)):
        if first != second:
            return number
    return min(len(one_text), len(other))
