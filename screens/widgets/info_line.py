"""One line of a screen that says how things stand; drawn anew only when it says something else."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from screens.widgets.lines import Lines, Span


class InfoLine(Lines):
    """A line of spans over the whole width."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._spans: tuple[Span, ...] = ()

    def show(self, spans: Sequence[Span]) -> None:
        """Texts must be clean already (terminal.text)."""
        if tuple(spans) != self._spans:
            self._spans = tuple(spans)
            self.refresh()

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self._spans)

    def render_line(self, y: int) -> Strip:
        return self.strip_of([(" ", ""), *self._spans], self.size.width)
