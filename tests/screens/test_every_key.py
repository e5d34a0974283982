"""Every key of every screen, pressed once on rows of the demo: whatever it does, the app reports no exception."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import SCREENS, FleettuiApp
from screens.commands.catalogue import in_scope
from screens.commands.command import ANYWHERE
from tests.screens.conftest import SMALL, wait_until
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home

LEAVES = {"app.leave", "app.leave_now"}


def keys_of(screen: str) -> list[str]:
    scopes = ["list", "board", screen, *(["columns"] if screen == "rituals" else []), ANYWHERE]
    commands = [command for scope in scopes for command in in_scope(scope) if command.id not in LEAVES]
    return list(dict.fromkeys(command.keys.split(",")[0] for command in commands))


async def back_to(pilot: Pilot[Any], app: FleettuiApp, screen: str) -> None:
    """Out of whatever the key opened, and to the first row of the screen."""
    for _ in range(6):
        if app.screen is app.base_screen:
            break
        await pilot.press("escape")
        await pilot.pause()
    await wait_until(pilot, lambda: app.screen is app.base_screen)
    if screen != app.base_screen.NAME:
        await pilot.press(str(list(SCREENS).index(screen) + 1))
    await pilot.press("escape", "escape", "g")


@pytest.mark.slow
@pytest.mark.parametrize("screen", SCREENS)
async def test_no_key_of_a_screen_ends_in_an_exception(tmp_path: Path, own_state: Path, screen: str) -> None:
    home = make_home(tmp_path / "home", MONDAY_MORNING, demo=True)
    app = FleettuiApp(Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="kathy"), screen)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.pause()
        for key in keys_of(screen):
            await back_to(pilot, app, screen)
            await pilot.press(key)
            await pilot.pause()
            assert not (own_state / "errors.log").exists(), f"{key} on {screen}"
