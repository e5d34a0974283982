"""Focus is where the light is: the one bright cursor, or the bright edge of the page, is where the next key goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.widgets.page import Page
from screens.widgets.rows import Rows
from tests.screens.conftest import lines_of, see, wait_until
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home

SIZES = [(100, 30), (120, 40), (140, 40), (160, 50), (200, 60)]
SCREENS = ("today", "rituals", "calls", "triage", "playbooks", "team", "customers")
BRIGHT, DIM, EDGES = "▌", "▏", "┃━"


def demo_app(tmp_path: Path, screen: str) -> FleettuiApp:
    home = make_home(tmp_path / "home", MONDAY_MORNING, demo=True)
    return FleettuiApp(Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="tobias"), screen)


def rows_with(app: FleettuiApp, cursor: str) -> list[tuple[int, int]]:
    """Column and line where a row with that cursor begins: it stands on each line of the row."""
    places = [(x, y) for y, line in enumerate(lines_of(app)) for x, sign in enumerate(line) if sign == cursor]
    return [(x, y) for x, y in places if (x, y - 1) not in places]


def bright_rows(app: FleettuiApp) -> list[tuple[int, int]]:
    return rows_with(app, BRIGHT)


async def check_list_has_light(pilot: Pilot[Any]) -> None:
    app = pilot.app
    assert isinstance(app, FleettuiApp)
    await wait_until(pilot, lambda: len(bright_rows(app)) == 1)
    assert isinstance(app.focused, Rows)
    assert app.focused.region.contains(*bright_rows(app)[0])
    assert app.base_screen.rows is app.focused
    assert not any(edge in line for line in lines_of(app)[2:] for edge in EDGES)


async def check_page_has_light(pilot: Pilot[Any]) -> None:
    app = pilot.app
    assert isinstance(app, FleettuiApp)
    await wait_until(pilot, lambda: not bright_rows(app))
    assert isinstance(app.focused, Page)
    await wait_until(pilot, lambda: any(edge in line for line in lines_of(app) for edge in EDGES))
    assert len(rows_with(app, DIM)) == 1, "the row that the page is about, and no other, has the dim cursor"


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}")
async def test_the_light_goes_to_the_page_and_comes_back(tmp_path: Path, size: tuple[int, int]) -> None:
    app = demo_app(tmp_path, "today")
    async with app.run_test(size=size) as pilot:
        for key, screen in enumerate(SCREENS, 1):
            await pilot.press(str(key))
            await check_list_has_light(pilot)
            if screen == "today":
                await pilot.press("G")  # what is further up is opened on its own screen
            if await opens_page(pilot):
                await check_page_has_light(pilot)
                await pilot.press("escape")
                await check_list_has_light(pilot)


async def opens_page(pilot: Pilot[Any]) -> bool:
    """By Enter; Calls and Playbooks go into what is opened first."""
    for _ in range(2):
        await pilot.press("enter")
        await pilot.pause()
        if isinstance(pilot.app.focused, Page):
            return True
        await check_list_has_light(pilot)
    return False


@pytest.mark.parametrize("width", [140, 200])
async def test_among_columns_only_the_one_with_the_keys_shows_a_cursor(tmp_path: Path, width: int) -> None:
    app = demo_app(tmp_path, "rituals")
    async with app.run_test(size=(width, 45)) as pilot:
        await check_list_has_light(pilot)
        for key in ("j", "l", "j", "l", "h", "h"):
            await pilot.press(key)
            await check_list_has_light(pilot)
            assert DIM not in "\n".join(lines_of(app))


async def test_space_acts_on_the_row_that_is_lit_among_columns(tmp_path: Path) -> None:
    app = demo_app(tmp_path, "rituals")
    async with app.run_test(size=(160, 45)) as pilot:
        await check_list_has_light(pilot)
        await pilot.press("l")
        await check_list_has_light(pilot)
        ((_, y),) = bright_rows(app)
        assert "Stand-up" in lines_of(app)[y]
        await pilot.press("space")
        await wait_until(pilot, lambda: "1/3–4" in lines_of(app)[y] + lines_of(app)[y + 1])


async def test_where_the_first_column_is_empty_the_cursor_stands_in_another(tmp_path: Path) -> None:
    app = demo_app(tmp_path, "rituals")
    for ritual in app.workspace.rituals.all():
        if ritual.rhythm.every == "business day":
            app.workspace.rituals.retire(ritual.id)
    async with app.run_test(size=(160, 45)) as pilot:
        await check_list_has_light(pilot)
        assert app.base_screen.rows.row is not None


async def test_a_page_that_is_read_to_its_end_says_so(tmp_path: Path) -> None:
    app = demo_app(tmp_path, "today")
    async with app.run_test(size=(120, 45), notifications=True) as pilot:
        await pilot.press("G", "enter")
        await check_page_has_light(pilot)
        await pilot.press("space")
        await see(pilot, "This is all of it")
