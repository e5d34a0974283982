"""The outbox on the command line: what leaves, what failed, and what a person decides."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess
from tests.support.connections import connect


@pytest.fixture
def sending(cli: InProcess) -> InProcess:
    connect(cli.home)
    cli.ok("tickets", "new", "--customer", "Acme", "--subject", "It fails", "--channel", "jo@acme.example")
    return cli


def tried(home: Path, why: str) -> None:
    """The service tries, later, and it does not get through."""
    service = Workspace.open(
        home, clock=frozen_clock(MONDAY_MORNING + timedelta(minutes=1)), login="fleettui"
    )
    service.outbox.failed(service.outbox.begin(service.outbox.due()[0]), why)
    service.close()


def test_an_answer_says_that_it_leaves_and_undo_takes_it_back(sending: InProcess) -> None:
    text = sending.ok("tickets", "reply", "T-1001", "--body", "On it.")
    assert (
        "T-1001 has the answer; it leaves in 20 s, to jo@acme.example (`fleettui undo T-1001` takes it back)."
        in text
    )
    (order,) = sending.json("outbox", "list")
    assert {name: order[name] for name in ("id", "ticket", "way", "to", "state", "why")} == {
        "id": "T-1001/m2", "ticket": "T-1001", "way": "mail", "to": ["jo@acme.example"], "state": "queued", "why": None,
    }  # fmt: skip
    assert "queued, leaves in 20 s" in sending.ok("outbox", "list")
    message = sending.json("tickets", "show", "T-1001")["messages"][-1]
    assert message["delivery"]["state"] == "queued"
    sending.ok("undo", "T-1001")
    assert sending.json("outbox", "list") == []


def test_what_is_only_recorded_has_no_order(sending: InProcess) -> None:
    sending.ok("tickets", "reply", "T-1001", "--copy", "--body", "Told them by phone.")
    sending.ok("tickets", "reply", "T-1001", "--at", "2026-03-09T08:00", "--body", "Said earlier.")
    assert [row["delivery"] for row in sending.json("tickets", "show", "T-1001")["messages"]] == [None] * 3
    assert sending.json("outbox", "list") == []


def test_what_failed_is_listed_sent_again_and_dropped(sending: InProcess) -> None:
    sending.ok("tickets", "reply", "T-1001", "--body", "On it.")
    assert sending.json("outbox", "list", "--failed") == []
    tried(sending.home, "550 no such user")
    (order,) = sending.json("outbox", "list", "--failed")
    assert (order["state"], order["why"], order["tries"]) == ("failed", "550 no such user", 1)
    assert "failed: 550 no such user" in sending.ok("outbox", "list", "--failed")
    assert "cannot be taken back" in sending.fails(1, "undo", "T-1001")
    assert sending.json("outbox", "retry", "T-1001")["state"] == "queued"
    sending.ok("undo", "T-1001")
    assert sending.json("outbox", "drop", "T-1001/m2")["dropped"] is True
    assert sending.json("outbox", "list") == []
    assert sending.json("tickets", "show", "T-1001")["messages"][-1]["body"] == "On it."
    assert "nothing waits" in sending.fails(1, "outbox", "retry", "T-1001")


def test_several_are_answered_and_leave_each(sending: InProcess) -> None:
    sending.ok("tickets", "new", "--customer", "Oak", "--subject", "Slow", "--channel", "al@oak.example")
    sending.ok("tickets", "reply", "T-1001,T-1002", "--body", "It works again.")
    assert [order["to"] for order in sending.json("outbox", "list")] == [
        ["jo@acme.example"],
        ["al@oak.example"],
    ]


def test_mistakes_in_connections_are_named(cli: InProcess) -> None:
    connect(cli.home, mail={"answers": "send", "from": "nobody", "smtp": {"port": 0}}, undo_seconds=-1)
    assert {row["field"]: row["what"] for row in cli.json_of(1, "handbook", "check")["mistakes"]} == {
        "undo_seconds": "is -1; 0 to 3,600 will do",
        "mail.smtp.port": "is 0; 1 to 65,535 will do",
        "mail.from": "'nobody' is not an e-mail address",
        "mail.smtp": "names no host and no sendmail: mail cannot leave",
    }
    findings = cli.json_of(1, "doctor")["findings"]
    assert any(row["file"].endswith("connections.json") and "mail.from" in row["what"] for row in findings)


def test_a_password_in_connections_is_named_with_where_it_belongs(cli: InProcess) -> None:
    connect(cli.home, mail={"smtp": {"host": "mail.fleet.example", "password": "hunter2"}})
    text = cli.run("handbook", "check").stdout
    assert "mail.smtp.password: a secret does not belong here, where all of the team can read it" in text
    assert "hunter2" not in text
