"""The support queue on the command line: rules SUP-6 to SUP-18 as somebody would meet them, and the contract of docs/cli.md."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from fleettui.domain.tickets.arrivals import Arrival
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import CommandLine, InProcess

Json = dict[str, Any]
PROMISED = {
    "id", "subject", "customer", "tier", "priority", "status", "assignee", "level", "channel", "thread", "labels",
    "owed_since", "due", "breached", "revision",
}  # fmt: skip


@pytest.fixture
def cli(workspace: Workspace) -> InProcess:
    workspace.close()
    return InProcess(workspace.home)


@pytest.fixture
def process(workspace: Workspace) -> CommandLine:
    workspace.close()
    return CommandLine(workspace.home)


def new(cli: CommandLine, *words: str, **options: str) -> Json:
    given = {"customer": "Acme", "subject": "500 error on live query", "tier": "Premium", **options}
    flags = [part for name, value in given.items() for part in (f"--{name}", value)]
    made: Json = cli.json("tickets", "new", *flags, *words)
    return made


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_ticket_has_the_fields_of_the_contract_and_its_due_time(cli: CommandLine) -> None:
    made = new(cli, priority="P1", at="2026-03-09T08:00:00-07:00", channel="C1", thread="C1/17")
    assert made.keys() >= PROMISED
    assert (made["id"], made["status"], made["assignee"], made["revision"]) == ("T-1001", "open", None, 1)
    assert at(made["owed_since"]) == at("2026-03-09T08:00:00-07:00")
    assert at(made["due"]) == at("2026-03-09T12:00:00-07:00")  # SLA-3: four business hours
    assert made["breached"] is False
    shown = cli.json("tickets", "show", "1001")
    assert [message.keys() >= {"at", "by", "direction", "body"} for message in shown["messages"]] == [True]
    assert shown["messages"][0]["body"] == "500 error on live query"
    assert [entry["verb"] for entry in shown["history"]] == ["tickets.new"]


def test_sla_15_answering_clears_the_debt_and_the_next_message_starts_another(cli: CommandLine) -> None:
    new(cli, body="It fails", at="2026-03-09T08:00:00-07:00")
    answered = cli.json("tickets", "reply", "T-1001", "--body", "Looking", "--wait")
    assert (answered["owed_since"], answered["due"], answered["status"]) == (None, None, "waiting")
    again = cli.json(
        "tickets", "received", "T-1001", "--body", "-", "--at", "2026-03-09T08:30:00-07:00", stdin="Still"
    )
    assert (at(again["owed_since"]), again["status"]) == (at("2026-03-09T08:30:00-07:00"), "open")
    changed = cli.json("tickets", "set", "T-1001", "tier=Ultimate", "priority=P0")
    assert at(changed["due"]) == at("2026-03-09T09:30:00-07:00")  # SLA-6, from the same message


@pytest.mark.parametrize("at", ["2030-01-01", "2026-03-09T09:06:00-07:00"])
def test_what_was_written_was_not_written_in_the_future(cli: CommandLine, at: str) -> None:
    new(cli, at="2026-03-09T09:04:00-07:00")  # other clocks go a little differently
    wanted = "at: that moment is still to come"
    for words in (
        ("new", "--customer", "Acme", "--subject", "x"),
        ("received", "T-1001", "--body", "x"),
        ("reply", "T-1001", "--body", "x"),
    ):
        assert wanted in cli.fails(1, "tickets", *words, "--at", at)
    assert len(cli.json("tickets", "show", "T-1001")["messages"]) == 1


def test_what_is_resolved_goes_on_when_it_is_reopened_and_not_before(cli: CommandLine) -> None:
    new(cli)
    cli.ok("tickets", "resolve", "T-1001")
    for words in (("wait", "T-1001"), ("snooze", "T-1001", "2h"), ("escalate", "T-1001")):
        assert "T-1001 is resolved; reopen it first" in cli.fails(1, "tickets", *words)
    shown = cli.json("tickets", "show", "T-1001")
    assert (shown["status"], shown["level"], len(shown["messages"])) == ("resolved", "standard", 1)


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
    done = cli.json("tickets", "resolve", "T-1001", "--summary", "Told the channel what came of it")
    assert done["status"] == "resolved"


def test_sup_9_and_17_resolving_asks_for_documentation_and_the_week_collects_it(cli: CommandLine) -> None:
    for _ in range(3):
        new(cli)
    assert "documentation=yes|no|TEXT" in cli.ok("tickets", "resolve", "T-1001")
    cli.ok("tickets", "resolve", "T-1002", "--documentation", "how to rotate certificates")
    cli.ok("tickets", "resolve", "T-1003", "--documentation", "no")
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
    assert "Sam Lee" in shown["messages"][-1]["body"]
    assert "Sam Lee" in cli.json("message", "follow-up", "--ticket", "T-1001")["text"]
    assert "still wanted: name" in cli.fails(1, "message", "follow-up")


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


def test_replies_to_a_merged_ticket_go_to_the_survivor_and_merging_has_no_cycles(cli: CommandLine) -> None:
    for _ in range(3):
        new(cli)
    cli.ok("tickets", "merge", "T-1001", "T-1002")
    cli.ok("tickets", "merge", "T-1002", "--into", "T-1003")
    got = cli.json("tickets", "received", "T-1001", "--body", "one more thing")
    assert (got["id"], len(cli.json("tickets", "show", "T-1003")["messages"])) == ("T-1003", 4)
    assert "itself" in cli.fails(1, "tickets", "merge", "T-1003", "T-1001")
    assert cli.json("tickets", "reply", "T-1001", "--body", "x")["id"] == "T-1003"
    assert "merged into T-1002" in cli.fails(1, "tickets", "reply", "T-1001", "--body", "x", "--since", "1")


def test_a_message_that_its_author_changed_or_took_back_says_so(workspace: Workspace) -> None:
    first = Arrival(
        thread="C1/1", external="C1/1", at=MONDAY_MORNING, by="Dana", body="text", customer="Acme"
    )
    workspace.tickets.arrive(first)
    cli = InProcess(workspace.home)
    assert "  Dana\n  text" in cli.ok("tickets", "show", "T-1001")
    workspace.tickets.alter(replace(first, body="other text"))
    assert "  Dana (edited)\n  other text" in cli.ok("tickets", "show", "T-1001")
    workspace.tickets.alter(first, gone=True)
    assert "  Dana (taken back)\n  other text" in cli.ok("tickets", "show", "T-1001")


def test_a_ticket_sleeps_until_a_moment_or_for_a_while(cli: CommandLine) -> None:
    new(cli)
    for until in ("2h", "2026-03-09T11:00"):
        assert at(cli.json("tickets", "snooze", "T-1001", until)["snooze_until"]) == at(
            "2026-03-09T11:00:00-07:00"
        )
    assert "until: " in cli.fails(1, "tickets", "snooze", "T-1001", "--until", "2026-03-09T08:00")
    cli.now = "2026-03-09T18:00:00+00:00"
    assert cli.json("tickets", "show", "T-1001")["status"] == "open"


def test_several_tickets_are_one_change_and_one_undo(process: CommandLine) -> None:
    for _ in range(3):
        new(process)
    changed = process.json("tickets", "label", "T-1001,T-1003", "outage")
    assert [ticket["labels"] for ticket in changed] == [["outage"], ["outage"]]
    assert len(process.json("tickets", "list", "--search", "label:outage")) == 2
    process.ok("undo", "T-1003")
    assert process.json("tickets", "list", "--search", "label:outage") == []
    process.ok("tickets", "resolve", "T-1001")
    process.fails(1, "tickets", "resolve", "T-1001,T-1002")
    assert process.json("tickets", "show", "T-1002")["status"] == "open"


def test_a_stale_send_is_stopped_and_says_what_is_new(cli: CommandLine) -> None:
    revision = str(new(cli)["revision"])
    cli.ok("tickets", "received", "T-1001", "--body", "It is down everywhere now", "--by", "Dana")
    error = cli.fails(1, "tickets", "reply", "T-1001", "--body", "No hurry?", "--since", revision)
    assert "Dana wrote 'It is down everywhere now'" in error
    assert [message["direction"] for message in cli.json("tickets", "show", "T-1001")["messages"]] == [
        "in",
        "in",
    ]


def test_the_queue_as_of_a_moment(cli: CommandLine) -> None:
    new(cli, at="2026-03-09T08:00:00-07:00")
    cli.now = "2026-03-09T11:00:00-07:00"
    cli.ok("tickets", "reply", "T-1001", "--body", "Done")
    cli.ok("tickets", "resolve", "T-1001")
    assert cli.json("tickets", "list") == []
    assert [ticket["status"] for ticket in cli.json("tickets", "list", "--all")] == ["resolved"]
    then = "2026-03-09T10:00:00-07:00"
    (stood,) = cli.json("tickets", "list", "--as-of", then)
    assert (stood["status"], at(stood["owed_since"])) == ("open", at("2026-03-09T08:00:00-07:00"))
    shown = cli.json("tickets", "show", "T-1001", "--as-of", then)
    assert (len(shown["messages"]), len(shown["history"])) == (1, 1)
    assert "no T-1001 then" in cli.fails(1, "tickets", "show", "T-1001", "--as-of", "2026-03-08")


def test_views_are_made_for_the_whole_team(cli: CommandLine) -> None:
    new(cli, priority="P1")
    new(cli, priority="P3")
    cli.ok("tickets", "save-view", "Hot ones", "priority:P1")
    assert [view["id"] for view in cli.json("tickets", "list", "--view", "hot ones")] == ["T-1001"]
    counts = {view["key"]: view["count"] for view in cli.json("tickets", "views")}
    assert (counts["hot-ones"], counts["all"], counts["unassigned"], counts["premium"], counts["mine"]) == (
        1,
        2,
        2,
        2,
        0,
    )
    assert "everybody has" in cli.fails(1, "tickets", "save-view", "mine", "priority:P1")
    assert "due: " in cli.fails(1, "tickets", "save-view", "x", "due:<soon")
    cli.ok("tickets", "drop-view", "hot-ones")
    assert "no view 'hot-ones'" in cli.fails(1, "tickets", "list", "--view", "hot-ones")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (1, ("show", "T-9")),
        (1, ("new", "--customer", "Acme", "--subject", " ")),
        (2, ("new", "--customer", "Acme", "--subject", "x", "--tier", "Gold")),
        (2, ("new", "--customer", "Acme", "--subject", "x", "--priority", "P9")),
        (2, ("new", "--customer", "Acme", "--subject", "x", "--at", "noon")),
        (2, ("new", "--subject", "x")),
        (1, ("list", "--search", "is:fine")),
        (1, ("list", "--view", "nobody's")),
        (2, ("reply", "T-1")),
    ],
)
def test_what_is_wrong_is_said_in_one_line(cli: CommandLine, code: int, words: tuple[str, ...]) -> None:
    cli.fails(code, "tickets", *words)


def test_what_is_set_is_checked_and_named(cli: CommandLine) -> None:
    new(cli)
    for assignment, named in (
        ("priority=P7", "priority: "),
        ("key_date=soon", "key_date: "),
        ("level=top", "level: "),
        ("subject= ", "subject: "),
        ("by_dm=maybe", "by_dm: "),
        ("status=resolved", "status: there is no such field"),
        ("assignee=ghost", "nobody called 'ghost'"),
    ):
        done = cli.run("tickets", "set", "T-1001", assignment)
        assert done.returncode in (1, 2), assignment
        assert named in done.stderr


def test_taking_what_somebody_has_is_done_on_purpose(cli: CommandLine) -> None:
    new(cli)
    cli.ok("tickets", "assign", "T-1001", "--to", "zay")
    assert "zay's" in cli.fails(1, "tickets", "take", "T-1001")
    assert cli.json("tickets", "take", "T-1001", "--over")["assignee"] not in (None, "zay")
    assert cli.json("tickets", "assign", "T-1001", "nobody")["assignee"] is None


def test_sup_2_the_list_of_customer_channels(cli: CommandLine) -> None:
    cli.ok("customers", "add", "Acme", "--tier", "Ultimate")
    added = cli.json("channels", "add", "C01ACME", "--customer", "acme")
    assert (added["customer"], added["customer_id"]) == ("Acme", "K-1")
    assert "on the list already" in cli.fails(1, "channels", "add", "C01ACME", "--customer", "acme")
    cli.ok("channels", "add", "C02", "--customer", "Unknown Ltd", "--tier", "premium")
    assert [(channel["id"], channel["tier"]) for channel in cli.json("channels", "list")] == [
        ("C01ACME", None),
        ("C02", "Premium"),
    ]
    cli.ok("channels", "remove", "C02")
    assert "no channel 'C02'" in cli.fails(1, "channels", "remove", "C02")


def test_a_mistyped_customer_is_taken_as_it_is_and_said(cli: CommandLine) -> None:
    cli.ok("customers", "add", "Northwind Robotics", "--tier", "Ultimate")
    doubted = "is not on the customer list: tier Free, nothing promised."
    words = ("tickets", "new", "--subject", "x", "--priority", "P0", "--customer")
    done = cli.run(*words, "Northwnd Robotics")
    assert done.stderr == f"Northwnd Robotics {doubted} Did you mean Northwind Robotics?\n"
    assert done.stdout.startswith("T-1001 is open.")
    done = cli.run(*words, "Zebra", "--json")
    assert done.stderr == f"Zebra {doubted}\n"
    assert done.stdout.startswith("{")
    done = cli.run(*words, "Zebra", "--tier", "Premium")
    assert done.stderr == "Zebra is not on the customer list: tier Premium.\n"
    for known in ("northwind", "K-1"):
        assert cli.run(*words, known).stderr == ""


def test_sup_2_a_channel_of_nobody_on_the_list_is_said(cli: CommandLine) -> None:
    cli.ok("customers", "add", "Acme")
    done = cli.run("channels", "add", "C01", "--customer", "Acmee", "--json")
    assert (done.returncode, done.stderr) == (
        0,
        "Acmee is not on the customer list. Did you mean Acme?\n",
    )
    assert cli.run("channels", "add", "C02", "--customer", "Acme").stderr == ""


def test_hostile_text_comes_out_of_the_command_line_harmless(cli: CommandLine) -> None:
    new(cli, subject="\x1b]0;pwned\x07[@click=app.quit]x\u202eevil", body="\x9b2J gone")
    cli.ok("tickets", "label", "T-1001", "\x1b[31mred")
    for words in (("list",), ("show", "T-1001"), ("explain", "T-1001"), ("next",)):
        printed = cli.ok("tickets", *words)
        assert not set(printed) & set("\x1b\x07\x9b\u202e")
    assert "[@click=app.quit]" in cli.ok("tickets", "list")


def test_bytes_that_are_no_text_are_taken_in_as_something_that_can_be_kept(process: CommandLine) -> None:
    new(process, subject="caf\udce9", body="half \udc80 a character")
    assert process.json("tickets", "show", "T-1001")["subject"] == "caf\N{REPLACEMENT CHARACTER}"
    assert len(process.json("tickets", "list", "--search", "\udc80 \udce9")) == 1
    assert "no such field" in process.fails(1, "tickets", "set", "T-1001", "\x1b[31m\udce9=x")
    assert "\x1b" not in process.fails(1, "tickets", "list", "--view", "\x1b[31mred")
    process.ok("tickets", "reply", "T-1001", "--body", "-", stdin="a\x00b\x1b]0;pwned\x07c")
    assert process.json("tickets", "show", "T-1001")["messages"][-1]["body"] == "abc"
