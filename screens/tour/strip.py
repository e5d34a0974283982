"""The lines below the header that say what to do next."""

from __future__ import annotations

import textwrap

from textual.geometry import Size
from textual.strip import Strip

from fleettui.text.cleaning import fit
from screens.widgets.lines import Lines


class TourStrip(Lines):
    """As many lines as the text needs at this width."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words

    def show(self, words: str) -> None:
        if words != self._words:
            self._words = words
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._wrapped(width))

    def _wrapped(self, width: int) -> list[str]:
        return textwrap.wrap(self._words, max(20, width - 2)) or [""]

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        lines = self._wrapped(width)
        text = lines[y] if y < len(lines) else ""
        return self.strip_of([(f" {fit(text, max(0, width - 2))}", "key")], width)
