"""The handbook as data: what a new workspace begins with says what the rules say."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from fleettui.domain.checklists import rules as checklist
from fleettui.errors import Refused, Unusable
from fleettui.policy.handbook import Handbook, load, seed_files
from fleettui.policy.mistakes import check
from tests.support.handbook_folder import TEAM, edit

NOON = datetime(2026, 3, 9, 19, 0, tzinfo=UTC)


# The whole.


def test_what_is_shipped_has_no_mistake(handbook: Handbook) -> None:
    assert check(handbook, TEAM) == []


def test_everything_that_states_a_rule_names_one_that_there_is() -> None:
    """Ids of the specification and no others, in all of the shipped files."""
    families = {"SLA": 16, "SUP": 21, "CALL": 12, "RIT": 17, "PLAY": 18, "GTM": 9}
    seen: set[str] = set()
    for name, content in seed_files():
        if name.endswith(".json"):
            seen |= set(_rules(json.loads(content)))
    for rule in seen:
        family, _, number = rule.partition("-")
        assert family in families and 1 <= int(number) <= families[family], rule
    for family, last in families.items():
        if family in ("CALL", "RIT", "PLAY", "GTM"):
            assert {f"{family}-{n}" for n in range(1, last + 1)} <= seen, family


def _rules(raw: Any) -> list[str]:
    if isinstance(raw, dict):
        own = [raw["rule"]] if raw.get("rule") else []
        return own + [rule for value in raw.values() for rule in _rules(value)]
    return [rule for value in raw for rule in _rules(value)] if isinstance(raw, list) else []


def test_nothing_is_loaded_that_was_not_asked_for() -> None:
    code = (
        "import sys\n"
        "import fleettui.policy.handbook, fleettui.text.cleaning, fleettui.policy.messages.renderer\n"
        "import fleettui.domain.checklists.rules\n"
        "bad = {'jinja2', 'holidays', 'pendulum', 'textual', 'json', 'difflib', 'rich'} & set(sys.modules)\n"
        "sys.exit(', '.join(bad) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_file_is_read_only_when_it_is_asked_for(folder: Path) -> None:
    (folder / "rituals.json").write_text("{")
    handbook = load(folder)
    assert handbook.roles.roles
    with pytest.raises(Unusable, match=r"handbook/rituals\.json"):
        _ = handbook.rituals


def test_an_edit_is_noticed(folder: Path) -> None:
    handbook = load(folder)
    assert not handbook.changed()
    edit(folder, "playbooks/play-01.json", "name", to="Another name")
    assert handbook.changed()
    fresh = load(folder)
    assert fresh.playbook("PLAY-1").name == "Another name"
    (folder / "playbooks" / "own.json").write_text("{}")
    assert fresh.changed()
    (folder / "playbooks" / "own.json").unlink()
    assert not fresh.changed()
    (folder / "templates" / "w9.j2").unlink()
    assert fresh.changed()


# Rituals.

KATHY = "kathy"
RITUALS = {
    # rule: (DRI, every, interval, times)
    "RIT-1": (KATHY, "business day", 1, (1, 1)),
    "RIT-2": (KATHY, "business day", 1, (1, 1)),
    "RIT-3": (KATHY, "business day", 1, (1, 1)),
    "RIT-4": (KATHY, "business day", 1, (1, 1)),
    "RIT-5": (KATHY, "week", 1, (1, 1)),
    "RIT-6": (KATHY, "week", 1, (3, 4)),
    "RIT-7": (KATHY, "week", 1, (1, 1)),
    "RIT-8": (KATHY, "week", 1, (1, 1)),
    "RIT-9": (KATHY, "week", 1, (1, 1)),
    "RIT-10": (KATHY, "week", 3, (1, 1)),
    "RIT-11": ("alex", "week", 1, (1, 1)),
    "RIT-12": ("taylor", "month", 1, (1, 1)),
    "RIT-13": ("alex", "week", 1, (1, 1)),
    "RIT-14": ("brad", "business day", 1, (1, 1)),
    "RIT-15": ("alex", "week", 1, (1, 1)),
    "RIT-16": ("CSE", "week", 1, (1, 1)),
    "RIT-17": ("on-call", "week", 1, (1, 1)),
}


@pytest.mark.parametrize("rule", RITUALS)
def test_each_ritual_is_there_with_its_rhythm_and_dri(handbook: Handbook, rule: str) -> None:
    (ritual,) = (row for row in handbook.rituals.rituals if row.rule == rule)
    rhythm = ritual.rhythm
    assert (ritual.dri, rhythm.every, rhythm.interval, rhythm.times) == RITUALS[rule]
    assert ritual.purpose


def test_the_list_of_rituals_is_complete(handbook: Handbook) -> None:
    assert [ritual.rule for ritual in handbook.rituals.rituals] == list(RITUALS)


def test_the_shapes_that_rituals_have(handbook: Handbook) -> None:
    """RIT-2 under an hour, RIT-7 before RIT-8, RIT-9 per customer, RIT-11 after 45 days, RIT-12 from PLAY-8, RIT-15 retired,
    RIT-16 and RIT-17 fed from elsewhere."""
    by = {ritual.rule: ritual for ritual in handbook.rituals.rituals}
    assert (by["RIT-2"].target_minutes, by["RIT-2"].all_day) == (60, True)
    assert by["RIT-7"].before == (by["RIT-8"].id,)
    assert by["RIT-8"].after == (by["RIT-7"].id,)
    assert [rule for rule, ritual in by.items() if ritual.per_customer == "commercial"] == ["RIT-9"]
    assert (by["RIT-11"].fed_by, by["RIT-11"].quiet_days) == ("quiet opportunities", 45)
    assert handbook.playbook(by["RIT-12"].playbook).rule == "PLAY-8"
    assert handbook.playbook(by["RIT-12"].playbook).id == handbook.playbook("PLAY-8").id
    assert len(by["RIT-17"].checklist.steps) == 3
    assert [rule for rule, ritual in by.items() if ritual.retired] == ["RIT-15"]
    assert by["RIT-15"].replaced_by == by["RIT-11"].id
    assert (by["RIT-16"].fed_by, by["RIT-16"].rhythm.weekday) == ("documentation questions", "fri")
    assert [step.label for step in by["RIT-17"].steps] == [
        question.question for question in handbook.tickets.retro
    ]
    assert "#help-CEO" in by["RIT-14"].channel


# Calls.


def test_call_steps_come_48_hours_before_and_join_2_to_3_minutes(handbook: Handbook) -> None:
    """CALL-3 to CALL-8."""
    calls = handbook.calls
    assert calls.prepare.hours_before == 48
    assert (calls.join.earliest, calls.join.latest) == (3, 2)
    assert calls.missed.after_minutes == 3
    assert (calls.slots.least, calls.slots.most) == (2, 3)
    prepare = next(step for step in calls.steps if step.key == calls.prepare.group)
    assert {"CALL-2", "CALL-3", "CALL-4", "CALL-5", "CALL-6"} <= {
        step.rule for step in checklist.every_step((prepare,))
    }
    assert {kind.key: kind.minutes for kind in calls.kinds}["handoff"] == 30, "CALL-12"


def _ladder(handbook: Handbook, **answers: Any) -> list[str]:
    definition = handbook.calls.checklist
    run = checklist.begin(NOON)
    for fact, answer in answers.items():
        run = checklist.answer(definition, run, fact.replace("_", "-"), answer)
    group = checklist.find(definition, run, handbook.moment(NOON), "missed")
    return [leaf.key for leaf in checklist.leaves((group,)) if leaf.state in ("todo", "blocked")]


def test_call_8_the_ladder_in_its_order(handbook: Handbook) -> None:
    everything = {"missed": True, "shared_channel": True, "invite_email": True, "linkedin": True}
    assert _ladder(handbook, **everything, phone="mobile") == [
        "missed-slack", "missed-email", "missed-linkedin", "missed-text", "missed-call", "missed-slots", "missed-details",
    ]  # fmt: skip
    assert "missed-text" not in _ladder(handbook, **everything, phone="landline"), "a landline takes no text"
    assert "missed-call" in _ladder(handbook, **everything, phone="landline")
    nothing = {
        "missed": True,
        "shared_channel": False,
        "invite_email": False,
        "linkedin": False,
        "phone": "none",
    }
    assert _ladder(handbook, **nothing) == ["missed-number", "missed-slots", "missed-details"]
    assert _ladder(handbook, **{**everything, "missed": False}, phone="mobile") == [], (
        "the customer turned up"
    )


def test_call_4_only_who_has_not_accepted_is_asked(handbook: Handbook) -> None:
    definition = handbook.calls.checklist
    run = checklist.answer(definition, checklist.begin(NOON), "accepted", True)
    assert (
        checklist.find(definition, run, handbook.moment(NOON), "confirm").why_not
        == "the customer has accepted"
    )


# Support.


def test_sup_10_the_full_list_of_details(handbook: Handbook) -> None:
    details = handbook.details
    assert [detail.key for detail in details.required] == [
        "server-version", "agent-version", "agent-kind", "operating-system", "browser", "expected", "actual",
    ]  # fmt: skip
    assert [detail.key for detail in details.details if not detail.required] == [
        "hosts-total", "hosts-online", "scheduled-queries", "server-instances", "server-size", "server-use", "database",
        "database-capacity", "database-use", "read-replicas", "redis-version", "redis-capacity", "redis-clustered", "redis-use",
        "debug-archive",
    ]  # fmt: skip
    assert next(detail for detail in details.details if detail.key == "agent-kind").choices == (
        "osquery",
        "fleetd",
    )
    assert all(detail.question.strip() for detail in details.details)


@pytest.mark.parametrize(
    ("priority", "roles", "helpers"),
    [
        ("P3", ("CSE",), ("L2 on-call", "SC")),
        ("P4", ("CSE",), ("L2 on-call", "SC")),
        ("P2", ("CSE", "L2 on-call"), ()),
        ("P1", ("CSE", "L2 on-call"), ()),
    ],
)
def test_sup_6_who_works_on_it(
    handbook: Handbook, priority: str, roles: tuple[str, ...], helpers: tuple[str, ...]
) -> None:
    level = handbook.levels.of(priority)
    assert level is not None
    assert (level.roles, level.when_needed) == (roles, helpers)


def test_sup_6_expert_questions_have_both_technicians(handbook: Handbook) -> None:
    expert = next(level for level in handbook.levels.levels if level.key == "expert")
    assert expert.roles == ("CSE", "L2 on-call", "L3 on-call")


def test_sup_7_where_to_call_for_help(handbook: Handbook) -> None:
    helps = {help_.key: (help_.mention, help_.channel, help_.otherwise) for help_ in handbook.channels.help}
    assert helps["engineering"] == ("@oncall", "#help-engineering", ())
    assert helps["solutions"][1] == "#help-solutions-consulting"
    assert helps["web-chat"][1:] == ("#g-sales", ("#help-engineering", "#help-product"))


def test_channels_and_their_dris(handbook: Handbook) -> None:
    dris = {channel.name: channel.dri for channel in handbook.channels.channels if channel.dri}
    assert dris == {
        "#g-customers": "zay",
        "#fleet-at-*": "kathy",
        "#g-sales": "alex",
        "#_from-prospective-customers": "alex",
    }


def test_sup_11_to_13_labels_and_codenames(handbook: Handbook) -> None:
    labels = handbook.labels
    assert labels.customer_request.name == "customer request"
    assert labels.waiting_prefix == "+"
    assert [label.name for label in labels.waiting] == ["+more info please"]
    pool = labels.codenames.pool
    assert len(pool) >= 150
    assert len({name.casefold() for name in pool}) == len(pool)
    assert {"Ceres", "Vesta", "Hygiea"} <= set(pool)


def test_sup_18_the_group_follows_the_hosts(handbook: Handbook) -> None:
    groups = {hosts: handbook.groups.of(hosts) for hosts in (0, 299, 300, 10_000)}
    assert {hosts: group.channel if group else "" for hosts, group in groups.items()} == {
        0: "#g-buy-online", 299: "#g-buy-online", 300: "#g-unicorns", 10_000: "#g-unicorns",
    }  # fmt: skip


def test_sup_11_a_new_issue_is_searched_for_first(handbook: Handbook) -> None:
    issue = handbook.tickets.checklist("issue")
    assert issue is not None
    run = checklist.answer(issue.checklist, checklist.begin(NOON), "key-date", True)
    shown = {
        leaf.key: leaf.state
        for leaf in checklist.leaves(checklist.view(issue.checklist, run, handbook.moment(NOON)))
    }
    assert (shown["search"], shown["tell"], shown["key-date"]) == ("todo", "blocked", "todo")
    emergency = handbook.tickets.checklist("emergency")
    assert emergency and emergency.opens_with == "P0"


# Reaching out.


def test_gtm_who_reaches_out_and_the_numbers(handbook: Handbook) -> None:
    gtm = handbook.gtm
    assert {row.kind: (row.role, row.helps) for row in gtm.reach_out} == {
        "sales-ready prospect": ("AE", ("SC",)), "customer": ("CSM", ()), "prospect": ("SC", ()),
    }  # fmt: skip
    assert [row.key for row in gtm.account_priorities] == ["sales-ready", "ads-running", "researched"], (
        "GTM-2"
    )
    assert [row.name for row in gtm.lead_statuses] == [
        "New", "New enriched", "New MQL", "Working to engage", "Engaged", "Meeting scheduled", "Working to convert",
        "Closed nurture", "Closed do not contact", "SAO converted",
    ]  # fmt: skip
    assert (gtm.review_days, gtm.quiet_days) == (30, 45)
    assert len(gtm.first_contact) == 7, "GTM-4"
    assert [handbook.playbook(id_).rule for id_ in gtm.sanctions.at] == ["PLAY-3", "PLAY-2"], "GTM-6"


# The team.


def test_the_team_is_who_the_newest_edition_names() -> None:
    people = json.loads((resources.files("fleettui.data") / "people.json").read_bytes())["people"]
    assert {person["name"]: person["active"] for person in people} == {
        "Kathy Satterlee": True, "Alex Mitchell": True, "Taylor Hughes": True, "Brad Macdowall": True, "Zay Hanlon": True,
        "Nathan Holliday": False,
    }  # fmt: skip
    assert {person["zone"] for person in people} == {"America/Los_Angeles"}


def test_every_role_of_the_handbook_is_known_by_each_of_its_names(handbook: Handbook) -> None:
    names = [
        "CRO", "VP of Customer Success", "CSM", "CSE", "Director of Solutions Consulting", "SC", "Head of Public Sector", "AE",
        "SDR", "ADR", "BizOps", "Finance", "CEO", "Head of Digital Experience", "l2 ON-call", "L3 on-call",
        "Customer support engineer", "Head of CS",
    ]  # fmt: skip
    assert [name for name in names if handbook.roles.find(name) is None] == []
    assert handbook.roles.find("Astronaut") is None


# Finding.


def test_things_are_found_by_id_rule_and_name_and_missed_with_a_hint(handbook: Handbook) -> None:
    for typed in ("close-a-deal", "play-2", " Close a new customer deal "):
        assert handbook.playbook(typed).rule == "PLAY-2"
    with pytest.raises(Refused, match="no playbook 'close-deal'; did you mean 'close-a-deal'"):
        handbook.playbook("close-deal")
    with pytest.raises(Refused, match="no playbook ''"):
        handbook.playbook("")
