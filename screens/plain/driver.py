"""The driver of the plain mode: keys come in as always, and of all that Textual draws nothing goes out."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from screens.shell.arranged import WIDE
from screens.terminal.clipboard import NO_CLIPBOARD, sent_words
from screens.terminal.driver import LeanDriver

TO_CLIPBOARD = "\x1b]52;"
BELL = "\a"
LINES, NARROWEST = 40, 60
"""The screen that nobody sees: high enough that nothing is left out, and too narrow for a page beside the list."""


class PlainDriver(LeanDriver):
    """A terminal that gets lines of text, the bell, and what is copied."""

    is_linear = True

    def write(self, data: str) -> None:
        """What Textual sends: pictures, and switches of the terminal."""
        if data == BELL or (data.startswith(TO_CLIPBOARD) and sent_words() != NO_CLIPBOARD):
            self.put(data)

    def put(self, text: str) -> None:
        """What the plain mode sends. The thread that writes is there while the app has the terminal."""
        if LeanDriver.in_front is self:
            encoding = sys.__stderr__.encoding if sys.__stderr__ else "ascii"
            super().write(text.encode(encoding, "replace").decode(encoding))

    @property
    def columns(self) -> int:
        """Of the real terminal."""
        try:
            return os.get_terminal_size(self.fileno).columns or 80
        except OSError:
            return 80

    def _get_terminal_size(self) -> tuple[int, int]:
        """Textual's name; it has no public one for a size that is not the terminal's."""
        return max(NARROWEST, min(self.columns, WIDE - 1)), LINES


def can_rise(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal knows how to move its cursor up."""
    return environment.get("TERM", "dumb") not in ("", "dumb", "unknown")
