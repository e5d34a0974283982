"""What the actions on calls ask of their screen, and the form that most of them open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from screens.commands.effective import with_keys
from screens.commands.host import Host, Owner
from screens.dialogs.field_choices import read_link
from screens.dialogs.form import Form, FormField, Values
from screens.shell.acting import needed

if TYPE_CHECKING:
    from fleettui.domain.calls.model import Call
    from fleettui.domain.checklists.model import StepView
    from screens.calls.row_keys import Key

NEEDS_CALL = "Put the cursor on a call; [calls.add] plans one, [calls.take_in] takes in a calendar file."
NEEDS_STEP = "Put the cursor on a step: [list.open] on a call shows them."


class CallBoard(Owner, Protocol):
    @property
    def key(self) -> Key | None:
        """Of the row under the cursor."""

    def call_here(self) -> Call | None:
        """The call that is open, else the one under the cursor."""

    def step_here(self) -> StepView | None: ...

    def enter(self, id_: str, step: str = "") -> None:
        """Show the steps of a call."""

    def go_on(self) -> None:
        """The cursor to the next row."""

    def leave_call(self, goes_to: str) -> None:
        """Back to the list, the cursor on this call."""


def call_of(board: CallBoard) -> Call:
    return needed(board.call_here(), with_keys(NEEDS_CALL))


def step_of(board: CallBoard) -> StepView:
    return needed(board.step_here(), with_keys(NEEDS_STEP))


def ask(
    host: Host, name: str, fields: Sequence[FormField], about: str, save: Callable[[Values], Any], done: str
) -> None:
    """Opens a form; `done` is shown when it is saved."""
    host.push_screen(Form(name, fields, about=about, save=save, saved=lambda _: host.say(done)))


def ask_for_document(board: CallBoard, call: Call) -> None:
    """CALL-6: a form for a document of the agenda."""
    calls = board.workspace.calls
    ask(
        board.fleettui,
        "A document for the agenda",
        [FormField("url", "Link", hint="https://…", reads=read_link), FormField("title", "Called")],
        f"calls attach {call.id}",
        lambda typed: calls.attach(call.id, typed.get("url", ""), typed.get("title", "")),
        "Attached.",
    )
