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
from fleettui.domain.checklists.model import Checklist, Run, Step, StepView
from fleettui.domain.playbooks.policy import Playbook
from fleettui.errors import Refused, Unusable
from fleettui.policy.handbook import Handbook, load, seed_files
from fleettui.policy.mistakes import check
from tests.support.handbook_folder import TEAM, edit, new_folder

NOON = datetime(2026, 3, 9, 19, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return new_folder(tmp_path)


@pytest.fixture(scope="module")
def handbook(tmp_path_factory: pytest.TempPathFactory) -> Handbook:
    """As shipped: for looking only."""
    return load(new_folder(tmp_path_factory.mktemp("shipped")))


# The whole.


def test_what_is_shipped_has_no_mistake(handbook: Handbook) -> None:
    assert check(handbook, TEAM) == []


def test_everything_that_states_a_rule_names_one_that_there_is() -> None:
    """Ids of the specification and no others, in all of the shipped files."""
    families = {"SLA": 16, "SUP": 18, "CALL": 12, "RIT": 17, "PLAY": 16, "GTM": 6}
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
    ritual = handbook.ritual(rule)
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
    assert handbook.steps_of(by["RIT-12"]) == handbook.playbook("PLAY-8").checklist
    assert len(handbook.steps_of(by["RIT-17"]).steps) == 3
    assert [rule for rule, ritual in by.items() if ritual.retired] == ["RIT-15"]
    assert by["RIT-15"].replaced_by == by["RIT-11"].id
    assert (by["RIT-16"].fed_by, by["RIT-16"].rhythm.weekday) == ("documentation questions", "fri")
    assert [step.label for step in by["RIT-17"].steps] == [
        question.question for question in handbook.tickets.retro
    ]
    assert "#help-CEO" in by["RIT-14"].channel


# Playbooks.


def steps_of(playbook: Playbook) -> dict[str, Step]:
    return {step.key: step for step in checklist.every_step(playbook.steps)}


def walk(handbook: Handbook, rule: str, **answers: Any) -> tuple[Checklist, Run]:
    definition = handbook.playbook(rule).checklist
    run = checklist.begin(NOON)
    for fact, answer in answers.items():
        run = checklist.answer(definition, run, fact.replace("_", "-"), answer)
    return definition, run


def seen(handbook: Handbook, definition: Checklist, run: Run) -> dict[str, StepView]:
    steps: dict[str, StepView] = {}

    def gather(views: tuple[StepView, ...]) -> None:
        for shown in views:
            steps[shown.key] = shown
            gather(shown.steps)

    gather(checklist.view(definition, run, handbook.moment(NOON)))
    return steps


def test_all_sixteen_playbooks_are_there(handbook: Handbook) -> None:
    assert [playbook.rule for playbook in handbook.playbooks.values()] == [f"PLAY-{n}" for n in range(1, 17)]


def test_play_2_has_four_phases_and_each_role_its_steps(handbook: Handbook) -> None:
    playbook = handbook.playbook("PLAY-2")
    assert [(phase.key, phase.owner) for phase in playbook.steps] == [
        ("order", "AE"), ("signing", "AE"), ("handoff", "AE"), ("onboarding", "CSM"),
    ]  # fmt: skip
    definition, run = walk(handbook, "PLAY-2", docusign=False, own_contract=True)
    owners = {key: shown.owner for key, shown in seen(handbook, definition, run).items()}
    assert {key for key, owner in owners.items() if owner == "BizOps"} == {
        "own-contract-reviewed",
        "executed",
        "contract-filed",
    }
    assert {key for key, owner in owners.items() if owner == "SC"} == {"technical-objectives"}
    assert steps_of(playbook)["own-contract-reviewed"].approval.backup == ("CRO",)  # type: ignore[union-attr]
    review = steps_of(playbook)["review"]
    assert len(review.steps) == 11
    assert [
        opened.name for key in ("handoff-call", "kick-off") for opened in steps_of(playbook)[key].opens
    ] == ["handoff", "kick-off"]
    assert "sanctions-reminder" in playbook.reminders


@pytest.mark.parametrize(
    ("docusign", "own_contract", "out"),
    [
        (
            True,
            False,
            {"own-contract", "own-contract-reviewed", "send-direct", "paper-to-bizops", "executed"},
        ),
        (False, False, {"own-contract", "own-contract-reviewed", "send-docusign"}),
        (True, True, {"send-direct", "paper-to-bizops", "executed"}),
        (False, True, {"send-docusign"}),
    ],
)
def test_play_2_its_conditions_decide_and_say_why(
    handbook: Handbook, docusign: bool, own_contract: bool, out: set[str]
) -> None:
    definition, run = walk(handbook, "PLAY-2", docusign=docusign, own_contract=own_contract)
    shown = seen(handbook, definition, run)
    assert {key for key, step in shown.items() if step.state == "not applicable"} == out
    assert all(shown[key].why_not != "does not apply here" for key in out)


def test_play_2_runs_from_the_order_to_the_customer_at_home(handbook: Handbook) -> None:
    """Whoever has the turn does what there is to do; at the end all four roles have had it, AE first and CSM last."""
    definition, run = walk(handbook, "PLAY-2", docusign=False, own_contract=True)
    moment, turns = handbook.moment(NOON), []
    run = checklist.fill(definition, run, "close-date", "2026-03-12")
    while turn := checklist.whose_turn(checklist.view(definition, run, moment)):
        for key in turn[0].keys:
            run = checklist.tick(definition, run, key, turn[0].owner.lower(), moment, roles=[turn[0].owner])
        turns.append(turn[0].owner)
    assert checklist.progress(checklist.view(definition, run, moment)).finished
    assert set(turns) == {"AE", "BizOps", "SC", "CSM"}
    assert (turns[0], turns[-1]) == ("AE", "CSM")


def test_play_2_the_licence_link_lasts_seven_days(handbook: Handbook) -> None:
    expires = steps_of(handbook.playbook("PLAY-2"))["licence-fetched"].expires
    assert expires and (expires.days, expires.after) == (7, "licence-shared")


def test_play_3_no_quote_leaves_without_the_cro(handbook: Handbook) -> None:
    definition, run = walk(handbook, "PLAY-3", document="quote", special_terms=False)
    moment = handbook.moment(NOON)
    for key in ("sanctions", "prepare"):
        run = checklist.tick(definition, run, key, "ae", moment)
    assert seen(handbook, definition, run)["send-quote"].state == "blocked"
    with pytest.raises(Refused, match="only CRO"):
        checklist.tick(definition, run, "approval", "ae", moment, roles=["AE"])
    run = checklist.tick(definition, run, "approval", "alex", moment, roles=["CRO"])
    after = seen(handbook, definition, run)
    assert after["send-quote"].state == "todo"
    assert after["send-order"].state == after["send-special"].state == "not applicable"


def test_play_4_terms_exception_and_two_business_days(handbook: Handbook) -> None:
    playbook = handbook.playbook("PLAY-4")
    steps = steps_of(playbook)
    assert [field.key for field in steps["dates"].fields] == ["effective-date", "close-date", "invoice-date"]
    assert steps["exception"].approval and steps["exception"].approval.by == "CEO"
    assert steps["review"].wait and steps["review"].wait.business_days == 2
    assert steps["draft"].repeats
    definition, run = walk(handbook, "PLAY-4", exception=True, nda=False)
    run = checklist.fill(definition, run, "draft-link", "https://x.example/draft.docx")
    run = checklist.tick(definition, run, "submit", "ae", handbook.moment(NOON))
    assert seen(handbook, definition, run)["review"].state == "blocked"


def test_play_5_nobody_chases_before_two_business_days(handbook: Handbook) -> None:
    """Told on Friday 13 March 2026, 12:00 in Los Angeles: not before Tuesday 12:00."""
    definition, run = walk(handbook, "PLAY-5", review_needed=False)
    run = checklist.fill(definition, run, "document-link", "https://x.example")
    friday = handbook.moment(datetime(2026, 3, 13, 19, 0, tzinfo=UTC))
    for key in ("no-personal-addresses", "billing-address", "route", "tell"):
        run = checklist.tick(definition, run, key, "ae", friday)
    shown = checklist.find(definition, run, friday, "chase")
    assert (shown.state, shown.not_before) == ("waiting", datetime(2026, 3, 17, 19, 0, tzinfo=UTC))
    assert [turn.owner for turn in checklist.whose_turn(checklist.view(definition, run, friday))] == ["CEO"]


def test_play_8_five_groups_with_all_that_must_be_visible(handbook: Handbook) -> None:
    playbook = handbook.playbook("PLAY-8")
    counts = {
        group.key: sum(not step.steps for step in checklist.every_step(group.steps))
        for group in playbook.steps
        if group.steps
    }
    assert counts == {
        "tabs": 4 + 1,
        "accounts": 1 + 6 + 5 + 1 + 6 + 12 + 3,
        "opportunities": 1 + 5 + 7 + 10 + 3,
        "contacts": 1 + 6 + 6 + 8 + 1 + 3,
        "leads": 1 + 4,
    }


def test_play_10_who_makes_the_licence_depends_on_the_sale(handbook: Handbook) -> None:
    for sold, owner in ((False, "Director of Solutions Consulting"), (True, "VP of Customer Success")):
        definition, run = walk(handbook, "PLAY-10", sold=sold, self_service=True)
        views = checklist.view(definition, run, handbook.moment(NOON))
        open_now = [leaf for leaf in checklist.leaves(views) if leaf.state == "todo" and leaf.owner]
        assert [leaf.owner for leaf in open_now] == [owner]


def test_play_11_only_before_the_trial_expires(handbook: Handbook) -> None:
    definition, run = walk(handbook, "PLAY-11")
    for key, value in (
        ("expires-on", "2026-03-08"),
        ("requester-email", "a@b.example"),
        ("new-expiry", "2026-03-13"),
    ):
        run = checklist.fill(definition, run, key, value)
    run = checklist.tick(definition, run, "request", "kathy", handbook.moment(NOON))
    with pytest.raises(Refused, match="can no longer be extended"):
        checklist.tick(definition, run, "issue", "kathy", handbook.moment(NOON))
    run = checklist.fill(definition, run, "expires-on", "2026-03-09")
    assert (
        checklist.tick(definition, run, "issue", "kathy", handbook.moment(NOON)).marks["issue"].state
        == "done"
    )


@pytest.mark.parametrize(
    ("hosts", "own_server", "managed", "own"),
    [
        (301, False, "blocked", "not applicable"),
        (300, False, "not applicable", "not applicable"),
        (500, True, "not applicable", "blocked"),
    ],
)
def test_play_14_managed_cloud_for_more_than_300_hosts(
    handbook: Handbook, hosts: int, own_server: bool, managed: str, own: str
) -> None:
    definition, run = walk(handbook, "PLAY-14", hosts=hosts, own_server=own_server)
    shown = seen(handbook, definition, run)
    assert (shown["managed-cloud"].state, shown["own-server"].state) == (managed, own)


def test_play_15_three_business_days_after_returning(handbook: Handbook) -> None:
    """Back on Friday 13 March 2026: due when Wednesday closes, 16:00 in Los Angeles."""
    definition, run = walk(handbook, "PLAY-15")
    run = checklist.fill(definition, run, "returned-on", "2026-03-13")
    assert seen(handbook, definition, run)["debrief"].due == datetime(2026, 3, 18, 23, 0, tzinfo=UTC)
    assert (
        steps_of(handbook.playbook("PLAY-15"))["upload"].due
        == steps_of(handbook.playbook("PLAY-15"))["debrief"].due
    )


def test_play_13_and_play_16_hold_several_parts(handbook: Handbook) -> None:
    assert [step.key for step in handbook.playbook("PLAY-13").steps] == ["w9", "payment"]
    assert [step.key for step in handbook.playbook("PLAY-16").steps] == [
        "days-30",
        "days-60",
        "days-90",
        "demo",
        "avoid",
    ]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("PLAY-1", ["introduction", "Slack", "success meetings", "osquery", "training", "white-glove"]),
        ("PLAY-6", ["security policies", "trust page", "application security"]),
        ("PLAY-7", ["30 days", "30 minutes", "off strategy"]),
        ("PLAY-9", ["pencil", "payment provider", "invoice"]),
        ("PLAY-11", ["g-infra", ":release", "confidential"]),
        ("PLAY-12", ["Sign in", "Restart", "screenshot", "DRI"]),
        ("PLAY-13", ["confidential folder", "PDF", "hundreds of hosts"]),
        ("PLAY-14", ["FLEET_LICENSE_KEY", "start page", "stage 3"]),
        ("PLAY-16", ["video a week", "backup power", "pre-call", "live troubleshooting", "talking over"]),
    ],
)
def test_a_playbook_holds_the_facts(handbook: Handbook, rule: str, words: list[str]) -> None:
    playbook = handbook.playbook(rule)
    raw = " ".join(
        [step.label + " " + step.note for step in steps_of(playbook).values()]
        + [fact.question for fact in playbook.facts]
    )
    for word in words:
        assert word.lower() in raw.lower(), word


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
    assert _ladder(handbook, **nothing) == ["missed-slots", "missed-details"]
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
    with pytest.raises(Refused, match="no ritual ''"):
        handbook.ritual("")
