"""Resolving while the customer has no answer yet (SLA-15): people are asked, scripts are warned, the report counts both."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from tests.support.command_line import CommandLine

IN_TIME = {"in_time": 1, "late": 0}


def dropped(cli: CommandLine) -> Any:
    return cli.json("report", "week")["resolved_unanswered"]


@pytest.fixture
def asked(cli: CommandLine) -> CommandLine:
    """T-1001 and T-1002 owe an answer, T-1003 has one."""
    for _ in range(3):
        cli.ok("tickets", "new", "--customer", "Acme", "--subject", "It is slow", "--tier", "Premium")
    cli.ok("tickets", "reply", "T-1003", "--body", "Please restart it")
    return cli


def test_sla_15_a_script_resolves_an_unanswered_ticket_and_is_warned(asked: CommandLine) -> None:
    done = asked.run("tickets", "resolve", "T-1001")
    assert done.returncode == 0
    assert done.stderr == (
        "T-1001 has no answer yet: resolved without one, and the week's report counts it.\n"
    )
    assert asked.json("tickets", "show", "T-1001")["status"] == "resolved"
    assert dropped(asked) == IN_TIME


def test_sla_15_the_json_of_a_resolved_ticket_has_the_warnings(asked: CommandLine) -> None:
    both = asked.json("tickets", "resolve", "T-1001,T-1003")
    words = ["T-1001 has no answer yet: resolved without one, and the week's report counts it."]
    assert [ticket["status"] for ticket in both] == ["resolved", "resolved"]
    assert [ticket["warnings"] for ticket in both] == [words, words]


def test_sla_15_unanswered_neither_asks_nor_warns_and_is_counted(asked: CommandLine) -> None:
    done = asked.run("tickets", "resolve", "T-1001", "--unanswered", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert '"warnings": []' in done.stdout
    assert dropped(asked) == IN_TIME


def test_resolving_an_answered_ticket_warns_of_nothing(asked: CommandLine) -> None:
    done = asked.run("tickets", "resolve", "T-1003")
    assert (done.returncode, done.stderr) == (0, "")
    assert dropped(asked) == {"in_time": 0, "late": 0}


@pytest.mark.parametrize(
    ("typed", "code", "status"),
    [
        (b"y\n", 0, "resolved"),
        (b"yes\n", 0, "resolved"),
        (b"n\n", 1, "open"),
        (b"\n", 1, "open"),
        (b"\x04", 1, "open"),
    ],
)
def test_sla_15_a_person_at_a_terminal_is_asked(
    asked: CommandLine, typed: bytes, code: int, status: str
) -> None:
    ours, theirs = os.openpty()
    try:
        os.write(ours, typed)
        words = [sys.executable, "-m", "fleettui", "tickets", "resolve", "T-1001,T-1002"]
        environment = {**os.environ, **asked.variables()}
        done = subprocess.run(
            words, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, env=environment, check=False
        )
        shown = os.read(ours, 10_000).decode()
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == code
    assert "T-1001, T-1002 have no answer yet. Resolve without an answer? [y]es" in shown
    assert "Nothing was done" in shown or code == 0
    assert asked.json("tickets", "show", "T-1002")["status"] == status
