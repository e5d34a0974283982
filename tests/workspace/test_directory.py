"""Whom to reach, and where, stands where somebody needs it: SLA-11, SLA-16, SUP-7, SUP-18."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.customers.page import CustomerPage
from screens.team.reach import ReachView
from screens.team.row_keys import ReachKey
from screens.triage.explanation import explanation
from screens.triage.page import page
from screens.widgets.page import plain
from tests.screens.conftest import SMALL, see
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess

EXPERT = "https://book.example/expert"


@pytest.fixture
def team(workspace: Workspace) -> Iterator[Workspace]:
    """The policy is filled in; Acme is an Ultimate customer with 1,200 hosts."""
    folder = workspace.home / "handbook"
    workspace.close()
    _edit(folder / "channels.json", emergency={"phone": "+1 555 0199", "email": "p0@fleet.example"})
    _edit(folder / "groups.json", revenue="alex", customer_success="zay", cses=["kathy"])
    path = folder / "channels.json"
    path.write_text(
        path.read_text().replace(
            '"name": "Talk to an expert", "url": ""', f'"name": "Talk to an expert", "url": "{EXPERT}"'
        )
    )
    clock = frozen_clock(MONDAY_MORNING)
    opened = Workspace.open(workspace.home, clock=clock, login="kathy")
    opened.customers.add("Acme", tier="Ultimate", hosts="1200", channel="#fleet-at-acme")
    for priority in ("P0", "P3"):
        opened.tickets.new(
            "Acme",
            f"A {priority}",
            priority=priority,
            channel="#fleet-at-acme",
            at=MONDAY_MORNING - timedelta(minutes=5),
        )
    yield opened
    opened.close()


def _edit(path: Path, **fields: object) -> None:
    raw = json.loads(path.read_text())
    if "groups" in raw:
        raw["groups"][0] |= fields
    else:
        for name, value in fields.items():
            assert isinstance(value, dict)
            raw[name] |= value
    path.write_text(json.dumps(raw))


GROUP = "Unicorns #g-unicorns: revenue Alex Mitchell, success Zay Hanlon; CSEs Kathy Satterlee"


def test_sla_11_the_page_of_an_ultimate_p0_has_the_emergency_numbers_and_whom_to_ask(team: Workspace) -> None:
    urgent, question = team.tickets.find("T-1001"), team.tickets.find("T-1002")
    shown = " ".join(plain(page(team, urgent, [])).split())
    assert "+1 555 0199, p0@fleet.example" in shown
    assert GROUP in shown
    assert "#fleet-at-acme · DRI Kathy Satterlee" in shown
    assert "+1 555 0199" not in plain(page(team, question, []))


def test_sup_18_a_customers_page_names_the_people_of_their_group_and_channel(team: Workspace) -> None:
    shown = " ".join(plain(list(CustomerPage(team, team.customers.find("Acme")).paras())).split())
    assert GROUP in shown
    assert "#fleet-at-acme · DRI Kathy Satterlee" in shown
    line = InProcess(team.home)
    assert {"label": "Group", "words": GROUP} in line.json("customers", "show", "Acme")["reach"]
    assert "Emergency: +1 555 0199" in line.ok("tickets", "explain", "T-1001")
    assert {"label": "Emergency", "words": "+1 555 0199, p0@fleet.example"} in line.json(
        "tickets", "explain", "T-1001"
    )["reach"]


def test_sla_16_x_shows_all_of_the_targets_with_the_experts_link(team: Workspace) -> None:
    shown = " ".join(plain(explanation(team, team.tickets.find("T-1001"))).split())
    assert "A message in a customer's channel: 1 business hour" in shown
    assert "Any Slack message: 24 clock hours" in shown
    assert "Web chat: 1 clock hour in business hours, else 8" in shown
    assert f"Talk to an expert: booked through the calendar tool, {EXPERT}" in shown
    assert "Any other enquiry: aim for 24 clock hours, at most 48" in shown
    assert "+1 555 0199" in shown


def test_sla_16_sup_7_and_sup_18_stand_on_team(team: Workspace) -> None:
    view = ReachView(team)
    pages = {key: " ".join(plain(list(view.page(key))).split()) for key in ReachKey}
    assert "#g-sales: Alex Mitchell: Sales" in pages[ReachKey.CHANNELS]
    assert GROUP in pages[ReachKey.GROUPS]
    assert "+1 555 0199" in pages[ReachKey.EMERGENCY]
    assert EXPERT in pages[ReachKey.BOOKING]
    assert "Any Slack message" in pages[ReachKey.TARGETS]


async def test_sup_7_whoever_escalates_sees_the_numbers_and_who_answers_for_channels(team: Workspace) -> None:
    app = FleettuiApp(team)
    async with app.run_test(size=SMALL) as pilot:
        await see(pilot, "1 Today")
        await pilot.press("4")
        await see(pilot, "A P0")
        await pilot.press("E")
        await see(pilot, "+1 555 0199")
        await see(pilot, "#g-sales: Alex Mitchell answers for it")
        await see(pilot, EXPERT)


async def test_whom_to_reach_is_a_section_of_team_at_80_columns(team: Workspace) -> None:
    from tests.screens.demo_team import go_to

    app = FleettuiApp(team)
    async with app.run_test(size=SMALL) as pilot:
        await see(pilot, "1 Today")
        await pilot.press("6")
        await see(pilot, "On call for the web chat")
        await go_to(pilot, ReachKey.GROUPS)
        await pilot.press("enter")
        await see(pilot, "revenue Alex Mitchell")


def test_sla_11_what_is_not_filled_in_says_where_it_belongs(workspace: Workspace) -> None:
    assert workspace.directory.emergency_words() == "not filled in yet: emergency in channels.json"
    assert "the url of talk-to-an-expert in channels.json" in workspace.directory.expert().words
