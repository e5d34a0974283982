"""The support queue on the command line, and the contract of docs/cli.md."""

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
    cli.ok("tickets", "resolve", "T-1001", "--unanswered")
    for words in (("wait", "T-1001"), ("snooze", "T-1001", "2h"), ("escalate", "T-1001")):
        assert "T-1001 is resolved; reopen it first" in cli.fails(1, "tickets", *words)
    shown = cli.json("tickets", "show", "T-1001")
    assert (shown["status"], shown["level"], len(shown["messages"])) == ("resolved", "standard", 1)


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


def test_sup_3_merging_across_customers_wants_to_be_meant(cli: CommandLine) -> None:
    new(cli)
    cli.ok("tickets", "new", "--customer", "Initech", "--subject", "The same")
    refused = cli.fails(1, "tickets", "merge", "T-1002", "T-1001")
    assert "T-1001 belongs to Acme, T-1002 to Initech" in refused
    assert "--across" in refused
    assert cli.json("tickets", "show", "T-1002")["merged_into"] is None
    assert cli.json("tickets", "merge", "T-1002", "T-1001", "--across")["merged_into"] == "T-1001"


def test_one_answer_goes_to_several_tickets_each_with_their_own_words(cli: CommandLine) -> None:
    cli.ok("tickets", "new", "--customer", "Acme", "--subject", "500 error", "--by", "Jo Park")
    cli.ok("tickets", "new", "--customer", "Initech", "--subject", "No login", "--by", "Bo Diaz")
    answered = cli.json(
        "tickets", "reply", "T-1001,T-1002", "--body", "Hi {name}, {subject} is fixed", "--wait"
    )
    assert [ticket["status"] for ticket in answered] == ["waiting", "waiting"]
    shown = cli.json("tickets", "show", "T-1002")
    assert shown["messages"][-1]["body"] == "Hi Bo, No login is fixed"
    cli.ok("undo")
    assert len(cli.json("tickets", "show", "T-1001")["messages"]) == 1
    wants = cli.fails(1, "tickets", "reply", "T-1001,T-1002", "--template", "issue-link")
    assert "T-1001 wants link; T-1002 wants link" in wants
    cli.fails(2, "tickets", "reply", "T-1001,T-1002", "--body", "x", "--since", "1")
    text = cli.ok("tickets", "reply", "T-1001,T-1002", "--template", "follow-up")
    assert "T-1002, into your conversation with Bo Diaz:" in text


def test_several_tickets_are_merged_into_another_by_one_change(cli: CommandLine) -> None:
    for _ in range(4):
        new(cli)
    merged = cli.json("tickets", "merge", "T-1001,T-1002,T-1003", "T-1002")
    assert [ticket["merged_into"] for ticket in merged] == ["T-1002", "T-1002"]
    assert len(cli.json("tickets", "show", "T-1002")["messages"]) == 3
    assert "merged into T-1002" in cli.fails(1, "tickets", "merge", "T-1001,T-1004", "T-1002")
    assert cli.json("tickets", "show", "T-1004")["status"] == "open"
    cli.ok("undo")
    assert {ticket["merged_into"] for ticket in cli.json("tickets", "list")} == {None}


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
    process.ok("tickets", "resolve", "T-1001", "--unanswered")
    process.fails(1, "tickets", "resolve", "T-1001,T-1002", "--unanswered")
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


def test_as_of_takes_the_words_of_every_other_time_and_warns_of_what_is_to_come(cli: CommandLine) -> None:
    new(cli, at="2026-03-09T08:00:00-07:00")
    cli.now = "2026-03-10T11:00:00-07:00"
    for typed in ("9:00", "yesterday 16:00", "16:00", "mon 9:30", "2 h ago", "2026-03-10 9:00"):
        assert [ticket["id"] for ticket in cli.json("tickets", "list", "--as-of", typed)] == ["T-1001"]
    assert cli.json("tickets", "list", "--as-of", "yesterday 7:59") == []
    assert cli.json("tickets", "show", "T-1001", "--as-of", "9:00")["id"] == "T-1001"
    ahead = cli.run("tickets", "list", "--as-of", "2026-03-12 9:00", "--json")
    assert (ahead.returncode, ahead.stderr.count("\n")) == (0, 1)
    assert "2026-03-12 9:00 is still to come" in ahead.stderr
    assert '"breached": true' in ahead.stdout
    assert "write it like 9:00, yesterday 16:00" in cli.fails(2, "tickets", "list", "--as-of", "tomorrow")


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


