"""What helps beside answering, on the command line: rules SUP-6 to SUP-18 as somebody would meet them."""

from __future__ import annotations

import pytest

from tests.cli.test_tickets import new
from tests.support.command_line import CommandLine


def test_sup_12_labels_that_wait_for_somebody_outside(cli: CommandLine) -> None:
    new(cli)
    labelled = cli.json("tickets", "label", "T-1001", "+more info please", "bug")
    assert (labelled["owed_since"], labelled["labels"]) == (None, ["+more info please", "bug"])
    assert cli.json("tickets", "received", "T-1001", "--body", "Version 4")["labels"] == ["bug"]
    assert cli.json("tickets", "label", "T-1001", "--remove", "bug")["labels"] == []


def test_sup_6_and_7_escalating_names_whom_to_call_and_what_to_post(cli: CommandLine) -> None:
    new(cli, priority="P3", body="How do you shard?")
    first = cli.json("tickets", "escalate", "T-1001")
    assert first["level"] == "in-depth"
    (call,) = first["calls"]
    assert (call["channel"], call["mention"]) == ("#help-engineering", "@oncall")
    assert call["text"].startswith("@oncall P3 for Acme: 500 error")
    assert "How do you shard?" in call["text"]
    assert cli.json("tickets", "escalate", "T-1001", "expert")["level"] == "expert"
    assert "highest level" in cli.fails(1, "tickets", "escalate", "T-1001")


def test_sup_6_the_level_follows_the_priority_until_somebody_moves_it(cli: CommandLine) -> None:
    assert new(cli, priority="P3")["level"] == "standard"
    assert cli.json("tickets", "set", "T-1001", "priority=P1")["level"] == "in-depth"
    cli.ok("tickets", "set", "T-1001", "level=expert")
    assert cli.json("tickets", "set", "T-1001", "priority=P3")["level"] == "expert"


def test_sup_8_a_ticket_by_direct_message_wants_its_summary(cli: CommandLine) -> None:
    new(cli, "--dm")
    assert "channel_summary: " in cli.fails(1, "tickets", "resolve", "T-1001")
    done = cli.json(
        "tickets", "resolve", "T-1001", "--summary", "Told the channel what came of it", "--unanswered"
    )
    assert done["status"] == "resolved"


def test_sup_9_and_17_resolving_asks_for_documentation_and_the_week_collects_it(cli: CommandLine) -> None:
    for _ in range(3):
        new(cli)
    assert "documentation=yes|no|TEXT" in cli.ok("tickets", "resolve", "T-1001", "--unanswered")
    cli.ok("tickets", "resolve", "T-1002", "--documentation", "how to rotate certificates", "--unanswered")
    cli.ok("tickets", "resolve", "T-1003", "--documentation", "no", "--unanswered")
    work = cli.json("retro")["documentation"]
    assert [(row["ticket"], row["what"]) for row in work["to_write"]] == [
        ("T-1002", "how to rotate certificates")
    ]
    assert [row["ticket"] for row in work["unanswered"]] == ["T-1001"]
    cli.ok("tickets", "documented", "T-1002", "https://docs.example/pull/7")
    work = cli.json("retro")["documentation"]
    assert (work["to_write"], [row["ticket"] for row in work["done"]]) == ([], ["T-1002"])


def test_sup_10_what_is_missing_becomes_one_question(cli: CommandLine) -> None:
    new(cli)
    rows = {row["key"]: row for row in cli.json("tickets", "details", "T-1001")}
    assert [key for key, row in rows.items() if row["required"]] == list(rows)[:7]
    cli.ok("tickets", "set", "T-1001", "server-version=4.62", "agent-kind=Fleetd")
    asked = cli.ok("tickets", "details", "T-1001", "--ask")
    assert "version of the agent" in asked
    assert "version of the server" not in asked
    assert "agent-kind: 'x' is not one of osquery, fleetd" in cli.fails(
        1, "tickets", "set", "T-1001", "agent-kind=x"
    )


