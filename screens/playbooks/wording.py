"""Playbooks in words and signs: the rows of a list, and the page beside it. No rules: what is shown is asked elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fleettui.domain.checklists.conditions import facts_in
from fleettui.domain.checklists.model import Fact, Progress, State, StepView, Value
from fleettui.domain.checklists.rules import every_step
from fleettui.domain.playbooks.runs import Link, PlaybookRun
from screens.playbooks.outline import outline, span_words
from screens.shell.words import moment_words
from screens.terminal.text import one_line
from screens.widgets.page import BLANK, Para, fact, heading, step, title
from screens.widgets.row import Cell

if TYPE_CHECKING:
    from fleettui.domain.playbooks.policy import Playbook
    from fleettui.workspace.history import Entry
    from fleettui.workspace.workspace import Workspace

SIGNS: dict[State, tuple[str, str]] = {
    "todo": ("○", ""),
    "done": ("✓", "good"),
    "skipped": ("–", "muted"),
    "declined": ("✗", "bad"),
    "unanswered": ("?", "accent"),
    "blocked": ("·", "muted"),
    "waiting": ("◷", "muted"),
    "expired": ("✗", "bad"),
    "not applicable": ("⊘", "muted"),
}
"""Each state's sign and colour; the word stands beside it."""
BAR = 8
DONE = {
    "start": "begun",
    "tick": "ticked",
    "untick": "opened again",
    "skip": "left out",
    "decline": "declined",
    "again": "once more",
    "hand_over": "handed over",
    "answer": "answered",
    "fill": "filled in",
    "cast": "recast",
    "cancel": "cancelled",
    "reopen": "reopened",
    "link": "began something",
}
"""The verbs of playbooks, as things that have happened."""


def bar(counted: Progress) -> str:
    """ "▰▰▰▱▱▱▱▱ 12/42": how much of what applies is done."""
    full = BAR * counted.done // counted.of if counted.of else BAR
    return f"{'▰' * full}{'▱' * (BAR - full)} {counted.done}/{counted.of}"


