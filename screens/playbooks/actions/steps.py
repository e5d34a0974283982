"""What is done with one step of a run: ticked, filled in, left out, declined, repeated, handed over."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from screens.commands.effective import key_of, with_keys
from screens.dialogs.choosing import NOBODY, PersonPicker
from screens.dialogs.field_choices import read_step_field
from screens.dialogs.form import YES_NO, FormField, Values, choices_of
from screens.playbooks.actions.answers import AnswerActions
from screens.playbooks.actions.asking import NEEDS_STEP, PlaybookBoard, ask, run_of, step_of, write
from screens.playbooks.row_keys import FactKey, StepKey
from screens.widgets.row import Today

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import StepView
    from fleettui.domain.playbooks.runs import PlaybookRun

ON_STEPS = ("skip", "decline", "again", "open", "texts", "hand")


class StepActions:
    def __init__(self, board: PlaybookBoard, answers: AnswerActions) -> None:
        self._board, self._answers = board, answers

    def why_not(self, command_id: str) -> str | None:
        scope, _, verb = command_id.rpartition(".")
        step = self._board.step_here() if scope == "playbooks" else None
        if step is None:
            return with_keys(NEEDS_STEP) if scope == "playbooks" and verb in ON_STEPS else None
        lacking = {
            "texts": (step.step.text, "This step has no text to copy."),
            "open": (step.step.opens or step.step.url, "This step begins nothing."),
            "again": (
                step.step.repeats or step.state == "declined",
                f"This step does not repeat; {key_of('playbooks.tick')} takes its tick back.",
            ),
            "decline": (
                step.step.approval,
                with_keys("Only an approval is declined; [playbooks.skip] leaves a step out."),
            ),
        }
        wanted, refusal = lacking.get(verb, (True, ""))
        return None if wanted else refusal

    def do_tick(self) -> None:
        board, run, step = self._board, run_of(self._board), self._board.step_here()
        if isinstance(board.key, FactKey):
            self._answers.flip(run, board.key.fact)
        elif step is None:
            board.enter(run.id)
        elif step.state in ("done", "skipped"):
            untick = partial(board.workspace.playbooks.untick, run.id, step.key)
            write(board, untick, f"{step.label}: open again.")
        elif wants_more(run, step):
            self._fill(run, step)
        else:
            self._tick(run, step)

    def _tick(self, run: PlaybookRun, step: StepView) -> None:
        """The cursor goes on to what is next, unless it was moved meanwhile."""
        board, before = self._board, self._board.key

        def go_on() -> None:
            mine = board.workspace.playbooks.my_turn(board.workspace.playbooks.find(run.id))
            if mine and board.key == before:
                board.rows.go_to(StepKey(mine[0]))

        tick = partial(board.workspace.playbooks.tick, run.id, step.key)
        write(board, tick, f"Done: {step.label}.", then=go_on)

    def do_fill(self) -> None:
        run, step = run_of(self._board), self._board.step_here()
        if step is not None and (step.step.fields or step.step.evidence):
            self._fill(run, step)
        elif isinstance(self._board.key, FactKey):
            self._answers.do_answer()
        else:
            self._board.fleettui.say("There is nothing to write down here.", "warning")

    def _fill(self, run: PlaybookRun, step: StepView) -> None:
        """Its fields, and the proof; what has a proof is done."""
        playbooks, filled, proof = self._board.workspace.playbooks, run.run.filled, step.step.evidence
        fields = [
            FormField(
                field.key,
                field.label,
                filled.get(field.key, ""),
                ", ".join(field.choices) or field.type,
                long=field.type == "long text",
                choices=choices_of(field.choices) or (YES_NO if field.type == "yes-no" else ()),
                reads=read_step_field(self._board.workspace, field),
            )
            for field in step.step.fields
        ]
        if proof is not None and step.state != "done":
            fields.append(FormField("proof", "Proof", "", proof.what))

        def save(typed: Values) -> PlaybookRun:
            evidence = typed.pop("proof", "")
            done = playbooks.fill_all(run.id, typed, seen=run.rev) if typed else run
            return playbooks.tick(run.id, step.key, evidence=evidence) if evidence else done

        about = f"playbooks fill {run.id} {step.key}"
        ask(
            self._board,
            step.label,
            fields,
            about,
            save,
            f"Written down. {key_of('playbooks.tick')} ticks it.",
        )

    def do_skip(self) -> None:
        self._why("Leave out", self._board.workspace.playbooks.skip, "Left out.")

    def do_decline(self) -> None:
        decline = self._board.workspace.playbooks.decline
        self._why("Decline", decline, "Declined: it is the turn of who asked.")

    def _why(self, name: str, action: Callable[[str, str, str], PlaybookRun], done: str) -> None:
        run, step = run_of(self._board), step_of(self._board)
        ask(
            self._board,
            f"{name}: {step.label}",
            [FormField("why", "Why", hint="in a few words, for the others")],
            f"playbooks {name} {run.id} {step.key}",
            lambda typed: action(run.id, step.key, typed.get("why", "")),
            done,
        )

    def do_again(self) -> None:
        run, step = run_of(self._board), step_of(self._board)
        again = partial(self._board.workspace.playbooks.again, run.id, step.key)
        done = (
            f"Asked again: {step.label}." if step.state == "declined" else f"Once more: {step.step.repeats}."
        )
        write(self._board, again, done)

    def do_hand(self) -> None:
        board, run, step = self._board, run_of(self._board), step_of(self._board)
        workspace, owner = board.workspace, run.run.owners.get(step.key, NOBODY)

        def chosen(login: str | None) -> None:
            if login == owner:
                whom = workspace.people.get(login).shown if login else "its role"
                board.fleettui.say(f"{step.label} is with {whom} already: nothing is changed.")
            elif login is not None:
                name = workspace.people.get(login).shown if login else "its role"
                hand_over = partial(workspace.playbooks.hand_over, run.id, step.key, login)
                write(board, hand_over, f"{step.label}: handed to {name}.")

        board.fleettui.push_screen(PersonPicker(nobody="back to its role", today=Today(owner)), chosen)


def wants_more(run: PlaybookRun, step: StepView) -> bool:
    """Something has to be written down before it can be ticked."""
    if step.state != "todo":
        return False
    proof = step.step.evidence
    return bool(proof and proof.required) or any(
        field.required and field.key not in run.run.filled for field in step.step.fields
    )
