"""What is done with one step of a call: ticked, tried, ticked by hand, left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

from fleettui.domain.calls.gate import has_links
from fleettui.domain.calls.policy import AGENDA_FACT, DOCUMENTS_STEP, LINK_STEP, NUMBER_STEP
from screens.calls.actions.asking import CallBoard, ask, ask_for_document, call_of, step_of
from screens.calls.row_keys import NextStepKey
from screens.commands.effective import key_of
from screens.dialogs.choosing import Sure
from screens.dialogs.form import FormField, choices_of
from screens.dialogs.picker import Picker
from screens.shell.acting import change
from screens.widgets.row import Row

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


class DocumentsPicker(Picker[str]):
    HINT = "Are there documents for the agenda?"

    def choices(self) -> Sequence[Row[str]]:
        return [Row("none", ("No: there are none",)), Row("attach", ("Yes: attach one",))]


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
            uncheck = partial(calls.steps.uncheck, call.id, step.key)
            change(board.fleettui, uncheck, f"{step.label}: open again.")
        else:
            self._tick(call, step)

    def _tick(self, call: Call, step: StepView) -> None:
        """The link and the documents are tried by the product; everything else a person confirms."""
        if step.key == NUMBER_STEP:
            self._find_number(call)
        elif step.state == "unanswered" and step.fact == AGENDA_FACT:
            self._ask_for_documents(call)
        else:
            self._sure(call, step, partial(self._tick_or_try, call, step))

    def _sure(self, call: Call, step: StepView, act: Callable[[bool], None]) -> None:
        """Asks first where it is too soon for that step; `act` is given whether it was."""
        why = self._board.workspace.calls.steps.why_early(call, step.key)
        if not why:
            act(False)
            return

        def answered(choice: str | None) -> None:
            if choice == Sure.YES:
                act(True)

        question = f"{step.label}: {why}."
        self._board.fleettui.push_screen(Sure(question, "Tick it now all the same; that is noted"), answered)

    def _tick_or_try(self, call: Call, step: StepView, early: bool) -> None:
        steps = self._board.workspace.calls.steps
        if step.key == LINK_STEP and has_links(call, LINK_STEP):
            self._try(lambda: [steps.test_link(call.id, early=early)], step)
        elif step.key == DOCUMENTS_STEP and has_links(call, DOCUMENTS_STEP):
            self._try(partial(steps.test_documents, call.id, early=early), step)
        else:
            check = partial(steps.check, call.id, step.key, early=early)
            change(
                self._board.fleettui,
                check,
                f"Done: {step.label}. {key_of('app.undo')} takes it back.",
                self._board.go_on,
            )

    def _ask_for_documents(self, call: Call) -> None:
        """CALL-6: that there are none is an answer, which somebody gives."""
        board = self._board

        def answered(choice: str | None) -> None:
            if choice == "none":
                none = partial(board.workspace.calls.steps.no_documents, call.id)
                change(board.fleettui, none, "There are no documents for this call.", board.go_on)
            elif choice == "attach":
                ask_for_document(board, call)

        board.fleettui.push_screen(DocumentsPicker("Documents for the agenda"), answered)

    def _find_number(self, call: Call) -> None:
        """CALL-8: the number, and whether it takes a text."""
        steps = self._board.workspace.calls.steps
        ask(
            self._board.fleettui,
            f"The number of {call.customer}",
            [
                FormField("phone", "Number", hint="+1 212 555 0123"),
                FormField(
                    "kind",
                    "Kind",
                    hint="a landline takes no text",
                    choices=choices_of(("mobile", "landline")),
                ),
            ],
            f"calls number {call.id}",
            lambda typed: steps.number(call.id, typed.get("phone", ""), typed.get("kind", "")),
            "The number is kept.",
        )

    def _try(self, test: Callable[[], Sequence[TriedLink]], step: StepView) -> None:
        """In a thread of its own: what is being saved must not wait for a slow link."""
        host = self._board.fleettui
        host.say(f"{step.label}: trying … ({key_of('calls.proof')} ticks it by hand)", seconds=10)
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
        call, step = call_of(self._board), step_of(self._board)
        if step.key == NUMBER_STEP:
            self._find_number(call)
        else:
            self._sure(call, step, partial(self._ask_for_proof, call, step))

    def _ask_for_proof(self, call: Call, step: StepView, early: bool) -> None:
        steps = self._board.workspace.calls.steps
        hint = step.step.evidence.what if step.step.evidence else "what proves it, in a few words"
        ask(
            self._board.fleettui,
            f"By hand: {step.label}",
            [FormField("evidence", "Proof", hint=hint)],
            f"calls proof {call.id} {step.key}",
            lambda typed: steps.check(call.id, step.key, typed.get("evidence", ""), early=early),
            "Done.",
        )

    def do_skip(self) -> None:
        board, call, step = self._board, call_of(self._board), step_of(self._board)
        ask(
            board.fleettui,
            f"Leave out: {step.label}",
            [FormField("why", "Why", hint="in a few words, for the others")],
            f"calls skip {call.id} {step.key}",
            lambda typed: board.workspace.calls.steps.skip(call.id, step.key, typed.get("why", "")),
            "Left out.",
        )
