"""What a row has no room for stands whole below the list while the cursor is on it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from screens.app import FleettuiApp
from screens.commands.host import Nearest
from screens.dialogs.picker import Picker
from screens.shell.whole_row import WholeRow, cut_texts, show_whole_row
from screens.widgets.countdown import Countdown, show_countdown
from screens.widgets.row import Row
from screens.widgets.rows import Rows
from tests.screens.conftest import SMALL, lines_of, see, text_of, wait_until
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


async def test_the_countdown_stands_below_what_is_said_of_the_row(home: Path) -> None:
    """Between the two, what was cut of one ticket stood below the name of another."""
    workspace = session(home, "kathy")
    ticket = workspace.tickets.new("Lumen Bakery Group", SUBJECT)
    app = FleettuiApp(workspace, "triage")
    async with app.run_test(size=SMALL) as pilot:
        rows = app.screen.query_one(Rows)
        nearest = Nearest("T-7", workspace.now() + timedelta(minutes=20), "20 m", "Of another row")
        show_countdown(app.screen, nearest, workspace.now())
        await wait_until(pilot, lambda: rows.go_to(ticket.id))
        await see(pilot, "Ottilie")
        line, countdown = app.screen.query_one(WholeRow), app.screen.query_one(Countdown)
        assert line.region.bottom <= countdown.region.y


async def test_what_is_cut_of_a_choice_shows_whole_below_the_choices(home: Path) -> None:
    app = FleettuiApp(session(home, "kathy"), "triage")
    async with app.run_test(size=SMALL) as pilot:
        await wait_until(pilot, lambda: app.screen.query_one(Rows).key)
        await pilot.press("E")
        await wait_until(pilot, lambda: isinstance(app.screen, Picker))
        await wait_until(pilot, lambda: "customers and the community" in text_of(app))
