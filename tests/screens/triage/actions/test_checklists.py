"""The checklists of a ticket."""

from __future__ import annotations

from fleettui.workspace.workspace import Workspace
from tests.screens.conftest import see
from tests.screens.triage.conftest import (
    WIDE,
    asked,
    at_work,
    press_and_see,
)


async def test_p0_opens_with_the_emergency_checklist_and_k_ticks_it(acme: Workspace) -> None:
    asked(acme, "Somebody", "Everything is down", "P0", 0.1)
    acme.customers.add("Loud", tier="Premium")
    acme.tickets.set("T-1002", {"tier": "Ultimate"})
    app = at_work(acme)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "T-1002")
        app.base_screen.reveal("T-1002")
        await press_and_see(pilot, "Production is down: 0 of", "enter")
        await press_and_see(pilot, "✓ Take the ticket: one person leads", "K", *"take the", "enter")
        assert acme.tickets.find("T-1002").lists["emergency"].run.marks["take"].by == "kathy"
