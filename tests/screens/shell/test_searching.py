"""`/` on the screens: one language, what is offered while one types, and what one searched for before."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.widgets.filter_line import FilterLine
from tests.screens.conftest import SMALL, lines_of, see, wait_until
from tests.screens.triage.conftest import press_and_see

pytestmark = pytest.mark.slow


@pytest.fixture
def team(workspace: Workspace) -> Workspace:
    workspace.customers.add("Acme Robotics", tier="Ultimate", hosts=4000)
    workspace.customers.add("Quiet Ltd", tier="Premium", hosts=10)
    return workspace


def line_of(pilot: Pilot[Any]) -> FilterLine:
    return pilot.app.screen.query_one(FilterLine)


async def test_fields_are_searched_on_another_screen_than_triage(team: Workspace) -> None:
    async with FleettuiApp(team).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Quiet Ltd", "7")
        await pilot.press("slash", *"hosts:>1000")
        await wait_until(pilot, lambda: "Quiet Ltd" not in "\n".join(lines_of(pilot.app)))
        await see(pilot, "Acme Robotics")
        await press_and_see(pilot, "Quiet Ltd", "escape")


async def test_fields_and_values_are_offered_and_tab_takes_them(team: Workspace) -> None:
    async with FleettuiApp(team).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Quiet Ltd", "7")
        await press_and_see(pilot, "Tab tier: the contract", "slash", *"ti")
        await press_and_see(pilot, "Tab tier:Free", "tab")
        await press_and_see(pilot, "Tab tier:Ultimate", "u")
        await pilot.press("tab")
        await wait_until(pilot, lambda: line_of(pilot).value == "tier:Ultimate ")
        await wait_until(pilot, lambda: "Quiet Ltd" not in "\n".join(lines_of(pilot.app)))


async def test_what_is_wrong_is_underlined_with_the_reason_and_hides_nothing(team: Workspace) -> None:
    async with FleettuiApp(team).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Quiet Ltd", "7")
        await press_and_see(pilot, "✗ is: 'cake' is not one of active", "slash", *"is:cake ")
        await see(pilot, "Quiet Ltd")
        strip = line_of(pilot).render_line(0)
        underlined = "".join(
            segment.text for segment in strip if segment.style is not None and segment.style.underline
        )
        assert underlined == "is:cake"


async def test_slash_begins_anew_and_up_brings_past_searches_also_in_another_session(team: Workspace) -> None:
    async with FleettuiApp(team).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Quiet Ltd", "7")
        await pilot.press("slash", *"tier:prem", "enter", "slash")
        await wait_until(pilot, lambda: line_of(pilot).value == "")
        await pilot.press(*"acme", "enter")
        await wait_until(pilot, lambda: team.searches.past.of("customers") == ["acme", "tier:prem"])
    again = Workspace.open(team.home, clock=team.clock, login="kathy")
    async with FleettuiApp(again).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "Quiet Ltd", "7")
        await pilot.press("slash", "up")
        await wait_until(pilot, lambda: line_of(pilot).value == "acme")
        await pilot.press("up", "up")
        await wait_until(pilot, lambda: line_of(pilot).value == "tier:prem")
        await pilot.press("down", "down")
        await wait_until(pilot, lambda: line_of(pilot).value == "")
