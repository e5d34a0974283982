"""H on Triage: the queue as it stood at a moment, with nothing to be changed there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from tests.screens.conftest import SMALL, see, text_of, wait_until
from tests.screens.triage.conftest import HOUR, WIDE, at_work, ids_shown, press_and_see
from tests.support.clocks import MONDAY_MORNING

STOOD = "As it stood today 09:00"


@pytest.fixture
def later(queue: Workspace) -> Workspace:
    """Monday 11:00; at 10:00 T-1001 was answered and resolved, and T-1005 came."""
    at_ten = Workspace.open(queue.home, clock=frozen_clock(MONDAY_MORNING + HOUR), login="kathy")
    at_ten.tickets.reply("T-1001", "Try 4.2")
    at_ten.tickets.resolve("T-1001", documentation="no")
    at_ten.tickets.new("Acme", "Later than that", priority="P2", body="Hello?", by="Jo Park")
    return Workspace.open(queue.home, clock=frozen_clock(MONDAY_MORNING + 2 * HOUR), login="kathy")


async def test_sla_15_h_shows_the_queue_as_it_stood_and_esc_comes_back(later: Workspace) -> None:
    app = at_work(later)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1005")
        await press_and_see(pilot, "How did the queue stand?", "comma")
        await press_and_see(pilot, STOOD, *"9:00", "ctrl+s")
        assert "T-1001" in text_of(app)
        assert "30 m" in text_of(app)  # what was left then, not what is late now
        assert "T-1005" not in text_of(app)
        await press_and_see(pilot, "As it stood today 09:00; nothing can be changed here", "g", "enter")
        assert "Try 4.2" not in text_of(app)
        assert "resolved" not in text_of(app)
        await pilot.press("escape", "escape")
        await see(pilot, "T-1005")
        assert STOOD not in text_of(app)


async def test_nothing_can_be_changed_in_the_past(later: Workspace) -> None:
    app = at_work(later)
    tickets = later.tickets.all()
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "T-1005")
        await press_and_see(pilot, STOOD, "comma", *"9:00", "ctrl+s")
        for key in ("r", "t", "p", "d", "space", "n", "u", "J", "a"):
            await press_and_see(pilot, "This is how it stood", key)
            app.clear_notifications()
            await wait_until(pilot, lambda: "This is how it stood" not in text_of(app))
            assert not app.screen.is_modal
        assert later.tickets.all() == tickets


async def test_a_moment_that_is_to_come_or_is_none_is_refused_below_its_field(later: Workspace) -> None:
    app = at_work(later)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "T-1005")
        await press_and_see(pilot, "still to come", "comma", *"2026-03-10 9:00", "ctrl+s")
        await press_and_see(pilot, "write it like 9:00", *"x", "ctrl+s")


async def test_the_search_looks_at_how_things_stood(later: Workspace) -> None:
    app = at_work(later)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, STOOD, "comma", *"9:00", "ctrl+s")
        await pilot.press("slash", *"live query")
        await wait_until(pilot, lambda: ids_shown(app) == ["T-1001"])


async def test_to_a_ticket_from_elsewhere_is_to_it_as_it_is_now(later: Workspace) -> None:
    app = at_work(later)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, STOOD, "comma", *"9:00", "ctrl+s")
        app.base_screen.reveal("T-1005")
        await wait_until(pilot, lambda: STOOD not in text_of(app))
        await see(pilot, "T-1005")
    assert later.now() - MONDAY_MORNING == timedelta(hours=2)
