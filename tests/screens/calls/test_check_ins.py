"""CALL-12 on the screen: whoever ends a check-in sees when the next one is made."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.dialogs.form import FieldInput
from tests.screens.conftest import SMALL, see, wait_until
from tests.support.clocks import MONDAY_MORNING


@pytest.mark.parametrize("wanted", [True, False])
async def test_call_12_the_form_of_a_check_in_that_is_over_offers_the_next_one(
    workspace: Workspace, wanted: bool
) -> None:
    workspace.customers.add("Acme", tier="Premium")
    call = workspace.calls.new("Acme", MONDAY_MORNING + timedelta(hours=1), kind="check-in")
    later = frozen_clock(MONDAY_MORNING + timedelta(hours=2))
    app = FleettuiApp(Workspace.open(workspace.home, clock=later, login="kathy"))
    async with app.run_test(size=SMALL) as pilot:
        await see(pilot, "1 Today")
        await pilot.press("3")
        await see(pilot, "Acme")
        await pilot.press("d")
        await see(pilot, "Next check-in")
        field = app.screen.query_one("#field-check_in", FieldInput)
        assert field.value == "2026-03-16 10:00"
        if not wanted:
            field.value = ""
        await pilot.press("f", "i", "n", "e", "ctrl+s")
        await wait_until(pilot, lambda: app.workspace.calls.find(call.id).ended == "held")
    assert [other.follows for other in app.workspace.calls.all()] == ([call.id] if wanted else [])
