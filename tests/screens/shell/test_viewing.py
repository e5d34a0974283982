"""Views on every screen: tabs with counts, `v` `V` `[` `]`, columns and order seen at once, kept for the team or for me."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.pilot import Pilot

from fleettui.domain.views import LISTS, Way
from screens.app import SCREENS, FleettuiApp
from screens.calls.rows import CALL_COLUMNS
from screens.customers.screen import CustomersScreen
from screens.playbooks.rows import COLUMNS as RUN_COLUMNS
from screens.rituals.rows import COLUMNS as RITUAL_COLUMNS
from screens.shell import searching
from screens.team.screen import TeamScreen
from screens.today.screen import TodayScreen
from screens.triage.rows import COLUMNS as TICKET_COLUMNS
from screens.widgets.columns import main_column
from screens.widgets.view_line import Tab, ViewLine, fitting
from tests.screens.conftest import SMALL, lines_of, see, text_of, wait_until
from tests.screens.demo_team import home, session

__all__ = ["home"]

DECLARED = {
    "today": TodayScreen.COLUMNS,
    "rituals": RITUAL_COLUMNS,
    "calls": CALL_COLUMNS,
    "triage": TICKET_COLUMNS,
    "playbooks": RUN_COLUMNS,
    "team": TeamScreen.COLUMNS,
    "customers": CustomersScreen.COLUMNS,
}


@pytest.mark.parametrize("screen", SCREENS)
def test_the_columns_of_views_are_those_that_the_screens_declare(screen: str) -> None:
    columns = DECLARED[screen]
    assert list(LISTS[screen].columns) == [column.name for column in columns]
    assert LISTS[screen].main == columns[main_column(columns)].name


def names(app: FleettuiApp) -> list[str]:
    """What the first column of the rows that are about a customer says."""
    board = app.base_screen
    rows = board.rows.listing.shown
    return [str(row.cells[0]) for row in rows if not row.heading and board.document_of(row.key)]


async def on_customers(pilot: Pilot[int]) -> None:
    await pilot.press("7")
    await see(pilot, "▸All 10  Mine 0  Deals 3")


async def test_tabs_say_how_many_each_view_shows_and_brackets_walk_them(home: Path) -> None:
    app = FleettuiApp(session(home, "priya"))
    async with app.run_test(size=SMALL) as pilot:
        await on_customers(pilot)
        await pilot.press("left_square_bracket")
        await see(pilot, "All 10  Mine 0 ▸Deals 3")
        assert names(app) == ["Brightfield Labs", "Northwind Robotics", "Halden Shipping"]
        assert "Customer: the CSM" not in text_of(app)
        await pilot.press("right_square_bracket", "right_square_bracket")
        await see(pilot, "▸Mine 0")
        assert "Nothing is in the view “Mine” now" in text_of(app)


async def test_where_there_is_one_view_no_line_is_lost(home: Path) -> None:
    app = FleettuiApp(session(home, "priya"))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("6")
        await see(pilot, "▸6 Team")
        assert not app.screen.query(ViewLine)
        await pilot.press("right_square_bracket")
        await see(pilot, "There is one view only")


async def test_columns_and_order_are_seen_at_once_and_esc_takes_them_back(home: Path) -> None:
    app = FleettuiApp(session(home, "priya"))
    async with app.run_test(size=(120, 40)) as pilot:
        await on_customers(pilot)
        await pilot.press("backslash")
        await see(pilot, "Order of the rows")
        before = names(app)
        await pilot.press("down", "space")
        await wait_until(pilot, lambda: app.base_screen.views.columns == ("name", "group", "writes", "open"))
        assert "Premium" not in text_of(app)
        await pilot.press(*["down"] * 5, "space")
        await wait_until(pilot, lambda: names(app) == sorted(before))
        await pilot.press("escape")
        await see(pilot, "Premium")
        assert names(app) == before


async def test_what_is_shown_is_kept_as_a_view_and_undone(home: Path) -> None:
    app = FleettuiApp(session(home, "priya"))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await on_customers(pilot)
        await pilot.press("slash", *"tier:premium", "enter", "V")
        await see(pilot, "Keep this as a view")
        await pilot.press(*"Premium")
        for _ in range(6):
            await pilot.press("down")
        await pilot.press("t", "ctrl+s")  # for the team
        await see(pilot, "▸Premium 3")
        (kept,) = (view for view in app.workspace.views.of("customers") if view.saved)
        assert (kept.search, kept.mine) == ("tier:premium", False)
        await pilot.press("u")
        await see(pilot, "▸All 10")
        assert "Premium" not in lines_of(app)[2]


async def test_one_of_mine_is_taken_off_and_brought_back_from_the_list_of_views(home: Path) -> None:
    session(home, "priya").views.save("calls", "Soon", "start:<2d", Way(("who", "when"), "who"), mine=True)
    app = FleettuiApp(session(home, "priya"))
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("3")
        await see(pilot, "Soon")
        await pilot.press("left_square_bracket")
        await see(pilot, "▸Soon")
        await pilot.press("v", *"take", "enter")
        await see(pilot, "is taken off")
        assert "Soon" not in lines_of(app)[2]
        await pilot.press("v", *"bring", "enter")
        await see(pilot, "▸Soon")


async def test_a_view_of_triage_orders_and_groups_the_tickets(home: Path) -> None:
    way = Way(("id", "subject"), "customer", grouped=True)
    session(home, "priya").views.save("triage", "By customer", "", way, mine=True)
    app = FleettuiApp(session(home, "priya"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("4")
        await see(pilot, "▸All open 12")
        await pilot.press("left_square_bracket")
        await see(pilot, "▸By customer 12")
        headings = [line for line in lines_of(app) if "────" in line]
        shown = [line.split(" ─")[0].strip() for line in headings]
        assert "Northwind Robotics" in shown
        assert shown == sorted(shown, key=str.casefold)


async def test_a_view_may_say_where_the_page_stands_until_the_person_does(home: Path) -> None:
    session(home, "priya").views.save("customers", "Wide", "", Way(split="beside"), mine=True)
    app = FleettuiApp(session(home, "priya"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("7")
        await see(pilot, "Wide")
        assert app.base_screen.turn == "below"
        await pilot.press("left_square_bracket")
        await wait_until(pilot, lambda: app.base_screen.turn == "beside")
        await pilot.press("vertical_line")
        await wait_until(pilot, lambda: app.base_screen.turn == "below")


async def test_the_finder_goes_to_the_views_of_all_screens(home: Path) -> None:
    app = FleettuiApp(session(home, "priya"))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("ctrl+p", *"view deals")
        await see(pilot, "view of the customers")
        await pilot.press("enter")
        await see(pilot, "▸Deals 3")


async def test_a_broken_search_of_a_view_is_said_and_hides_nothing(home: Path) -> None:
    file = home / "handbook" / "views.json"
    file.write_text(json.dumps({"views": [{"screen": "customers", "name": "Odd", "search": "hosts:many"}]}))
    app = FleettuiApp(session(home, "priya"))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("7")
        await see(pilot, "Odd")
        await pilot.press("right_square_bracket")
        await see(pilot, "▸Odd 10")
        assert "hosts: " in lines_of(app)[2]


async def test_a_search_of_a_long_list_is_made_beside_the_event_loop(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MANY", 1)
    app = FleettuiApp(session(home, "priya"))
    async with app.run_test(size=SMALL) as pilot:
        await on_customers(pilot)
        assert app.base_screen.search_aside("lumen") is not None
        await pilot.press("slash", *"lumen")
        await wait_until(pilot, lambda: names(app) == ["Lumen Bakery Group"])


@pytest.mark.parametrize(
    ("room", "here", "first", "last"),
    [(80, 0, 0, 5), (30, 0, 0, 3), (30, 4, 2, 5), (12, 2, 2, 3), (5, 1, 1, 2)],
)
def test_tabs_that_do_not_fit_are_cut_around_the_one_where_one_stands(
    room: int, here: int, first: int, last: int
) -> None:
    assert fitting([6, 6, 6, 6, 6], here, room) == (first, last)


def test_a_tab_without_a_count_is_its_name() -> None:
    assert [Tab("a", "All").words, Tab("a", "All", "3").words] == ["All", "All 3"]
