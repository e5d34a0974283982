"""SUP-20: requests to the department have a queue and a promise of their own."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from fleettui.domain.tickets.model import DEPARTMENT, Ticket
from fleettui.policy.handbook import load
from fleettui.policy.mistakes import check
from fleettui.workspace.workspace import Workspace


def request(workspace: Workspace, **more: Any) -> Ticket:
    return workspace.tickets.new("Product design", "Who has tried the new page?", tier="department", **more)


def ids(workspace: Workspace, view: str = "all", search: str = "") -> list[str]:
    return [entry.ticket.id for entry in workspace.queue.queue(view, search).entries]


def due(workspace: Workspace, ticket: Ticket) -> datetime:
    owed = workspace.queue.debt(ticket)
    assert owed
    assert owed.due
    assert owed.rule == "SUP-20"
    return owed.due


@pytest.mark.parametrize("priority", ["", "P0", "P3"])
def test_sup_20_it_is_answered_within_a_business_day_whatever_its_priority(
    workspace: Workspace, priority: str
) -> None:
    ticket = request(workspace, priority=priority, at=datetime.fromisoformat("2026-03-06T09:00:00-08:00"))
    assert due(workspace, ticket) == datetime.fromisoformat("2026-03-09T09:00:00-07:00")


def test_sup_20_the_promise_is_the_teams_data(workspace: Workspace) -> None:
    file = workspace.home / "handbook" / "department.json"
    policy = json.loads(file.read_text())
    policy["promise"]["due"] = 2
    file.write_text(json.dumps(policy))
    ticket = request(workspace, at=datetime.fromisoformat("2026-03-06T09:00:00-08:00"))
    assert due(workspace, ticket) == datetime.fromisoformat("2026-03-10T09:00:00-07:00")


def test_sup_20_an_older_handbook_has_the_promise_and_the_text_as_shipped(workspace: Workspace) -> None:
    folder = workspace.home / "handbook"
    (folder / "department.json").unlink()
    (folder / "templates" / "department-urgent.j2").unlink()
    kept = json.loads((folder / "messages.json").read_text())
    kept["messages"] = [row for row in kept["messages"] if row["name"] != "department-urgent"]
    (folder / "messages.json").write_text(json.dumps(kept))
    ticket = request(workspace)
    assert due(workspace, ticket)
    call = workspace.support.calls(ticket)[0]
    assert call.help.channel == "#g-customers"
    assert call.text.startswith("Urgent request from Product design: Who has tried the new page? (T-1001)")
    assert not [mistake for mistake in check(load(folder)) if "department" in mistake.file]


def test_sup_20_neither_queue_counts_the_others_tickets(workspace: Workspace) -> None:
    theirs, ours = workspace.tickets.new("Acme", "It fails", tier="Premium"), request(workspace)
    assert (ids(workspace), ids(workspace, "department")) == ([theirs.id], [ours.id])
    assert ids(workspace, search="is:department") == [ours.id]
    assert ids(workspace, "unassigned") == [theirs.id]
    counts = workspace.queue.counts()
    assert (counts["all"], counts["untriaged"], counts["department"]) == (1, 1, 1)
    assert [ticket.id for ticket in workspace.queue.untriaged()] == [theirs.id]
    following = workspace.queue.next()
    assert following
    assert following.ticket.id == theirs.id
    assert {item.id for item in workspace.agenda.items() if item.kind == "ticket"} == {theirs.id, ours.id}


def test_sup_20_a_ticket_goes_from_one_queue_to_the_other_and_back(workspace: Workspace) -> None:
    ticket = workspace.tickets.new("Partner", "A question", tier="Premium")
    (moved,) = workspace.tickets.set(ticket.id, {"tier": DEPARTMENT})
    assert moved.is_for_department
    assert ids(workspace, "department") == [ticket.id]
    workspace.history.undo()
    assert ids(workspace) == [ticket.id]


def test_sup_20_no_customer_has_the_tier_of_the_department(workspace: Workspace) -> None:
    from fleettui.errors import FleettuiError

    with pytest.raises(FleettuiError, match="tier"):
        workspace.customers.add("Acme", tier=DEPARTMENT)


def test_sup_20_the_weeks_report_names_them_apart(workspace: Workspace) -> None:
    workspace.tickets.new("Acme", "It fails", tier="Premium")
    first, _ = request(workspace), request(workspace)
    workspace.tickets.reply(first.id, "Alex has")
    report, apart = workspace.reports.week(), workspace.reports.week(department=True)
    assert (report.arrivals, report.answers, report.still_open.open) == (1, 0, 1)
    assert (apart.arrivals, apart.in_time, apart.still_open.open) == (2, 1, 2)
    facts = workspace.reports.look_back().facts
    assert "requests to the department: 2 came, 1 of 1 promises kept, 2 open" in facts
