"""The line above the footer of every screen: the nearest promise of mine and the time that it has left; while there is one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from textual.screen import Screen
from textual.strip import Strip

from screens.commands.host import Nearest
from screens.terminal.text import one_line
from screens.widgets.footer import Footer
from screens.widgets.lines import Lines

IN_SECONDS = timedelta(minutes=5)
"""From here on it is counted in seconds."""


class Countdown(Lines):
    """It is drawn anew only when it says something else."""

    def __init__(self) -> None:
        super().__init__()
        self._left, self._what = "", ""

    def show(self, nearest: Nearest | None, now: datetime) -> None:
        """None: all is calm, and the line goes."""
        self.display = nearest is not None
        left = left_words(nearest, now) if nearest else ""
        what = one_line(f"{nearest.id} {nearest.subject}") if nearest else ""
        if (left, what) != (self._left, self._what):
            self._left, self._what = left, what
            self.refresh()

    def render_line(self, y: int) -> Strip:
        return self.strip_of([(f" {self._left}: ", "warn"), (self._what, "")], self.size.width)


def show_countdown(screen: Screen[Any], nearest: Nearest | None, now: datetime) -> None:
    """On one of the seven screens; the line is there from when it is first needed."""
    line = next(iter(screen.query(Countdown)), None)
    if line is None and nearest is not None:
        line = Countdown()
        screen.mount(line, before=screen.query_one(Footer))
    if line is not None:
        line.show(nearest, now)


def left_words(nearest: Nearest, now: datetime) -> str:
    """ "3 h 30 m left", "4:09 left"."""
    left = nearest.due - now
    if left >= IN_SECONDS:
        return f"{nearest.left} left"
    seconds = max(0, int(left.total_seconds()))
    return f"{seconds // 60}:{seconds % 60:02} left"
