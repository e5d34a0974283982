"""`fleettui tour`: the app on a demo of its own, with a strip that says what to do next."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from screens.app import FleettuiApp, open_app
from screens.commands.catalogue import bindings
from screens.tour.guide import Guide
from screens.tour.strip import TourStrip
from screens.widgets.header import Header

if TYPE_CHECKING:
    from fleettui.workspace.workspace import Workspace

LOOKS_EVERY = 0.4
"""Seconds."""


class TourApp(FleettuiApp):
    """The app, and a guide beside it who says what to try."""

    CSS_PATH = ["../app.tcss", "../today/screen.tcss"]
    CSS = "TourStrip { height: auto; background: $panel; }"
    BINDINGS: ClassVar[list[BindingType]] = bindings("tour")

    @cached_property
    def guide(self) -> Guide:
        return Guide(self, self._show_strip)

    def _show_strip(self, words: str) -> None:
        base = self.base_screen
        strips = base.query(TourStrip)
        if strips:
            strips.first().show(words)
        elif base.query(Header):
            base.mount(TourStrip(words), after=base.query_one(Header))

    async def on_mount(self) -> None:
        """Beside that of the class above: Textual calls both."""
        self.set_interval(LOOKS_EVERY, self.guide.look)

    def do_next(self) -> None:
        self.guide.skip()


def run(workspace: Workspace) -> int:
    """Its exit code."""
    return open_app(TourApp, workspace, "today", "")
