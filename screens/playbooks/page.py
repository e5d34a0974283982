"""The pages of Playbooks: a run, a step, a question, a playbook that can be begun. No rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from fleettui.domain.checklists.conditions import facts_in
from fleettui.domain.checklists.rules import every_step
from screens.commands.effective import with_keys
from screens.playbooks.outline import outline, span_words
from screens.playbooks.rows import answer_words, owner_words, state_cell
from screens.shell.runs import RunWords, bar
from screens.shell.signs import STATE_SIGNS
from screens.widgets.page import BLANK, Para, fact, fact_if, heading, step, title

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import Fact, StepView
    from fleettui.domain.playbooks.policy import Playbook
    from fleettui.domain.playbooks.runs import Link, PlaybookRun
    from fleettui.workspace.workspace import Workspace


def run_page(workspace: Workspace, run: PlaybookRun) -> Iterator[Para]:
    words = RunWords(workspace)
    counted = workspace.playbooks.progress(run)
    yield title(run.name)
    yield BLANK
    yield Para(run.purpose)
    yield BLANK
    yield fact("For", words.customer(run) or "ourselves")
    yield fact("Progress", f"{bar(counted)}{f', {counted.skipped} left out' if counted.skipped else ''}")
    yield fact("Turn" if run.open else "Closed", words.turn(run))
    yield from fact_if("Why", run.why)
    yield fact("Begun", f"{words.at(run.run.started)} by {words.person(run.by)}")
    yield from fact_if("Part of", run.parent)
    yield fact("Rule", run.rule)
    yield BLANK
    yield from _tree(words, workspace.playbooks.view(run), 0)


def _tree(words: RunWords, views: Sequence[StepView], depth: int) -> Iterator[Para]:
    for shown in views:
        sign, style = STATE_SIGNS[shown.state]
        text = shown.label if shown.steps else f"{shown.label}  {owner_words(words, shown)}"
        muted = "muted" if shown.state in ("not applicable", "skipped") else ""
        yield step(sign, text, "strong" if shown.steps else muted, depth, style or "accent")
        yield from _tree(words, shown.steps, depth + 1)


# A step


class StepPage:
    def __init__(self, workspace: Workspace, run: PlaybookRun, shown: StepView) -> None:
        self.run, self.shown = run, shown
        self.words = RunWords(workspace)
        self.links: Sequence[Link] = workspace.playbooks.links_of(run, shown.key)
        self.link = workspace.playbooks.texts.link_of(run, shown.key)

    def paras(self) -> Iterator[Para]:
        shown = self.shown
        sign, style = STATE_SIGNS[shown.state]
        yield title(shown.label)
        yield BLANK
        yield fact("State", f"{sign} {state_cell(self.words, shown)[0]}", style)
        yield from fact_if("Why", shown.why_not)
        yield from self._owners()
        yield from self._times()
        yield from fact_if("Note", shown.step.note)
        yield from self._wanted()
        yield from self._offers()
        yield from self._mark()
        yield from fact_if("Rule", shown.step.rule)

    def _owners(self) -> Iterator[Para]:
        shown = self.shown
        role = f" ({shown.owner})" if shown.owner and shown.who else ""
        yield fact("Whose", f"{owner_words(self.words, shown)}{role}")
        approval = shown.step.approval
        if approval:
            yield fact("Approves", " or ".join((approval.by, *approval.backup)))
            yield fact("For", approval.what)
        if shown.optional:
            yield fact("Needed", "no, where it helps")

    def _times(self) -> Iterator[Para]:
        shown = self.shown
        for label, at in (("Not before", shown.not_before), ("Due", shown.due), ("Too late", shown.expires)):
            if at is not None:
                yield fact(label, self.words.at(at), "bad" if label == "Due" and shown.late else "")
        if shown.step.wait and shown.not_before is None:
            yield fact("Waits", span_words(shown.step.wait))
        if shown.step.repeats:
            yield fact("Once more", f"{shown.step.repeats} (round {shown.round})")

    def _wanted(self) -> Iterator[Para]:
        shown = self.shown
        if shown.step.fields:
            yield BLANK
            yield heading("To write down")
        for field in shown.step.fields:
            value = self.run.run.filled.get(field.key, "")
            wanted = " (wanted before the tick)" if field.required and not value else ""
            yield step("·", f"{field.label}: {value or 'nothing yet'}{wanted}", "warn" if wanted else "")
        if shown.step.evidence:
            yield fact("Proof", (shown.mark.evidence if shown.mark else "") or shown.step.evidence.what)

    def _offers(self) -> Iterator[Para]:
        offered = self.shown.step
        if offered.text or offered.opens or offered.url:
            yield BLANK
        for name in offered.text:
            yield step("✎", f"Text: {name}", sign_style="accent")
        for opens in offered.opens:
            begun = [link.id for link in self.links if link.kind == opens.kind]
            state = f"begun: {', '.join(begun)}" if begun else "not begun"
            yield step("→", f"{opens.kind.capitalize()} {opens.name}: {state}")
        if self.link:
            # What is filled in makes the link of an issue a long one: the two keys show all of it.
            yield step("→", self.link.link.partition("?")[0], sign_style="accent")
            yield Para(
                with_keys("[playbooks.open] and [app.copy] copy the link; open it in your browser."), "muted"
            )

    def _mark(self) -> Iterator[Para]:
        mark = self.shown.mark
        if mark is not None:
            yield BLANK
            why = f": {mark.why}" if mark.why else ""
            yield fact(
                mark.state.capitalize(), f"{self.words.person(mark.by)}, {self.words.at(mark.at)}{why}"
            )
            if mark.evidence and not self.shown.step.evidence:
                yield fact("Proof", mark.evidence)


# A question, and a playbook that can be begun


def fact_page(run: PlaybookRun, question: Fact) -> Iterator[Para]:
    """A question, its answer, and what it decides."""
    yield title(question.question)
    yield BLANK
    yield fact("Answer", answer_words(run.run.answers.get(question.key)))
    yield from fact_if("One of", ", ".join(question.choices))
    yield from fact_if("Known from", question.known_from)
    yield BLANK
    yield heading("It decides about")
    for decided in every_step(run.definition.steps):
        if question.key in facts_in(decided.when):
            yield step("·", decided.label)


def playbook_page(playbook: Playbook) -> list[Para]:
    whose = f"{playbook.dri} {playbook.dri_note}".strip()
    questions = [heading("To know first"), *(step("?", asked.question) for asked in playbook.facts), BLANK]
    return [
        title(playbook.name),
        BLANK,
        Para(playbook.purpose),
        BLANK,
        *fact_if("Whose", whose),
        fact("For", "a customer" if playbook.customer else "ourselves"),
        *fact_if("Rule", playbook.rule),
        fact("Begin it", with_keys("press [playbooks.begin]")),
        BLANK,
        *(questions if playbook.facts else []),
        *outline(playbook.steps),
        *(step("·", note, "muted") for note in playbook.notes),
    ]
