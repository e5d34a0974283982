"""For tests of the screens: a workspace with people in it, the app on it, and what stands on its screen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home
from tests.support.loop_guard import Guard
from tests.support.style_sheets import parse_once

SMALL = (80, 24)
PATIENCE = 60
"""Seconds that anything may take on a machine with ten times as much to do as it has processors."""
parse_once()


@pytest.fixture(autouse=True)
def own_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Path]:
    """Nobody's own theme, drafts or error log. The app reports its own exceptions and goes on: so a test fails when something
    was written to the log, unless it is marked `fails_on_purpose`."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    state = tmp_path / "state" / "fleettui"
    yield state
    log = state / "errors.log"
    if log.exists() and not request.node.get_closest_marker("fails_on_purpose"):
        pytest.fail(f"the app reported an exception:\n{log.read_text()}")


@pytest.fixture(autouse=True)
def nothing_waits_on_the_loop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Guard]:
    """What the app asks of the store on its event loop is in memory; a store on a network would stop everything else."""
    guard = Guard()
    guard.watch_over(monkeypatch)
    yield guard
    if guard.waits:
        pytest.fail(
            "the app waited on its event loop:\n" + "\n".join(dict.fromkeys(guard.waits)), pytrace=False
        )


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Made the day before; today Kathy opens it."""
    home = make_home(tmp_path / "home", MONDAY_MORNING - timedelta(days=1))
    return Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="kathy")


@pytest.fixture
def app(workspace: Workspace) -> FleettuiApp:
    return FleettuiApp(workspace)


def lines_of(app: App[Any]) -> list[str]:
    """What stands on the screen, line by line."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


def text_of(app: App[Any]) -> str:
    return "\n".join(lines_of(app))


async def wait_until(pilot: Pilot[Any], holds: Callable[[], object]) -> None:
    """Let the app work until the condition holds; the screen is in the error when it never does."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if holds():
            return
        await pilot.pause(0.01)
    raise AssertionError(f"never so:\n{text_of(pilot.app)}")


async def see(pilot: Pilot[Any], wanted: str) -> str:
    """Wait until a text is on the screen."""
    await wait_until(pilot, lambda: wanted in text_of(pilot.app))
    return text_of(pilot.app)
