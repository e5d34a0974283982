"""From a command's id to the method that carries it out, or to the sentence that says why not now.

Whatever owns a scope of commands (the app, a screen, a list) is `Commanded`: its bindings all run
`action_command(id)`, which calls `do_<last word of the id>`. A mistake in there is reported in one line and the app
goes on.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, cast

from textual.actions import SkipAction

from screens.commands.catalogue import BY_ID

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from fleettui.workspace.workspace import Workspace
    from screens.app import FleettuiApp


class Commanded:
    """A mixin for App, Screen and Widget; named before them among the bases."""

    def why_not(self, command_id: str) -> str | None:
        """A sentence when the command cannot act now; it is shown instead of acting."""
        return None

    @property
    def fleettui(self) -> FleettuiApp:
        return cast("FleettuiApp", cast("DOMNode", self).app)

    @property
    def workspace(self) -> Workspace:
        return self.fleettui.workspace

    async def action_command(self, command_id: str) -> None:
        await run_command(self, command_id)


async def run_command(owner: Commanded, command_id: str) -> None:
    command, app = BY_ID[command_id], owner.fleettui
    try:
        refusal = refusal_of(owner, app.screen, command_id)
        if refusal is not None:
            app.say(refusal, "warning")
            return
        done = getattr(owner, f"do_{command.verb}")()
        if inspect.isawaitable(done):
            await done
        await app.screen_is_there()
    except SkipAction:
        raise
    except Exception as error:
        app.report(error, command.title)


def refusal_of(owner: Commanded, screen: object, command_id: str) -> str | None:
    """The screen is asked first, then whoever would act."""
    if isinstance(screen, Commanded) and screen is not owner and (said := screen.why_not(command_id)):
        return said
    return owner.why_not(command_id)
