"""The app: it opens the seven screens, carries out the commands that work anywhere, and goes on when something fails.

It asks the workspace for everything. What takes time or writes runs in one thread beside the event loop (shell/writing.py);
another thread notices what others change (shell/live.py).
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from functools import cached_property, partial, partialmethod
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual.actions import SkipAction
from textual.binding import BindingType
from textual.timer import Timer

from fleettui.errors import WrongUsage
from fleettui.time import wording
from fleettui.time.clock import until_next_minute
from screens.commands.catalogue import bindings
from screens.commands.command import ANYWHERE
from screens.commands.dispatch import Commanded
from screens.commands.host import HeaderLine
from screens.shell import own_keys, troubles
from screens.shell.aside import StepsAside
from screens.shell.ending import Ending, catch_signals
from screens.shell.lasting import LastsAllDay
from screens.shell.leaving import has_selection, how_to_leave, keep_drafts
from screens.shell.live import Watcher, WorkspaceChanged, WorkspaceTrouble
from screens.shell.past_reading import PastReader
from screens.shell.typeahead import KeysInOrder
from screens.shell.writing import WriteThread
from screens.terminal.colours import WearsThemes
from screens.terminal.cursor import CursorFollows
from screens.terminal.driver import LeanDriver
from screens.terminal.layouts import layouts

if TYPE_CHECKING:
    from fleettui.workspace.workspace import Workspace
    from screens.commands.keymap import Keymap
    from screens.commands.place import Place
    from screens.shell.alarm import Alarm
    from screens.shell.board import Board
    from screens.shell.places import Places
    from screens.shell.viewing import BoardViews

T = TypeVar("T")

SCREENS = {
    "today": "TodayScreen",
    "rituals": "RitualsScreen",
    "calls": "CallsScreen",
    "triage": "TriageScreen",
    "playbooks": "PlaybooksScreen",
    "team": "TeamScreen",
    "customers": "CustomersScreen",
}
"""The class of each screen, in `screens/<name>/screen.py`; imported and made when the person first goes there."""


class FleettuiApp(
    Commanded, KeysInOrder, LastsAllDay, StepsAside, CursorFollows, WearsThemes, inherit_bindings=False
):
    """The whole application in the terminal; for everything below it, a `Host`."""

    CSS_PATH = ["app.tcss", "today/screen.tcss"]  # what the first screen needs is read at once
    TITLE = "fleettui"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (76, "-not-narrow")]
    BINDINGS: ClassVar[list[BindingType]] = bindings(ANYWHERE)
    DRIVER: ClassVar[type[LeanDriver]] = LeanDriver

    def __init__(
        self,
        workspace: Workspace,
        first: str = "today",
        keymap: Keymap | None = None,
        *,
        ticket: str = "",
        returns_to: Place | None = None,
    ) -> None:
        """`first`: the screen to begin with; on it a `ticket` is opened, or the place at which somebody left."""
        # given here already: Textual chooses between grey and no colours when it is made, not when it gets its theme
        super().__init__(driver_class=self.DRIVER, ansi_color="NO_COLOR" in os.environ or None)
        self._first, self._ticket, self._returns_to = first, ticket, returns_to
        self._presented: tuple[str, str | None, bool] = first, None, False
        self._workspace, self.last_words = workspace, troubles.LastWords()
        self._writer = WriteThread(self)
        self.write, self.read = self._writer.write, self._writer.read
        self._others: tuple[str, ...] = ()
        self._minute_timer: Timer | None = None
        self.alarm: Alarm | None = None
        self._watcher = Watcher(workspace, self.post_message, self.colours.look)
        self.ending = Ending(self._keep)
        self.layouts = layouts()
        self.colours.begin()
        self._keymap_of_person = keymap
        own_keys.use(self, keymap)

    @property
    def workspace(self) -> Workspace:
        return self._workspace

    # Start and end

    def bell(self) -> None:
        """Textual rings it while it handles the exception on which the app ends."""
        self.last_words.note()
        super().bell()

    def _screen(self, name: str) -> Board[Any]:
        if self.is_screen_installed(name):
            return cast("Board[Any]", self.get_screen(name))
        made = cast("Board[Any]", getattr(import_module(f"screens.{name}.screen"), SCREENS[name])())
        self.install_screen(made, name)
        return made

    async def on_mount(self) -> None:
        self.animation_level = "none"
        if not self.is_headless:
            catch_signals(self.ending, self.close, partial(self.exit, None))
        await self._writer.wait_for(self.workspace.load)
        self.workspace.is_left_for_later = PastReader(self, self._changed).is_left_for_later
        await self.push_screen(self._screen(self._first))
        self._wait_for_minute()
        if self._ticket:
            from screens.shell.links import open_document

            self.call_after_refresh(open_document, self, "ticket", self._ticket)
        elif self._returns_to is not None:
            self.call_after_refresh(self.base_screen.return_to, self._returns_to)
        self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        """What can wait until the first screen is shown."""
        gc.freeze()  # what is loaded now stays: no collection need ever look at it
        gc.enable()
        own_keys.tell(self, self._keymap_of_person)
        self.write_quietly(self._enter)
        self._watcher.start()
        self.colours.settle()
        self.set_timer(1, self._listen_for_calls)

    def _listen_for_calls(self) -> None:
        from screens.calls.bell import CallBell  # after the first screen: it reads the calls

        CallBell(self).look()
        self._alarm_now().look()
        self.write_quietly(self._lay_out_series)

    def _alarm_now(self) -> Alarm:
        from screens.shell.alarm import Alarm  # after the first screen: it reads the inbox

        if self.alarm is None:
            self.alarm = Alarm(self)
            self.when_corner_is_free = self.alarm.tell_soon
        return self.alarm

    def _lay_out_series(self) -> None:
        """The calls of series whose time has come; once a day, whoever is first."""
        if self.workspace.call_series.lay_out():
            self.call_from_thread(self.everything_changed)

    def _enter(self) -> None:
        self.workspace.presence.enter()
        self.workspace.presence.show(*self._presented)

    def on_unmount(self) -> None:
        self._watcher.stop()
        if self.alarm is not None:
            self.alarm.stop()

    # The header, and what others change

    def header_line(self) -> HeaderLine:
        workspace = self.workspace
        now = workspace.now()
        is_open, until = workspace.handbook.calendar.opening(now)
        line = HeaderLine(
            workspace=workspace.name,
            me=workspace.me.shown,
            clock=wording.clock(now, workspace.zone),
            open=is_open,
            opening=wording.opening(is_open, until, now, workspace.zone),
            others=self._others,
            untriaged=len(workspace.queue.untriaged()),
            troubles=workspace.troubles(),
        )
        return self.alarm.header_line(line) if self.alarm else line

    @property
    def has_screens(self) -> bool:
        return self.is_running and len(self.screen_stack) > 1 and bool(self.base_screen.query("Header"))

    def _wait_for_minute(self) -> None:
        if self._minute_timer is not None:
            self._minute_timer.stop()
        self._minute_timer = self.set_timer(until_next_minute(self.workspace.now()), self._minute)

    def _minute(self) -> None:
        if not self.is_running or len(self.screen_stack) < 2:
            return  # the app is ending
        self._wait_for_minute()
        self.base_screen.show_times()
        if self.alarm is not None:
            self.alarm.look(minute=True)
        self.write_quietly(self._lay_out_series)

    on_clock_jumped = _minute  # the computer slept, or its clock was put right: the timer does not know

    @property
    def base_screen(self) -> Board[Any]:
        """The one of the seven that is in front, or below the dialog that is open over it. The stack's first is Textual's own."""
        return cast("Board[Any]", self.screen_stack[1])

    def on_workspace_changed(self, message: WorkspaceChanged) -> None:
        if message.others is not None:
            self._others = message.others
        self._changed(message.names)

    def _changed(self, names: set[str] | None) -> None:
        """Show screens anew that show any of these collections (None: all of them): the one in front now, each other one when
        the person goes there."""
        for name in SCREENS:
            if self.is_screen_installed(name):
                screen = cast("Board[Any]", self.get_screen(name))
                screen.stale = screen.stale or names is None or bool(screen.CONCERNS & names)
        if not self.has_screens:
            return  # the app is ending while the last change is written: there is no screen left
        if self.alarm is not None and names != {"presence"}:
            self.alarm.look()
        current = self.base_screen
        if current.stale:
            current.refill()
        else:
            current.show_header()

    def announce(self, screen: str, looking_at: str | None = None, typing: bool = False) -> None:
        """Let the other sessions see what I look at."""
        self._presented = screen, looking_at, typing
        if self.alarm is not None and looking_at is not None:
            self.alarm.saw(looking_at)
        self.write_quietly(lambda: self.workspace.presence.show(screen, looking_at, typing))

    # Messages to the person

    def report(self, error: Exception, doing: str) -> None:
        """Whatever went wrong is shown in one line, and the app goes on."""
        self.say(troubles.line_about(error, doing, self.workspace.now()), "error", 10)

    def on_workspace_trouble(self, message: WorkspaceTrouble) -> None:
        self.report(message.error, "reading the workspace")

    # Writing

    def write_quietly(self, action: Callable[[], object]) -> None:
        self._writer.quietly(action)

    def everything_changed(self) -> None:
        """After a change of my own: the watcher notices only those of others."""
        self._changed(None)

    def close(self) -> None:
        """What was begun is written first."""
        self._writer.close()
        self.workspace.close()

    def _keep(self) -> None:
        """What is typed, and where one is."""
        keep_drafts(self.screen_stack)
        if self.has_screens:
            self._places.keep(self.workspace.address)

    def exit(self, result: int | None = None, return_code: int = 0, message: Any = None) -> None:
        """In order, whoever asks for it: what is typed is kept, and nothing can hold it up for long."""
        self.ending.begin(return_code)
        self.ending.keep()
        super().exit(result, return_code, message)

    # Commands

    @cached_property
    def _places(self) -> Places:
        from screens.shell.places import Places  # with the first key

        return Places(self)

    def note_place(self) -> None:
        if not self.actions:
            from screens.dialogs.going import Going  # with the first key

            self.actions = (self._places, Going(self))
        self._places.note()

    async def go(self, name: str) -> None:
        """To the screen of that name; what is open over the one in front is closed."""
        while len(self.screen_stack) > 2:
            await self.pop_screen()
        if self.screen.name != name:
            await self.switch_screen(self._screen(name))
            self.announce(name)

    do_today = partialmethod(go, "today")
    do_rituals = partialmethod(go, "rituals")
    do_calls = partialmethod(go, "calls")
    do_triage = partialmethod(go, "triage")
    do_playbooks = partialmethod(go, "playbooks")
    do_team = partialmethod(go, "team")
    do_customers = partialmethod(go, "customers")

    def do_inbox(self) -> None:
        from screens.dialogs.inbox import turn

        turn(self, self._alarm_now())

    def open_views(self, wish: str, views: BoardViews) -> None:
        from screens.dialogs.columns import choose_columns
        from screens.dialogs.views import choose_view, keep_view

        {"choose": choose_view, "keep": keep_view, "columns": choose_columns}[wish](self, views)

    def do_help(self) -> None:
        from screens.dialogs.help import toggle_help

        toggle_help(self)

    def do_undo(self) -> None:
        from screens.dialogs.undoing import turn

        turn(self, self.workspace.history.undo, "undo")

    def do_redo(self) -> None:
        from screens.dialogs.undoing import turn

        turn(self, self.workspace.history.redo, "redo")

    def do_redraw(self) -> None:
        LeanDriver.wire.forget()
        self.screen.refresh()

    def do_leave(self) -> None:
        self.exit(0)

    do_leave_now = do_leave

    def do_how_to_leave(self) -> None:
        if has_selection(self.screen):
            raise SkipAction  # the text copies it
        self.say(how_to_leave(self.screen, is_over=self.screen is not self.base_screen), seconds=8)


def run(workspace: Workspace, first: str = "", ticket: str = "") -> int:
    """Open the app on one of its screens, or on a ticket; else where the person left. Its exit code."""
    return open_app(FleettuiApp, workspace, first, ticket)


def open_app(kind: type[FleettuiApp], workspace: Workspace, first: str, ticket: str) -> int:
    """As it is drawn, or as it is told (plain/app.py)."""
    if first and first not in SCREENS:
        raise WrongUsage(f"there is no screen {first!r}; there are {', '.join(SCREENS)}", field="screen")
    from screens.shell.left import place_left  # not for tests, which begin on Today

    gc.disable()  # until the first screen is there
    place = None if first or ticket else place_left(workspace.address)
    if place is not None and place.screen not in SCREENS:
        place = None
    first = "triage" if ticket else place.screen if place else first or "today"
    keymap = own_keys.keymap_of_person()
    if keymap is not None and keymap.own:
        from screens.dialogs.own_commands import with_own  # few people have any

        kind = with_own(kind, keymap.own)
    app = kind(workspace, first, keymap, ticket=ticket, returns_to=place)
    app.ending.watch_over()
    if not os.environ.get("FLEETTUI_DEBUG"):
        app.error_console.file = app.last_words
    try:
        app.run()
    finally:
        app.ending.begin(app.return_code or 1)
        app.close()
    if app.last_words.keep(workspace.now()):
        sys.stderr.write(f"fleettui: something unexpected ended the app; {troubles.log_file()} says what.\n")
    app.ending.over(app.return_code or 0)
    return app.return_code or 0
