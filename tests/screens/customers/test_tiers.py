"""SLA-17: the tiers on Customers are the policy's, and one that it no longer names is shown as unknown."""

from __future__ import annotations

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from tests.screens.conftest import SMALL, see, text_of, wait_until
from tests.workspace.test_tiers import GOLD, drop_tier, edit_sla


async def test_sla_17_a_tier_of_the_teams_own_and_one_that_is_gone(workspace: Workspace) -> None:
    edit_sla(workspace.home, commitments=GOLD)
    opened = Workspace.open(workspace.home, clock=workspace.clock, login="kathy")
    opened.customers.add("Acme", tier="Gold")
    app = FleettuiApp(opened)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("7")
        await see(pilot, "Gold")
        await pilot.press("n")
        await see(pilot, "Free, Premium, Ultimate, Gold")
        await pilot.press("escape")
        drop_tier(workspace.home, "Gold")
        await see(pilot, "Gold?")
        await wait_until(pilot, lambda: "Acme" in text_of(app))
        await pilot.press("enter")
        await see(pilot, "the policy knows no such tier")
    opened.close()


async def test_sla_11_sla_17_x_says_how_they_reach_us_and_whose_hours_count(workspace: Workspace) -> None:
    hours = {"tiers": ["Premium"], "zone": "Asia/Tokyo", "open": {"tue": [["09:00", "17:00"]]}}
    edit_sla(workspace.home, hours=[hours])
    opened = Workspace.open(workspace.home, clock=workspace.clock, login="kathy")
    opened.tickets.new("Acme", "It fails", tier="Premium", priority="P1")
    app = FleettuiApp(opened)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("4")
        await see(pilot, "It fails")
        await pilot.press("x")
        await see(pilot, "expedited phone, expedited chat, expedited e-mail")
        await see(pilot, "Tuesday, 9:00 to 17:00 (Tokyo time)")
    opened.close()
