"""The keys that work where one is (?), from the same declarations that bind them; Enter does what the row says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.screen import Screen
from textual.widget import Widget

from screens.commands.catalogue import BY_ID, SCOPES, bindings
from screens.commands.command import UNBOUND, chord_word
from screens.commands.dispatch import Commanded
from screens.dialogs.palette import run_chosen
from screens.shell.signs import EXPLAINED
from screens.widgets.columns import Column
from screens.widgets.footer import Footer
from screens.widgets.header import Header
from screens.widgets.row import Row
from screens.widgets.rows import Rows

SIGNS = "header: ● open   ○ closed   ▌ the cursor   ✓ marked or done   …  there is more"


class HelpScreen(Commanded, Screen[None]):
    """The keys that work where help was asked for; Enter runs a command."""

    BINDINGS = bindings("help")
    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("keys", width=14),
        Column("help", width=58, grow=1),
        Column("id", width=18, hide=1),
    )

    def __init__(self, keys: dict[str, list[str]], here: str) -> None:
        """`keys` of the commands that worked where help was asked for."""
        super().__init__()
        self._keys, self._here = keys, here

    def compose(self) -> Iterable[Widget]:
        yield Header(self._here)
        yield Rows(self.COLUMNS)
        yield Footer()

    def on_mount(self) -> None:
        self.query_one(Header).show(self.fleettui.header_line())
        rows = self.query_one(Rows)
        rows.show(help_rows(self._keys, self._here))
        rows.focus()

    @on(Rows.Opened)
    async def _run(self, event: Rows.Opened) -> None:
        app = self.fleettui
        self.do_close()
        if BY_ID[event.row.key].in_palette:
            app.call_later(run_chosen, app, event.row.key)

    def do_close(self) -> None:
        if self.is_current:  # not twice: the screen below would close
            self.app.pop_screen()


def keys_now(screen: Screen[object]) -> dict[str, list[str]]:
    """The commands that the focused widget, its screen and the app answer to, and by which keys."""
    keys: dict[str, list[str]] = {}
    for key, active in screen.active_bindings.items():
        if active.binding.id in BY_ID and key != UNBOUND:
            keys.setdefault(active.binding.id, []).append(chord_word(key))
    return keys


def help_rows(keys: dict[str, list[str]], here: str = "") -> Sequence[Row]:
    """What belongs to this place alone comes first."""
    rows = []
    for scope, title in reversed(SCOPES.items()):
        commands = [command for command in BY_ID.values() if command.scope == scope and command.id in keys]
        if commands:
            rows.append(Row(f"scope {scope}", (title,), heading=True))
        rows += [
            Row(command.id, ((" ".join(keys[command.id]), "key"), command.help, (command.id, "muted")))
            for command in commands
        ]
    signs = [Row(f"signs {line}", ((line, ""),), heading=True) for line in (*EXPLAINED.get(here, ()), SIGNS)]
    return [*rows, Row("signs", ("Signs",), heading=True), *signs]
