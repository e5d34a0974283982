"""Runs that follow others: what is approved in a quote is approved in its deal, by the same change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from fleettui.domain.checklists.status import every_step
from fleettui.domain.playbooks import following as rules
from fleettui.domain.playbooks.following import followed as as_far_as
from fleettui.domain.playbooks.runs import PlaybookRun
from fleettui.errors import Refused
from fleettui.workspace.collections import RUNS
from fleettui.workspace.session import Session, editing_existing

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import Opens
    from fleettui.domain.checklists.rules import Moment

__all__ = ["Edit", "Runs", "as_far_as", "change", "followers", "proof", "to_tie"]

Edit = Callable[[PlaybookRun], PlaybookRun]


class Runs(Protocol):
    """What is asked of the runs here."""

    def find(self, id_: str) -> PlaybookRun: ...

    def all(self, *, archived: bool = False) -> list[PlaybookRun]: ...


def proof(runs: Runs, run: PlaybookRun, key: str, typed: str) -> PlaybookRun | None:
    """The run whose step makes this step done; None where the step follows none. `typed` may name it."""
    step = next((step for step in every_step(run.definition.steps) if step.key == key), None)
    opens = rules.following_part(step) if step else None
    if step is None or opens is None:
        return None
    if typed:
        begun = runs.find(typed)
    else:
        tied = [
            other
            for other in runs.all(archived=True)
            if other.outcome != "cancelled" and rules.is_tied(run, key, other)
        ]
        if not tied:
            raise Refused(
                f"{step.label}: it is done in a run of {opens.name}, which this step begins or ties to itself; open that first"
            )
        begun = max(tied, key=lambda other: other.run.started)
    rules.refuse_unfit(run, step, opens, begun)
    return begun


def to_tie(runs: Runs, run: PlaybookRun, opens: Opens) -> PlaybookRun | None:
    """A run that is on its way already: it is tied to the step, so that nobody is asked for the same twice."""
    if not opens.until:
        return None
    fitting = [
        other
        for other in runs.all()
        if other.open and other.playbook == opens.name and other.customer == run.customer and not other.parent
    ]
    return fitting[-1] if fitting else None


def followers(runs: Runs, begun: PlaybookRun) -> dict[str, PlaybookRun]:
    """By id, those that have a step that follows this run."""
    candidates = (run for run in runs.all() if run.id != begun.id)
    return {run.id: run for run in candidates if any(rules.following_steps(run, begun))}


def change(
    session: Session,
    id_: str,
    edit: Edit,
    followers_: Mapping[str, PlaybookRun],
    verb: str,
    why: str,
    moment: Moment,
) -> PlaybookRun:
    """One change of a run and of those that follow it: undo takes back all of it."""
    done: list[PlaybookRun] = []

    def first(run: PlaybookRun) -> PlaybookRun:
        done.append(edit(run))
        return done[-1]

    def follow(run: PlaybookRun) -> PlaybookRun:
        return as_far_as(run, done[-1], moment)

    edits = {id_: editing_existing(RUNS, id_, first)}
    edits |= {other: editing_existing(RUNS, other, follow) for other in followers_}
    changed = session.store.change_many(RUNS, edits, session.stamp(verb, why))[0]
    assert changed is not None, "an edit never removes"  # noqa: S101
    return changed
