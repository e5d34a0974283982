"""For tests of the screens: a workspace with people in it, the app on it, and what stands on its screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot

from fleettui.time.clock import frozen_clock
from fleettui.workspace.founding import Founding, found
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from tests.conftest import MONDAY_MORNING

SMALL = (80, 24)


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody's own theme, drafts or error log."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return tmp_path / "state" / "fleettui"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Made the day before; today Kathy opens it."""
    yesterday = frozen_clock(MONDAY_MORNING - timedelta(days=1))
    found(Founding(tmp_path / "home", yesterday, "kathy")).close()
    return Workspace.open(tmp_path / "home", clock=frozen_clock(MONDAY_MORNING), login="kathy")


@pytest.fixture
def app(workspace: Workspace) -> FleettuiApp:
    return FleettuiApp(workspace)


def lines_of(app: App[Any]) -> list[str]:
    """What stands on the screen, line by line."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


def text_of(app: App[Any]) -> str:
    return "\n".join(lines_of(app))


async def wait_until(pilot: Pilot[Any], holds: Callable[[], object], turns: int = 600) -> None:
    """Let the app work until the condition holds; the screen is in the error when it never does."""
    for _ in range(turns):
        if holds():
            return
        await pilot.pause(0.01)
    raise AssertionError(f"never so:\n{text_of(pilot.app)}")


async def see(pilot: Pilot[Any], wanted: str) -> str:
    """Wait until a text is on the screen."""
    await wait_until(pilot, lambda: wanted in text_of(pilot.app))
    return text_of(pilot.app)
