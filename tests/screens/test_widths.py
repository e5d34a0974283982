"""Every screen of the demo at six sizes: no cell is cut beside free space, and what people read has its share."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from fleettui.text.cleaning import width_of
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.widgets.rows import Rows
from tests.screens.conftest import lines_of, wait_until
from tests.screens.test_pictures import settled
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home

pytestmark = pytest.mark.slow

SIZES = [(60, 20), (80, 24), (100, 30), (120, 40), (160, 50), (200, 60)]
SCREENS = ("today", "rituals", "calls", "triage", "playbooks", "team", "customers")
INSIDE = ("calls", "playbooks")
"""Where Enter shows steps."""
FREE = 4
"""This many blanks are more than a gap and a sign."""
MOST_SHARE = 60


def list_lines(app: FleettuiApp) -> list[str]:
    """What stands in the lists that are seen."""
    regions = [rows.region for rows in app.screen.query(Rows)]
    return [
        line.ljust(region.right)[region.x : region.right]
        for region in regions
        for line in lines_of(app)[region.y : region.bottom]
    ]


def cut_beside_free_space(app: FleettuiApp) -> list[str]:
    """After a cut text; or before one at the end of its row. What people read begins at the same place in every row: free space
    before it is none that it could have."""
    return [
        line
        for line in list_lines(app)
        if re.search(rf"…\s{{{FREE},}}", line)
        or re.search(rf"\S\s{{{FREE},}}\S[^…]*…\s*$", line[len(line) // 2 :])
    ]


def subjects_without_share(app: FleettuiApp, width: int) -> list[str]:
    lines = "\n".join(list_lines(app))
    share = min(MOST_SHARE, width // 2)
    lacking = []
    for ticket in app.workspace.tickets.all():
        if ticket.id in lines and ticket.subject[:share].rstrip() not in lines:
            shown = next(line for line in list_lines(app) if ticket.id in line)
            kept = next((n for n in range(len(ticket.subject), 0, -1) if ticket.subject[:n] in shown), 0)
            if kept < min(width_of(ticket.subject), share - 1):
                lacking.append(shown)
    return lacking


def nameless_columns(app: FleettuiApp) -> list[str]:
    """Columns that are seen and lose their titles, in lists that have any."""
    painters = [rows.painter for rows in app.screen.query(Rows) if rows.region.area]
    return [
        painter._columns[place.index].title
        for painter in painters
        for place in painter._arrangement.places
        if painter._columns[place.index].title and not painter._title(place)
    ]


async def check(pilot: Pilot[Any], width: int) -> None:
    await settled(pilot)
    app = pilot.app
    assert isinstance(app, FleettuiApp)
    assert not cut_beside_free_space(app), "\n".join(list_lines(app))
    assert not nameless_columns(app), "\n".join(list_lines(app))
    if app.base_screen.NAME == "triage" and app.base_screen.rows.painter.lines == 1:
        assert not subjects_without_share(app, width), "\n".join(list_lines(app))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_no_cell_is_cut_beside_free_space_on_any_screen(tmp_path: Path, size: tuple[int, int]) -> None:
    home = make_home(tmp_path / "home", MONDAY_MORNING, demo=True)
    app = FleettuiApp(Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="tobias"), "today")
    async with app.run_test(size=size) as pilot:
        await wait_until(pilot, lambda: app.screen.query(Rows) and app.screen.query_one(Rows).key)
        for key, screen in enumerate(SCREENS, 1):
            await pilot.press(str(key))
            await check(pilot, size[0])
            if screen in INSIDE:
                await pilot.press("j", "j", "enter")
                await check(pilot, size[0])
            await pilot.press("underscore")
            await check(pilot, size[0])
            await pilot.press("underscore")


async def test_at_200_columns_nothing_that_fits_is_cut(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", MONDAY_MORNING, demo=True)
    app = FleettuiApp(Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="tobias"), "triage")
    async with app.run_test(size=(200, 60)) as pilot:
        for key in ("1", "2", "3", "enter", "4", "5", "enter", "6", "7"):
            await pilot.press(key)
            await settled(pilot)
            cut = [line for line in list_lines(app) if "…" in line.replace("… waiting", "")]
            assert not cut


async def test_at_60_columns_the_stage_of_a_call_says_whether_it_is_prepared(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", MONDAY_MORNING, demo=True)
    app = FleettuiApp(Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="wen"), "calls")
    async with app.run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        text = "\n".join(list_lines(app))
        assert "✓ ready" in text
        assert "○ 1/6" in text
        assert "prepar…" not in text


async def test_at_80_columns_customers_are_known_by_whole_words(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", MONDAY_MORNING, demo=True)
    app = FleettuiApp(Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="tobias"), "triage")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        text = "\n".join(list_lines(app))
        assert all(f" {name} " in text for name in ("Ceres", "Kestrel", "Lumen", "Oakline"))
