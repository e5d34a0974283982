"""A step that is done with a step of the run that it began: the approval of a deal is that of its quote (PLAY-2, PLAY-3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fleettui.domain.checklists.model import Checklist, Mark, Opens, Run, Step
from fleettui.domain.checklists.status import every_step
from fleettui.domain.playbooks.runs import PlaybookRun, changed
from fleettui.errors import Refused

if TYPE_CHECKING:
    from fleettui.domain.checklists.rules import Moment


def following_part(step: Step) -> Opens | None:
    """What the step begins and follows."""
    return next((opens for opens in step.opens if opens.kind == "playbook" and opens.until), None)


def following_steps(run: PlaybookRun, begun: PlaybookRun) -> Iterator[tuple[Step, str]]:
    """The steps of a run that follow `begun`, each with the step there."""
    for step in every_step(run.definition.steps):
        opens = following_part(step)
        if opens and opens.name == begun.playbook and is_tied(run, step.key, begun):
            yield step, opens.until


def is_tied(run: PlaybookRun, step: str, begun: PlaybookRun) -> bool:
    """Begun by that step, or tied to it later."""
    if (begun.parent, begun.parent_step) == (run.id, step):
        return True
    return any((link.step, link.kind, link.id) == (step, "playbook", begun.id) for link in run.links)


def reached(begun: PlaybookRun, until: str) -> Mark | None:
    """The tick of the step that is followed."""
    mark = begun.run.marks.get(until)
    return mark if mark and mark.state == "done" else None


def followed(run: PlaybookRun, begun: PlaybookRun, moment: Moment) -> PlaybookRun:
    """`run` with its steps as far as those of `begun` are: ticked by whoever did it there, open again where it was taken back."""
    marks = dict(run.run.marks)
    for step, until in following_steps(run, begun):
        mark, mine = reached(begun, until), marks.get(step.key)
        if mark and (mine is None or mine.state != "done"):
            marks[step.key] = Mark(state="done", by=mark.by, at=mark.at, evidence=begun.id)
        elif mark is None and mine and mine.evidence == begun.id:
            del marks[step.key]
    if run.outcome == "cancelled" or marks == run.run.marks:
        return run

    def edit(_: Checklist, before: Run) -> Run:
        return replace(before, marks=marks)

    return changed(run, edit, moment, reopens=True)


def refuse_unfit(run: PlaybookRun, step: Step, opens: Opens, begun: PlaybookRun) -> None:
    """What a step follows is a run of its playbook, for the same customer, that is so far."""
    if begun.playbook != opens.name or begun.customer != run.customer:
        raise Refused(f"{step.label}: {begun.id} is another playbook, or for another customer")
    if reached(begun, opens.until) is None:
        there = {inner.key: inner.label for inner in every_step(begun.definition.steps)}
        raise Refused(
            f"{step.label}: not done yet in {begun.id} {begun.name}: {there.get(opens.until, opens.until)}"
        )
