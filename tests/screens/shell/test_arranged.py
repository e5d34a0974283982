"""List and page: beside each other, below, one at a time; as the person likes, and so again at the next start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.geometry import Size
from textual.pilot import Pilot

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.commands.catalogue import BY_ID
from screens.shell.arranged import turn_of
from screens.terminal.layouts import Layout, keep_layout, layouts
from screens.widgets.page import Page
from screens.widgets.rows import Rows
from tests.screens.conftest import lines_of, see, wait_until
from tests.screens.test_pictures import settled

SUBJECT = "The deployment of the agent stops half way on hosts with a proxy and no name server of their own"
TURN, LARGER, SMALLER, ZOOM, LINES = (
    BY_ID[f"board.{verb}"].keys for verb in ("turn", "larger", "smaller", "zoom", "lines")
)


@pytest.fixture
def queue(workspace: Workspace) -> Workspace:
    workspace.customers.add("Northwind Robotics", tier="Premium", hosts="4200")
    for number in range(4):
        workspace.tickets.new("Northwind Robotics", f"{SUBJECT} {number}", priority="P1")
    return workspace


def app_on(queue: Workspace) -> FleettuiApp:
    return FleettuiApp(queue, "triage")


async def shown(pilot: Pilot[Any]) -> list[str]:
    await settled(pilot)
    return lines_of(pilot.app)


def longest_subject(lines: list[str]) -> int:
    """How many cells of the subject stand on one line."""
    return max(n for n in range(len(SUBJECT)) for line in lines if SUBJECT[:n] in line)


def both_are_seen(app: FleettuiApp) -> bool:
    return all(app.screen.query_one(kind).region.area for kind in (Rows, Page))


@pytest.mark.parametrize(
    ("size", "layout", "turn"),
    [
        ((80, 24), Layout(), ""),
        ((60, 20), Layout(), ""),
        ((100, 30), Layout(), "below"),
        ((100, 24), Layout(), "beside"),
        ((120, 40), Layout(), "below"),
        ((160, 50), Layout(), "beside"),
        ((160, 50), Layout(turn="below"), "below"),
        ((160, 50), Layout(turn="below", zoomed=True), ""),
        ((80, 24), Layout(zoomed=False), "beside"),
        ((80, 30), Layout(zoomed=False), "below"),
        ((60, 20), Layout(turn="beside", zoomed=False), "below"),
        ((60, 12), Layout(turn="beside", zoomed=False), ""),
    ],
)
def test_where_the_page_stands(size: tuple[int, int], layout: Layout, turn: str) -> None:
    assert turn_of(Size(*size), layout) == turn


async def test_a_subject_has_forty_cells_at_eighty_columns_and_two_lines_on_demand(queue: Workspace) -> None:
    app = app_on(queue)
    async with app.run_test(size=(80, 24)) as pilot:
        assert longest_subject(await shown(pilot)) >= 39  # and the sign that it is cut
        await pilot.press(LINES)
        lines = await shown(pilot)
        y = next(y for y, line in enumerate(lines) if "T-1" in line)
        assert SUBJECT[:30] in lines[y]
        assert lines[y + 1].strip("▌ ").split()[0] in SUBJECT
        assert queue.tickets.all()[0].rev == 1, "nothing but the picture changed"


@pytest.mark.parametrize("turned", [False, True], ids=["below", "beside"])
async def test_a_subject_has_sixty_cells_at_120_columns_wherever_the_page_stands(
    queue: Workspace, turned: bool
) -> None:
    app = app_on(queue)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        if turned:
            await pilot.press(TURN)
        lines = await shown(pilot)
        assert both_are_seen(app)
        words = SUBJECT[:60].rpartition(" ")[0]  # rows of two lines end with a word
        assert any(words in line for line in lines)
        assert app.screen.query_one(Page).region.x > 0 if turned else app.screen.query_one(Page).region.x == 0


@pytest.mark.parametrize("screen", ["triage", "calls", "customers", "team", "rituals", "today"])
async def test_a_short_list_leaves_its_room_to_the_page(queue: Workspace, screen: str) -> None:
    app = FleettuiApp(queue, screen)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        rows, page = app.base_screen.rows, app.screen.query_one(Page)
        share = app.screen.query_one("#board").size.height // 2
        blank = rows.size.height - rows.painter.lines_needed(rows.listing.total_lines)
        assert blank <= 0
        assert rows.region.height <= share
        assert page.region.bottom == app.screen.query_one("#board").region.bottom
        await pilot.press(LARGER, LARGER)
        await settled(pilot)
        assert rows.size.height - rows.painter.lines_needed(rows.listing.total_lines) > blank, (
            "what a person has chosen stays"
        )


async def test_the_list_keeps_its_room_while_a_search_hides_rows(queue: Workspace) -> None:
    app = app_on(queue)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        rows = app.screen.query_one(Rows)
        before = rows.region.height
        await pilot.press("slash", *"nobody")
        await settled(pilot)
        assert rows.region.height == before
        await pilot.press("escape")
        await settled(pilot)
        assert rows.region.height == before
        for number in range(30):
            queue.tickets.new("Northwind Robotics", f"Once more {number}")
        app.everything_changed()
        await wait_until(pilot, lambda: rows.region.height > before)


async def test_what_was_chosen_is_there_at_the_next_start_on_this_screen_alone(queue: Workspace) -> None:
    app = app_on(queue)
    async with app.run_test(size=(160, 50)) as pilot:
        await settled(pilot)
        await pilot.press(TURN)
        await settled(pilot)
        await pilot.press(LARGER, LINES)
        kept = Layout(turn="below", zoomed=False, below=25, two_lines=True)  # 20 percent were enough
        await wait_until(pilot, lambda: layouts().get("triage") == kept)
    again = app_on(queue)
    async with again.run_test(size=(160, 50)) as pilot:
        await settled(pilot)
        assert again.screen.query_one(Page).region.x == 0
        assert again.screen.query_one(Rows).painter.lines == 2
        await pilot.press("7")
        await settled(pilot)
        assert again.screen.query_one(Page).region.x > 0


async def test_more_and_less_room_goes_to_what_has_the_keys(queue: Workspace) -> None:
    app = app_on(queue)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await settled(pilot)
        rows, page = app.screen.query_one(Rows), app.screen.query_one(Page)
        needed = rows.region.height
        await pilot.press(LARGER)
        await wait_until(pilot, lambda: rows.region.height > needed)
        before = rows.region.height
        await pilot.press(LARGER)
        await wait_until(pilot, lambda: rows.region.height > before)
        await pilot.press("enter")
        await wait_until(pilot, lambda: page.has_focus)
        await pilot.press(LARGER)
        await wait_until(pilot, lambda: rows.region.height == before)
        await pilot.press(*[SMALLER] * 20)
        await see(pilot, "cannot have less room")
        assert both_are_seen(app)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (160, 50)], ids=str)
async def test_zoom_shows_what_has_the_keys_and_both_again(queue: Workspace, size: tuple[int, int]) -> None:
    app = app_on(queue)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        if not both_are_seen(app):
            await pilot.press(ZOOM)
            await wait_until(pilot, lambda: both_are_seen(app))
        await pilot.press(ZOOM)
        await wait_until(pilot, lambda: not app.screen.query_one(Page).region.area)
        await pilot.press(ZOOM)
        await wait_until(pilot, lambda: both_are_seen(app))
        await pilot.press("enter", ZOOM)
        await wait_until(pilot, lambda: not app.screen.query_one(Rows).region.area)
        assert isinstance(app.focused, Page)
        await pilot.press(ZOOM)
        await wait_until(pilot, lambda: both_are_seen(app))
        await pilot.press("escape")
        await wait_until(pilot, lambda: isinstance(app.focused, Rows))


async def test_a_key_that_cannot_act_says_why(queue: Workspace) -> None:
    app = app_on(queue)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await pilot.press(LARGER)
        await see(pilot, "shows list and page together")


async def test_rituals_turn_between_columns_and_one_list(queue: Workspace) -> None:
    app = FleettuiApp(queue, "rituals")
    async with app.run_test(size=(160, 50)) as pilot:
        await settled(pilot)
        assert app.screen.has_class("-columns")
        await pilot.press(TURN)
        await wait_until(pilot, lambda: not app.screen.has_class("-columns") and both_are_seen(app))
        assert app.screen.query_one(Page).region.x > 0
        await wait_until(pilot, lambda: app.focused is app.base_screen.rows)
        await pilot.press(TURN)
        await wait_until(pilot, lambda: app.screen.has_class("-columns"))
        await wait_until(pilot, lambda: app.focused is app.base_screen.rows)


def test_a_file_that_makes_no_sense_is_as_none(own_state: Path) -> None:
    own_state.mkdir(parents=True)
    (own_state / "layouts.json").write_text('{"triage": 7}')
    assert layouts() == {}
    keep_layout("triage", Layout(turn="below"))
    keep_layout("calls", Layout(zoomed=True))
    assert layouts() == {"triage": Layout(turn="below"), "calls": Layout(zoomed=True)}
    (own_state / "layouts.json").write_text('{"triage": {"beside": 900}}')
    assert layouts()["triage"].part("beside", 120) == 80
