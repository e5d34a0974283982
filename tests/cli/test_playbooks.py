"""fleettui playbooks, as a process."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.command_line import CommandLine


@pytest.fixture
def quote(cli: CommandLine) -> CommandLine:
    cli.ok("customers", "add", "Acme")
    cli.ok("playbooks", "start", "Customer credit card", "--customer", "Acme")
    return cli


def state_of(run: dict[str, Any], key: str) -> str:
    state: str = next(step["state"] for step in every(run["steps"]) if step["key"] == key)
    return state


def every(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [step for step in steps for step in (step, *every(step["steps"]))]


def test_a_run_is_shown_with_its_nested_steps(quote: CommandLine) -> None:
    run = quote.json("playbooks", "show", "P-101")
    assert (run["id"], run["name"], run["customer"]) == ("P-101", "Customer credit card", "Acme")
    assert (run["done"], run["of"], run["state"]) == (0, 5, "open")
    for step in every(run["steps"]):
        assert {"key", "label", "owner", "state"} <= set(step)
    assert [step["key"] for step in run["steps"][1]["steps"]] == ["account-email", "subscription", "invoice"]


def test_a_run_is_answered_filled_ticked_and_skipped_to_its_end(quote: CommandLine) -> None:
    assert "answer first" in quote.fails(1, "playbooks", "tick", "P-101", "account-email")
    run = quote.json("playbooks", "answer", "P-101", "dashboard=no")
    assert (state_of(run, "by-customer"), run["of"]) == ("not applicable", 4)
    assert "is not an e-mail address" in quote.fails(
        1, "playbooks", "fill", "P-101", "account-address=nowhere"
    )
    quote.ok("playbooks", "fill", "P-101", "account-address=sam@acme.example")
    quote.ok("playbooks", "tick", "P-101", "account-email")
    assert "say why" in quote.fails(1, "playbooks", "skip", "P-101", "subscription", "--why", " ")
    quote.fails(2, "playbooks", "skip", "P-101", "subscription")
    quote.ok("playbooks", "skip", "P-101", "subscription", "--why", "it was open already")
    quote.ok("playbooks", "tick", "p-101", "Send an invoice, on which they can change the card")
    run = quote.json("playbooks", "tick", "P-101", "changed")
    assert (run["done"], run["of"], run["skipped"], run["state"]) == (3, 3, 1, "finished")
    assert quote.json("playbooks", "list") == []
    assert [step["id"] for step in quote.json("playbooks", "list", "--all")] == ["P-101"]
    assert quote.json("playbooks", "untick", "P-101", "changed")["state"] == "open"


def test_what_does_not_exist_is_refused_with_what_is_near(quote: CommandLine) -> None:
    assert "no P-999" in quote.fails(1, "playbooks", "show", "P-999")
    assert "did you mean 'invoice'" in quote.fails(1, "playbooks", "tick", "P-101", "invoic")
    assert "did you mean" in quote.fails(1, "playbooks", "start", "Customer credt card", "--customer", "Acme")
    assert "customer: " in quote.fails(1, "playbooks", "start", "PLAY-9")


def test_a_run_is_cancelled_and_reopened_and_undone(quote: CommandLine) -> None:
    run = quote.json("playbooks", "cancel", "P-101", "--why", "they left")
    assert (run["state"], run["why"]) == ("cancelled", "they left")
    assert "reopen it first" in quote.fails(1, "playbooks", "answer", "P-101", "dashboard=no")
    assert quote.json("playbooks", "reopen", "P-101")["state"] == "open"
    quote.ok("undo", "P-101")
    assert quote.json("playbooks", "show", "P-101")["state"] == "cancelled"


def test_several_answers_are_one_change(cli: CommandLine) -> None:
    cli.ok("customers", "add", "Acme")
    cli.ok("playbooks", "start", "PLAY-2", "--customer", "Acme")
    cli.ok("playbooks", "answer", "P-101", "docusign=yes", "own-contract=no")
    cli.ok("undo", "P-101")
    assert [fact["answer"] for fact in cli.json("playbooks", "show", "P-101")["facts"]] == [None, None]


def test_the_sanctions_check_is_said_as_a_deal_begins(cli: CommandLine) -> None:
    """GTM-6"""
    cli.ok("customers", "add", "Acme")
    assert "We do no business there" in cli.ok("playbooks", "start", "PLAY-2", "--customer", "Acme")


def test_every_playbook_is_named(cli: CommandLine) -> None:
    assert [playbook["rule"] for playbook in cli.json("playbooks", "names")] == [
        f"PLAY-{n}" for n in range(1, 19)
    ]


def test_a_step_begins_a_call_at_the_time_that_is_said(cli: CommandLine) -> None:
    """CALL-12"""
    cli.ok("customers", "add", "Acme")
    cli.ok("playbooks", "start", "PLAY-1", "--customer", "Acme")
    cli.ok("playbooks", "fill", "P-101", "new-name=Sam Vale")
    cli.ok("playbooks", "tick", "P-101", "introduction")
    (link,) = cli.json("playbooks", "open", "P-101", "first-meeting", "--at", "2026-03-12T10:00")
    assert link["kind"] == "call"
    assert cli.json("calls", "show", link["id"])["start"].startswith("2026-03-12T10:00")


def test_play_11_opening_an_issue_prints_its_link_filled_in(cli: CommandLine) -> None:
    cli.ok("customers", "add", "Acme")
    cli.ok("playbooks", "start", "PLAY-11", "--customer", "Acme")
    fields = ("expires-on=2026-04-01", "new-expiry=2026-04-06", "requester-email=kim@acme.example")
    cli.ok("playbooks", "fill", "P-101", *fields)
    cli.ok("playbooks", "tick", "P-101", "request")
    (begun,) = cli.json("playbooks", "open", "P-101", "issue")
    assert begun["kind"] == "issue"
    assert begun["url"].startswith("https://github.com/fleetdm/confidential/issues/new?title=Sandbox%20ext")
    assert "kim%40acme.example" in begun["url"]
    assert begun["url"] in cli.ok("playbooks", "open", "P-101", "issue"), (
        "and again, where it was begun before"
    )


def test_play_18_the_report_is_not_sent_without_the_nda(cli: CommandLine) -> None:
    cli.ok("customers", "add", "Acme")
    cli.ok("playbooks", "start", "PLAY-18", "--customer", "Acme", "nda-signed=yes")
    assert cli.run("playbooks", "skip", "P-101", "nda", "--why", "in a hurry").returncode == 1
    assert cli.run("playbooks", "tick", "P-101", "send").returncode == 1
    cli.ok("playbooks", "fill", "P-101", "nda-link=https://example.com/nda")
    for step in ("nda", "report", "send"):
        cli.ok("playbooks", "tick", "P-101", step)
    assert cli.json("playbooks", "show", "P-101")["state"] == "finished"
