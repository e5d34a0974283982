"""Outage mode: several tickets are one incident, with one status line and one text for each customer."""

from __future__ import annotations

import pytest

from fleettui.errors import Refused
from fleettui.workspace import incidents
from fleettui.workspace.incidents import Words
from fleettui.workspace.workspace import Workspace

HI = Words(status="Live queries fail", text="Hi {name}, we are on it: {subject}.")


@pytest.fixture
def ids(workspace: Workspace) -> list[str]:
    made = []
    for name, contact in (("Acme", "Dana Whitlock"), ("Bluth", "Ivo Lang"), ("Corex", "Mia Stone")):
        customer = workspace.customers.add(name, tier="Premium")
        workspace.customers.contact(customer.id, contact, {"name": contact})
        made.append(workspace.tickets.new(name, f"It fails at {name}", priority="P2").id)
    return made


def declare(workspace: Workspace, ids: list[str], words: Words = HI) -> None:
    incidents.carry_out(workspace, incidents.declare(workspace, ids, ids[0], words))


def test_each_customer_gets_the_text_with_their_own_name_and_all_show_one_status_line(
    workspace: Workspace, ids: list[str]
) -> None:
    step = incidents.declare(workspace, ids, ids[0], HI)
    assert [plan.text.split(",")[0] for plan in step.plans] == ["Hi Dana", "Hi Ivo", "Hi Mia"]
    assert step.plans[1].acts == ("Belongs to the incident T-1001: Live queries fail",)
    assert {workspace.tickets.find(id_).rev for id_ in ids} == {1}  # nothing is done yet
    outcome = incidents.carry_out(workspace, step)
    assert sorted(outcome.done) == ids
    for ticket in map(workspace.tickets.find, ids):
        assert [message.direction for message in ticket.messages] == ["in", "out"]
        assert "Live queries fail" in incidents.status_of(workspace, ticket)


def test_one_undo_takes_all_of_it_back(workspace: Workspace, ids: list[str]) -> None:
    declare(workspace, ids)
    assert workspace.history.undo().together == 3
    for ticket in map(workspace.tickets.find, ids):
        assert (ticket.incident, ticket.incident_of, len(ticket.messages)) == ("", "", 1)


def test_a_new_status_line_shows_on_all_and_a_text_goes_to_all_that_are_unresolved(
    workspace: Workspace, ids: list[str]
) -> None:
    declare(workspace, ids)
    workspace.tickets.resolve(ids[1])
    incidents.carry_out(workspace, incidents.update(workspace, ids[0], Words(status="A fix is out")))
    assert "A fix is out" in incidents.status_of(workspace, workspace.tickets.find(ids[2]))
    step = incidents.update(workspace, ids[0], Words(text="Please try again."))
    assert [plan.ticket.id for plan in step.plans] == [ids[0], ids[2]]
    incidents.carry_out(workspace, step)
    assert workspace.tickets.find(ids[2]).messages[-1].body == "Please try again."
    assert workspace.tickets.find(ids[0]).incident == "A fix is out"


def test_closing_resolves_all_and_names_those_that_it_cannot(workspace: Workspace, ids: list[str]) -> None:
    declare(workspace, ids)
    workspace.tickets.received(ids[2], "And now?")
    outcome = incidents.carry_out(workspace, incidents.close(workspace, ids[0], Words()))
    assert list(outcome.refused) == [ids[2]]
    assert [workspace.tickets.find(id_).status for id_ in ids] == ["resolved", "resolved", "open"]
    assert incidents.status_of(workspace, workspace.tickets.find(ids[2])) == "incident T-1001: over"
    workspace.history.undo()
    assert {workspace.tickets.find(id_).status for id_ in ids} == {"open"}
    assert workspace.tickets.find(ids[0]).incident == "Live queries fail"


def test_an_answer_at_the_end_lets_all_be_resolved(workspace: Workspace, ids: list[str]) -> None:
    declare(workspace, ids, Words(status="Down"))
    incidents.carry_out(workspace, incidents.close(workspace, ids[0], Words(text="It works again.")))
    assert {workspace.tickets.find(id_).status for id_ in ids} == {"resolved"}


def test_a_later_ticket_joins_and_only_it_is_answered(workspace: Workspace, ids: list[str]) -> None:
    declare(workspace, ids[:2])
    step = incidents.declare(workspace, ids, ids[0], Words(text="Hi {name}"))
    assert [plan.ticket.id for plan in step.plans] == ids[2:]
    incidents.carry_out(workspace, step)
    assert workspace.tickets.find(ids[2]).incident_of == ids[0]
    assert workspace.tickets.find(ids[0]).incident == "Live queries fail"


def test_one_that_leaves_has_no_status_line(workspace: Workspace, ids: list[str]) -> None:
    declare(workspace, ids)
    incidents.leave(workspace, [ids[1]])
    assert incidents.status_of(workspace, workspace.tickets.find(ids[1])) == ""
    with pytest.raises(Refused, match="belongs to no incident"):
        incidents.leave(workspace, [ids[1]])


def test_what_makes_no_sense_is_refused(workspace: Workspace, ids: list[str]) -> None:
    with pytest.raises(Refused, match="say in a line"):
        incidents.declare(workspace, ids, ids[0], Words())
    with pytest.raises(Refused, match="is no incident"):
        incidents.close(workspace, ids[0], Words())
    declare(workspace, ids[:2])
    with pytest.raises(Refused, match="belongs to the incident T-1001"):
        incidents.declare(workspace, ids[1:], ids[1], Words(status="Down"))
    with pytest.raises(Refused, match="is an incident itself"):
        incidents.declare(workspace, ids, ids[2], Words(status="Down"))


def test_an_answer_given_meanwhile_is_not_given_twice(workspace: Workspace, ids: list[str]) -> None:
    step = incidents.declare(workspace, ids, ids[0], HI)
    workspace.for_person("zay", workspace.clock).tickets.reply(ids[1], "We know.")
    outcome = incidents.carry_out(workspace, step)
    assert list(outcome.refused) == [ids[1]]
    assert workspace.tickets.find(ids[1]).incident_of == ""


@pytest.mark.parametrize("typed", ["incident:T-1001", "incident:1001"])
def test_a_search_finds_the_incident_and_what_belongs_to_it(
    workspace: Workspace, ids: list[str], typed: str
) -> None:
    declare(workspace, ids[:2])
    rows = workspace.queue.queue("all", typed).entries
    assert sorted(entry.ticket.id for entry in rows) == ids[:2]
