"""`fleettui tickets incident`: an outage on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import CommandLine, InProcess
from tests.support.homes import make_home

INCIDENT = ("tickets", "incident")


@pytest.fixture
def line(tmp_path: Path) -> CommandLine:
    line = InProcess(make_home(tmp_path / "home", MONDAY_MORNING))
    line.ok("customers", "add", "Acme")
    for subject in ("It fails", "It is slow"):
        line.ok("tickets", "new", "--customer", "Acme", "--subject", subject)
    return line


def test_declared_updated_and_closed(line: CommandLine) -> None:
    both = "T-1001,T-1002"
    (row, _) = line.json(*INCIDENT, "declare", both, "--status", "Down", "--body", "On it.", "--preview")
    assert (row["id"], row["text"]) == ("T-1001", "On it.")
    assert line.json("tickets", "show", "T-1001")["incident"] is None
    made = line.json(*INCIDENT, "declare", both, "--status", "Down", "--body", "On it.")
    assert (made["incident"]["incident"], sorted(made["done"])) == ("Down", ["T-1001", "T-1002"])
    assert line.json("tickets", "show", "T-1002")["incident_of"] == "T-1001"
    assert "incident: A fix is out" in line.ok(*INCIDENT, "update", "T-1001", "--status", "A fix is out")
    line.ok("tickets", "received", "T-1002", "--body", "And now?")
    assert "Not done: T-1002" in line.ok(*INCIDENT, "close", "T-1001")
    assert line.json("tickets", "show", "T-1001")["status"] == "resolved"


def test_one_leaves_and_all_is_undone(line: CommandLine) -> None:
    line.ok(*INCIDENT, "declare", "T-1001", "--into", "T-1002", "--status", "Down")
    assert line.json("tickets", "show", "T-1001")["incident_of"] == "T-1002"
    line.ok(*INCIDENT, "leave", "T-1001")
    assert line.json("tickets", "show", "T-1001")["incident_of"] is None
    line.ok("undo")
    line.ok("undo")
    assert line.json("tickets", "show", "T-1002")["incident"] is None


def test_wrong_usage_and_refusals(line: CommandLine) -> None:
    line.fails(1, *INCIDENT, "declare", "T-1001")
    line.fails(1, *INCIDENT, "close", "T-1001")
    line.fails(2, *INCIDENT, "update", "T-1001,T-1002", "--status", "Down")
    line.fails(2, *INCIDENT, "leave", "T-1001", "--body", "Bye")
