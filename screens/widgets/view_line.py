"""The views of a list on one line, each with how many rows it shows: where one stands, and what `[` and `]` go to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual import events
from textual.message import Message
from textual.strip import Strip

from fleettui.text.cleaning import fit, width_of
from screens.widgets.info_line import InfoLine
from screens.widgets.lines import Span, cells_of

HERE = "▸"
LEAST = 8
"""Cells of the name of the view where one stands."""


class Tab(NamedTuple):
    key: str
    name: str
    number: str = ""
    """Empty: nobody has counted yet."""

    @property
    def words(self) -> str:
        return f"{self.name} {self.number}".rstrip()


class ViewLine(InfoLine):
    """Drawn by the room that there is: the view where one stands is always to be seen, with as many of its neighbours as fit."""

    class Chosen(Message):
        """By a click."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self) -> None:
        super().__init__(id="view")
        self._tabs: tuple[Tab, ...] = ()
        self._here = ""
        self._around: tuple[tuple[Span, ...], tuple[Span, ...]] = (), ()
        self._spoken = ""
        self._ends: list[tuple[int, str]] = []

    def show_views(
        self, tabs: Sequence[Tab], here: str, before: Sequence[Span], after: Sequence[Span], spoken: str
    ) -> None:
        """`before` and `after` go before the other views where there is little room. `spoken`: the view where one stands, for
        whoever hears it. Texts must be clean already."""
        now = tuple(tabs), here, (tuple(before), tuple(after)), spoken
        if now != (self._tabs, self._here, self._around, self._spoken):
            self._tabs, self._here, self._around, self._spoken = now
            self.refresh()

    @property
    def text(self) -> str:
        before, after = self._around
        return "".join((*(text for text, _ in before), self._spoken, *(text for text, _ in after)))

    def render_line(self, y: int) -> Strip:
        before, after = self._around
        width = self.size.width
        room = width - 1 - cells_of((*before, *after))
        self._ends = []
        spans: list[Span] = [(" ", ""), *before, *self._tab_spans(room, 1 + cells_of(before)), *after]
        return self.strip_of(spans, width)

    def _tab_spans(self, room: int, start: int) -> list[Span]:
        tabs = self._tabs
        if not tabs:
            return []
        here = next((number for number, tab in enumerate(tabs) if tab.key == self._here), 0)
        first, last = fitting([width_of(tab.words) for tab in tabs], here, room)
        spans: list[Span] = [("… ", "muted")] if first else []
        for number in range(first, last):
            tab = tabs[number]
            if number == here:
                least = max(LEAST, room - cells_of(spans) - 1 - width_of(tab.number) - 1)
                name = tab.name if last - first > 1 else fit(tab.name, least)
                spans.append((f"{HERE}{Tab(tab.key, name.rstrip(), tab.number).words}", "heading"))
            else:
                spans.append((f" {tab.name}", ""))
                spans.append((f" {tab.number}" if tab.number else "", "muted"))
            spans.append((" ", ""))
            self._ends.append((start + cells_of(spans), tab.key))
        if last < len(tabs):
            spans.append((f"+{len(tabs) - last}", "muted"))
        return spans

    def on_click(self, event: events.Click) -> None:
        for end, key in self._ends:
            if event.x < end:
                self.post_message(self.Chosen(key))
                return


def fitting(widths: Sequence[int], here: int, room: int) -> tuple[int, int]:
    """Which of them fit beside each other, from the first on if `here` is among them; each takes a sign and a blank more."""
    first = 0
    while first < here and _needed(widths, first, here + 1) > room:
        first += 1
    last = here + 1
    while last < len(widths) and _needed(widths, first, last + 1) <= room:
        last += 1
    return first, last


def _needed(widths: Sequence[int], first: int, last: int) -> int:
    more = 2 if first else 0
    rest = len(widths) - last
    return sum(widths[first:last]) + 2 * (last - first) + more + (len(f"+{rest}") if rest else 0)
