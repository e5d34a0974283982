"""Ctrl+C says how to leave, on every screen, in dialogs and while typing; a selection it copies, as ever."""

from __future__ import annotations

import pytest

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.commands.catalogue import BY_ID
from screens.widgets.text_pane import TextPane
from tests.screens.conftest import SMALL, see, text_of, wait_until
from tests.screens.triage.conftest import asked, at_work, press_and_see


@pytest.mark.parametrize("screen", "1234567")
async def test_ctrl_c_says_how_to_leave_on_every_screen(app: FleettuiApp, screen: str) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "1 Today")
        await pilot.press(screen, "ctrl+c")
        await see(pilot, "q leaves; what you did is saved")
        assert app.is_running


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("?", "Esc closes this; Ctrl+Q leaves fleettui."),
        ("/", "Esc closes this line; Ctrl+Q leaves fleettui."),
        ("n", "your text stays as a draft"),
        ("v", "Esc closes this; Ctrl+Q leaves fleettui."),
        ("r", "your text stays as a draft"),
    ],
)
async def test_ctrl_c_in_dialogs_and_while_typing_names_the_keys_that_work_there(
    workspace: Workspace, keys: str, words: str
) -> None:
    asked(workspace, "Somebody", "A question", "P3", 1)
    app = at_work(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1001")
        await pilot.press(keys)
        await pilot.pause()
        await pilot.press("ctrl+c")
        await see(pilot, words)


async def test_ctrl_c_copies_what_is_selected(workspace: Workspace) -> None:
    asked(workspace, "Somebody", "A question", "P3", 1)
    app = at_work(workspace)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Answer T-1001", "r")
        await pilot.press(*"Hello")
        app.screen.query_one(TextPane).select_all()
        await pilot.press("ctrl+c")
        await wait_until(pilot, lambda: app.clipboard == "Hello")
        assert "Ctrl+Q leaves" not in text_of(app)


def test_no_other_command_has_ctrl_c() -> None:
    with_it = [command.id for command in BY_ID.values() if "ctrl+c" in command.keys.split(",")]
    assert with_it == ["app.how_to_leave"]
