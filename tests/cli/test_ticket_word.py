"""`fleettui T-1042`: the app, on that ticket."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from fleettui.domain.tickets.ids import ticket_id
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess
from tests.support.homes import make_home
from tests.support.terminal import Terminal


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path / "demo", MONDAY_MORNING, demo=True)


@pytest.mark.parametrize(
    ("typed", "id_"),
    [
        ("T-1042", "T-1042"),
        ("t-1042", "T-1042"),
        ("t1042", "T-1042"),
        ("#1042", "T-1042"),
        (" 1042 ", "T-1042"),
        ("T-7", "T-7"),
        ("7", ""),
        ("42", ""),
        ("T-", ""),
        ("today", ""),
        ("T-1042 login", ""),
        ("C-1042", ""),
        ("9" * 40, ""),
        ("\u0663\u0664\u0665", ""),
        ("", ""),
    ],
)
def test_what_is_an_id_and_nothing_else(typed: str, id_: str) -> None:
    assert ticket_id(typed) == id_


def test_without_a_terminal_it_says_what_prints_the_ticket(home: Path) -> None:
    assert "`fleettui tickets show T-1001` prints it" in InProcess(home).fails(2, "1001")


def test_a_word_that_is_no_id_is_no_command(home: Path) -> None:
    assert "there is no command 'T'" in InProcess(home).fails(2, "T")
    assert "unrecognized arguments" in InProcess(home).fails(2, "T-1001", "reply")


@pytest.mark.slow
def test_the_app_opens_on_the_ticket_and_refuses_one_that_is_not_there(home: Path, tmp_path: Path) -> None:
    env = {"XDG_STATE_HOME": str(tmp_path / "state"), "FLEETTUI_NOW": MONDAY_MORNING.isoformat()}
    subject = InProcess(home).json("tickets", "show", "T-1005")["subject"]
    with Terminal([sys.executable, "-m", "fleettui", "t-1005", "--home", str(home)], env=env) as terminal:
        terminal.wait_for(subject[:40])
        terminal.wait_for("Timeline")
    with Terminal([sys.executable, "-m", "fleettui", "T-9999", "--home", str(home)], env=env) as terminal:
        assert terminal.wait_exit() == 1
        assert "There is no ticket" in terminal.picture()
