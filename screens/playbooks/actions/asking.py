"""What the actions on playbooks ask of their screen; how they open a form and write."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from screens.commands.effective import key_of, with_keys
from screens.commands.host import Owner
from screens.dialogs.form import Form, FormField, Values
from screens.shell.acting import change, needed

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import StepView
    from fleettui.domain.playbooks.runs import PlaybookRun
    from screens.playbooks.row_keys import Key
    from screens.widgets.rows import Rows


NEEDS_RUN = "Put the cursor on a playbook that is on its way; [playbooks.begin] begins one."
NEEDS_STEP = "Put the cursor on a step: [list.open] on a playbook that is on its way shows them."


class PlaybookBoard(Owner, Protocol):
    @property
    def rows(self) -> Rows[Key]: ...

    @property
    def key(self) -> Key | None:
        """Of the row under the cursor."""

    def run_here(self) -> PlaybookRun | None:
        """The run that is open, else the one under the cursor."""

    def step_here(self) -> StepView | None: ...

    def enter(self, id_: str, step: str = "") -> None:
        """Show the steps of a run."""

    def show_all(self) -> None:
        """Show the list of all playbooks."""


def run_of(board: PlaybookBoard) -> PlaybookRun:
    return needed(board.run_here(), with_keys(NEEDS_RUN))


def step_of(board: PlaybookBoard) -> StepView:
    return needed(board.step_here(), with_keys(NEEDS_STEP))


def write(
    board: PlaybookBoard, action: Callable[[], Any], done: str, *, then: Callable[[], None] = lambda: None
) -> None:
    """`done` is shown when it is written."""
    change(board.fleettui, action, f"{done} {key_of('app.undo')} takes it back.", then)


def ask(
    board: PlaybookBoard,
    name: str,
    fields: list[FormField],
    about: str,
    save: Callable[[Values], Any],
    done: str,
) -> None:
    """Opens a form; `done` is shown when it is saved."""
    host, run = board.fleettui, board.run_here()
    host.announce("playbooks", run.id if run else None, typing=True)
    form = Form(
        name,
        fields,
        about=about,
        save=save,
        saved=lambda _: host.say(f"{done} {key_of('app.undo')} takes it back."),
    )
    host.push_screen(form)
