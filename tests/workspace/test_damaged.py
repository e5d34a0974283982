"""A document that can be read and makes no sense is one damaged row, and takes nothing else away: on no board, in no list."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from fleettui import config
from fleettui.domain.team.people import TimeOff
from fleettui.time.clock import frozen_clock
from fleettui.workspace.collections import CALLS, CUSTOMERS, PEOPLE, TICKETS
from fleettui.workspace.playbooks.actions import Playbooks
from fleettui.workspace.rituals.board import BoardReader
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess
from tests.support.homes import make_home

FAR = (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, tzinfo=UTC))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    home = make_home(tmp_path / "home", MONDAY_MORNING, demo=True)
    return Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="kathy")


def put(workspace: Workspace, collection: Any, document: Any) -> str:
    workspace.store.change(collection, document.id, lambda _: document, workspace.session.stamp("edit"))
    return str(document.id)


def fleettui(workspace: Workspace) -> InProcess:
    return InProcess(workspace.home, environment={"LOGNAME": "kathy", "USER": "kathy"})


@pytest.mark.parametrize("start", FAR)
def test_a_call_of_another_age_is_one_damaged_row(workspace: Workspace, start: datetime) -> None:
    count = len(workspace.calls.all())
    id_ = put(workspace, CALLS, replace(workspace.calls.all()[1], start=start))
    done = fleettui(workspace).run("calls", "list", "--json")
    rows = json.loads(done.stdout)
    assert done.returncode == 0 and len(rows) == count
    damaged = next(row for row in rows if row["id"] == id_)
    assert damaged["damaged"] == "a time in it is too far away to be reckoned with"
    assert f"`fleettui history {id_}` shows what changed it" in done.stderr
    for words in (("today", "--all"), ("today", "--json")):
        assert fleettui(workspace).run(*words).returncode == 0
    assert any("call" in item.kind for item in workspace.agenda.items())
    fleettui(workspace).ok("calls", "list")


def test_today_names_what_is_damaged_and_keeps_the_rest(workspace: Workspace) -> None:
    before = {item.id for item in workspace.agenda.items()}
    call = workspace.calls.all()[1]
    id_ = put(workspace, CALLS, replace(call, start=FAR[1]))
    look = workspace.agenda.look()
    assert [damaged.id for damaged in look.damaged] == [id_]
    assert before - {item.id for item in look.items} <= {id_}
    assert f"✗ {id_} is damaged: a time in it" in fleettui(workspace).ok("today")
    assert fleettui(workspace).json("today")["damaged"][0]["id"] == id_
    doctor = fleettui(workspace).run("doctor")
    assert doctor.returncode == 1 and f"{id_} is damaged: a time in it" in doctor.stdout


def put_what_has_no_end(workspace: Workspace, assignee: str = "kathy") -> tuple[str, str]:
    """A next step until the last of all days, somebody away until then, and a ticket asked in the year 1."""
    workspace.people.add("zay", name="Zay Hanlon")
    off = TimeOff(first=date(1, 1, 1), last=date.max)
    put(workspace, PEOPLE, replace(workspace.people.get("zay"), time_off=(off,)))
    customer = next(customer for customer in workspace.customers.all() if customer.opportunities)
    deal = replace(customer.opportunities[0], state="open", next_step="Call", next_step_due=date.max)
    put(workspace, CUSTOMERS, replace(customer, opportunities=(deal,)))
    ticket = workspace.tickets.new("Nobody", "It fails", fields={"priority": "P3"})
    message = replace(ticket.messages[0], at=FAR[0])
    put(workspace, TICKETS, replace(ticket, assignee=assignee, opened_at=FAR[0], messages=(message,)))
    return customer.id, ticket.id


def test_today_stands_whatever_a_customer_a_ticket_or_a_colleague_says(workspace: Workspace) -> None:
    customer, ticket = put_what_has_no_end(workspace, config.login())
    words = fleettui(workspace).ok("today", "--all")
    assert f"✗ {customer} is damaged" in words and f"✗ {ticket} is damaged" in words
    assert [row["id"] for row in fleettui(workspace).json("today")["damaged"]] == [customer]


def test_tickets_that_are_merged_into_each_other_are_named_and_nothing_hangs(workspace: Workspace) -> None:
    """No action makes such a circle; a script that writes documents could."""
    ids = [workspace.tickets.new("Acme", f"It fails {n}", fields={"tier": "Premium"}).id for n in range(3)]
    for id_, into in zip(ids, ids[1:] + ids[:1], strict=True):
        put(workspace, TICKETS, replace(workspace.tickets.find(id_), status="resolved", merged_into=into))
    lines = fleettui(workspace).ok("tickets", "list", "--all").splitlines()
    for id_ in ids:
        assert any(line.startswith(id_) and "✗ damaged: " in line for line in lines)
    rows = fleettui(workspace).json("tickets", "list", "--all")
    assert {row["id"] for row in rows if "are merged into each other" in row.get("damaged", "")} == {*ids}
    shown = fleettui(workspace).run("tickets", "show", ids[0])
    assert shown.returncode == 0 and "It fails 0" in shown.stdout
    assert f"{ids[0]} is damaged: {' and '.join(ids)} are merged" in shown.stderr
    assert fleettui(workspace).ok("today", "--all").count("are merged into each other") == len(ids)
    assert [row["id"] for row in fleettui(workspace).json("today")["damaged"]] == ids
    refused = fleettui(workspace).fails(1, "tickets", "received", ids[0], "--body", "It fails again")
    assert f"{' and '.join(ids)} are merged into each other" in refused
    doctor = fleettui(workspace).json_of(1, "doctor")["findings"]
    assert [finding["what"].split()[0] for finding in doctor if "merged into each" in finding["what"]] == ids
    fleettui(workspace).ok("undo", ids[0], "--yes")
    fleettui(workspace).ok("tickets", "received", ids[1], "--body", "It fails again")


def test_a_customer_that_makes_no_sense_is_one_row_of_the_list(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    count, id_ = len(workspace.customers.all()), workspace.customers.all()[0].id

    def sometimes(tier_policy: Any, tier: str) -> str:
        if tier == "Ultimate":
            raise OverflowError
        return tier

    workspace.customers.edit(id_, {"tier": "Ultimate"})
    monkeypatch.setattr("fleettui.cli.commands.customers.tier_in_words", sometimes)
    lines = fleettui(workspace).ok("customers", "list").splitlines()
    assert len(lines) == count + 1
    assert any(id_ in line and "damaged" in line for line in lines)


@pytest.mark.parametrize("source", ["rituals", "playbooks"])
def test_whatever_goes_wrong_with_one_document_the_others_stand(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    owner: Any = BoardReader if source == "rituals" else Playbooks
    name = "row" if source == "rituals" else "look"
    id_ = (
        workspace.rituals.board()[0].ritual.id
        if source == "rituals"
        else workspace.playbooks.open_runs()[0].id
    )
    original = getattr(owner, name)

    def sometimes(self: Any, document: Any, *arguments: Any) -> Any:
        if document.id == id_:
            raise KeyError("step-of-another-playbook")
        return original(self, document, *arguments)

    before = {item.id for item in workspace.agenda.items()}
    monkeypatch.setattr(owner, name, sometimes)
    look = workspace.agenda.look()
    assert [damaged.id for damaged in look.damaged] == [id_]
    assert "step-of-another-playbook" in look.damaged[0].why
    assert {item.id for item in look.items} == before - {id_}


def test_a_document_with_an_unknown_zone_is_one_damaged_row(workspace: Workspace) -> None:
    """No action takes such a zone; a script that writes documents could."""
    ids = {}
    for word, collection, document in (
        ("people", PEOPLE, workspace.people.all()[0]),
        ("customers", CUSTOMERS, workspace.customers.all()[0]),
        ("calls", CALLS, workspace.calls.all()[1]),
    ):
        ids[word] = put(workspace, collection, replace(document, zone="Mars/Olympus"))
    for word, id_ in ids.items():
        listed = fleettui(workspace).run(word, "list")
        (row,) = [line for line in listed.stdout.splitlines() if line.startswith(id_)]
        assert listed.returncode == 0 and "✗ damaged: nobody knows its time zone 'Mars/Olympus'" in row
        assert f"{id_} is damaged" in listed.stderr
    for words in (
        ("today", "--all"),
        ("tickets", "list"),
        ("rituals", "list"),
        ("report", "week"),
        ("oncall",),
    ):
        fleettui(workspace).ok(*words)
    assert {row["id"] for row in fleettui(workspace).json("today")["damaged"]} == {*ids.values()}
    findings = fleettui(workspace).json_of(1, "doctor")["findings"]
    named = [what["what"].split()[0] for what in findings if "Mars/Olympus" in what["what"]]
    assert sorted(named) == sorted(ids.values())


def test_a_file_of_the_handbook_that_is_a_folder_is_named_and_ends_nothing(workspace: Workspace) -> None:
    for name in ("sla.json", "playbooks/play-01.json"):
        path = workspace.home / "handbook" / name
        path.unlink()
        path.mkdir()
    for words in (("today",), ("tickets", "list"), ("playbooks", "list"), ("backup",)):
        fleettui(workspace).ok(*words)
    findings = fleettui(workspace).json_of(1, "doctor")["findings"]
    assert {Path(what["file"]).name for what in findings if "is a folder" in what["what"]} == {
        "sla.json",
        "play-01.json",
    }
