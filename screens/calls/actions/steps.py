"""What is done with one step of a call: ticked, tried, ticked by hand, left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

from fleettui.domain.calls.policy import DOCUMENTS_STEP, LINK_STEP
from screens.calls.actions.asking import CallBoard, ask, call_of, step_of
from screens.calls.row_keys import NextStepKey
from screens.dialogs.form import FormField
from screens.shell.acting import change

if TYPE_CHECKING:
    from fleettui.domain.calls.model import Call
    from fleettui.domain.checklists.model import StepView


class TriedLink(Protocol):
    """What came of trying a link; the network's own type is not for screens."""

    @property
    def url(self) -> str: ...

    @property
    def works(self) -> bool: ...

    @property
    def text(self) -> str: ...


class StepActions:
    def __init__(self, board: CallBoard) -> None:
        self._board = board

    def do_tick(self) -> None:
        board, key, step, call = self._board, self._board.key, self._board.step_here(), call_of(self._board)
        calls = board.workspace.calls
        if isinstance(key, NextStepKey):
            change(board.fleettui, partial(calls.next_step_done, call.id, key.key), "Done.")
        elif step is None:
            board.enter(call.id)
        elif step.state in ("done", "skipped"):
            uncheck = partial(calls.uncheck, call.id, step.key)
            change(board.fleettui, uncheck, f"{step.label}: open again.")
        else:
            self._tick(call, step)

    def _tick(self, call: Call, step: StepView) -> None:
        """The link and the documents are tried by the product; everything else a person confirms."""
        calls = self._board.workspace.calls
        if step.key == LINK_STEP and call.join_url:
            self._try(lambda: [calls.test_link(call.id)], step)
        elif step.key == DOCUMENTS_STEP and any(document.url for document in call.documents):
            self._try(partial(calls.test_documents, call.id), step)
        else:
            check = partial(calls.check, call.id, step.key)
            change(self._board.fleettui, check, f"Done: {step.label}.", self._board.go_on)

    def _try(self, test: Callable[[], Sequence[TriedLink]], step: StepView) -> None:
        """In a thread of its own: what is being saved must not wait for a slow link."""
        host = self._board.fleettui
        host.say(f"{step.label}: trying … (p ticks it by hand)", seconds=10)
        host.run_worker(partial(self._tried, test), group="links", thread=True, exit_on_error=False)

    def _tried(self, test: Callable[[], Sequence[TriedLink]]) -> None:
        host = self._board.fleettui
        try:
            answers = test()
        except Exception as error:
            host.call_from_thread(host.report, error, "trying the link")
            return
        host.call_from_thread(self._show_answers, answers)

    def _show_answers(self, answers: Sequence[TriedLink]) -> None:
        host = self._board.fleettui
        bad = [answer for answer in answers if not answer.works]
        text = "; ".join(
            f"{answer.url}: {answer.text}" if len(answers) > 1 else answer.text for answer in bad or answers
        )
        host.everything_changed()
        host.say(("✗ " if bad else "✓ ") + text, "warning" if bad else "information", 10)

    def do_proof(self) -> None:
        board, call, step = self._board, call_of(self._board), step_of(self._board)
        hint = step.step.evidence.what if step.step.evidence else "what proves it, in a few words"
        ask(
            board.fleettui,
            f"By hand: {step.label}",
            [FormField("evidence", "Proof", hint=hint)],
            f"calls proof {call.id} {step.key}",
            lambda typed: board.workspace.calls.check(call.id, step.key, typed.get("evidence", "")),
            "Done.",
        )

    def do_skip(self) -> None:
        board, call, step = self._board, call_of(self._board), step_of(self._board)
        ask(
            board.fleettui,
            f"Leave out: {step.label}",
            [FormField("why", "Why", hint="in a few words, for the others")],
            f"calls skip {call.id} {step.key}",
            lambda typed: board.workspace.calls.skip(call.id, step.key, typed.get("why", "")),
            "Left out.",
        )
