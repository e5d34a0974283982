"""Where list and page of a screen stand: beside each other, the page below the list, or one at a time.

The terminal's size decides until the person does: `|` turns, `+` and `-` resize, `z` shows only one of them, `_` gives each row
two lines. What was chosen is kept for each screen.
"""

from __future__ import annotations

from typing import ClassVar

from msgspec.structs import replace
from textual import on
from textual.css.scalar import Scalar
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from screens.commands.dispatch import Commanded
from screens.commands.effective import key_of
from screens.shell.parts import Parts
from screens.terminal.layouts import HALF, LEAST, MOST, STEP, Layout, Turn, keep_layout
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
    parts: Parts
    TURN: ClassVar[Turn] = "beside"
    """Where the page stands on a wide terminal, for whoever has not chosen."""

    arranged_by_view: Layout | None = None
    """As the view that is shown has it, until the person chooses."""

    @property
    def chosen(self) -> Layout:
        """As the person has chosen it, or the view."""
        return self.arranged_by_view or self.fleettui.layouts.get(self.NAME, Layout())

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
        return self.parts.get(Widget, "#list")

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
        self.call_after_refresh(self.fit_list)

    @on(Rows.Counted)
    def fit_list(self) -> None:
        """A list below which the page stands takes no lines that it has no rows for, unless the person has given it some."""
        part = self.list_part()
        room, most = self._height(), None
        if self.turn == "below" and not self.chosen.below and room:
            share = room * HALF // 100
            lists = [rows for rows in part.query(Rows) if rows.display]
            beside = max((part.size.height - rows.size.height for rows in lists), default=0)
            for rows in lists:
                rows.could_have = share - beside
            most = min(
                share,
                beside
                + max((rows.painter.lines_needed(rows.listing.total_lines) for rows in lists), default=share),
            )
        if part.styles.max_height != (most and Scalar.from_number(most)):
            part.styles.max_height = most

    def after_layout(self) -> None:
        """List and page stand otherwise now."""

    def _choose(self, layout: Layout) -> None:
        name = self.NAME
        self.arranged_by_view = None
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
            self.fleettui.say(
                f"Only one is to be seen: {key_of('board.zoom')} shows list and page together.", "warning"
            )
            return
        now = self._part_now(turn)
        part = min(MOST, max(LEAST, now - by if self.page.has_focus else now + by))
        if part == now:
            self.fleettui.say(
                "It cannot have more room." if by > 0 else "It cannot have less room.", "warning"
            )
            return
        layout = self.chosen
        self._choose(replace(layout, below=part) if turn == "below" else replace(layout, beside=part))

    def _height(self) -> int:
        """Of list and page together."""
        return self.parts.get(Widget, "#board").size.height

    def _part_now(self, turn: Turn) -> int:
        """The list's, in percent. Below which the page stands, it may have less than its part."""
        height = self._height()
        if turn == "below" and not self.chosen.below and height:
            seen = self.list_part().outer_size.height * 100 / height
            return max(LEAST, min(HALF, STEP * round(seen / STEP)))
        return self.chosen.part(turn, self.app.size.width)

    def do_lines(self) -> None:
        two = not any(rows.painter.lines > 1 for rows in self.list_part().query(Rows))
        self._choose(replace(self.chosen, two_lines=two))
        self.fleettui.say("Two lines for each row." if two else "One line for each row.", seconds=2)
