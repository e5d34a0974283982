"""`u` and `U`, at 80x24: what was done is said, and what goes further is asked first."""

from __future__ import annotations

import pytest

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.dialogs.choosing import Sure
from tests.screens.conftest import SMALL, see, wait_until


@pytest.fixture
def session(workspace: Workspace) -> Workspace:
    """As the app opens it, beside what was done before."""
    workspace.tickets.new("Acme", "It fails", priority="P2")
    workspace.tickets.take("T-1001")
    return Workspace.open(workspace.home, clock=workspace.clock, login="kathy", in_app=True)


async def test_undo_and_redo_in_a_row_say_what_they_did(session: Workspace) -> None:
    app = FleettuiApp(session, "triage")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "It fails")
        session.tickets.note("T-1001", "Seen before")
        session.tickets.label("T-1001", ["ui"])
        await pilot.press("u")
        await see(pilot, "Took back “labelled” on T-1001 · It fails, today 09:00.")
        await pilot.press("u")
        await see(pilot, "Took back “noted” on T-1001")
        await pilot.press("U")
        await see(pilot, "Did again: “noted” on T-1001")
        await pilot.press("U")
        await see(pilot, "Did again: “labelled” on T-1001")
        await pilot.press("U")
        await see(pilot, "There is nothing to do again")
        assert session.tickets.find("T-1001").labels == ("ui",)


@pytest.mark.parametrize("size", [SMALL, (60, 20)], ids=str)
async def test_what_was_done_before_this_session_is_asked_first(
    session: Workspace, size: tuple[int, int]
) -> None:
    app = FleettuiApp(session, "triage")
    async with app.run_test(size=size, notifications=True) as pilot:
        await see(pilot, "It fails")
        await pilot.press("u")
        await see(pilot, "Take back “taken” on T-1001 · It fails, today 09:00")
        await see(pilot, "session.")
        await pilot.press("escape")
        await see(pilot, "Nothing was taken back.")
        assert session.tickets.find("T-1001").assignee == "kathy"
        await pilot.press("u")
        await wait_until(pilot, lambda: isinstance(app.screen, Sure))
        await pilot.press("enter")
        await see(pilot, "Took back “taken” on T-1001")
        assert session.tickets.find("T-1001").assignee == ""


async def test_what_was_done_on_another_screen_is_asked_first(session: Workspace) -> None:
    app = FleettuiApp(session, "team")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "▸6 Team")
        session.tickets.note("T-1001", "Seen before")
        await pilot.press("u")
        await see(pilot, "another screen.")
        await pilot.press("escape")
        await see(pilot, "Nothing was taken back.")
        await pilot.press("4", "u")
        await see(pilot, "Took back “noted” on T-1001")


async def test_keys_pressed_too_often_ask_once_and_do_nothing_unseen(session: Workspace) -> None:
    app = FleettuiApp(session, "triage")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "It fails")
        await pilot.press("u", "u", "u")
        await wait_until(pilot, lambda: isinstance(app.screen, Sure))
        await pilot.press("escape")
        await see(pilot, "Nothing was taken back.")
        assert app.screen is app.base_screen
        assert session.tickets.find("T-1001").assignee == "kathy"
