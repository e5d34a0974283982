"""Every key of every screen, pressed once on rows of the demo: whatever it does, the app reports no exception, and what it
opens can be read at 7:1 and 4.5:1 as it is drawn, and is covered by no message."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import SCREENS, FleettuiApp
from screens.commands.catalogue import in_scope
from screens.commands.command import ANYWHERE
from tests.screens.conftest import wait_until
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home
from tests.support.readable import covered_by_message, pale

pytestmark = pytest.mark.slow

LEAVES = {"app.leave", "app.leave_now"}
CHANGES_THE_LOOK = "T"
MESSAGE = "Something was done, in more words than one line of a small screen has room for; u takes it back."


def keys_of(screen: str) -> list[str]:
    """The one that changes the look comes last: what follows it would be read in another one."""
    scopes = ["list", "board", screen, *(["columns"] if screen == "rituals" else []), ANYWHERE]
    commands = [command for scope in scopes for command in in_scope(scope) if command.id not in LEAVES]
    keys = dict.fromkeys(command.keys.split(",")[0] for command in commands)
    return sorted(keys, key=lambda key: key == CHANGES_THE_LOOK)


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


@pytest.mark.parametrize(("look", "size"), [("dark", (80, 24)), ("light", (60, 20))], ids=["dark", "light"])
@pytest.mark.parametrize("screen", SCREENS)
async def test_no_key_ends_in_an_exception_and_all_that_it_shows_can_be_read(
    tmp_path: Path, own_state: Path, screen: str, look: str, size: tuple[int, int]
) -> None:
    home = make_home(tmp_path / "home", MONDAY_MORNING, demo=True)
    app = FleettuiApp(Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="kathy"), screen)
    async with app.run_test(size=size, notifications=True) as pilot:
        app.theme = look
        await pilot.pause()
        for key in keys_of(screen):
            await back_to(pilot, app, screen)
            await pilot.press(key)
            if key != CHANGES_THE_LOOK:
                await wait_until(pilot, lambda: not pale(app))
                await wait_until(pilot, partial(is_readable_with_a_message, app))
            await pilot.pause()
            assert not (own_state / "errors.log").exists(), f"{key} on {screen}"


def is_readable_with_a_message(app: FleettuiApp) -> bool:
    """What the key opens may come a moment later, and the message stay in the screen below."""
    if not app.screen.query("Toast"):
        app.say(MESSAGE)
    return not (covered_by_message(app) or pale(app))
