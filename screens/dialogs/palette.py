"""Everything by its name (Ctrl+P, `:`): commands, tickets, customers, people, calls, rituals, runs, views, settings."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.widget import Widget

from fleettui import access
from fleettui.domain.views import split_id
from fleettui.text.ranking import Thing, prepared
from fleettui.workspace.things import VIEW, key_of, parts_of
from screens.commands.also import ALSO
from screens.commands.catalogue import BY_ID, bindings
from screens.commands.command import ANYWHERE, Command
from screens.commands.dispatch import refusal_of, run_command
from screens.commands.effective import with_keys
from screens.dialogs.dialog import Dialog
from screens.dialogs.finder import COMMAND, SETTING
from screens.dialogs.settings import change_setting, settings
from screens.dialogs.thing_rows import COLUMNS, ThingRows
from screens.shell.links import open_document
from screens.widgets.footer import Footer
from screens.widgets.line_input import LineInput
from screens.widgets.row import Row
from screens.widgets.rows import Rows

if TYPE_CHECKING:
    from screens.commands.host import Host, Owner
    from screens.dialogs.finder import Finder

PLACEHOLDER = "Anything by its name   > commands  # tickets  @ customers, people"
NOTHING = "Nothing has a name like that. [picker.close] closes; [board.filter] on Triage looks in what was written, too."
HERE, EVERYWHERE, ELSEWHERE = 60, 50, 20
"""How likely a command is meant."""


class PaletteInput(LineInput):
    """What is typed into; the keys of a choice come before a text field's own."""

    BINDINGS = bindings("picker", on="screen.")

    def __init__(self) -> None:
        super().__init__(placeholder=PLACEHOLDER, compact=True)
        self.cursor_blink = False

    def watch_value(self, value: str) -> None:
        screen = self.screen
        if self.is_mounted and isinstance(screen, Palette):
            screen.look_for(value)


class Palette(Dialog[str | None]):
    """Dismissed with the key of what was chosen, or with None."""

    BINDINGS = bindings("picker")
    CSS_PATH = Path(__file__).with_name("form.tcss")

    def __init__(self, finder: Finder) -> None:
        super().__init__()
        self._finder = finder
        self._commands: Sequence[Thing] = ()
        self._typed, self._answered = "", ""
        self._looking: asyncio.Task[None] | None = None
        self.rows: Rows[str] = Rows(COLUMNS, empty=with_keys(NOTHING), fill=ThingRows(self.fleettui).filled)
        self.rows.can_focus = False

    def compose(self) -> Iterable[Widget]:
        with Vertical(id="picker"):
            yield PaletteInput()
            yield self.rows
        yield Footer()

    def on_mount(self) -> None:
        self.query_one(PaletteInput).focus()
        self.rows.lead(True)
        self._commands = things_to_do(self.fleettui)
        self._show([command.key for command in self._commands if parts_of(command.key)[0] == COMMAND])
        self._begin()

    # Typing never waits: what was typed is looked for beside it, the newest first

    def look_for(self, typed: str) -> None:
        self._typed = typed
        if self._looking is None or self._looking.done():
            self._begin()

    def _begin(self) -> None:
        self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        while True:
            typed = self._typed
            try:
                keys = await asyncio.to_thread(self._finder.keys, typed, self._commands)
            except Exception as error:
                self.fleettui.report(error, "looking for it")
                return
            if not self.rows.is_attached:  # it was closed meanwhile
                return
            self._show(keys)
            if typed == self._typed:
                return

    def _show(self, keys: Sequence[str]) -> None:
        self.rows.show([Row(key, ()) for key in keys])
        self.rows.do_top()

    async def _answer(self) -> None:
        """What stands there is for what was typed."""
        if self._looking is not None:
            await self._looking

    # Keys

    @on(Rows.Opened)
    async def do_choose(self) -> None:
        await self._answer()
        if self.rows.key is not None:
            self.dismiss(self.rows.key)

    def do_close(self) -> None:
        self.dismiss(None)

    async def do_down(self) -> None:
        await self._answer()
        self.rows.do_down()

    async def do_up(self) -> None:
        await self._answer()
        self.rows.do_up()


def things_to_do(host: Host) -> list[Thing]:
    """Commands and settings. What this account may never do is none of them."""
    refusal = access.current().why_no_files
    commands = [command for command in BY_ID.values() if command.in_palette]
    return [
        *(
            _command(host, command)
            for command in commands
            if not refusal or _refusal(host, command) != refusal
        ),
        *(
            prepared(
                key_of(SETTING, setting.key), (setting.title, *setting.also.split()), "setting", EVERYWHERE
            )
            for setting in settings(host)
        ),
    ]


def _command(host: Host, command: Command) -> Thing:
    here = command.scope in ("board", host.base_screen.NAME)
    weight = HERE if here else EVERYWHERE if command.scope == ANYWHERE else ELSEWHERE
    place = command.id.partition(".")[0]
    names = (command.title, f"{place} {command.title}", *ALSO.get(command.id, "").split())
    return prepared(key_of(COMMAND, command.id), names, command.help, weight, is_loose=True)


def _refusal(host: Host, command: Command) -> str | None:
    return refusal_of(owner_of(host, command), host.base_screen, command.id)


def owner_of(host: Host, command: Command) -> Owner:
    """Who carries it out."""
    return host if command.scope == ANYWHERE else host.base_screen


def open_palette(host: Host, finder: Finder) -> None:
    """Over the screen that is in front."""

    async def go_there(key: str | None) -> None:
        if key is None:
            return
        host.write_quietly(partial(finder.things.choose, key))
        await go_to(host, key)

    host.push_screen(Palette(finder), go_there)


async def go_to(host: Host, key: str) -> None:
    """Carry the command out, or open what was chosen."""
    kind, id_ = parts_of(key)
    if kind == COMMAND:
        await run_chosen(host, id_)
    elif kind == SETTING:
        change_setting(host, id_)
    elif kind == VIEW:
        screen, view = split_id(id_)
        await host.go(screen)
        host.call_later(host.base_screen.go_to_view, view)
    else:
        await open_document(host, kind, id_)


async def run_chosen(host: Host, command_id: str) -> None:
    """Go where the command belongs, and carry it out."""
    command = BY_ID[command_id]
    if command.scope not in (ANYWHERE, "board"):
        await host.go(command.scope)
    await run_command(owner_of(host, command), command_id)