def test_sup_19_what_nobody_has_triaged_is_named_counted_and_found(cli: CommandLine) -> None:
    new(cli)
    new(cli, priority="P3")
    assert [cli.json("tickets", "show", id_)["triaged"] for id_ in ("T-1001", "T-1002")] == [False, True]
    assert "P3? " in cli.ok("tickets", "list")
    assert "not triaged" in cli.ok("tickets", "list")
    (listed,) = cli.json("tickets", "list", "--view", "untriaged")
    assert listed["id"] == "T-1001"
    views = {view["key"]: view["count"] for view in cli.json("tickets", "views")}
    assert views["untriaged"] == 1
    assert cli.json("today")["untriaged"] == 1
    assert "? 1 ticket is not triaged: fleettui tickets list --view untriaged" in cli.ok("today")
    assert "? not triaged: counts as P3" in cli.ok("tickets", "show", "T-1001")
    assert cli.json("tickets", "set", "T-1001", "priority=P3")["triaged"] is True
    assert cli.json("today")["untriaged"] == 0


def test_sup_20_a_request_to_the_department_has_its_own_list_and_promise(cli: CommandLine) -> None:
    new(cli)
    words = ("--department", "--from", "Product design", "--subject", "Who tried it?")
    made = cli.json("tickets", "new", *words)
    assert (made["department"], made["from"], made["due"][:16]) == (
        True,
        "Product design",
        "2026-03-10T09:00",
    )
    assert [ticket["id"] for ticket in cli.json("tickets", "list")] == ["T-1001"]
    assert [ticket["id"] for ticket in cli.json("tickets", "list", "--view", "department")] == ["T-1002"]
    assert "? not triaged\n" in cli.ok("tickets", "show", "T-1002")
    assert "#g-customers" in cli.ok("tickets", "calls", "T-1002")
    assert "Urgent request from Product design: Who tried it? (T-1002)" in cli.ok(
        "tickets", "calls", "T-1002"
    )
    assert cli.json("report", "week")["department"]["arrivals"] == 1
    assert cli.json("report", "week")["arrivals"] == 1
    assert "to the department   1 came, 0 of 0 promises kept, 1 open" in cli.ok("report", "week")


@pytest.mark.parametrize(
    "words",
    [
        ("--subject", "S"),
        ("--subject", "S", "--department"),
        ("--subject", "S", "--from", "X"),
        ("--subject", "S", "--department", "--from", "X", "--customer", "Y"),
        ("--subject", "S", "--department", "--from", "X", "--tier", "Premium"),
    ],
)
def test_sup_20_a_new_ticket_says_once_whose_it_is(cli: CommandLine, words: tuple[str, ...]) -> None:
    cli.fails(2, "tickets", "new", *words)


def test_sup_19_a_suggestion_has_its_reason_and_likely_duplicates_are_named(cli: CommandLine) -> None:
    new(cli, subject="Live query returns 502", customer="Acme")
    new(cli, subject="Outage: live query returns 502", customer="Acme")
    shown = cli.json("tickets", "show", "T-1002")
    assert shown["suggestion"] == {"priority": "P1", "reason": "“outage” in the subject"}
    assert [duplicate["id"] for duplicate in shown["duplicates"]] == ["T-1001"]
    assert shown["priority"] == "P3"
    text = cli.ok("tickets", "show", "T-1002")
    assert "suggested: P1? “outage” in the subject" in text
    assert "perhaps the same as T-1001: Live query returns 502" in text
    cli.ok("tickets", "set", "T-1002", "priority=P2")
    assert cli.json("tickets", "show", "T-1002")["suggestion"] is None


def test_sup_19_many_customers_with_the_same_words_are_named_as_an_outage(cli: CommandLine) -> None:
    for customer in ("Oak", "Lumen", "Paper"):
        new(cli, subject="Nothing but 502", customer=customer)
    assert cli.json("tickets", "show", "T-1003")["outage_customers"] == 3
    words = "perhaps an outage: 3 customers wrote alike within the hour: T-1001, T-1002"
    assert words in cli.ok("tickets", "show", "T-1003")
