"""Every screen, and whatever each of its keys opens: read at 7:1 and 4.5:1 as it is drawn, and covered by no message."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import SCREENS, FleettuiApp
from tests.screens.conftest import wait_until
from tests.screens.test_every_key import back_to, keys_of
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home
from tests.support.readable import covered_by_message, pale

pytestmark = pytest.mark.slow

CHANGES_THE_LOOK = "T"
MESSAGE = "Something was done, in more words than one line of a small screen has room for; u takes it back."


@pytest.mark.parametrize(("look", "size"), [("dark", (80, 24)), ("light", (60, 20))], ids=["dark", "light"])
@pytest.mark.parametrize("screen", SCREENS)
async def test_all_that_a_screen_shows_can_be_read(
    tmp_path: Path, screen: str, look: str, size: tuple[int, int]
) -> None:
    home = make_home(tmp_path / "home", MONDAY_MORNING, demo=True)
    app = FleettuiApp(Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="kathy"), screen)
    async with app.run_test(size=size, notifications=True) as pilot:
        app.theme = look
        await pilot.pause()
        for key in keys_of(screen):
            await back_to(pilot, app, screen)
            if key != CHANGES_THE_LOOK:
                await pilot.press(key)
            await wait_until(pilot, lambda: not pale(app))
            await wait_until(pilot, partial(is_readable_with_a_message, app))


def is_readable_with_a_message(app: FleettuiApp) -> bool:
    """What the key opens may come a moment later, and the message stay in the screen below."""
    if not app.screen.query("Toast"):
        app.say(MESSAGE)
    return not (covered_by_message(app) or pale(app))
