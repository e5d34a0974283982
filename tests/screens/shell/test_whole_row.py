"""What a row has no room for stands whole below the list while the cursor is on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.app import FleettuiApp
from screens.shell.whole_row import WholeRow, cut_texts, show_whole_row
from screens.widgets.row import Row
from screens.widgets.rows import Rows
from tests.screens.conftest import SMALL, lines_of, see, wait_until
from tests.screens.demo_team import home, session

__all__ = ["home"]

SUBJECT = "The agents of the second office in Rotterdam have not checked in since the weekend, says Ottilie"


@pytest.mark.parametrize("size", [SMALL, (60, 20)], ids=["80", "60"])
async def test_a_cut_name_shows_whole_under_the_cursor(home: Path, size: tuple[int, int]) -> None:
    workspace = session(home, "kathy")
    ticket = workspace.tickets.new("Lumen Bakery Group", SUBJECT)
    app = FleettuiApp(workspace, "triage")
    async with app.run_test(size=size) as pilot:
        rows = app.screen.query_one(Rows)
        await wait_until(pilot, lambda: rows.go_to(ticket.id))
        await see(pilot, "Ottilie")
        line = app.screen.query_one(WholeRow)
        shown = " ".join(text.strip() for text in lines_of(app)[line.region.y : line.region.bottom])
        assert SUBJECT in shown
        await pilot.press("enter")
        await wait_until(pilot, lambda: not line.display or not line.region)


async def test_initials_are_spelled_out_under_the_cursor(home: Path) -> None:
    workspace = session(home, "kathy")
    ticket = workspace.tickets.new("Lumen Bakery Group", SUBJECT)
    workspace.tickets.assign(ticket.id, "tobias")
    name = workspace.people.get("tobias").shown
    app = FleettuiApp(workspace, "triage")
    async with app.run_test(size=SMALL) as pilot:
        rows = app.screen.query_one(Rows)
        await wait_until(pilot, lambda: rows.go_to(ticket.id))
        await see(pilot, "Ottilie")
        line = app.screen.query_one(WholeRow)
        shown = " ".join(text.strip() for text in lines_of(app)[line.region.y : line.region.bottom])
        assert f"TO: {name}" in shown


async def test_beside_a_page_there_is_no_such_line(home: Path) -> None:
    workspace = session(home, "kathy")
    ticket = workspace.tickets.new("Lumen Bakery Group", SUBJECT)
    app = FleettuiApp(workspace, "triage")
    async with app.run_test(size=(120, 30)) as pilot:
        rows = app.screen.query_one(Rows)
        await wait_until(pilot, lambda: rows.go_to(ticket.id))
        await see(pilot, "Ottilie")
        assert not app.screen.query(WholeRow)


async def test_a_screen_that_is_being_left_takes_no_line_and_does_not_fail(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = session(home, "kathy")
    ticket = workspace.tickets.new("Lumen Bakery Group", SUBJECT)
    app = FleettuiApp(workspace, "triage")
    async with app.run_test(size=SMALL) as pilot:
        rows = app.screen.query_one(Rows)
        await wait_until(pilot, lambda: rows.go_to(ticket.id))
        await see(pilot, "Ottilie")
        screen = app.screen
        await screen.query_one(WholeRow).remove()
        monkeypatch.setattr(screen, "mount", lambda *args, **options: None)  # as Textual does then
        show_whole_row(screen, rows)
        assert not screen.query(WholeRow)


def test_what_is_not_cut_is_not_said_again() -> None:
    row = Row("T-1", ("T-1", ("Northwind Robotics", "muted"), "It does not start at all"))
    assert list(cut_texts(row, "T-1  Northwind Robotics  It does not start at all")) == []
    assert list(cut_texts(row, "T-1  North…  It does not start at all")) == ["Northwind Robotics"]
    assert list(cut_texts(row, "")) == []


def test_initials_say_whose_they_are_where_they_stand() -> None:
    row = Row("T-1", ("T-1", "It does not start", "Tobias Okafor"))
    assert list(cut_texts(row, "T-1  It does not start  TO", {2})) == ["TO: Tobias Okafor"]
    assert list(cut_texts(row, "T-1  It does not start  Tobias", {2})) == ["Tobias Okafor"]
    assert list(cut_texts(row, "T-1  It does not start  TOO", {2})) == []
    assert list(cut_texts(row, "T-1  It does not start  TO")) == []
    assert list(cut_texts(row, "T-1  It does not start  Tobias Okafor", {2})) == []
