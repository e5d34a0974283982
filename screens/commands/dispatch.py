"""From a command's id to the method that carries it out, or to the sentence that says why not now.

Whatever owns a scope of commands (the app, a screen, a list) is `Commanded`: its bindings all run
`action_command(id)`, which calls `do_<last word of the id>` of the owner, or of the first of its `actions` that has it. A
mistake in there is reported in one line and the app goes on.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

from textual.actions import SkipAction

from screens.commands.catalogue import BY_ID

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from fleettui.workspace.workspace import Workspace
    from screens.commands.host import Host, Owner


class Commanded:
    """A mixin that makes an App, Screen or Widget an `Owner` of commands; named before them among the bases."""

    actions: Sequence[object] = ()
    """Plain objects beside the owner, made by it: each carries out some of its commands (`do_<verb>`, which call actions of the
    workspace) and may have a `why_not` of its own."""

    @property
    def common_actions(self) -> Sequence[object]:
        """Such objects that all owners of a kind have."""
        return ()

    def why_not(self, command_id: str) -> str | None:
        """A sentence when the command cannot act now; it is shown instead of acting."""
        return None

    @property
    def fleettui(self) -> Host:
        """The app, as far as screens and widgets may ask it."""
        return cast("Host", cast("DOMNode", self).app)

    @property
    def workspace(self) -> Workspace:
        return self.fleettui.workspace

    async def action_command(self, command_id: str) -> None:
        await run_command(self, command_id)


@runtime_checkable
class HasMarks(Protocol):
    """A screen on whose list rows are marked."""

    @property
    def marks_counted(self) -> int:
        """How many rows are marked, as far as the keys are about them."""

    def marked(self) -> Sequence[object]: ...

    def why_not_all(self, verb: str) -> str | None: ...


@runtime_checkable
class SaysWhyNot(Protocol):
    """Whoever can refuse a command."""

    def why_not(self, command_id: str) -> str | None: ...


async def run_command(owner: Owner, command_id: str) -> None:
    """Carry it out, or show the sentence that says why not; a mistake in it is reported and the app goes on."""
    command, app = BY_ID[command_id], owner.fleettui
    try:
        app.note_place()
        for_all = handler_for_all(owner, command.verb)
        refusal = None if for_all else refusal_of(owner, app.screen, command_id)
        if refusal is not None:
            app.say(refusal, "warning")
            return
        done = (for_all or handler_of(owner, command.verb))()
        if inspect.isawaitable(done):
            await done
        await app.wait_for_screen()
    except SkipAction:
        raise
    except Exception as error:
        app.report(error, command.title)


def handler_of(owner: Owner, verb: str) -> Callable[[], Any]:
    """`do_<verb>` of the owner, else of the first of its actions that has it."""
    name = f"do_{verb}"
    handler = _named(owner, name)
    if handler is None:
        raise AttributeError(f"{type(owner).__name__} and its actions have no {name}")
    return handler


def handler_for_all(owner: Owner, verb: str) -> Callable[[], Any] | None:
    """Where rows are marked: `all_<verb>`, which does it to all of them and names those that refuse it."""
    handler = _named(owner, f"all_{verb}")
    return handler if handler and isinstance(owner, HasMarks) and owner.marked() else None


def _named(owner: Owner, name: str) -> Callable[[], Any] | None:
    handlers = (
        getattr(candidate, name, None) for candidate in (owner, *owner.actions, *owner.common_actions)
    )
    return cast("Callable[[], Any] | None", next((handler for handler in handlers if handler), None))


def refusal_of(owner: Owner, screen: object, command_id: str) -> str | None:
    """The first sentence that refuses: the screen is asked first, then the owner of the command and its actions."""
    asked = [owner, *owner.actions, *owner.common_actions]
    if isinstance(screen, Commanded) and screen is not owner:
        asked = [screen, *screen.actions, *screen.common_actions, *asked]
    if isinstance(owner, HasMarks):
        alone = owner.why_not_all(BY_ID[command_id].verb)
        if alone:
            return alone
    refusals = (candidate.why_not(command_id) for candidate in asked if isinstance(candidate, SaysWhyNot))
    return next((refusal for refusal in refusals if refusal), None)
