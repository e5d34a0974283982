"""The times on a screen are of now whenever it is in front; and Today says of a ticket what Triage says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.shell.live import ClockJumped
from tests.screens.conftest import SMALL, lines_of, see, text_of, wait_until
from tests.support.clocks import MONDAY_MORNING


class MovableClock:
    def __init__(self) -> None:
        self.now = MONDAY_MORNING

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def busy(workspace: Workspace, clock: MovableClock) -> Iterator[FleettuiApp]:
    """Premium, P1 (SLA-3): due after four hours of business time."""
    opened = Workspace.open(workspace.home, clock=clock, login="kathy")
    opened.tickets.take(opened.tickets.new("Acme", "It fails", tier="Premium", priority="P1").id)
    yield FleettuiApp(opened)
    opened.close()


def line_with(app: FleettuiApp, wanted: str) -> str:
    return next(line for line in lines_of(app) if wanted in line)


async def test_a_screen_that_is_in_front_again_tells_the_time_of_now(
    busy: FleettuiApp, clock: MovableClock
) -> None:
    async with busy.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("4")
        await see(pilot, "4 h")
        await pilot.press("1")
        await see(pilot, "It fails")
        clock.pass_by(61)
        await pilot.press("4")
        await see(pilot, "2 h 59 m")
        clock.pass_by(1)
        await pilot.press("1")
        await see(pilot, "2 h 58 m")


async def test_a_dialog_that_closes_leaves_a_list_of_now(busy: FleettuiApp, clock: MovableClock) -> None:
    async with busy.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("4")
        await see(pilot, "4 h")
        await pilot.press("question_mark")
        clock.pass_by(30)
        await pilot.press("escape")
        await see(pilot, "3 h 30 m")
        assert "Mon 09:30" in text_of(busy)


async def test_after_sleep_the_times_are_of_now(busy: FleettuiApp, clock: MovableClock) -> None:
    async with busy.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("4")
        await see(pilot, "4 h")
        clock.pass_by(180)
        await see(pilot, "1 h ")
        assert "Mon 12:00" in text_of(busy)


async def test_the_page_goes_on_with_the_list(busy: FleettuiApp, clock: MovableClock) -> None:
    async with busy.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.press("4")
        await see(pilot, "4 h of business time")
        clock.pass_by(60)
        busy.post_message(ClockJumped())
        await see(pilot, "3 h of business time")


@pytest.mark.parametrize("minutes", [0, 119, 121, 179, 181, 239, 240, 241, 600])
async def test_sla_15_today_says_of_a_ticket_what_triage_says(
    busy: FleettuiApp, clock: MovableClock, minutes: int
) -> None:
    clock.pass_by(minutes)
    async with busy.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("4")
        await wait_until(pilot, lambda: "It fails" in text_of(busy))
        row = busy.workspace.queue.row(busy.workspace.queue.queue().entries[0])
        assert f"{row.glyph}" in line_with(busy, "It fails")
        assert row.left in line_with(busy, "It fails")
        await pilot.press("1")
        await wait_until(pilot, lambda: "▸1 Today" in text_of(busy) and "It fails" in text_of(busy))
        assert " ".join((row.glyph, row.left)) in " ".join(line_with(busy, "It fails").split())
