"""Playbooks and their steps as rows of a list, in signs and words. No rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from screens.playbooks.outline import count_of
from screens.playbooks.row_keys import BrokenKey, FactKey, Key, PlaybookKey, RunKey, StepKey
from screens.shell.runs import RunWords, bar
from screens.shell.signs import STATE_SIGNS
from screens.widgets.columns import Column
from screens.widgets.row import Cell, Row
from screens.widgets.sections import heading_row

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import StepView, Value
    from fleettui.domain.playbooks.runs import PlaybookRun
    from fleettui.policy.handbook import Handbook

COLUMNS = (
    Column("name", width=24, grow=4, share=0.4),
    Column("about", width=8, grow=3, hide=2, second=True),
    Column("progress", width=8, grow=2, hide=1, shorten="last words"),
    Column("turn", width=3, grow=1, hide=3, second=True, shorten="name"),
)
STEP_COLUMNS = (
    Column("name", width=30, grow=4, share=0.75, whole=True),
    Column("owner", width=2, grow=2, hide=2, second=True, shorten="name"),
    Column("about", width=9, grow=3, hide=1, second=True),
)


def run_row(words: RunWords, run: PlaybookRun) -> Row[Key]:
    counted = words.workspace.playbooks.progress(run)
    cells: tuple[Cell, ...] = (
        run.name,
        words.customer(run),
        (bar(counted), "accent"),
        (words.turn(run), "muted"),
    )
    return Row(RunKey(run.id), cells, style="" if run.open else "muted")


def playbook_rows(handbook: Handbook) -> Iterator[Row[Key]]:
    """What can be begun, and files that cannot be read."""
    for playbook in handbook.playbooks.values():
        steps = f"{count_of(playbook.steps)} steps"
        yield Row(PlaybookKey(playbook.id), (playbook.name, (playbook.rule, "muted"), (steps, "muted"), ""))
    for error in handbook.broken_playbooks:
        yield Row(BrokenKey(str(error)), ((f"✗ {error}", "bad"),))


# Inside one


def rows_inside(words: RunWords, run: PlaybookRun) -> Iterator[Row[Key]]:
    playbooks, customer = words.workspace.playbooks, words.customer(run)
    about = f" · {customer}" if customer else ""
    yield heading_row("run", f"{run.id} {run.name}{about} · {bar(playbooks.progress(run))}")
    for fact in run.definition.facts:
        answer = run.run.answers.get(fact.key)
        style = "warn" if answer is None else ""
        yield Row(FactKey(fact.key), ((f"? {fact.question} {answer_words(answer)}", style),))
    yield from _step_rows(words, playbooks.view(run), 0)


def _step_rows(words: RunWords, views: Sequence[StepView], depth: int) -> Iterator[Row[Key]]:
    for shown in views:
        sign, _ = STATE_SIGNS[shown.state]
        muted = shown.state in ("not applicable", "skipped", "blocked")
        style = "heading" if shown.steps else "muted" if muted else ""
        cells: tuple[Cell, ...] = (
            (f"{'│ ' * depth}{sign} {shown.label}", style),
            (owner_words(words, shown), style),
            about_cell(words, shown),
        )
        yield Row(StepKey(shown.key), cells)
        yield from _step_rows(words, shown.steps, depth + 1)


def owner_words(words: RunWords, shown: StepView) -> str:
    """Who has the step: a person, else a role."""
    return words.person(shown.who) or shown.owner


def about_cell(words: RunWords, shown: StepView) -> tuple[str, str]:
    """The time that belongs to the state, and why it is not to be done: the state itself is said by the sign."""
    if shown.state == "done":
        return (words.at(shown.mark.at) if shown.mark else ""), "good"
    time, style = state_cell(words, shown)
    says_more = shown.late or time not in ("to do", shown.state)
    why = shown.why_not if shown.state != "todo" else ""
    return " · ".join(filter(None, (time if says_more else "", why))), style if says_more else "muted"


def state_cell(words: RunWords, shown: StepView) -> tuple[str, str]:
    """The state in a word, with the time that belongs to it."""
    _, style = STATE_SIGNS[shown.state]
    if shown.late:
        return f"late {words.at(shown.due)}", "bad"
    if shown.state == "waiting":
        return f"waits {words.at(shown.not_before)}", style
    if shown.state == "todo" and shown.due:
        return f"due {words.at(shown.due)}", style
    if shown.state == "todo" and shown.expires:
        return f"until {words.at(shown.expires)}", style
    if shown.state == "done" and shown.mark:
        return f"done {words.at(shown.mark.at)}", style
    return ("to do" if shown.state == "todo" else shown.state), style


def answer_words(answer: Value | None) -> str:
    if answer is None:
        return "not answered yet"
    return ("yes" if answer else "no") if isinstance(answer, bool) else str(answer)
