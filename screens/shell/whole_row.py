"""What a row under the cursor has no room for stands whole on a line above the keys, and whose initials those are; unless its
page stands beside the list."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from typing import Any

from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from screens.terminal.text import one_line, wrap
from screens.widgets.columns import initials_of
from screens.widgets.lines import Lines
from screens.widgets.row import Row
from screens.widgets.row_painter import text_and_style
from screens.widgets.rows import Rows

BETWEEN = " · "
MOST_LINES = 3
BEGINNING = 3
"""So many letters of a cut text are to be seen at least; of a column that has no place there is nothing."""


class WholeRow(Lines):
    """Blank while nothing is cut: the list keeps its height. Drawn anew only when it says something else."""

    def __init__(self) -> None:
        super().__init__()
        self._lines = [""]

    def show(self, text: str, width: int) -> None:
        """`width`: of the screen. A screen that is being left mounts nothing more, so the line may have no screen."""
        lines = wrap(text, max(2, width - 2))[:MOST_LINES]
        if lines != self._lines:
            if len(lines) != len(self._lines):
                self.styles.height = len(lines)
            self._lines = lines
            self.refresh()

    def render_line(self, y: int) -> Strip:
        text = self._lines[y] if y < len(self._lines) else ""
        return self.strip_of([(" " + text, "muted")], self.size.width)


def show_whole_row(screen: Screen[Any], rows: Rows[Any]) -> None:
    """On one of the seven screens; the line is there from when it is first needed. It stands above the countdown, which is
    about another row."""
    text, line = whole_text(rows), next(iter(screen.query(WholeRow)), None)
    if line is None and text:
        line = WholeRow()
        screen.mount(line, before=screen.query("Countdown, Footer").first())
    if line is not None:
        line.show(text, screen.size.width)


def show_whole_choice(box: Widget, rows: Rows[Any]) -> None:
    """In the box of a dialog, below the rows to choose from."""
    text, line = whole_text(rows), next(iter(box.query(WholeRow)), None)
    if line is None and text:
        line = WholeRow()
        box.mount(line, after=rows)
    if line is not None:
        line.show(text, rows.size.width)


def whole_text(rows: Rows[Any]) -> str:
    """What of the row under the cursor is cut, whole; empty where nothing is."""
    row = rows.listing.with_cells(rows.row) if rows.row is not None else None
    return BETWEEN.join(cut_texts(row, drawn(rows), rows.painter.names)) if row is not None else ""


def drawn(rows: Rows[Any]) -> str:
    """What stands on the lines of the row under the cursor; empty while it has not been drawn."""
    place = rows.cursor_line()
    if place is None or not rows.size:
        return ""
    y = place.y - rows.content_region.y
    first = rows.render_line(y).text
    below = rows.render_line(y + 1).text if y + 1 < rows.size.height else ""
    return (
        f"{first} {below}" if below[:1] == first[:1] else first
    )  # the cursor's sign stands on each of its lines


def cut_texts(row: Row[Any], shown: str, names: Container[int] = ()) -> Iterable[str]:
    """The cells that are shown and of which a word is missing, whole. `names`: those that may stand as initials."""
    for index, cell in enumerate(row.cells):
        text = one_line(text_and_style(cell)[0]).strip()
        if all(word in shown for word in text.split()):
            continue
        initials = initials_of(text) if index in names else ""
        if text[:BEGINNING] in shown:
            yield text
        elif initials and re.search(rf"\b{re.escape(initials)}\b", shown):
            yield f"{initials}: {text}"
