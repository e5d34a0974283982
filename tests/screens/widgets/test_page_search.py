"""`/` in an opened page or a long text: matches marked, `n` next, `N` before, which of how many, Esc ends."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.dialogs.text_dialog import TextDialog
from screens.widgets.find_line import FindLine
from screens.widgets.page import Page, Para
from tests.screens.conftest import SMALL, lines_of, see, text_of, wait_until
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    home = make_home(tmp_path / "demo", MONDAY_MORNING, demo=True)
    return Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="kathy")


LONG = [Para(f"line {number}" + (" with a needle" if number % 30 == 7 else "")) for number in range(100)]


@pytest.mark.parametrize("size", [SMALL, (60, 20), (120, 40)])
async def test_a_long_text_is_searched_from_match_to_match(
    workspace: Workspace, size: tuple[int, int]
) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=size) as pilot:
        await app.push_screen(TextDialog(LONG))
        await pilot.press("slash", *"NEEDLE")
        await see(pilot, "1/4")
        await pilot.press("enter", "n", "n")
        await see(pilot, "3/4")
        await see(pilot, "line 67 with a needle")
        await pilot.press("N")
        await see(pilot, "line 37 with a needle")
        await pilot.press("n", "n", "n")
        await see(pilot, "1/4")
        await see(pilot, "line 7 with a needle")
        await pilot.press("escape")
        await wait_until(pilot, lambda: not app.screen.query(FindLine))
        assert isinstance(app.screen, TextDialog)
        await pilot.press("escape")
        await wait_until(pilot, lambda: app.screen is app.base_screen)


async def test_what_is_nowhere_says_so_and_an_empty_search_ends(workspace: Workspace) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL) as pilot:
        await app.push_screen(TextDialog(LONG))
        await pilot.press("slash", *"zebra")
        await see(pilot, "0/0")
        await pilot.press(*["backspace"] * 5, "enter")
        await wait_until(pilot, lambda: not app.screen.query(FindLine))
        assert isinstance(app.screen.focused, Page)


async def test_in_the_page_of_a_ticket_its_whole_timeline_is_searched(workspace: Workspace) -> None:
    """The oldest messages are not shown until somebody looks for them; `n` is the text's key only while it is searched."""
    ticket = workspace.tickets.all()[0]
    workspace.tickets.note(ticket.id, "the very first needle")
    for number in range(40):
        later = workspace.for_person("kathy", frozen_clock(MONDAY_MORNING + timedelta(minutes=number + 1)))
        later.tickets.note(ticket.id, f"note {number}")
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("colon", *ticket.id, "enter")
        await wait_until(pilot, lambda: app.base_screen.NAME == "triage" and app.base_screen.is_open)
        assert "needle" not in text_of(app)
        await pilot.press("slash", *"first needle")
        await see(pilot, "the very first needle")
        await see(pilot, "1/1")
        await pilot.press("enter", "n")
        assert app.screen is app.base_screen
        await pilot.press("escape")
        await wait_until(pilot, lambda: not app.screen.query(FindLine))
        assert app.base_screen.is_open
        await pilot.press("escape", "slash", *"x")
        await wait_until(pilot, lambda: app.base_screen.is_filtering)
        assert any("x" in line for line in lines_of(app))
