"""What has not left, on Team."""

from __future__ import annotations

import pytest

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from tests.screens.conftest import SMALL, see, text_of
from tests.screens.triage.conftest import press_and_see
from tests.support.clocks import MONDAY_MORNING
from tests.support.connections import connect

pytestmark = pytest.mark.slow


@pytest.fixture
def failed(workspace: Workspace) -> Workspace:
    """An answer of Kathy's came back."""
    connect(workspace.home, undo_seconds=0)
    workspace.refresh()
    workspace.tickets.new("Acme", "It fails", channel="jo@acme.example")
    workspace.tickets.reply("T-1001", "Done.")
    workspace.outbox.failed(workspace.outbox.begin(workspace.outbox.due()[0]), "550 no such user")
    return workspace


@pytest.mark.parametrize("size", [SMALL, (60, 20), (120, 40)])
async def test_team_lists_what_has_not_left_and_r_decides(failed: Workspace, size: tuple[int, int]) -> None:
    session = Workspace.open(failed.home, clock=frozen_clock(MONDAY_MORNING), login="kathy", in_app=True)
    app = FleettuiApp(session, "team")
    async with app.run_test(size=size, notifications=True) as pilot:
        await see(pilot, "What has not left yet: 1")
        while "R sends it again" not in text_of(app):
            await pilot.press("down")
            if "T-1001/m2" in str(app.screen.rows.key):  # type: ignore[attr-defined]
                await press_and_see(pilot, "R sends it again", "enter")
        await press_and_see(pilot, "Leave it", "R")
        await press_and_see(pilot, "T-1001: sent again. u takes it back.", "enter")
        await press_and_see(pilot, "Took back", "u")
        assert len(app.workspace.outbox.all(failed=True)) == 1


async def test_where_everything_has_left_there_is_no_such_part(workspace: Workspace) -> None:
    app = FleettuiApp(workspace, "team")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "On call for the web chat")
        assert "has not left" not in text_of(app)
        await press_and_see(pilot, "everything has", "R")
