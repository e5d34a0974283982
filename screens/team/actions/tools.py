"""What the actions on Team have in common: what is under the cursor, and asking for values in a form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from screens.commands.effective import key_of
from screens.dialogs.form import Form, FormField, Values

if TYPE_CHECKING:
    from fleettui.workspace.workspace import Workspace
    from screens.commands.host import Host
    from screens.team.row_keys import TeamKey


class TeamSelection(Protocol):
    """The screen, as far as its actions ask it."""

    @property
    def key(self) -> TeamKey | None:
        """Of the row under the cursor."""

    def go_to(self, key: TeamKey) -> bool:
        """The cursor to that row, if it is shown."""


class TeamTools:
    """What is under the cursor, and a form over the screen."""

    def __init__(self, host: Host, selection: TeamSelection) -> None:
        self.host, self.selection = host, selection

    @property
    def workspace(self) -> Workspace:
        return self.host.workspace

    @property
    def person(self) -> str:
        """The login of the person under the cursor; empty where another row is."""
        key = self.selection.key
        return key if isinstance(key, str) else ""

    def ask(
        self,
        title: str,
        fields: Sequence[FormField],
        about: str,
        save: Callable[[Values], Any],
        message: Callable[[Any], str],
        stale: Callable[[], None] = lambda: None,
    ) -> None:
        """A form over the screen; `message` tells what came of it, from what `save` returned."""

        def saved(result: Any) -> None:
            self.host.say(f"{message(result)} {key_of('app.undo')} takes it back.")
            self.host.announce("team")

        self.host.announce("team", self.person or None, typing=True)
        self.host.push_screen(Form(title, fields, about=about, save=save, saved=saved, stale=stale))
