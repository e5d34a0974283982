"""What is drawn line by line: spans of plain text with a style's name, turned into a Strip with as few changes of
style as can be, because each of them is sent over the wire."""

from __future__ import annotations

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.theme import Theme
from textual.widget import Widget

from fleettui.text.cleaning import fit, width_of
from screens.terminal.themes import look_of

Span = tuple[str, str]
"""Text, and the name of its style: one of themes.STYLES, or "" for the plain one."""

PAINTED = ("here", "match")
"""Styles with a background of their own. In all others blanks look alike, and go with their neighbours' style."""


def cells_of(spans: Iterable[Span]) -> int:
    """How wide they are."""
    return sum(width_of(text) for text, _ in spans)


class Lines(Widget):
    """A widget that draws its lines itself. Its strips must be exactly as wide as it is."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._styles: dict[tuple[str, str], Style] = {}
        self._theme: Theme | None = None
        """Its colours were drawn last."""

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles = {}
        theme = self.app.current_theme
        if (
            theme is not self._theme
        ):  # a colour may be new that is only in the text, of which Textual knows nothing
            self._theme = theme
            self.refresh()

    def style_named(self, name: str, line: str = "") -> Style:
        """The style of a span on a line that has itself a style (the cursor's, say)."""
        style = self._styles.get((name, line))
        if style is None:
            style = self._styles[name, line] = self._mixed_style(name, line)
        return style

    def _mixed_style(self, name: str, line: str) -> Style:
        styles = look_of(self.app.current_theme).styles
        style = self.rich_style
        if line:
            style += styles[line]
        if name and not style.reverse:  # colours turned over are blots
            style += styles[name]
        return style

    def strip_of(self, spans: Iterable[Span], width: int, line: str = "") -> Strip:
        """One line of exactly `width` cells. The texts of the spans must be clean already (terminal.text)."""
        segments: list[Segment] = []
        text, name, left = "", "", width
        for piece, style in spans:
            if left <= 0:
                break
            cells = width_of(piece)
            if cells > left:
                piece = fit(piece, left)
                cells = width_of(piece)
            left -= cells
            if style == name or (name not in PAINTED and not piece.strip(" ")):
                text += piece
            elif name not in PAINTED and not text.strip(" "):
                text, name = text + piece, style
            else:
                segments.append(Segment(text, self.style_named(name, line)))
                text, name = piece, style
        if name in PAINTED and left:
            segments.append(Segment(text, self.style_named(name, line)))
            text, name = "", ""
        segments.append(Segment(text + " " * left, self.style_named(name, line)))
        return Strip(segments, width)
