"""`fleettui tickets macro`: shown with --preview, carried out as one change, all or none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import CommandLine, InProcess
from tests.support.homes import make_home


@pytest.fixture
def line(tmp_path: Path) -> CommandLine:
    home = make_home(tmp_path / "home", MONDAY_MORNING)
    rows = [
        {"key": "logs", "name": "Ask for logs", "letter": "l", "text": "Logs, please.", "labels": ["logs"]}
    ]
    (home / "handbook" / "macros.json").write_text(json.dumps({"macros": rows}))
    line = InProcess(home)
    line.ok("customers", "add", "Acme")
    for subject in ("It fails", "It is slow"):
        line.ok("tickets", "new", "--customer", "Acme", "--subject", subject)
    return line


def test_macros_are_listed(line: CommandLine) -> None:
    assert line.json("tickets", "macros") == [{"key": "logs", "name": "Ask for logs", "letter": "l"}]
    assert "Ask for logs" in line.ok("tickets", "macros")


def test_a_preview_shows_text_and_acts_and_does_nothing(line: CommandLine) -> None:
    (row, _) = line.json("tickets", "macro", "l", "T-1001,T-1002", "--preview")
    assert (row["id"], row["text"], row["acts"]) == ("T-1001", "Logs, please.", ["Puts on: logs."])
    assert "Puts on: logs." in line.ok("tickets", "macro", "logs", "T-1001", "--preview")
    assert line.json("tickets", "show", "T-1001")["labels"] == []


def test_it_is_one_change_that_undo_takes_back(line: CommandLine) -> None:
    assert "Logs, please." in line.ok("tickets", "macro", "Ask for logs", "T-1001,T-1002")
    assert line.json("tickets", "show", "T-1002")["labels"] == ["logs"]
    assert line.json("undo")["together"] == 2
    assert line.json("tickets", "show", "T-1001")["labels"] == []


def test_an_unknown_name_is_refused_and_so_is_an_unknown_ticket(line: CommandLine) -> None:
    assert "there is no macro 'log'" in line.fails(1, "tickets", "macro", "log", "T-1001")
    line.fails(1, "tickets", "macro", "logs", "T-1001,T-9999")
    assert line.json("tickets", "show", "T-1001")["labels"] == []
