"""What a playbook's step begins: one small function for each kind of thing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fleettui.domain.playbooks.runs import Link, PlaybookRun

if TYPE_CHECKING:
    from fleettui.domain.checklists.model import Opens, StepView
    from fleettui.workspace.workspace import Workspace


Begin = Callable[["Workspace", PlaybookRun, "StepView", "Opens", "datetime | None"], str]


def begin(workspace: Workspace, run: PlaybookRun, step: StepView, at: datetime | None = None) -> list[Link]:
    """Everything that the step begins, and the links to it; what it has begun already is left as it is. `at`: the time of
    a call, where it is known."""
    there = {link.kind for link in workspace.playbooks.links_of(run, step.key)}
    made = [
        Link(step=step.key, kind=one.kind, id=_BEGIN[one.kind](workspace, run, step, one, at))
        for one in step.step.opens
        if one.kind not in there
    ]
    for link in made:
        if link.kind != "playbook":  # a run knows its parent by itself
            workspace.playbooks.link(run.id, link)
    return made


def _company(workspace: Workspace, run: PlaybookRun) -> str:
    customer = workspace.customers.get(run.customer) if run.customer else None
    return customer.name if customer else run.name


def _playbook(
    workspace: Workspace, run: PlaybookRun, step: StepView, opens: Opens, at: datetime | None
) -> str:
    return workspace.playbooks.start(opens.name, run.customer or None, parent=(run.id, step.key)).id


def _call(workspace: Workspace, run: PlaybookRun, step: StepView, opens: Opens, at: datetime | None) -> str:
    call = workspace.calls.new(_company(workspace, run), at or _proposed(workspace), kind=opens.name)
    return call.id


def _proposed(workspace: Workspace) -> datetime:
    """A first proposal, at a full step of the clock: so many business days ahead as the policy wants (CALL-8)."""
    slots, calendar = workspace.handbook.calls.slots, workspace.calendar
    earliest = calendar.forward_days(workspace.now(), slots.from_business_days).end
    step = timedelta(minutes=slots.step_minutes)
    opening = calendar.next_opening(earliest) if not calendar.is_open(earliest) else earliest
    over = (opening - datetime.min.replace(tzinfo=opening.tzinfo)) % step
    return opening + (step - over if over else timedelta())


def _ticket(workspace: Workspace, run: PlaybookRun, step: StepView, opens: Opens, at: datetime | None) -> str:
    return workspace.tickets.new(_company(workspace, run), opens.name or step.label).id


def _ritual(workspace: Workspace, run: PlaybookRun, step: StepView, opens: Opens, at: datetime | None) -> str:
    """It is there for every customer already: the step leads to it."""
    return workspace.rituals.find(opens.name).id


def _issue(workspace: Workspace, run: PlaybookRun, step: StepView, opens: Opens, at: datetime | None) -> str:
    """Issues live in the team's tracker: its template is named, and the link comes back as the step's proof."""
    return opens.name


_BEGIN: dict[str, Begin] = {
    "playbook": _playbook,
    "call": _call,
    "ticket": _ticket,
    "ritual": _ritual,
    "issue": _issue,
}