def test_sup_11_search_first_then_a_new_issue_with_its_label_then_tell(cli: CommandLine) -> None:
    new(cli, body='It says "context deadline exceeded"')
    tries = cli.json("tickets", "issue", "T-1001")["search"]
    assert len({row["words"] for row in tries}) >= 3
    texts = ["summary=Live queries fail", "expected=rows", "actual=an error 500"]
    given = [part for text in texts for part in ("--var", text)]
    assert "3 more times" in cli.fails(1, "tickets", "issue", "T-1001", "--draft", *given)
    cli.ok(
        "tickets",
        "issue",
        "T-1001",
        "--searched",
        "500",
        "--searched",
        "live query",
        "--searched",
        "deadline",
    )
    draft = cli.json("tickets", "issue", "T-1001", "--draft", *given)
    assert draft["labels"] == ["customer request"]
    assert draft["new"].startswith("https://github.com/fleetdm/fleet/issues/new?title=500%20error")
    assert "labels=customer%20request" in draft["new"]
    assert "issue: " in cli.fails(1, "tickets", "issue", "T-1001", "--link", "javascript:alert(1)")
    link = "https://github.com/fleetdm/fleet/issues/7"
    printed = cli.json("tickets", "issue", "T-1001", "--link", link, "--tell")
    assert link in printed["text"]
    assert "key_date: " in cli.fails(1, "tickets", "issue", "T-1001", "--key-date")
    cli.ok("tickets", "set", "T-1001", "key_date=2026-04-01")
    posted = cli.json("tickets", "issue", "T-1001", "--key-date")
    assert posted["channel"] == "#g-product"
    assert "2026-04-01" in posted["post"]
    assert "Acme" in posted["post"]
    assert {row["key"]: row["state"] for row in cli.json("tickets", "steps", "T-1001", "issue")}[
        "search"
    ] == "done"  # three searches are written down


def test_sup_13_no_public_text_says_who_an_anonymous_customer_is(cli: CommandLine) -> None:
    cli.ok("customers", "add", "Tidewater Hospitals", "--tier", "Ultimate", "anonymous=yes")
    cli.ok("customers", "contact", "Tidewater", "omar@tidewater.example", "name=Omar Haines")
    new(cli, "--by", "Omar Haines", customer="Tidewater", subject="Slow at Tidewater")
    cli.ok("tickets", "issue", "T-1001", "--searched", "a", "--searched", "b", "--searched", "c")
    draft = ["tickets", "issue", "T-1001", "--draft", "--var", "expected=a", "--var", "actual=b", "--var"]
    assert "codename: " in cli.fails(1, *draft, "summary=x")
    assert cli.json("tickets", "codename", "T-1001")["codename"] == "Ceres"
    for betrayed in ("summary=x", "summary=see Omar Haines", "summary=ssh tidewater-hospitals-db"):
        assert "SUP-13" in cli.fails(1, *draft, betrayed)
    made = cli.json(*draft, "summary=Live queries are slow", "--title", "Live queries are slow")
    assert made["labels"] == ["customer request", "Ceres"]
    assert "What Ceres needs" in made["body"]
    assert "idewater" not in made["new"]
    assert "Tidewater" not in cli.ok("tickets", "list").replace("Slow at Tidewater", "")


def test_sup_14_a_canned_answer_with_the_tickets_facts_names_what_is_missing(cli: CommandLine) -> None:
    new(cli, "--by", "Sam Lee")
    missing = cli.fails(1, "tickets", "reply", "T-1001", "--template", "sandbox-live-query-error")
    assert "still wanted: link" in missing
    link = "link=https://github.com/fleetdm/fleet/issues/7"
    cli.ok("tickets", "reply", "T-1001", "--template", "sandbox-live-query-error", "--var", link, "--wait")
    shown = cli.json("tickets", "show", "T-1001")
    assert (shown["messages"][-1]["direction"], shown["owed_since"]) == ("out", None)
    assert "Hi Sam," in shown["messages"][-1]["body"]
    assert "Hi Sam," in cli.json("message", "follow-up", "--ticket", "T-1001")["text"]
    assert "still wanted: subject" in cli.fails(1, "message", "follow-up")


