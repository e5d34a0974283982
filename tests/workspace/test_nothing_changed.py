"""An action that changes nothing leaves nothing in the history: so undo never takes back a change that nobody saw."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from fleettui.errors import Refused
from fleettui.time.clock import frozen_clock
from fleettui.workspace.collections import ALL
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING

TODAY = MONDAY_MORNING.date()
TOMORROW = TODAY + timedelta(days=1)
NEXT_WEEK = MONDAY_MORNING + timedelta(days=7)


def first_step(workspace: Workspace) -> str:
    return workspace.tickets.find("T-1003").lists["emergency"].checklist.steps[0].key


Act = Callable[[Workspace], Any]
ACTIONS: dict[str, Act] = {
    "people.edit": lambda w: w.people.edit("zay", {"group": "Unicorns", "phone": "1"}),
    "people.away": lambda w: w.people.away("zay", TODAY, TODAY + timedelta(days=2), "kathy"),
    "people.back": lambda w: w.people.back("zay", TODAY),
    "customers.edit": lambda w: w.customers.edit("K-1", {"tier": "Premium", "note": "big"}),
    "customers.touched": lambda w: w.customers.touched("K-1", TODAY),
    "customers.contact": lambda w: w.customers.contact("K-1", "leo@acme.example", {"name": "Leo Marsh"}),
    "customers.opportunity": lambda w: w.customers.opportunity("K-1", "Renewal", {"amount": "4"}),
    "customers.codename": lambda w: w.customers.codename("K-1"),
    "channels.add": lambda w: w.channels.add("C0ACME", "K-1", "Premium"),
    "tickets.assign": lambda w: w.tickets.assign("T-1001", "zay"),
    "tickets.take": lambda w: w.tickets.take("T-1001", over=True),
    "tickets.label": lambda w: w.tickets.label("T-1001", ["ui", "+more info please"]),
    "tickets.wait": lambda w: w.tickets.wait("T-1001"),
    "tickets.snooze": lambda w: w.tickets.snooze("T-1001", NEXT_WEEK),
    "tickets.set": lambda w: w.tickets.set(
        "T-1001", {"priority": "P0", "late_why": "We slept", "browser": "Firefox"}
    ),
    "tickets.issue": lambda w: w.support.link_issue("T-1001", "https://github.com/fleetdm/fleet/issues/1"),
    "tickets.searched": lambda w: w.support.searched("T-1001", "hosts page empty"),
    "tickets.resolve": lambda w: w.tickets.resolve("T-1001", documentation="no", unanswered=True),
    "tickets.reopen": lambda w: w.tickets.reopen("T-1002"),
    "tickets.merge": lambda w: w.tickets.merge("T-1001", "T-1002"),
    "views.save": lambda w: w.views.save("triage", "urgent", "priority:P1", mine=False),
    "tickets.open_list": lambda w: w.support.open_checklist("T-1001", "issue"),
    "tickets.tick": lambda w: w.support.tick("T-1003", "emergency", first_step(w)),
    "tickets.skip": lambda w: w.support.skip("T-1003", "emergency", first_step(w), "not needed"),
    "tickets.escalate": lambda w: w.support.escalate("T-1001", "in-depth"),
    "calls.edit": lambda w: w.calls.edit("C-1", {"title": "Kick-off"}),
    "calls.attach": lambda w: w.calls.attach("C-1", "https://docs.example/1"),
    "calls.check": lambda w: w.calls.steps.check("C-1", "notes", "seen"),
    "calls.skip": lambda w: w.calls.steps.skip("C-1", "notes", "not needed"),
    "calls.joined": lambda w: w.calls.joined("C-1"),
    "calls.missed": lambda w: w.calls.missed("C-1"),
    "calls.note": lambda w: w.calls.note("C-1", "All went well"),
    "calls.done": lambda w: w.calls.done("C-1", why="held"),
    "calls.cancel": lambda w: w.calls.cancel("C-1", "later"),
    "rituals.edit": lambda w: w.rituals.edit("RIT-1", {"name": "First look"}),
    "rituals.retire": lambda w: w.rituals.retire("RIT-1", why="no more"),
    "rituals.tick": lambda w: w.rituals.tick("RIT-1"),
    "rituals.tick proof": lambda w: w.rituals.tick("RIT-2", evidence="all green"),
    "rituals.skip": lambda w: w.rituals.skip("RIT-1", "a holiday"),
    "playbooks.answer": lambda w: w.playbooks.answer("P-101", "docusign", True),
    "playbooks.fill": lambda w: w.playbooks.fill_all("P-101", {"close-date": "2026-03-09"}),
    "playbooks.hand_over": lambda w: w.playbooks.hand_over("P-101", "sanctions", "zay"),
    "playbooks.tick": lambda w: w.playbooks.tick("P-101", "sanctions"),
    "playbooks.skip": lambda w: w.playbooks.skip("P-101", "sanctions", "not needed"),
    "playbooks.cancel": lambda w: w.playbooks.cancel("P-101", "they went elsewhere"),
    "retro.answer": lambda w: w.reports.answer({w.reports.questions[0].key: "Everything"}),
    "oncall.override": lambda w: w.oncall.override(TODAY, TODAY, "kathy", "a holiday"),
    "oncall.clear": lambda w: w.oncall.clear(TOMORROW, TOMORROW),
    "oncall.order": lambda w: w.oncall.set_order(["kathy", "zay"], TODAY + timedelta(days=7)),
}


@pytest.fixture
def full(workspace: Workspace) -> Workspace:
    """Something of each kind."""
    workspace.people.add("wen", name="Wen Zhao")
    workspace.customers.add("Acme", tier="Free")
    workspace.tickets.new("Acme", "It fails")
    workspace.tickets.resolve(workspace.tickets.new("Acme", "It fails").id, unanswered=True)
    workspace.tickets.new("Acme", "All is down", priority="P0")
    workspace.calls.new("Acme", MONDAY_MORNING - timedelta(minutes=20))
    workspace.oncall.override(TOMORROW, TOMORROW, "kathy")
    workspace.playbooks.start("close-a-deal", "K-1")
    return workspace


@pytest.mark.parametrize("action", ACTIONS)
def test_doing_the_same_once_more_writes_nothing(full: Workspace, action: str) -> None:
    def entries() -> int:
        return len(full.store.latest(ALL, 10_000))

    ACTIONS[action](full)
    before = entries()
    later = full.for_person("kathy", frozen_clock(MONDAY_MORNING + timedelta(minutes=10)))
    with contextlib.suppress(Refused):
        ACTIONS[action](later)
    assert entries() == before
