"""Every command of the app, declared once: in everywhere.py and by_screen.py.

From here come the key bindings, the footer, the palette, the help screen and docs/keys.md. A command `team.edit` is carried
out by the method `do_edit` of whatever owns the scope `team` (see dispatch.py). The id is also what a user's keymap names, so
ids do not change.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from screens.commands.by_screen import BY_SCREEN
from screens.commands.command import ANYWHERE, OWN, Command
from screens.commands.everywhere import EVERYWHERE

if TYPE_CHECKING:
    from textual.binding import BindingType

COMMANDS = EVERYWHERE + BY_SCREEN

BY_ID = {command.id: command for command in COMMANDS}


def use_own(commands: Iterable[Command]) -> None:
    """From now on these are the person's own commands, beside ours."""
    for id_ in [id_ for id_ in BY_ID if id_.startswith(f"{OWN}.")]:
        del BY_ID[id_]
    BY_ID.update((command.id, command) for command in commands)


SCOPES = {
    ANYWHERE: "Anywhere",
    "list": "In every list",
    "board": "On a screen with a list",
    "page": "In a longer text",
    "finding": "While searching in a text",
    "filter": "While filtering",
    "form": "In a form",
    "picker": "While choosing",
    "arrange": "Among columns and orders",
    "preview": "Before a calendar file is taken",
    "help": "On this page",
    "composer": "While writing an answer",
    "sheet": "In an explanation",
    "walk": "Before a macro is carried out",
    "inbox": "In the inbox",
    "plain": "In the plain mode (`fleettui --plain`)",
    "tour": "In the tour (`fleettui tour`)",
    "number": "While typing the number of a row",
    "triage": "On Triage",
    "calls": "On Calls",
    "rituals": "On Rituals",
    "columns": "Among columns",
    "today": "On Today",
    "playbooks": "On Playbooks",
    "customers": "On Customers",
    "team": "On Team",
}


def in_scope(scope: str) -> list[Command]:
    """In the order in which they are declared."""
    return [command for command in COMMANDS if command.scope == scope]


def bindings(scope: str, on: str = "", only: str = "") -> list[BindingType]:
    """What Textual needs to know of a scope's keys; each carries its command's id, for a keymap. `on="screen."`: the screen
    carries them out, not the widget that has the keys. `only`: the keys of that command."""
    from textual.binding import Binding  # the command line lists keys without Textual

    return [
        Binding(
            command.keys,
            f"{on}command('{command.id}')",
            command.title,
            show=command.footer,
            priority=command.while_typing,
            id=command.id,
        )
        for command in in_scope(scope)
        if only in ("", command.id)
    ]
