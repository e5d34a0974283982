"""SLA-17: tiers and their opening hours are the team's data. SLA-11: how to reach us is shown where promises are."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import CommandLine

BERLIN: dict[str, Any] = {
    "zone": "Europe/Berlin",
    "open": {day: [["08:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
}
GOLD = [
    {"tier": "Gold", "priority": "P1", "clock": "business hours", "due": 2},
    {"tier": "Gold", "priority": "any"},
]


def edit_sla(home: Path, **changes: Any) -> None:
    path = home / "handbook" / "sla.json"
    policy = json.loads(path.read_text())
    more = changes.pop("commitments", [])
    policy["commitments"] += more
    path.write_text(json.dumps(policy | changes))


def drop_tier(home: Path, tier: str) -> None:
    path = home / "handbook" / "sla.json"
    policy = json.loads(path.read_text())
    policy["commitments"] = [row for row in policy["commitments"] if row["tier"] != tier]
    path.write_text(json.dumps(policy))


@pytest.fixture
def gold(cli: CommandLine) -> CommandLine:
    edit_sla(cli.home, commitments=GOLD, hours=[{"tiers": ["Gold"], **BERLIN}])
    return cli


def due(cli: CommandLine, *words: str) -> str:
    result: str = cli.json("sla", "due", *words)["due"]
    return datetime.fromisoformat(result).astimezone(ZoneInfo("Europe/Berlin")).isoformat()


def test_sla_17_a_tier_of_the_policy_is_a_customers(gold: CommandLine) -> None:
    gold.ok("customers", "add", "Acme", "--tier", "gold")
    assert gold.json("customers", "show", "Acme")["tier"] == "Gold"
    gold.ok("customers", "edit", "Acme", "tier=Premium")
    gold.ok("customers", "edit", "Acme", "tier=Gold")
    assert "'Silver' is not one of Free, Premium, Ultimate, Gold" in gold.fails(
        1, "customers", "edit", "Acme", "tier=Silver"
    )
    gold.ok("tickets", "new", "--customer", "Acme", "--subject", "It fails", "--priority", "P1")
    assert gold.json("tickets", "list", "--search", "tier:gold")[0]["tier"] == "Gold"
    assert gold.json("tickets", "list", "--view", "gold")[0]["id"] == "T-1001"
    assert gold.ok("doctor")


def test_sla_17_promises_count_by_the_tiers_own_hours(gold: CommandLine) -> None:
    words = ("--tier", "Gold", "--priority", "P1", "--at")
    assert due(gold, *words, "2026-03-09T17:30:00+01:00") == "2026-03-10T09:30:00+01:00"
    # The team's holidays are theirs, at priorities that know any.
    explained = gold.json("sla", "due", *words, "2026-03-09T17:30:00+01:00", "--explain")
    assert [(item["counted"], item["why"]) for item in explained["trace"]] == [
        (30, "open"), (0, "night"), (90, "open"),
    ]  # fmt: skip
    table = gold.json("sla", "table")
    assert [row["name"] for row in table if row["kind"] == "hours"] == ["Gold"]
    assert "Monday to Friday, 8:00 to 18:00 (Berlin time)" in gold.ok("sla", "table")


def test_sla_17_a_customers_own_hours_come_before_those_of_the_tier(gold: CommandLine) -> None:
    gold.ok("customers", "add", "Acme", "--tier", "Gold")
    gold.ok("customers", "add", "Initech", "--tier", "Gold")
    tokyo = {"customers": ["acme"], "zone": "Asia/Tokyo", "open": {"tue": [["09:00", "17:00"]]}}
    edit_sla(gold.home, hours=[{"tiers": ["Gold"], **BERLIN}, tokyo])
    words = ("--tier", "Gold", "--priority", "P1", "--at", "2026-03-09T17:30:00+01:00", "--customer")
    assert due(gold, *words, "Initech") == "2026-03-10T09:30:00+01:00"
    assert due(gold, *words, "Acme") == "2026-03-10T03:00:00+01:00"
    gold.now = "2026-03-09T17:30:00+01:00"
    for customer in ("Acme", "Initech"):
        gold.ok("tickets", "new", "--customer", customer, "--subject", "It fails", "--priority", "P1")
    listed = gold.json("tickets", "list")
    hours = {row["customer"]: datetime.fromisoformat(row["due"]).astimezone(UTC).hour for row in listed}
    assert hours == {"Acme": 2, "Initech": 8}
    assert "Their hours: Tuesday, 9:00 to 17:00 (Tokyo time)" in gold.ok("tickets", "explain", "T-1001")


def test_sla_17_who_pays_is_policy(workspace: Workspace) -> None:
    edit_sla(workspace.home, commitments=GOLD)
    opened = Workspace.open(workspace.home, clock=frozen_clock(MONDAY_MORNING), login="kathy")
    for name, tier in (("Acme", "Gold"), ("Initech", "Premium"), ("Paperlane", "Free")):
        opened.customers.add(name, tier=tier)
    assert [customer.name for customer in opened.customers.commercial()] == ["Acme", "Initech"]
    edit_sla(workspace.home, paid=["Gold", "Free"])
    opened.refresh()
    assert [customer.name for customer in opened.customers.commercial()] == ["Acme", "Paperlane"]


def test_sla_17_a_customer_of_a_tier_that_is_gone_still_opens(gold: CommandLine) -> None:
    gold.ok("customers", "add", "Acme", "--tier", "Gold")
    gold.ok("tickets", "new", "--customer", "Acme", "--subject", "It fails", "--priority", "P1")
    drop_tier(gold.home, "Gold")
    edit_sla(gold.home, hours=[])
    assert "Gold?" in gold.ok("customers", "list")
    gold.ok("customers", "edit", "Acme", "note=Still here", "tier=Gold")
    ticket = gold.json("tickets", "show", "T-1001")
    assert (ticket["tier"], ticket["due"], ticket["owed_since"] is not None) == ("Gold", None, True)
    assert "there is no tier 'Gold'" in gold.ok("tickets", "explain", "T-1001")
    finding = next(row for row in gold.json("doctor")["findings"] if "Gold" in row["what"])
    assert "K-1: the policy knows no tier 'Gold', so nothing is promised to Acme" in finding["what"]
    assert "fleettui customers edit" in finding["mend"]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"paid": ["Silver"]}, "paid[0]: no tier is called 'Silver'"),
        ({"hours": [{"tiers": ["Silver"], **BERLIN}]}, "hours[0].tiers[0]: no tier is called 'Silver'"),
        ({"hours": [{"customers": ["Nobody"], **BERLIN}]}, "hours[0].customers[0]: no customer is called"),
        ({"hours": [BERLIN]}, "hours[0]: names no tier and no customer"),
        ({"hours": [{"tiers": ["Free"], "zone": "UTC", "open": {}}]}, "hours[0].open: is never open"),
    ],
)
def test_sla_17_doctor_finds_mistakes(cli: CommandLine, changes: dict[str, Any], what: str) -> None:
    edit_sla(cli.home, **changes)
    assert any(what in row["what"] for row in cli.json("doctor")["findings"])


@pytest.mark.parametrize(
    ("tier", "priority", "ways"),
    [
        (
            "Ultimate",
            "P0",
            "emergency phone, emergency e-mail, expedited phone, expedited chat, expedited e-mail",
        ),
        ("Premium", "P0", "expedited phone, expedited chat, expedited e-mail"),
        ("Premium", "P3", "standard e-mail, standard chat"),
        ("Free", "P1", "the community Slack channel, or a GitHub issue"),
    ],
)
def test_sla_11_how_to_reach_us_is_shown_beside_the_promise(
    cli: CommandLine, tier: str, priority: str, ways: str
) -> None:
    rows = [row for row in cli.json("sla", "table") if row["kind"] == "promise"]
    row = next(row for row in rows if row["tier"] == tier and row["priority"] in (priority, "any"))
    assert ", ".join(row["ways"]) == ways
    assert ways in cli.ok("sla", "table")
    cli.ok("tickets", "new", "--customer", "Acme", "--subject", "x", "--tier", tier, "--priority", priority)
    assert f"Reached by: {ways}\n" in cli.ok("tickets", "explain", "T-1001")
    assert ", ".join(cli.json("tickets", "explain", "T-1001")["ways"]) == ways


def test_sla_11_the_emergency_number_and_address_are_shown_where_the_team_filled_them_in(
    cli: CommandLine,
) -> None:
    path = cli.home / "handbook" / "channels.json"
    channels = json.loads(path.read_text())
    channels["emergency"] |= {"phone": "+1 555 0100", "email": "911@fleet.example"}
    path.write_text(json.dumps(channels))
    ways = "emergency phone +1 555 0100, emergency e-mail 911@fleet.example, expedited phone"
    assert ways in cli.ok("sla", "table")
    cli.ok("tickets", "new", "--customer", "Acme", "--subject", "x", "--tier", "Ultimate", "--priority", "P0")
    assert f"Reached by: {ways}" in cli.ok("tickets", "explain", "T-1001")


def test_sla_17_a_promise_without_a_rule_or_a_contact_reads_well(cli: CommandLine) -> None:
    gold = {"tier": "Gold", "priority": "any", "clock": "business hours", "due": 8}
    edit_sla(cli.home, commitments=[gold])
    due = cli.ok("sla", "due", "--tier", "Gold", "--priority", "P1", "--at", "2026-03-09T09:00:00-07:00")
    assert due.endswith("PDT (8 business hours)\n")
    rows = [row for row in cli.json("sla", "table") if row.get("tier") == "Gold"]
    assert rows[0]["ways"] == []
