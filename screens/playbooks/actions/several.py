"""What is done to several marked runs, or steps of a run, and what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from fleettui.domain.checklists.status import every_view
from fleettui.errors import Refused
from screens.commands.effective import key_of
from screens.dialogs.choosing import PersonPicker
from screens.dialogs.several import MarkedBoard, Several
from screens.playbooks.actions.steps import wants_more
from screens.playbooks.row_keys import Key, RunKey, StepKey
from screens.widgets.row import Today

if TYPE_CHECKING:
    from fleettui.domain.playbooks.runs import PlaybookRun
    from fleettui.workspace.workspace import Workspace

ALONE = {
    "begin": "playbooks are begun one by one, each for its customer",
    "fill": "each step asks for something of its own",
    "texts": "each step has a text of its own",
    "send_text": "each text is looked at before it is sent",
    "open": "each step begins something of its own",
    "answer": "each run has questions of its own",
    "again": "each step is repeated for itself",
}


class MarkedPlaybooks(MarkedBoard, Protocol):
    @property
    def inside(self) -> str:
        """The id of the run whose steps are shown; empty: the list."""


class SeveralPlaybooks:
    def __init__(self, board: MarkedPlaybooks) -> None:
        self._board = board

    @property
    def _several(self) -> Several:
        return Several(self._board, "steps" if self._board.inside else "playbooks")

    # Steps

    def all_tick(self) -> None:
        inside = self._board.inside
        self._several.do(lambda within, key: _tick(within, inside, key), "done")

    def all_skip(self) -> None:
        inside = self._board.inside

        def skip(within: Workspace, key: Key, why: str) -> PlaybookRun:
            return within.playbooks.skip(inside, _step(key), why)

        self._several.ask_why("Leave out {}", skip, "left out", "in a few words, for the others")

    def all_decline(self) -> None:
        inside = self._board.inside

        def decline(within: Workspace, key: Key, why: str) -> PlaybookRun:
            return within.playbooks.decline(inside, _step(key), why)

        self._several.ask_why("Decline {}", decline, "declined", "in a few words, for the others")

    def all_hand(self) -> None:
        inside, workspace, several = self._board.inside, self._board.workspace, self._several

        def chosen(login: str | None) -> None:
            if login is not None:
                name = workspace.people.get(login).shown if login else "their roles"
                several.do(
                    lambda within, key: within.playbooks.hand_over(inside, _step(key), login),
                    f"handed to {name}",
                )

        about = several.count_words(len(self._board.marked()))
        picker = PersonPicker(nobody="back to their roles", about=about, today=Today[str](None))
        self._board.fleettui.push_screen(picker, chosen)

    # Runs

    def all_cancel(self) -> None:
        def cancel(within: Workspace, key: Key, why: str) -> PlaybookRun:
            return within.playbooks.cancel(_run(key), why)

        self._several.ask_why("Cancel {}", cancel, "cancelled", "what made it unnecessary")

    def all_reopen(self) -> None:
        self._several.do(lambda within, key: within.playbooks.reopen(_run(key)), "go on")


def _run(key: Key) -> str:
    if not isinstance(key, RunKey):
        raise Refused("This is no playbook that is on its way")
    return key.id


def _step(key: Key) -> str:
    if not isinstance(key, StepKey):
        raise Refused(f"This is no step: {key_of('list.open')} on a playbook that is on its way shows them")
    return key.step


def _tick(within: Workspace, inside: str, key: Key) -> PlaybookRun:
    name, run = _step(key), within.playbooks.find(inside)
    shown = next(view for view in every_view(within.playbooks.view(run)) if view.key == name)
    if shown.state in ("done", "skipped"):
        raise Refused("It is done already")
    if wants_more(run, shown):
        raise Refused("It asks for something: tick it alone")
    return within.playbooks.tick(inside, name)
