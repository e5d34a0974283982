"""For tests of Team: a rota, some work, and the cursor on a row."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from textual.pilot import Pilot

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.team.row_keys import TeamKey
from screens.widgets.rows import Rows
from tests.screens.conftest import see, wait_until
from tests.support.clocks import MONDAY_MORNING

EVIL = "[@click=app.quit]x[/]\x1b[2J\u202eevil"


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    """Kathy, Alex and Zay take turns; this week is Kathy's. There was some work."""
    policy = workspace.home / "handbook" / "oncall.json"
    rota = json.loads(policy.read_text()) | {"order": ["kathy", "alex", "zay"], "first": "2026-03-07"}
    policy.write_text(json.dumps(rota))
    workspace.refresh()
    return workspace


def as_of(workspace: Workspace, hours: float, login: str = "kathy") -> Workspace:
    return Workspace.open(
        workspace.home, clock=frozen_clock(MONDAY_MORNING + timedelta(hours=hours)), login=login
    )


def some_work(workspace: Workspace) -> None:
    """Last week: one answered in time on Monday, one late on Thursday. Documentation is asked for."""
    for hours, answered_after in ((-24 * 7 + 1, 1), (-24 * 4 + 1, 30)):
        then = as_of(workspace, hours)
        ticket = then.tickets.new("Acme", "It fails", tier="Premium", priority="P1", at=then.now())
        as_of(workspace, hours + answered_after).tickets.reply(ticket.id, "Try this")
    as_of(workspace, -24 * 2).tickets.set(ticket.id, {"documentation": f"Proxies {EVIL}"})
    workspace.refresh()


async def on_team(pilot: Pilot[int], key: TeamKey = "") -> Rows[TeamKey]:
    await pilot.press("6")
    await see(pilot, "On call for the web chat")
    rows = pilot.app.screen.query_one(Rows)
    if key:
        assert rows.go_to(key)
        await wait_until(pilot, lambda: rows.key == key)
    return rows
