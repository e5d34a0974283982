"""Undo and redo from the keyboard: what was done is said, and what goes further than this screen and session is asked first."""

from __future__ import annotations

from collections.abc import Callable, Container
from functools import partial
from typing import TYPE_CHECKING, Protocol

from fleettui.workspace.history import Undone
from screens.dialogs.choosing import Sure

if TYPE_CHECKING:
    from fleettui.workspace.undoing import Step
    from screens.commands.host import Host


class Turn(Protocol):
    """`undo` or `redo` of the history."""

    def __call__(self, *, here: Container[str]) -> Undone: ...


def turn(host: Host, act: Turn, doing: str) -> None:
    """Undo or redo once; `doing` is what it is called where it fails."""
    write = partial(host.write, then=partial(_say, host), doing=doing, keys_wait=True)
    write(partial(act, here=host.base_screen.CHANGES), refused=partial(_refused, host, write, doing))


def _say(host: Host, undone: Undone) -> None:
    host.base_screen.came_back(undone.ids)
    host.say(undone.text, seconds=8)


def _refused(host: Host, write: Callable[[Callable[[], Undone]], None], doing: str, error: Exception) -> None:
    from fleettui.workspace.undoing import Unsure

    if not isinstance(error, Unsure):
        host.report(error, doing)
    elif not isinstance(host.screen, Sure):  # pressed twice, before the question was there
        _ask(host, error.step, write)


def _ask(host: Host, step: Step, write: Callable[[Callable[[], Undone]], None]) -> None:
    def answered(key: str | None) -> None:
        if key == Sure.YES:
            write(partial(host.workspace.history.take_back, step))
        else:
            host.say("Nothing was taken back." if not step.is_redo else "Nothing was done again.")

    yes = "Yes, do it again" if step.is_redo else "Yes, take it back"
    host.push_screen(Sure(f"{step.intent}? {step.why_ask}", yes), answered)
