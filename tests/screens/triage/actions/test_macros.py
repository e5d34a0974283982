"""`;`: macros are chosen by letter or name, shown for each ticket, done and undone as one."""

from __future__ import annotations

import json

import pytest

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from tests.screens.conftest import SMALL, see, text_of, wait_until
from tests.screens.triage.conftest import press_and_see
from tests.support.clocks import MONDAY_MORNING

ROWS = [
    {
        "key": "logs",
        "name": "Ask for logs",
        "letter": "l",
        "text": "Hi, please send logs about {subject}.",
        "labels": ["logs"],
        "wait": True,
    },
    {
        "key": "buy",
        "name": "Licence error",
        "letter": "b",
        "answer": "sandbox-live-query-error",
        "labels": ["buy"],
    },
    {"key": "later", "name": "Later logging", "assign": "me", "snooze": "3d"},
]


@pytest.fixture
def queue(workspace: Workspace) -> Workspace:
    workspace.customers.add("Acme", tier="Premium")
    for subject in ("It fails", "It is slow"):
        workspace.tickets.new("Acme", subject, priority="P2")
    (workspace.home / "handbook" / "macros.json").write_text(json.dumps({"macros": ROWS}))
    return Workspace.open(workspace.home, clock=frozen_clock(MONDAY_MORNING), login="kathy", in_app=True)


async def test_a_macro_is_chosen_by_its_letter_shown_done_and_undone_as_one(queue: Workspace) -> None:
    app = FleettuiApp(queue, "triage")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "It is slow")
        await press_and_see(pilot, "Later logging", "semicolon")
        await pilot.press("l")
        text = await press_and_see(pilot, "please send logs about It fails.", "enter")
        assert "Puts on: logs." in text
        assert "Waits for the customer." in text
        assert queue.tickets.find("T-1001").rev == 1
        await press_and_see(pilot, "Paste each where it goes.", "enter")
        ticket = queue.tickets.find("T-1001")
        assert (ticket.rev, ticket.labels, ticket.status) == (2, ("logs",), "waiting")
        await pilot.press("escape")
        await press_and_see(pilot, "Took back", "u")
        assert queue.tickets.find("T-1001").labels == ()


async def test_of_several_tickets_each_is_walked_through_before_it_is_done(queue: Workspace) -> None:
    app = FleettuiApp(queue, "triage")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "It is slow")
        await pilot.press("asterisk")
        await press_and_see(pilot, "Ask for logs", "semicolon")
        await press_and_see(pilot, "Ask for logs · 1 of 2", *"logs", "enter")
        await press_and_see(pilot, "please send logs about It is slow.", "right")
        await press_and_see(pilot, "That was all of them.", "right")
        await press_and_see(pilot, "please send logs about It fails.", "left")
        await pilot.press("escape")
        await wait_until(pilot, lambda: "1 of 2" not in text_of(app))
        assert [ticket.rev for ticket in queue.tickets.all()] == [1, 1]  # Esc does nothing
        await press_and_see(pilot, "Later logging", "semicolon")
        await press_and_see(pilot, "Gives it to you.", *"later", "enter")
        await press_and_see(pilot, "T-1001, T-1002: Later logging.", "enter")
        assert {ticket.status for ticket in queue.tickets.all()} == {"snoozed"}
        assert len({happening.entry.batch for happening in queue.history.lately(2)}) == 1


async def test_a_text_that_wants_something_opens_the_composer_and_sending_does_the_acts(
    queue: Workspace,
) -> None:
    app = FleettuiApp(queue, "triage")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "It is slow")
        await press_and_see(pilot, "Licence error", "semicolon")
        await press_and_see(pilot, "‹link", "b", "enter")
        await press_and_see(pilot, "still to be filled in", "ctrl+s")
        assert queue.tickets.find("T-1001").rev == 1
        await pilot.press("ctrl+g", *"12", "ctrl+s")
        await wait_until(pilot, lambda: queue.tickets.find("T-1001").rev == 2)
        ticket = queue.tickets.find("T-1001")
        assert ticket.labels == ("buy",)
        assert "12" in ticket.messages[-1].body


async def test_a_ticket_with_news_is_named_and_left_as_it_is(queue: Workspace) -> None:
    app = FleettuiApp(queue, "triage")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "It is slow")
        await pilot.press("asterisk")
        await press_and_see(pilot, "Ask for logs", "semicolon")
        await press_and_see(pilot, "Ask for logs · 1 of 2", "l", "enter")
        queue.for_person("zay", queue.clock).tickets.received("T-1001", "Never mind")
        await pilot.press("enter")
        await wait_until(pilot, lambda: queue.tickets.find("T-1002").labels == ("logs",))
        assert queue.tickets.find("T-1001").labels == ()
