"""`fleettui --plain tour`: the tour for ears and fingers. Each step is said when it begins, and again with the whole screen."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from screens.app import open_app
from screens.commands.catalogue import bindings
from screens.plain.app import PlainApp
from screens.tour.app import LOOKS_EVERY
from screens.tour.guide import Guide

if TYPE_CHECKING:
    from fleettui.workspace.workspace import Workspace


class PlainTourApp(PlainApp):
    """The app in lines, and a guide who says what to try."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("tour")
    _step_said = ""

    @cached_property
    def guide(self) -> Guide:
        return Guide(self, self._say_once)

    def _say_once(self, words: str) -> None:
        if words != self._step_said:
            self._step_said = words
            self.say(words)

    async def on_mount(self) -> None:
        """Beside that of the class above: Textual calls both."""
        self.set_interval(LOOKS_EVERY, self.guide.look)

    def do_redraw(self) -> None:
        super().do_redraw()
        self.say(self.guide.words)

    def do_next(self) -> None:
        self.guide.skip()


def run(workspace: Workspace) -> int:
    """Its exit code."""
    return open_app(PlainTourApp, workspace, "today", "")
