"""Today: the words for the on-call week (SUP-15), and parts of a playbook that have times of their own."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from fleettui.domain.agenda import Item
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING


def on_call_titles(workspace: Workspace, when: datetime) -> list[str]:
    today = Workspace.open(workspace.home, clock=frozen_clock(when), login="kathy").agenda
    return [item.title for item in today.items() if item.kind == "on call"]


def test_the_words_follow_the_week(workspace: Workspace) -> None:
    workspace.oncall.set_order(["kathy", "zay"], date(2026, 3, 7))
    shift = workspace.oncall.shift()
    assert shift is not None
    begins = "The web chat's on-call week begins"
    yours = "The web chat is yours this week: answers go in the thread"
    reminder = workspace.oncall.reminder_at(shift)
    assert on_call_titles(workspace, shift.start - timedelta(days=1))[-1] == begins
    assert on_call_titles(workspace, reminder) == [yours, begins]
    assert on_call_titles(workspace, reminder + timedelta(days=1)) == ["On call for the web chat", begins]
    assert on_call_titles(workspace, MONDAY_MORNING + timedelta(days=3))[0] == "On call for the web chat"


# Parts of a playbook with times of their own


def items_of(workspace: Workspace, run: str) -> dict[str, Item]:
    return {item.step: item for item in workspace.agenda.items() if item.id == run}


def test_play_15_what_has_a_due_time_stands_on_today_also_while_something_comes_first(
    workspace: Workspace,
) -> None:
    run = workspace.playbooks.start("event-follow-up")
    workspace.playbooks.fill_all(run.id, {"event": "KubeCon", "returned-on": "2026-03-06"})
    items = items_of(workspace, run.id)
    assert items["debrief"].state == "waiting"
    assert "Debrief with the demand team (comes after: Say when you are back)" in items["debrief"].title
    assert items["debrief"].who == items["upload"].who == "kathy"
    assert items["debrief"].due == items["upload"].due is not None
    workspace.playbooks.tick(run.id, "return")
    for step in ("primary-buying-situation", "endpoints", "interest", "talking-points"):
        workspace.playbooks.tick(run.id, f"scan-{step}")
    items = items_of(workspace, run.id)
    assert {key: (item.state, item.does) for key, item in items.items()} == {
        "debrief": ("open", "tick"),
        "upload": ("open", "tick"),
    }, "each with its own time, and one key does it"


def test_play_16_groups_stand_on_today_by_their_due_times(workspace: Workspace) -> None:
    run = workspace.playbooks.start("solutions-consultant")
    groups = {step.key: step.due for step in workspace.playbooks.view(run) if step.due}
    assert len(groups) == 3
    first, second, third = groups
    items = items_of(workspace, run.id)
    assert items[first].state == "next" and second not in items, "of what is far ahead only the first"
    later = workspace.for_person("kathy", frozen_clock(MONDAY_MORNING + timedelta(days=25)))
    assert items_of(later, run.id)[first].state == "open"
    assert items_of(later, run.id)[second].state == "next"
    assert third not in items_of(later, run.id)
    overdue = workspace.for_person("kathy", frozen_clock(MONDAY_MORNING + timedelta(days=31)))
    assert items_of(overdue, run.id)[first].state == "late"