def test_sup_16_the_retro_has_three_questions_beside_the_weeks_facts(cli: CommandLine) -> None:
    new(cli)
    cli.ok("retro", "--answer", "went-well=Nobody waited")
    looked = cli.json("retro", "--week", "2026-03-11", "--answer", "remember=Check the crawler")
    assert looked["week"] == "2026-W11"
    assert [(question["key"], question["answer"]) for question in looked["questions"]] == [
        ("went-well", "Nobody waited"),
        ("better", None),
        ("remember", "Check the crawler"),
    ]
    assert looked["facts"][0] == "tickets that came: 1; answers: 0; resolved: 0"
    assert cli.json("retro", "--week", "2026-03-02")["questions"][0]["answer"] is None
    assert "no such question" in cli.fails(1, "retro", "--answer", "blame=nobody")


def test_sup_18_the_queue_is_split_by_the_size_of_the_customer(cli: CommandLine) -> None:
    cli.ok("customers", "add", "Large", "--hosts", "300")
    cli.ok("customers", "add", "Small", "--hosts", "299")
    assert (new(cli, customer="Large")["group"], new(cli, customer="Small")["group"]) == (
        "unicorns",
        "buy-online",
    )
    assert [ticket["id"] for ticket in cli.json("tickets", "list", "--view", "unicorns")] == ["T-1001"]
    assert [ticket["id"] for ticket in cli.json("tickets", "list", "--search", "group:buy")] == ["T-1002"]


def test_a_p0_brings_its_emergency_checklist(cli: CommandLine) -> None:
    made = new(cli, tier="Ultimate", priority="P0")
    assert [step["key"] for step in cli.json("tickets", "show", made["id"])["lists"]["emergency"]][:2] == [
        "take",
        "acknowledge",
    ]
    assert {step["key"]: step["state"] for step in cli.json("tickets", "steps", "T-1001", "--tick", "take")}[
        "take"
    ] == "done"
    new(cli, priority="P2")
    assert cli.json("tickets", "show", "T-1002")["lists"] == {}
    cli.ok("tickets", "set", "T-1002", "priority=P0")
    steps = {step["key"]: step for step in cli.json("tickets", "steps", "T-1002", "emergency")}
    assert steps["phone"]["why_not"] == "only Ultimate has an emergency number and address"


@pytest.mark.parametrize(
    "given", [["features=Live queries, faster search"], ["features=Live queries", "features=faster search"]]
)
def test_a_list_of_a_message_is_never_split_by_letter(cli: CommandLine, given: list[str]) -> None:
    texts = ["version=4.80", "day=on Monday", *given]
    written = cli.ok("message", "release-announcement", *(part for text in texts for part in ("--var", text)))
    assert "\n- Live queries\n- faster search\n" in written


@pytest.mark.parametrize(
    "piece", ["設備の一覧が空です。", "👩\u200d👩\u200d👧\u200d👦 ", "a/b?c&d=e ", "Live queries fail.\n"]
)
def test_sup_11_an_issue_too_long_for_its_link_is_told_and_printed_whole(
    cli: CommandLine, piece: str
) -> None:
    new(cli)
    cli.ok("tickets", "issue", "T-1001", "--searched", "a", "--searched", "b", "--searched", "c")
    actual = (piece * (18_000 // len(piece))).strip()
    given = ["--var", "summary=Short", "--var", "expected=rows", "--var", f"actual={actual}"]
    done = cli.run("tickets", "issue", "T-1001", "--draft", *given)
    assert "too long for the link" in done.stderr
    assert actual in done.stdout
    draft = cli.json("tickets", "issue", "T-1001", "--draft", *given)
    assert draft["cut"] is True
    assert actual in draft["body"]
    assert 7_500 < len(draft["new"].encode()) <= 8_191


@pytest.mark.parametrize("typed", ["bug,mac os", "bug\nmac os\n"])
def test_labels_and_tickets_may_stand_between_commas_or_on_lines(cli: CommandLine, typed: str) -> None:
    new(cli)
    changed = cli.json("tickets", "set", "T-1001\n", f"labels={typed}")
    assert changed["labels"] == ["bug", "mac os"]
