"""The app in real terminals, on one workspace."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from fleettui.config import login
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home
from tests.support.terminal import Terminal

Open = Callable[..., Terminal]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Made the day before."""
    home = make_home(tmp_path / "home", MONDAY_MORNING - timedelta(days=1), login())
    return Workspace.open(home, clock=frozen_clock(MONDAY_MORNING))


@pytest.fixture
def open_app(workspace: Workspace, tmp_path: Path) -> Iterator[Open]:
    """Opens the app: open_app(columns=60, rows=20, TERM="linux")."""
    terminals: list[Terminal] = []

    def open_(columns: int = 80, rows: int = 24, **environment: str) -> Terminal:
        env = {
            "FLEETTUI_HOME": str(workspace.home),
            "FLEETTUI_NOW": MONDAY_MORNING.isoformat(),
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
            "XDG_STATE_HOME": str(tmp_path / "state"),
            **environment,
        }
        terminals.append(
            Terminal([sys.executable, "-m", "fleettui"], columns=columns, rows=rows, env=env, cwd=tmp_path)
        )
        return terminals[-1]

    yield open_
    for terminal in terminals:
        terminal.kill()
