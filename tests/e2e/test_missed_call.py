"""CALL-8 in a real terminal: from "nobody here" to the first message copied in at most three keys, at both sizes."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from tests.support.calendars import invite
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home
from tests.support.terminal import Terminal

THURSDAY = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Kathy's workspace with one call, to which nobody came three minutes ago."""
    workspace = Workspace.open(
        make_home(tmp_path / "home", MONDAY_MORNING), clock=frozen_clock(MONDAY_MORNING), login="kathy"
    )
    northwind = workspace.customers.add("Northwind", zone="America/New_York", channel="C01NORTH")
    workspace.customers.contact(northwind.id, "dana@northwind.example", {"name": "Dana Whitlock"})
    workspace.calls.import_file(invite())
    workspace.close()
    return tmp_path / "home"


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 40)])
def test_call_8_three_keys_from_nobody_here_to_the_first_message(home: Path, columns: int, rows: int) -> None:
    environment = {
        "FLEETTUI_HOME": str(home),
        "FLEETTUI_NOW": (THURSDAY + timedelta(minutes=3)).isoformat(),
        "XDG_STATE_HOME": str(home.parent / "state"),
        "XDG_CONFIG_HOME": str(home.parent / "config"),
    }
    command = [sys.executable, "-m", "fleettui"]
    with Terminal(command, columns=columns, rows=rows, env=environment) as terminal:
        terminal.wait_for("1 Today")
        terminal.send("3")
        terminal.wait_for("missed?")
        terminal.send("E")
        terminal.wait_for("○ Slack, in the shared channel")
        terminal.send("y")
        terminal.wait_for("Sent to your terminal's clipboard")
        (copied,) = terminal.copied()
        assert copied.startswith("Hi Dana, I hope all is well with you.")
        terminal.send(" ")
        terminal.wait_for("✓ Slack, in the shared channel")
        terminal.send("q")
        assert terminal.wait_exit() == 0
