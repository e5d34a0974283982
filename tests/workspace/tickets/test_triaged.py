"""SUP-19: what arrives is not triaged until somebody has chosen its priority."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from fleettui.domain.tickets.arrivals import Arrival
from fleettui.domain.tickets.model import Ticket
from fleettui.workspace.workspace import Workspace


def written_down(workspace: Workspace, **more: Any) -> Ticket:
    return workspace.tickets.new("Acme", "Hosts are missing", **{"tier": "Premium", **more})


def arrived(workspace: Workspace, **more: Any) -> Ticket:
    arrival = Arrival(thread="1.1", at=workspace.now(), by="Fay", body="Hosts are missing", **more)
    ticket = workspace.tickets.arrive(arrival).ticket
    assert ticket
    return ticket


@pytest.mark.parametrize("comes_in", [written_down, arrived])
def test_sup_19_what_comes_in_without_a_priority_is_not_triaged_and_counts_as_p3(
    workspace: Workspace, comes_in: Callable[..., Ticket]
) -> None:
    ticket = comes_in(workspace)
    assert (ticket.untriaged, ticket.priority) == (True, "P3")
    assert [entry.ticket.id for entry in workspace.queue.queue(search="is:untriaged").entries] == [ticket.id]


@pytest.mark.parametrize("comes_in", [written_down, arrived])
def test_sup_19_who_names_a_priority_has_triaged(
    workspace: Workspace, comes_in: Callable[..., Ticket]
) -> None:
    assert not comes_in(workspace, priority="P3").untriaged


@pytest.mark.parametrize("priority", ["P3", "P1"])
def test_sup_19_any_choice_ends_it_and_an_undo_brings_it_back(workspace: Workspace, priority: str) -> None:
    tickets = [written_down(workspace).id, written_down(workspace).id]
    for ticket in workspace.tickets.set(tickets, {"priority": priority}):
        assert (ticket.untriaged, ticket.priority) == (False, priority)
    workspace.history.undo()
    assert all(workspace.tickets.find(id_).untriaged for id_ in tickets)


def test_sup_19_another_tier_is_no_priority(workspace: Workspace) -> None:
    ticket = written_down(workspace)
    assert workspace.tickets.set(ticket.id, {"tier": "Ultimate"})[0].untriaged
    assert workspace.tickets.received(ticket.id, "And still").untriaged
    assert workspace.tickets.reopen(workspace.tickets.resolve(ticket.id, unanswered=True)[0].id)[0].untriaged


@pytest.mark.parametrize(
    ("gone", "stays", "priority", "triaged"),
    [
        ("", "", "P3", False),
        ("P3", "", "P3", True),
        ("", "P3", "P3", True),
        ("P1", "", "P1", True),
        ("", "P1", "P1", True),
        ("P1", "P3", "P1", True),
    ],
)
def test_sup_19_a_merge_keeps_the_priority_that_somebody_chose(
    workspace: Workspace, gone: str, stays: str, priority: str, triaged: bool
) -> None:
    first, second = written_down(workspace, priority=gone), written_down(workspace, priority=stays)
    _, survivor = workspace.tickets.merge(first.id, second.id)
    assert (survivor.priority, not survivor.untriaged) == (priority, triaged)
    workspace.history.undo()
    assert workspace.tickets.find(second.id).untriaged is not bool(stays)


def test_sup_19_it_counts_as_p3_also_where_a_team_has_a_p4(workspace: Workspace) -> None:
    path = workspace.home / "handbook" / "sla.json"
    policy = json.loads(path.read_text())
    policy["priorities"].append({**policy["priorities"][-1], "key": "P4", "name": "wish"})
    path.write_text(json.dumps(policy))
    assert written_down(workspace).priority == "P3"


def test_sup_19_an_older_handbook_suggests_with_the_words_as_shipped(workspace: Workspace) -> None:
    (workspace.home / "handbook" / "triage.json").unlink()
    ticket = workspace.tickets.new("Acme", "Outage", tier="Premium")
    suggestion = workspace.queue.suggestion(ticket)
    assert suggestion
    assert suggestion.shown == "P1? “outage” in the subject"
