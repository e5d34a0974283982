"""Answering the questions that decide which steps of a run apply."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fleettui.domain.checklists.conditions import parsed_answer
from screens.dialogs.entries import only_checked
from screens.dialogs.form import YES_NO, FormField, choices_of
from screens.playbooks.actions.asking import PlaybookBoard, ask, write
from screens.playbooks.rows import answer_words

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import Fact
    from fleettui.domain.playbooks.runs import PlaybookRun

HINTS = {"yes-no": "yes or no", "number": "a number"}


class AnswerActions:
    def __init__(self, board: PlaybookBoard) -> None:
        self._board = board

    def do_answer(self) -> None:
        """A form with all questions."""
        run, playbooks = self._board.run_here(), self._board.workspace.playbooks
        if run is None or not run.definition.facts:
            self._board.fleettui.say("There is nothing to answer: all its steps apply.", "warning")
            return
        id_ = run.id
        ask(
            self._board,
            f"What decides in {run.name}",
            [self._field(run, question) for question in run.definition.facts],
            f"playbooks answer {id_}",
            lambda typed: playbooks.answer_all(id_, {key: value or None for key, value in typed.items()}),
            "Answered.",
        )

    def _field(self, run: PlaybookRun, question: Fact) -> FormField:
        answers = run.run.answers
        value = answer_words(answers[question.key]) if question.key in answers else ""
        hint = ", ".join(question.choices) or HINTS.get(question.type, "")
        choices = choices_of(question.choices) or (YES_NO if question.type == "yes-no" else ())
        return FormField(
            question.key,
            question.question,
            value,
            hint,
            choices=choices,
            reads=partial(only_checked, partial(parsed_answer, question)),
        )

    def flip(self, run: PlaybookRun, key: str) -> None:
        """Yes where it was no or open, no where it was yes; what has other answers is asked."""
        question = next(question for question in run.definition.facts if question.key == key)
        if question.type != "yes-no":
            self.do_answer()
            return
        yes = run.run.answers.get(key) is not True
        answer = partial(self._board.workspace.playbooks.answer, run.id, key, yes)
        write(self._board, answer, f"Answered: {'yes' if yes else 'no'}.")
