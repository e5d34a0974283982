"""Triage at 80x24: which tickets a key is about, and that the screen says so: marks, an open page, a filter, undo."""

from __future__ import annotations

import re

import pytest
from textual.pilot import Pilot

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.widgets.rows import Rows
from tests.screens.conftest import SMALL, lines_of, see, text_of, wait_until
from tests.screens.triage.conftest import WIDE, asked, press_and_see


@pytest.fixture
def queue(workspace: Workspace) -> Workspace:
    """By what breaches first: T-1001 (Acme), T-1003 (Bright Foods), T-1002 (Bright Foods)."""
    workspace.customers.add("Acme", tier="Ultimate", hosts="1200")
    workspace.customers.add("Bright Foods", tier="Premium", hosts="120")
    asked(workspace, "Acme", "Live query returns error 500", "P1", 1.5)
    asked(workspace, "Bright Foods", "How do we enrol Linux hosts?", "P3", 30)
    asked(workspace, "Bright Foods", "Labels are wrong", "P2", 8)
    return workspace


async def opened(pilot: Pilot[int]) -> None:
    await see(pilot, "All open 3")


def labelled(workspace: Workspace) -> list[str]:
    return [ticket.id for ticket in workspace.tickets.all() if "oops" in ticket.labels]


async def test_a_ticket_that_is_open_is_what_a_key_is_about_and_marks_stay(queue: Workspace) -> None:
    app = FleettuiApp(queue, "triage")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot)
        await press_and_see(pilot, "2 marked", "space", "space")
        await press_and_see(pilot, "How do we enrol Linux hosts?", "enter")
        text = await press_and_see(pilot, "+ oops", "number_sign", *"oops")
        assert "T-1002 · How do we enrol Linux hosts?" in text
        await press_and_see(pilot, "Label on: oops.", "enter")
        assert labelled(queue) == ["T-1002"]
        await press_and_see(pilot, "2 marked", "escape")
        await press_and_see(pilot, "2 tickets: T-1001, T-1003", "number_sign", *"oops")
        await press_and_see(pilot, "Label on: oops.", "enter")
        await wait_until(pilot, lambda: len(labelled(queue)) == 3)
        await wait_until(pilot, lambda: "marked" not in text_of(app))


async def test_what_a_filter_hides_is_not_acted_on_though_it_is_marked(queue: Workspace) -> None:
    async with FleettuiApp(queue, "triage").run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot)
        await press_and_see(pilot, "2 marked", "space", "space")
        await press_and_see(pilot, "2 marked, 1 of them hidden", "slash", *"labels", "enter")
        await press_and_see(pilot, "T-1003: yours.", "t")
        assert [ticket.id for ticket in queue.tickets.all() if ticket.assignee] == ["T-1003"]


async def test_where_all_marked_ones_are_hidden_a_key_is_about_the_row_of_the_cursor(
    queue: Workspace,
) -> None:
    async with FleettuiApp(queue, "triage").run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot)
        await press_and_see(pilot, "2 marked", "space", "space")
        await press_and_see(pilot, "2 marked, 2 of them hidden", "slash", *"linux", "enter")
        await press_and_see(pilot, "T-1002: yours.", "t")
        assert [ticket.id for ticket in queue.tickets.all() if ticket.assignee] == ["T-1002"]


async def test_after_undo_the_cursor_is_on_what_came_back(queue: Workspace) -> None:
    app = FleettuiApp(queue, "triage")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot)
        await press_and_see(pilot, "without an answer.", "d", "down", "enter", "enter")
        rows = app.screen.query_one(Rows)
        await wait_until(pilot, lambda: rows.key == "T-1003")
        await press_and_see(pilot, "Took back", "u")
        await wait_until(pilot, lambda: rows.key == "T-1001")
        await press_and_see(pilot, "T-1001 · Live query returns error 500", "d")


