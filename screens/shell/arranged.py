"""Where list and page of a screen stand: beside each other, the page below the list, or one at a time.

The terminal's size decides until the person does: `|` turns, `+` and `-` resize, `z` shows only one of them, `_` gives each row
two lines. What was chosen is kept for each screen.
"""

from __future__ import annotations

from typing import ClassVar

from msgspec.structs import replace
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from screens.commands.dispatch import Commanded
from screens.terminal.layouts import LEAST, MOST, STEP, Layout, Turn, keep_layout
from screens.widgets.page import Page
from screens.widgets.rows import Rows

WIDE = 100
"""From this many columns on, list and page are seen together."""
BESIDE = 140
"""From this many columns on, the page stands beside the list, for whoever has not chosen."""
TALL = 28
"""From this many lines on, there is room for the page below the list."""
LEAST_BESIDE, LEAST_BELOW = 80, 16
"""The columns, or lines, without which both cannot be seen at all."""


def turn_of(size: Size, layout: Layout, preferred: Turn = "beside") -> Turn:
    """Where the page stands on a terminal of that size; empty: over the list. `preferred`: on a wide terminal."""
    if layout.zoomed or (layout.zoomed is None and size.width < WIDE):
        return ""
    by_size = preferred if size.width >= BESIDE else "below" if size.height >= TALL else "beside"
    turn = layout.turn or by_size
    if turn == "beside" and size.width < LEAST_BESIDE:
        turn = "below"
    if turn == "below" and size.height < LEAST_BELOW:
        turn = "beside" if size.width >= LEAST_BESIDE else ""
    return turn


class Arranged(Commanded, Screen[None]):
    """A screen with a list and a page."""

    NAME: ClassVar[str]
    TURN: ClassVar[Turn] = "beside"
    """Where the page stands on a wide terminal, for whoever has not chosen."""

    @property
    def chosen(self) -> Layout:
        """As the person has chosen it."""
        return self.fleettui.layouts.get(self.NAME, Layout())

    @property
    def turn(self) -> Turn:
        """Where the page stands now; empty: over the list."""
        if not self.has_class("-wide"):
            return ""
        return "below" if self.has_class("-below") else "beside"

    @property
    def is_wide(self) -> bool:
        """The page is seen together with the list."""
        return self.has_class("-wide")

    @property
    def is_open(self) -> bool:
        """The page has the keys; where there is no room for both, it covers the list."""
        return self.has_class("-open")

    @property
    def page(self) -> Page:
        """What stands beside the list, below it, or over it."""
        return self.query_one(Page)

    def list_part(self) -> Widget:
        """What stands opposite the page."""
        return self.query_one("#list")

    def lay_out(self, size: Size) -> None:
        """List and page as they stand on a terminal of that size."""
        turn = turn_of(size, self.chosen, self.TURN)
        self.set_class(bool(turn), "-wide")
        self.set_class(turn == "below", "-below")
        for rows in self.query(Rows):
            rows.set_two_lines(self.chosen.two_lines)
        self.share_room()

    def share_room(self) -> None:
        """By the part of the screen that the list has."""
        part, turn = self.list_part(), self.turn
        percent = f"{self.chosen.part(turn, self.app.size.width)}%"
        part.styles.width = percent if turn == "beside" else None
        part.styles.height = percent if turn == "below" else None

    def after_layout(self) -> None:
        """List and page stand otherwise now."""

    def _choose(self, layout: Layout) -> None:
        name = self.NAME
        self.fleettui.layouts[name] = layout
        self.lay_out(self.app.size)
        self.after_layout()
        self.fleettui.write_quietly(lambda: keep_layout(name, layout))

    # Commands

    def do_turn(self) -> None:
        if not self.is_wide:
            self.do_zoom()
            return
        turn: Turn = "beside" if self.turn == "below" else "below"
        if turn_of(self.app.size, replace(self.chosen, turn=turn, zoomed=False)) != turn:
            self.fleettui.say("The terminal is too small for that.", "warning")
            return
        self._choose(replace(self.chosen, turn=turn, zoomed=False))
        self.fleettui.say(f"The page {'beside' if turn == 'beside' else 'below'} the list.", seconds=2)

    def do_zoom(self) -> None:
        if self.is_wide:
            self.set_class(self.page.has_focus, "-open")
            self._choose(replace(self.chosen, zoomed=True))
            return
        both = replace(self.chosen, zoomed=False)
        if not turn_of(self.app.size, both):
            self.fleettui.say("The terminal is too small to show list and page together.", "warning")
            return
        self._choose(both)

    def do_larger(self) -> None:
        self._resize(STEP)

    def do_smaller(self) -> None:
        self._resize(-STEP)

    def _resize(self, by: int) -> None:
        """What has the keys gets more room, or less."""
        turn = self.turn
        if not turn:
            self.fleettui.say("Only one is to be seen: z shows list and page together.", "warning")
            return
        now = self.chosen.part(turn, self.app.size.width)
        part = min(MOST, max(LEAST, now - by if self.page.has_focus else now + by))
        if part == now:
            self.fleettui.say(
                "It cannot have more room." if by > 0 else "It cannot have less room.", "warning"
            )
            return
        layout = self.chosen
        self._choose(replace(layout, below=part) if turn == "below" else replace(layout, beside=part))

    def do_lines(self) -> None:
        two = not any(rows.painter.lines > 1 for rows in self.list_part().query(Rows))
        self._choose(replace(self.chosen, two_lines=two))
        self.fleettui.say("Two lines for each row." if two else "One line for each row.", seconds=2)
