"""`fleettui --plain`: the same app for ears and fingers. Nothing is drawn; what changes is written in lines.

It is the app itself, with its screens, keys and dialogs: `driver.py` keeps from the terminal what Textual draws, `reading.py`
reads the widgets, `telling.py` says what is another than before, and `voice.py` writes it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import events
from textual.binding import BindingType

from screens.app import FleettuiApp, open_app
from screens.commands.catalogue import bindings
from screens.plain.driver import PlainDriver, can_rise
from screens.plain.number import RowNumber
from screens.plain.reading import rows_of
from screens.plain.telling import Telling
from screens.plain.voice import Voice
from screens.terminal.driver import LeanDriver
from screens.widgets.header import Header
from screens.widgets.page import Page

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

    from fleettui.workspace.workspace import Workspace
    from screens.commands.host import HeaderLine

T = TypeVar("T")


class PlainApp(FleettuiApp):
    """The app, told instead of drawn."""

    DRIVER = PlainDriver
    PUTS_RIGHT = b""  # a terminal of lines may know none of these codes, and nothing of ours changed it
    CSS_PATH = ["../app.tcss", "../today/screen.tcss"]
    CSS = "Page { height: 1 !important; }"  # so that the first line that is seen is the one that is read
    BINDINGS: ClassVar[list[BindingType]] = bindings("plain")

    @cached_property
    def _telling(self) -> Telling:
        return Telling(self, Voice(self._put, self._columns, can_rise=can_rise()))

    def _put(self, text: str) -> None:
        if isinstance(LeanDriver.in_front, PlainDriver):
            LeanDriver.in_front.put(text)

    def _columns(self) -> int:
        front = LeanDriver.in_front
        return front.columns if isinstance(front, PlainDriver) else self.size.width

    @property
    def is_under_way(self) -> bool:
        """Something is being saved, or a screen is opening: what it comes to is soon to be told."""
        is_saving = any(worker.group == "writes" and worker.is_running for worker in self.workers)
        focused = self.screen.focused
        is_opening = not self.screen.is_mounted or (
            isinstance(focused, Page) and not focused.content_size.width
        )
        return is_saving or is_opening

    @property
    def header(self) -> HeaderLine:
        """What stands on every screen."""
        return self.base_screen.query_one(Header).line

    async def on_mount(self) -> None:
        """Beside that of the class above: Textual calls both."""
        self.app_suspend_signal.subscribe(self, lambda _: self._telling.end())
        self.app_resume_signal.subscribe(self, lambda _: self._telling.begin_again())

    def on_unmount(self) -> None:
        self._telling.end()

    # What happens

    def post_display_hook(self) -> None:
        """Textual has drawn something."""
        self._telling.look_soon()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._telling.key()
        await super().on_event(event)

    def say(self, text: str, tone: SeverityLevel = "information", seconds: float = 5) -> None:
        super().say(text, tone, seconds)
        self._telling.message(text)

    # Commands

    def do_redraw(self) -> None:
        self._telling.read_all()

    def do_help(self) -> None:
        from screens.dialogs.help import toggle_help

        toggle_help(self, wraps=False)

    def do_number(self) -> None:
        rows = rows_of(self.screen)
        if rows is None:
            self.say("Only the rows of a list have numbers.")
            return

        def go(number: int | None) -> None:
            if number is not None:
                rows.go_to(rows.listing.key_at(number))

        self.push_screen(RowNumber(rows.listing.count), go)


def run(workspace: Workspace, first: str = "", ticket: str = "") -> int:
    """Open it on one of the screens, or on a ticket; its exit code."""
    return open_app(PlainApp, workspace, first, ticket)
