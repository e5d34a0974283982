"""The shipped playbooks, rule by rule: who does what, what waits for what, and what does not apply."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from fleettui.domain.checklists import rules as checklist
from fleettui.domain.checklists.model import Checklist, Run, Step, StepView
from fleettui.domain.playbooks.policy import Playbook
from fleettui.errors import Refused
from fleettui.policy.handbook import Handbook

NOON = datetime(2026, 3, 9, 19, 0, tzinfo=UTC)


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


def test_all_eighteen_playbooks_are_there(handbook: Handbook) -> None:
    assert [playbook.rule for playbook in handbook.playbooks.values()] == [f"PLAY-{n}" for n in range(1, 19)]


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
    approval = steps_of(playbook)["own-contract-reviewed"].approval
    assert approval is not None and approval.backup == ("CRO",)
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
            who, roles = turn[0].owner.lower(), [turn[0].owner]
            run = checklist.tick(definition, run, key, who, moment, roles=roles, evidence="P-102")
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
