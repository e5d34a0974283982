"""Today: one list of everything that wants something, from every source, by the time that is left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleettui.domain import agenda as today
from fleettui.domain.agenda import Does, Item, Kind, State
from fleettui.errors import Refused
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import CommandLine

NOW = MONDAY_MORNING


def item(
    minutes: float | None,
    *,
    kind: Kind = "ticket",
    title: str = "",
    state: State | None = None,
    mine: bool = False,
    who: str = "",
    does: Does = "",
) -> Item:
    due = None if minutes is None else NOW + timedelta(minutes=minutes)
    state = state or today.state_at(due, NOW)
    return Item(kind=kind, id="T-1", title=title, due=due, state=state, mine=mine, who=who, does=does)


def test_late_is_at_its_due_time_and_soon_within_the_hour() -> None:
    assert [item(minutes).state for minutes in (-1, 0, 1, 60, 61, None)] == [
        "late", "late", "soon", "soon", "open", "open",
    ]  # fmt: skip


@given(st.lists(st.one_of(st.none(), st.integers(-9999, 9999))))
def test_the_least_time_left_comes_first_and_no_time_last(minutes: list[int | None]) -> None:
    dues = [entry.due for entry in today.ordered(item(at) for at in minutes)]
    timed = [due for due in dues if due is not None]
    assert dues == sorted(timed) + [None] * (len(dues) - len(timed))


def test_the_teams_at_a_glance_what_nobody_has_first_then_most_late() -> None:
    loads = today.workloads(
        [
            item(5, who="ann"), item(5, who="ben"), item(-5, who="ben", kind="ritual"), item(9),
            item(1, who="me", mine=True), item(99, who="cat", state="next"),
        ]
    )  # fmt: skip
    assert [load.who for load in loads] == ["", "ben", "ann"]
    assert today.workload_words(loads[1]) == "1 answer, 1 ritual; 1 late"


def items_of(workspace: Workspace, kind: str) -> list[Item]:
    return [item for item in workspace.agenda.items() if item.kind == kind]


def test_sla_15_an_answer_that_is_owed_stands_here_until_it_is_given(workspace: Workspace) -> None:
    workspace.people.edit("kathy", {"roles": "CSE"})
    workspace.customers.add("Acme", tier="Premium")
    ticket = workspace.tickets.new("Acme", "Cannot log in", priority="P1", at=NOW - timedelta(hours=1))
    (item_,) = items_of(workspace, "ticket")
    assert (item_.id, item_.about, item_.mine, item_.state) == (ticket.id, "Acme", True, "open")
    assert item_.due == NOW + timedelta(hours=3), "SLA-3: four business hours"
    workspace.tickets.reply(ticket.id, "On it")
    assert items_of(workspace, "ticket") == []


def test_what_nobody_has_taken_concerns_whoever_has_the_levels_role(workspace: Workspace) -> None:
    workspace.customers.add("Acme", tier="Premium")
    ticket = workspace.tickets.new("Acme", "Cannot log in", priority="P3", at=NOW)
    workspace.people.edit("kathy", {"roles": "AE"})
    assert [entry.mine for entry in items_of(workspace, "ticket")] == [False]
    workspace.people.edit("kathy", {"roles": "CSE"})
    assert [entry.mine for entry in items_of(workspace, "ticket")] == [True]
    workspace.tickets.assign([ticket.id], "zay")
    assert [(entry.mine, entry.who) for entry in items_of(workspace, "ticket")] == [(False, "zay")]


def test_call_3_to_8_a_call_is_prepared_joined_and_chased(made: Callable[..., Workspace]) -> None:
    home = made().home
    now = [NOW]
    workspace = Workspace.open(home, clock=lambda: now[0], login="kathy")
    call = workspace.calls.new("Acme", NOW + timedelta(hours=30))

    def stands() -> tuple[str, str]:
        (entry,) = items_of(workspace, "call")
        return entry.state, entry.title.partition(":")[0]

    assert stands() == ("open", "Prepare the call")
    now[0] = call.start - timedelta(minutes=2)
    assert stands() == ("soon", "Join now")
    now[0] = call.start + timedelta(minutes=3)
    assert stands() == ("late", "Nobody came")


def test_call_11_a_next_step_is_ticked_where_it_stands(workspace: Workspace) -> None:
    call = workspace.calls.new("Acme", NOW - timedelta(hours=2))
    workspace.calls.joined(call.id)
    workspace.calls.agree(call.id, "Send the guide", "kathy", date(2026, 3, 9))
    (entry,) = items_of(workspace, "next step")
    assert (entry.mine, entry.does) == (True, "tick")
    workspace.agenda.do(entry)
    assert items_of(workspace, "next step") == []


def test_a_next_step_of_an_opportunity_is_whoevers_that_writes_to_them(workspace: Workspace) -> None:
    """GTM-1"""
    acme = workspace.customers.add("Acme", kind="sales-ready prospect", owners="AE=alex")
    workspace.customers.opportunity(
        acme.id, "First year", {"next_step": "Send it", "next_step_due": "2026-03-08"}
    )
    (entry,) = items_of(workspace, "next step")
    assert (entry.who, entry.role, entry.state, entry.mine) == ("alex", "AE", "late", False)


def test_rit_1_a_daily_ritual_is_ticked_where_it_stands(workspace: Workspace) -> None:
    entry = next(entry for entry in items_of(workspace, "ritual") if entry.does == "tick" and entry.mine)
    workspace.agenda.do(entry)
    assert entry.id not in {left.id for left in items_of(workspace, "ritual") if left.wants}


def test_a_playbook_stands_once_for_each_who_has_the_turn(made: Callable[..., Workspace]) -> None:
    home = made(demo=True).home
    jonah = Workspace.open(home, clock=lambda: NOW, login="jonah")
    run = jonah.playbooks.start("PLAY-14", "Halden", answers={"own-server": True})
    jonah.playbooks.tick(run.id, "stage")
    by_person = {entry.who: entry for entry in items_of(jonah, "playbook") if entry.id == run.id}
    assert set(by_person) == {"jonah", "priya"}
    assert by_person["jonah"].mine and not by_person["priya"].mine
    jonah.agenda.do(by_person["jonah"])
    assert {entry.who for entry in items_of(jonah, "playbook") if entry.id == run.id} == {"priya"}


def test_play_5_what_waits_is_not_wanted_yet(made: Callable[..., Workspace]) -> None:
    jonah = Workspace.open(made(demo=True).home, clock=lambda: NOW, login="jonah")
    run = jonah.playbooks.start("PLAY-5", "Halden", answers={"review-needed": False})
    for step in ("no-personal-addresses", "billing-address", "route"):
        jonah.playbooks.tick(run.id, step)
    jonah.playbooks.fill(run.id, "document-link", "https://example.com/x")
    jonah.playbooks.tick(run.id, "tell")
    chase = next(
        entry for entry in items_of(jonah, "playbook") if entry.id == run.id and entry.step == "chase"
    )
    assert (chase.state, chase.wants, chase.mine) == ("waiting", False, True)
    assert chase.due == datetime(2026, 3, 11, 16, 0, tzinfo=UTC)


def test_sup_15_the_on_call_week_and_the_one_that_comes(made: Callable[..., Workspace]) -> None:
    tobias = Workspace.open(made(demo=True).home, clock=lambda: NOW, login="tobias")
    now, following = items_of(tobias, "on call")[:2]
    assert (now.who, now.wants, now.mine) == ("tobias", True, True)
    assert (following.state, following.mine) == ("next", False)


def test_what_cannot_be_done_from_here_says_so(workspace: Workspace) -> None:
    with pytest.raises(Refused, match="open it; there it is done"):
        workspace.agenda.do(item(5, title="Cannot log in", does="answer"))


def test_a_broken_file_is_named_and_takes_away_no_more_than_what_needs_it(cli: CommandLine) -> None:
    (cli.home / "handbook" / "gtm.json").write_text("{")
    shown = cli.ok("today")
    assert "✗ handbook/gtm.json, line 1" in shown
    assert "RIT-1" in cli.ok("today", "--json")


def test_the_command_prints_the_same_list(cli: CommandLine) -> None:
    cli.ok("customers", "add", "Acme", "--tier", "Ultimate")
    cli.ok("people", "add", "root", "roles=CSE") if cli.run(
        "people", "edit", "root", "roles=CSE"
    ).returncode else None
    cli.ok("tickets", "new", "--customer", "Acme", "--subject", "All is down", "--priority", "P0")
    items = cli.json("today")["items"]
    ticket = next(entry for entry in items if entry["kind"] == "ticket")
    assert {"kind", "id", "title", "due", "state", "mine"} <= set(ticket)
    assert ticket["due"] == "2026-03-09T10:00:00-07:00"
    text = cli.ok("today")
    assert "All is down" in text and ticket["id"] in text
    assert all(len(line) <= 78 for line in text.splitlines())
