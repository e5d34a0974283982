"""An outage on Triage: the marked tickets become one incident, each shown first, done and undone as one."""

from __future__ import annotations

import pytest

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from tests.screens.conftest import SMALL, see, text_of, wait_until
from tests.screens.triage.conftest import press_and_see


@pytest.fixture
def queue(workspace: Workspace) -> Workspace:
    workspace.customers.add("Acme", tier="Premium")
    for subject in ("It fails", "It is slow"):
        workspace.tickets.new("Acme", subject, priority="P2")
    return workspace


async def test_marked_tickets_become_one_incident_and_one_undo_takes_it_back(queue: Workspace) -> None:
    app = FleettuiApp(queue, "triage")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "It is slow")
        await pilot.press("asterisk", "semicolon")
        await see(pilot, "Outage: one incident")
        await see(pilot, "T-1001 stands for the incident")
        await press_and_see(pilot, "Status line", *"outage", "enter")
        assert "Outage: T-1001 stands for the incident, T-1002 belongs to it" in text_of(app)
        await pilot.press(*"Down", "tab", *"About ", "{", *"subject", "}")
        text = await press_and_see(pilot, "1 of 2", "ctrl+s")
        assert "About It fails" in text
        assert "Is the incident, for all of them: Down" in text
        await press_and_see(pilot, "About It is slow", "right")
        assert {ticket.rev for ticket in queue.tickets.all()} == {1}
        await pilot.press("enter")
        await wait_until(pilot, lambda: queue.tickets.find("T-1002").incident_of == "T-1001")
        await pilot.press("escape")
        await see(pilot, "⚑ T-1001: It is slow")
        assert "incident: Down" in text_of(app)
        await press_and_see(pilot, "Took back", "u")
        assert queue.tickets.find("T-1002").incident_of == ""
        assert len(queue.tickets.find("T-1002").messages) == 1


async def test_esc_goes_back_to_what_was_typed(queue: Workspace) -> None:
    app = FleettuiApp(queue, "triage")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "It is slow")
        await pilot.press("semicolon")
        await press_and_see(pilot, "Status line", *"outage", "enter")
        await pilot.press(*"Down")
        await press_and_see(pilot, "Is the incident", "ctrl+s")
        await press_and_see(pilot, "Status line", "escape")
        assert "Down" in text_of(app)
        assert queue.tickets.find("T-1001").incident == ""


async def test_its_end_resolves_all_and_names_what_it_cannot(queue: Workspace) -> None:
    from fleettui.workspace import incidents

    words = incidents.Words(status="Down", text="On it.")
    ids = ["T-1001", "T-1002"]
    incidents.carry_out(queue, incidents.declare(queue, ids, ids[0], words))
    queue.tickets.received(ids[1], "And now?")
    app = FleettuiApp(queue, "triage")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "It is slow")
        await press_and_see(pilot, "it is over", "semicolon")
        await press_and_see(pilot, "Text", *"it is over", "enter")
        await press_and_see(pilot, "Resolves it.", "ctrl+s")
        await press_and_see(pilot, "T-1002", "enter")
        await wait_until(pilot, lambda: queue.tickets.find("T-1001").status == "resolved")
        assert queue.tickets.find("T-1002").status == "open"
