"""Back and forward, a bare id in the filter, and the next start where one left."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.commands.catalogue import BY_ID
from screens.commands.place import Place
from screens.shell import left
from screens.widgets.filter_line import FilterLine
from tests.screens.conftest import SMALL, see, wait_until
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home

BACK, FORWARD = (BY_ID[id_].keys.split(",") for id_ in ("app.back", "app.forward"))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    home = make_home(tmp_path / "demo", MONDAY_MORNING, demo=True)
    return Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="kathy")


async def is_at(pilot: Pilot[int], app: FleettuiApp, screen: str, row: object, is_open: bool = False) -> None:
    def holds() -> bool:
        base = app.base_screen
        return screen == base.NAME and base.key == row and base.is_open is is_open

    await wait_until(pilot, holds)


def is_inside(app: FleettuiApp, name: str) -> bool:
    return name == app.base_screen.NAME and bool(app.base_screen.inside)


@pytest.mark.parametrize("size", [SMALL, (60, 20), (120, 40)])
async def test_back_and_forward_through_screens_rows_and_pages(
    workspace: Workspace, size: tuple[int, int]
) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=size) as pilot:
        await pilot.press("4", "j", "j")
        await wait_until(pilot, lambda: app.base_screen.NAME == "triage")
        first = app.base_screen.key
        await pilot.press("enter")
        await is_at(pilot, app, "triage", first, is_open=True)
        await pilot.press("6", "j", "j")
        await wait_until(pilot, lambda: app.base_screen.NAME == "team")
        person = app.base_screen.key
        await pilot.press(BACK[0])
        await is_at(pilot, app, "triage", first, is_open=True)
        await pilot.press(BACK[0])
        await is_at(pilot, app, "triage", first)
        await pilot.press(BACK[1])
        await wait_until(pilot, lambda: app.base_screen.NAME == "today")
        await pilot.press(FORWARD[0], FORWARD[0], FORWARD[0])
        await is_at(pilot, app, "team", person)
        await pilot.press(FORWARD[0])
        await wait_until(pilot, lambda: "nothing ahead" in app.message)


async def test_back_into_the_steps_of_a_call_and_of_a_run(workspace: Workspace) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL) as pilot:
        for number, name in (("3", "calls"), ("5", "playbooks")):
            await pilot.press(number, "enter", "j")
            await wait_until(pilot, partial(is_inside, app, name))
            inside, row = app.base_screen.inside, app.base_screen.key
            await pilot.press("1", BACK[0])
            await is_at(pilot, app, name, row)
            assert app.base_screen.inside == inside


async def test_back_brings_a_row_that_the_filter_hides_and_its_view(workspace: Workspace) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("4", "G")
        await wait_until(pilot, lambda: app.base_screen.NAME == "triage")
        row = app.base_screen.key
        await pilot.press("1", "4", "slash", *"no such words", "enter", BACK[0], BACK[0])
        await is_at(pilot, app, "triage", row)


async def test_where_one_began_it_says_so(workspace: Workspace) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press(BACK[0])
        await wait_until(pilot, lambda: "where you began" in app.message)


# A bare ticket id


@pytest.mark.parametrize("screen", ["1", "2", "4", "7"])
async def test_an_id_alone_in_the_filter_opens_the_ticket(workspace: Workspace, screen: str) -> None:
    ticket = workspace.tickets.all()[-1]
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press(screen, "slash", *ticket.id[2:], "enter")
        await is_at(pilot, app, "triage", ticket.id, is_open=True)
        assert not app.base_screen.is_filtering


async def test_the_id_of_no_ticket_is_a_word_to_look_for(workspace: Workspace) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("7", "slash", *"98765", "enter")
        await see(pilot, "98765")
        assert app.base_screen.query_one(FilterLine).value == "98765"


async def test_the_app_opens_on_the_ticket_that_was_named(workspace: Workspace) -> None:
    ticket = workspace.tickets.all()[-1]
    app = FleettuiApp(workspace, "triage", ticket=ticket.id)
    async with app.run_test(size=SMALL) as pilot:
        await is_at(pilot, app, "triage", ticket.id, is_open=True)


# The next start


async def test_the_next_start_is_where_one_left(workspace: Workspace) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("4", "j", "enter")
        await wait_until(pilot, lambda: app.base_screen.NAME == "triage" and app.base_screen.is_open)
        row = app.base_screen.key
        app.exit()
    place = left.place_left(workspace.home)
    assert place is not None
    assert place.screen == "triage"
    second = FleettuiApp(
        Workspace.open(workspace.home, clock=frozen_clock(MONDAY_MORNING), login="kathy"),
        place.screen,
        returns_to=place,
    )
    async with second.run_test(size=SMALL) as pilot:
        await is_at(pilot, second, "triage", row, is_open=True)


def test_a_first_start_and_another_workspace_begin_on_today(workspace: Workspace, tmp_path: Path) -> None:
    assert left.place_left(workspace.home) is None
    left.keep_place(workspace.home, Place("triage", "'T-1001'"))
    assert left.place_left(workspace.home) == Place("triage", "'T-1001'")
    assert left.place_left(tmp_path / "another") is None


def test_who_begins_on_today_does_so_until_they_change_it(workspace: Workspace) -> None:
    left.keep_place(workspace.home, Place("triage"))
    left.begin_where_left(False)
    assert left.place_left(workspace.home) is None
    left.begin_where_left(True)
    assert left.place_left(workspace.home) == Place("triage")


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"screen": 5}', b'{"screen": "x", "more": 1}', b"\xff\xfe", b"[" * 5000]
)
def test_a_broken_file_begins_on_today(workspace: Workspace, own_state: Path, content: bytes) -> None:
    left.keep_place(workspace.home, Place("triage"))
    next((own_state / "left").iterdir()).write_bytes(content)
    assert left.place_left(workspace.home) is None
