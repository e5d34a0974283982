"""A line below the header of every screen: connections that are down and mistakes in the handbook, while there are any."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from fleettui.text.cleaning import fit
from screens.terminal.text import one_line
from screens.widgets.lines import Lines


class Banner(Lines):
    """The first and how many there are; Team lists the connections, Today the mistakes."""

    def __init__(self, troubles: Sequence[str]) -> None:
        super().__init__()
        self._troubles = tuple(troubles)

    def show(self, troubles: Sequence[str]) -> None:
        if tuple(troubles) != self._troubles:
            self._troubles = tuple(troubles)
            self.display = bool(troubles)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        count = len(self._troubles)
        sign = f" ✗ {count} troubles: " if count > 1 else " ✗ "
        text = one_line(self._troubles[0]) if self._troubles else ""
        return self.strip_of([(sign, "bad"), (fit(text, max(0, width - len(sign) - 1)), "bad")], width)
