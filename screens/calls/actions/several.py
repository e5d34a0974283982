"""What is done to several marked calls, or steps of a call, and what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from fleettui.domain.calls.gate import has_links
from fleettui.domain.calls.policy import AGENDA_FACT, NUMBER_STEP
from fleettui.errors import Refused
from screens.calls.row_keys import CallKey, Key, NextStepKey, StepKey
from screens.commands.effective import key_of
from screens.dialogs.form import Values
from screens.dialogs.several import MarkedBoard, Several

if TYPE_CHECKING:
    from fleettui.domain.calls.model import Call
    from fleettui.workspace.workspace import Workspace
    from screens.calls.actions.planning import CallPlanning

ALONE = {
    "nobody": "the ladder is gone up for one customer",
    "rebook": "each call gets a time of its own",
    "here": "one customer comes into one call",
    "over": "each call went in its own way; [calls.held] says of all of them that they took place",
    "agree": "a next step is agreed in one call",
    "proof": "each step has a proof of its own",
    "slots": "other times are offered to one customer",
    "slots_file": "other times are offered to one customer",
    "send_text": "each text is looked at before it is sent",
    "notes_name": "each call has notes of its own",
    "attach": "a document belongs to one call",
}


class MarkedCalls(MarkedBoard, Protocol):
    @property
    def inside(self) -> str:
        """The id of the call whose steps are shown; empty: the list."""


class SeveralCalls:
    def __init__(self, board: MarkedCalls, planning: CallPlanning) -> None:
        self._board, self._planning = board, planning

    @property
    def _several(self) -> Several:
        return Several(self._board, "steps" if self._board.inside else "calls")

    def all_tick(self) -> None:
        inside = self._board.inside
        self._several.do(lambda within, key: _tick(within, inside, key), "done")

    def all_skip(self) -> None:
        inside = self._board.inside

        def skip(within: Workspace, key: Key, why: str) -> object:
            return within.calls.steps.skip(inside, _step(key), why)

        self._several.ask_why("Leave out {}", skip, "left out", "in a few words, for the others")

    def all_cancel(self) -> None:
        def cancel(within: Workspace, key: Key, why: str) -> Call:
            return within.calls.cancel(_call(key), why)

        self._several.ask_why("{} will not take place", cancel, "cancelled", "in a few words")

    def all_held(self) -> None:
        self._several.do(lambda within, key: within.calls.held(_call(key)), "took place")

    def all_edit(self) -> None:
        workspace = self._board.workspace

        def values(key: Any) -> Values:
            call = workspace.calls.get(key.id) if isinstance(key, CallKey) else None
            return self._planning.values(call) if call else {}

        self._several.edit(
            self._planning.fields({}),
            values,
            lambda within, key, typed: within.calls.edit(_call(key), typed),
        )


def _call(key: Key) -> str:
    if not isinstance(key, CallKey):
        raise Refused("This is a part of a call; go back to the list, and mark the call")
    return key.id


def _step(key: Key) -> str:
    if not isinstance(key, StepKey):
        raise Refused(f"This is no step: {key_of('list.open')} on a call shows them")
    return key.step


def _tick(within: Workspace, inside: str, key: Key) -> object:
    if isinstance(key, NextStepKey):
        return within.calls.next_step_done(inside, key.key)
    name, call, steps = _step(key), within.calls.find(inside), within.calls.steps
    shown = within.calls.view(call).step(name)
    if shown is None or shown.state in ("done", "skipped"):
        raise Refused("It is done already")
    if name == NUMBER_STEP or has_links(call, name) or shown.fact == AGENDA_FACT:
        raise Refused("It asks or tries something: tick it alone")
    why = steps.why_early(call, name)
    if why:
        raise Refused(f"{why}: tick it alone")
    return steps.check(call.id, name)
