"""Naming people while one writes: a list under the cursor, which is never in the way."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.dialogs.composer import Composer
from screens.dialogs.mentions import MentionList
from tests.screens.conftest import SMALL, lines_of, see, wait_until


@pytest.fixture
def app(workspace: Workspace) -> FleettuiApp:
    workspace.people.add("lena", name="Lena Fischer")
    workspace.people.add("leop", name="Leo Park")
    workspace.people.add("leom", name="Leo Marsh")
    workspace.tickets.new("Acme", "It fails", body="Please help.", priority="P2", tier="Premium")
    return FleettuiApp(workspace, "triage")


def text_in(app: FleettuiApp) -> str:
    assert isinstance(app.screen, Composer)
    return app.screen.text


def is_shown(app: FleettuiApp) -> bool:
    return bool(app.screen.query_one(MentionList).display)


async def writing(pilot: Pilot[Any], app: FleettuiApp, key: str = "c") -> None:
    await wait_until(pilot, lambda: "T-1001" in "".join(lines_of(app)))
    await pilot.press(key)
    await wait_until(pilot, lambda: isinstance(app.screen, Composer))


@pytest.mark.parametrize("key", ["c", "r"])
@pytest.mark.parametrize("size", [SMALL, (60, 20), (120, 40)], ids=str)
async def test_tab_takes_the_name_in_a_note_and_in_an_answer(
    app: FleettuiApp, key: str, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await writing(pilot, app, key)
        await pilot.press(*"look @len")
        await see(pilot, "▌ Lena Fischer @lena")
        assert "Ctrl+S" in lines_of(app)[-1]
        await pilot.press("tab")
        await wait_until(pilot, lambda: text_in(app) == "look @lena ")
        assert not is_shown(app)


@pytest.mark.parametrize("down", ["down", "ctrl+n"])
async def test_the_arrows_choose_and_enter_takes(app: FleettuiApp, down: str) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await writing(pilot, app)
        await pilot.press(*"@le")
        await see(pilot, "Leo Park")
        await pilot.press(down, "enter")
        await wait_until(pilot, lambda: text_in(app) == "@leom ")


async def test_typing_on_takes_the_list_away_and_changes_nothing(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await writing(pilot, app)
        await pilot.press(*"@lenx hi", "enter", *"mail le@lena.example")
        await wait_until(pilot, lambda: text_in(app) == "@lenx hi\nmail le@lena.example")
        assert not is_shown(app)


async def test_esc_leaves_the_list_and_not_the_text_and_it_stays_away_from_that_name(
    app: FleettuiApp,
) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await writing(pilot, app)
        await pilot.press(*"@l")
        await wait_until(pilot, lambda: is_shown(app))
        await pilot.press("escape", "e")
        await wait_until(pilot, lambda: text_in(app) == "@le")
        assert not is_shown(app)
        await pilot.press("enter", *"@l")
        await wait_until(pilot, lambda: is_shown(app))
        assert text_in(app) == "@le\n@l"
        await pilot.press("escape", "escape")
        await wait_until(pilot, lambda: not isinstance(app.screen, Composer))


async def test_a_name_that_two_have_is_said_while_it_is_typed(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await writing(pilot, app)
        await pilot.press(*"@Leo please look")
        await see(pilot, "@Leo could be 2 people")
