"""Every command by its name (Ctrl+P): those of other screens too, which are then gone to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from screens.commands.catalogue import BY_ID, COMMANDS
from screens.commands.command import ANYWHERE, Command, key_words
from screens.commands.dispatch import refusal_of, run_command
from screens.dialogs.picker import Picker
from screens.widgets.columns import Column
from screens.widgets.row import Row

if TYPE_CHECKING:
    from screens.commands.host import Host, Owner


class Palette(Picker):
    """All commands that have a name, to choose from."""

    COLUMNS = (Column("title", width=14), Column("keys", width=8), Column("help", width=20, grow=1, hide=1))
    HINT = "what do you want to do?"

    def choices(self) -> Sequence[Row]:
        return [command_row(self.fleettui, command) for command in COMMANDS if command.in_palette]


def command_row(host: Host, command: Command) -> Row:
    """A command of where we are that cannot act now says why, instead of what it does."""
    here = command.scope in (ANYWHERE, "board", host.base_screen.NAME)
    refusal = refusal_of(owner_of(host, command), host.base_screen, command.id) if here else None
    title = command.title if here else f"{command.scope} {command.title}"
    return Row(
        command.id, (title.capitalize(), (key_words(command.keys), "key"), (refusal or command.help, "muted"))
    )


def owner_of(host: Host, command: Command) -> Owner:
    """Who carries it out."""
    return host if command.scope == ANYWHERE else host.base_screen


async def run_chosen(host: Host, command_id: str | None) -> None:
    """Go where the command belongs, and carry it out."""
    if command_id is None:
        return
    command = BY_ID[command_id]
    if command.scope not in (ANYWHERE, "board"):
        await host.go(command.scope)
    await run_command(owner_of(host, command), command_id)
