"""Team, the people: their rows and their pages."""

from __future__ import annotations

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.dialogs.form import FieldInput
from screens.widgets.rows import Rows
from tests.screens.conftest import SMALL, see, wait_until


async def test_the_page_says_who_is_no_longer_on_the_team_and_of_nobody_else(workspace: Workspace) -> None:
    workspace.people.edit("zay", {"active": False})
    app = FleettuiApp(workspace, "team")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "On call for the web chat")
        rows = app.screen.query_one(Rows)
        assert rows.go_to("kathy")
        await pilot.press("enter")
        text = await see(pilot, "Login       kathy")
        assert "On team" not in text
        assert rows.go_to("zay")
        await pilot.press("escape", "enter")
        assert "On team     no longer" in await see(pilot, "Login       zay")


async def test_editing_needs_somebody_or_something_that_can_be_edited(workspace: Workspace) -> None:
    app = FleettuiApp(workspace, "team")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "On call for the web chat")
        await pilot.press("G", "e")
        await see(pilot, "That stands in the handbook")
        await pilot.press("s")
        await see(pilot, "Put the cursor on somebody of the team.")


async def test_on_the_report_nobody_is_proposed_to_be_on_call(workspace: Workspace) -> None:
    app = FleettuiApp(workspace, "team")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "On call for the web chat")
        await pilot.press("G", "a")
        await see(pilot, "Somebody else on call")
        await wait_until(pilot, lambda: app.screen.query("#field-person"))
        assert app.screen.query_one("#field-person", FieldInput).value == ""
