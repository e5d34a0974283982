"""Sending the text of a step from the screens of calls and playbooks."""

from __future__ import annotations

import pytest

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from tests.screens.conftest import SMALL
from tests.screens.triage.conftest import press_and_see
from tests.support.clocks import MONDAY_MORNING
from tests.support.connections import SENDING, connect
from tests.support.homes import make_home

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("size", [SMALL, (60, 20)])
async def test_call_8_r_sends_the_text_of_the_step_and_u_takes_it_back(
    workspace: Workspace, size: tuple[int, int]
) -> None:
    home = make_home(workspace.home.parent / "demo", MONDAY_MORNING, "kathy", demo=True)
    connect(home, mail={**SENDING["mail"], "letters": "send"})
    demo = Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="kathy", in_app=True)
    call = next(call for call in demo.calls.all() if demo.calls.view(call).stage == "missed?")
    demo.calls.missed(call.id)
    app = FleettuiApp(demo, "calls")
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        app.base_screen.enter(call.id, "missed-email")  # type: ignore[attr-defined]
        await press_and_see(pilot, "Send to the customer", "r")
        await press_and_see(pilot, "L-1 to ", "ctrl+s")
        assert len(demo.outbox.all()) == 1
        await press_and_see(pilot, "Took back", "u")
        assert demo.outbox.all() == []


async def test_where_such_texts_do_not_leave_the_key_says_what_would_let_them(workspace: Workspace) -> None:
    home = make_home(workspace.home.parent / "demo", MONDAY_MORNING, "kathy", demo=True)
    demo = Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="kathy", in_app=True)
    app = FleettuiApp(demo, "playbooks")
    async with app.run_test(size=(120, 30), notifications=True) as pilot:
        await pilot.pause()
        app.base_screen.enter("P-106", "timeline")  # type: ignore[attr-defined]
        await press_and_see(pilot, "such texts are copied here", "r")
