"""Keys while an answer is written."""

from __future__ import annotations

from functools import partial

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.dialogs.composer import Composer
from screens.widgets.page import Page
from screens.widgets.text_pane import TextPane
from tests.screens.conftest import SMALL, lines_of, see, wait_until


async def test_ctrl_n_moves_a_line_down_and_sends_nothing(workspace: Workspace) -> None:
    ticket = workspace.tickets.new("Acme", "It fails")
    app = FleettuiApp(workspace, "triage")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, ticket.id)
        await pilot.press("r")
        await wait_until(pilot, lambda: isinstance(app.screen, Composer))
        area = app.screen.query_one(TextPane)
        area.put("a\nb\nc")
        for line in (1, 2):
            await pilot.press("ctrl+n")
            await wait_until(pilot, partial(is_on_line, area, line))
        assert isinstance(app.screen, Composer)
        workspace.refresh()
        assert workspace.tickets.find(ticket.id).status == "open"


def is_on_line(area: TextPane, line: int) -> bool:
    return area.cursor_location[0] == line


async def test_what_was_written_and_what_is_typed_have_as_many_lines(workspace: Workspace) -> None:
    ticket = workspace.tickets.new("Acme", "It fails")
    app = FleettuiApp(workspace, "triage")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, ticket.id)
        await pilot.press("r")
        await wait_until(pilot, lambda: isinstance(app.screen, Composer))
        beside = app.screen.query_one("#composer-beside", Page)
        await wait_until(pilot, lambda: beside.content_size.height >= 9)
        assert app.screen.query_one(TextPane).size.height >= 9


async def test_the_last_line_says_what_saving_does_here(workspace: Workspace) -> None:
    """What is copied, to be pasted by hand, is not sent; and a note is nothing to be sent."""
    ticket = workspace.tickets.new("Acme", "It fails")
    app = FleettuiApp(workspace, "triage")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, ticket.id)
        await pilot.press("r")
        await see(pilot, "Ctrl+S copy, record  F3 copy, wait")
        await pilot.press("escape", "c")
        await see(pilot, "Ctrl+S save")
        assert "F3" not in lines_of(app)[-1]
