"""What the steps of a run begin elsewhere: begun once, kept as a link, found again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from fleettui.domain.checklists import rules as checklist
from fleettui.domain.playbooks import runs as playbooks
from fleettui.domain.playbooks.runs import Link, PlaybookRun
from fleettui.errors import Refused
from fleettui.workspace.playbooks import following

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import Opens, StepView
    from fleettui.domain.checklists.rules import Moment
    from fleettui.workspace.playbooks.following import Edit
    from fleettui.workspace.playbooks.step_opener import StepOpener


class Runs(following.Runs, Protocol):
    """What is asked of the actions on runs."""

    @property
    def moment(self) -> Moment: ...

    def start(
        self, name: str, customer: str | None = None, *, parent: tuple[str, str] = ("", "")
    ) -> PlaybookRun: ...

    def links_of(self, run: PlaybookRun, step: str) -> list[Link]: ...


class StepLinks:
    """Begins what a step begins."""

    def __init__(
        self, runs: Runs, change: Callable[[str, Edit], PlaybookRun], step_opener: Callable[[], StepOpener]
    ) -> None:
        """`change` writes a run that has another link."""
        self._runs, self._change, self._step_opener = runs, change, step_opener

    def open(self, id_: str, step: str, at: datetime | None) -> list[Link]:
        run = self._runs.find(id_)
        if not run.open:
            raise Refused(f"{run.id} is {run.outcome}; reopen it first")
        key = playbooks.step_key(run, step)
        shown = checklist.find(run.definition, run.run, self._runs.moment, key)
        if not shown.step.opens:
            raise Refused(f"{shown.label}: this step begins nothing")
        if shown.state in ("not applicable", "unanswered", "blocked"):
            raise Refused(f"{shown.label}: {shown.why_not}")
        begun = {link.kind for link in self._runs.links_of(run, key)}
        links = [
            Link(step=key, kind=opens.kind, id=self._begin(run, shown, opens, at))
            for opens in shown.step.opens
            if opens.kind not in begun
        ]
        for link in links:
            if link.kind != "playbook":  # a run knows its parent by itself, or is tied
                self.link(run.id, link)
        return links

    def _begin(self, run: PlaybookRun, step: StepView, opens: Opens, at: datetime | None) -> str:
        if opens.kind != "playbook":
            return self._step_opener().begin(run, step, opens, at)
        on_its_way = following.to_tie(self._runs, run, opens)
        if on_its_way is None:
            return self._runs.start(opens.name, run.customer or None, parent=(run.id, step.key)).id
        self.tie(run.id, step.key, on_its_way)
        return on_its_way.id

    def link(self, id_: str, link: Link) -> PlaybookRun:
        return self._change(id_, lambda run: playbooks.linked(run, link))

    def tie(self, id_: str, step: str, begun: PlaybookRun) -> PlaybookRun:
        """The step follows this run from now on, as far as it is already."""
        link = Link(step=step, kind="playbook", id=begun.id)
        moment = self._runs.moment
        return self._change(id_, lambda run: following.as_far_as(playbooks.linked(run, link), begun, moment))