class Words:
    """What needs the workspace to be said: names, times."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.now: datetime = workspace.now()
        self.zone: ZoneInfo = workspace.zone

    def person(self, login: str) -> str:
        return one_line(self.workspace.people.get(login).shown) if login else ""

    def customer(self, run: PlaybookRun) -> str:
        found = self.workspace.customers.get(run.customer) if run.customer else None
        return one_line(found.shown) if found else run.customer

    def at(self, moment: datetime | None) -> str:
        return moment_words(moment, self.now, self.zone) if moment else ""

    def turn(self, run: PlaybookRun) -> str:
        """Whose turn it is; what became of it, once it is closed."""
        if not run.open:
            return f"{run.outcome} {self.at(run.closed)}"
        turns = self.workspace.playbooks.turns(run)
        return ", ".join(dict.fromkeys(self.person(turn.who) or turn.owner for turn in turns)) or "nobody's"

    # A step

    def who(self, shown: StepView) -> str:
        return self.person(shown.who) or shown.owner

    def state(self, shown: StepView) -> Cell:
        """The state in a word, with the time that belongs to it."""
        _, style = SIGNS[shown.state]
        if shown.late:
            return f"late {self.at(shown.due)}", "bad"
        if shown.state == "waiting":
            return f"waits {self.at(shown.not_before)}", style
        if shown.state == "todo" and shown.due:
            return f"due {self.at(shown.due)}", style
        if shown.state == "todo" and shown.expires:
            return f"until {self.at(shown.expires)}", style
        if shown.state == "done" and shown.mark:
            return f"done {self.at(shown.mark.at)}", style
        return ("to do" if shown.state == "todo" else shown.state), style

    def page(self, run: PlaybookRun, shown: StepView, links: Sequence[Link]) -> Iterator[Para]:
        sign, style = SIGNS[shown.state]
        state = self.state(shown)
        yield title(shown.label)
        yield BLANK
        yield fact("State", f"{sign} {state if isinstance(state, str) else state[0]}", style)
        if shown.why_not:
            yield fact("Why", shown.why_not)
        yield from self._owners(shown)
        yield from self._times(shown)
        if shown.step.note:
            yield fact("Note", shown.step.note)
        yield from self._wanted(run, shown)
        yield from self._offers(shown, links)
        yield from self._mark(shown)
        if shown.step.rule:
            yield fact("Rule", shown.step.rule)

    def _owners(self, shown: StepView) -> Iterator[Para]:
        role = f" ({shown.owner})" if shown.owner and shown.who else ""
        yield fact("Whose", f"{self.who(shown)}{role}")
        approval = shown.step.approval
        if approval:
            yield fact("Approves", " or ".join((approval.by, *approval.backup)))
            yield fact("For", approval.what)
        if shown.optional:
            yield fact("Needed", "no, where it helps")

    def _times(self, shown: StepView) -> Iterator[Para]:
        for label, at in (
            ("Not before", shown.not_before),
            ("Due", shown.due),
            ("Too late", shown.expires),
        ):
            if at is not None:
                yield fact(label, self.at(at), "bad" if label == "Due" and shown.late else "")
        if shown.step.wait and shown.not_before is None:
            yield fact("Waits", span_words(shown.step.wait))
        if shown.step.repeats:
            yield fact("Once more", f"{shown.step.repeats} (round {shown.round})")

    def _wanted(self, run: PlaybookRun, shown: StepView) -> Iterator[Para]:
        if shown.step.fields:
            yield BLANK
            yield heading("To write down")
        for field in shown.step.fields:
            said = run.run.filled.get(field.key, "")
            wanted = " (wanted before the tick)" if field.required and not said else ""
            yield step("·", f"{field.label}: {said or 'nothing yet'}{wanted}", "warn" if wanted else "")
        if shown.step.evidence:
            yield fact("Proof", (shown.mark.evidence if shown.mark else "") or shown.step.evidence.what)

    def _offers(self, shown: StepView, links: Sequence[Link]) -> Iterator[Para]:
        if shown.step.text or shown.step.opens:
            yield BLANK
        for name in shown.step.text:
            yield step("✎", f"Text: {name}", sign_style="accent")
        for opens in shown.step.opens:
            begun = [link.id for link in links if link.kind == opens.kind]
            told = f"begun: {', '.join(begun)}" if begun else "not begun"
            yield step("→", f"{opens.kind.capitalize()} {opens.name}: {told}")

    def _mark(self, shown: StepView) -> Iterator[Para]:
        if shown.mark is not None:
            yield BLANK
            why = f": {shown.mark.why}" if shown.mark.why else ""
            yield fact(
                shown.mark.state.capitalize(), f"{self.person(shown.mark.by)}, {self.at(shown.mark.at)}{why}"
            )
            if shown.mark.evidence and not shown.step.evidence:
                yield fact("Proof", shown.mark.evidence)

    # A run

    def run_page(self, run: PlaybookRun, views: Sequence[StepView], counted: Progress) -> Iterator[Para]:
        yield title(run.name)
        yield BLANK
        yield Para(run.purpose)
        yield BLANK
        yield fact("For", self.customer(run) or "ourselves")
        yield fact("Progress", f"{bar(counted)}{f', {counted.skipped} left out' if counted.skipped else ''}")
        yield fact("Turn" if run.open else "Closed", self.turn(run))
        if run.why:
            yield fact("Why", run.why)
        yield fact("Begun", f"{self.at(run.run.started)} by {self.person(run.by)}")
        if run.parent:
            yield fact("Part of", run.parent)
        yield fact("Rule", run.rule)
        yield BLANK
        yield from self._tree(views, 0)

    def _tree(self, views: Sequence[StepView], depth: int) -> Iterator[Para]:
        for shown in views:
            sign, style = SIGNS[shown.state]
            text = f"{shown.label}  {self.who(shown)}" if not shown.steps else shown.label
            muted = "muted" if shown.state in ("not applicable", "skipped") else ""
            yield step(sign, text, "strong" if shown.steps else muted, depth, style or "accent")
            yield from self._tree(shown.steps, depth + 1)


def fact_page(run: PlaybookRun, one: Fact) -> Iterator[Para]:
    """A question, its answer, and what it decides."""
    yield title(one.question)
    yield BLANK
    yield fact("Answer", answer_words(run.run.answers.get(one.key)))
    if one.choices:
        yield fact("One of", ", ".join(one.choices))
    if one.known_from:
        yield fact("Known from", one.known_from)
    yield BLANK
    yield heading("It decides about")
    for inner in _steps_about(run, one.key):
        yield step("·", inner)


def _steps_about(run: PlaybookRun, key: str) -> list[str]:
    return [one.label for one in every_step(run.definition.steps) if key in facts_in(one.when)]


def answer_words(answer: Value | None) -> str:
    if answer is None:
        return "not answered yet"
    return ("yes" if answer else "no") if isinstance(answer, bool) else str(answer)


def book_page(book: Playbook) -> list[Para]:
    """A playbook that can be begun."""
    questions = [heading("To know first"), *(step("?", one.question) for one in book.facts), BLANK]
    return [
        title(book.name),
        BLANK,
        Para(book.purpose),
        BLANK,
        *([fact("Whose", f"{book.dri} {book.dri_note}".strip())] if book.dri or book.dri_note else []),
        fact("For", "a customer" if book.customer else "ourselves"),
        *([fact("Rule", book.rule)] if book.rule else []),
        fact("Begin it", "press n"),
        BLANK,
        *(questions if book.facts else []),
        *outline(book.steps),
        *(step("·", note, "muted") for note in book.notes),
    ]


def run_words(run: PlaybookRun, entry: Entry) -> str:
    """What somebody did in a run: "ticked: Send the quote · Send a quote"."""
    verb = entry.verb.rpartition(".")[2]
    labels = {step.key: step.label for step in every_step(run.definition.steps)}
    steps = [labels[part] for change in entry.changes for part in change.path if part in labels]
    which = f": {', '.join(dict.fromkeys(steps))}" if steps else ""
    return f"{DONE.get(verb, verb)}{which} · {run.name}"