async def test_undo_leaves_an_open_page_as_it_is(queue: Workspace) -> None:
    async with FleettuiApp(queue, "triage").run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot)
        await press_and_see(pilot, "T-1001: yours.", "t")
        await press_and_see(pilot, "Labels are wrong", "j", "enter")
        await press_and_see(pilot, "Took back", "u")
        await press_and_see(pilot, "▸All open 3", "escape")
        await press_and_see(pilot, "T-1003: yours.", "t")


@pytest.mark.parametrize("key", ["a", "p", "number_sign", "s", "d", "M", "E", "i", "K"])
async def test_every_choice_names_its_ticket(queue: Workspace, key: str) -> None:
    app = FleettuiApp(queue, "triage")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot)
        await pilot.press("j")
        await press_and_see(pilot, "T-1003 · Labels are wrong", key)
        assert app.screen is not app.base_screen


async def test_a_choice_about_one_says_why_it_waits_while_others_are_marked(queue: Workspace) -> None:
    async with FleettuiApp(queue, "triage").run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot)
        await press_and_see(pilot, "2 marked", "space", "space")
        await press_and_see(pilot, "2 rows are marked, but each ticket has its own level", "E")


async def test_the_choice_of_a_view_is_about_no_ticket(queue: Workspace) -> None:
    async with FleettuiApp(queue, "triage").run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot)
        await press_and_see(pilot, "2 tickets:", "space", "space", "number_sign")
        text = await press_and_see(pilot, "Which view?", "escape", "v")
        assert "tickets:" not in text


async def test_marks_go_from_the_column_titles_with_what_was_marked(queue: Workspace) -> None:
    app = FleettuiApp(queue, "triage")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot)
        await press_and_see(pilot, "2 ✓", "space", "space")
        await press_and_see(pilot, "without an answer.", "d", "down", "enter", "enter")
        await wait_until(pilot, lambda: "✓" not in lines_of(app)[3])
        assert "With" in lines_of(app)[3]


async def test_a_search_that_leaves_the_view_says_so(queue: Workspace) -> None:
    queue.tickets.resolve(["T-1001"], documentation="no", unanswered=True)
    async with FleettuiApp(queue, "triage").run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "All open 2")
        text = await press_and_see(pilot, "Found 1", "slash", *"is:resolved")
        assert "1 found" in text
        assert "1 of" not in text
        assert "All open" not in text
        await press_and_see(pilot, "All open 2", "escape")


@pytest.mark.parametrize("width", [140, 160])
async def test_beside_the_page_there_is_room_for_the_subject_and_whose_it_is(
    queue: Workspace, width: int
) -> None:
    queue.tickets.take("T-1001")
    async with FleettuiApp(queue, "triage").run_test(size=(width, 40), notifications=True) as pilot:
        text = await see(pilot, "you")
        first = next(line for line in text.splitlines() if "T-1001" in line)
        assert re.search(r"Live query returns error 500 +you +L2 +│", first)
        assert pilot.app.screen.query_one("Page").outer_size.width >= 44


async def test_another_screen_keeps_its_own_split_after_triage(queue: Workspace) -> None:
    app = FleettuiApp(queue, "team")
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "Time zone")
        width = app.screen.query_one("Page").outer_size.width
        await press_and_see(pilot, "All open", "4")
        await press_and_see(pilot, "Time zone", "6")
        assert app.screen.query_one("Page").outer_size.width == width


@pytest.mark.parametrize("place", range(3))
async def test_undo_of_several_leaves_the_cursor_where_it_is(queue: Workspace, place: int) -> None:
    """It went to one of them, whichever had been changed last."""
    app = FleettuiApp(queue, "triage")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await opened(pilot)
        await press_and_see(pilot, "3 marked", "asterisk")
        await press_and_see(pilot, "yours.", "t")
        rows = app.screen.query_one(Rows)
        here = ["T-1001", "T-1002", "T-1003"][place]
        assert rows.go_to(here)
        await press_and_see(pilot, "and 2 more", "u")
        assert rows.key == here
