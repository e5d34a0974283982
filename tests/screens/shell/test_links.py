"""From a thing to its customer, and to where it is at home."""

from __future__ import annotations

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.shell.links import customer_of, reveal
from tests.screens.conftest import SMALL, see, wait_until


def test_what_is_about_nobody_has_no_customer(workspace: Workspace) -> None:
    customer = workspace.customers.add("Engines Ltd")
    assert customer_of(workspace, customer.id) == customer.id
    assert customer_of(workspace, "T-404") == ""
    assert customer_of(workspace, "") == ""


def test_a_ticket_is_about_its_customer(workspace: Workspace) -> None:
    customer = workspace.customers.add("Engines Ltd")
    ticket = workspace.tickets.new("Engines Ltd", "It does not start")
    assert customer_of(workspace, ticket.id) == customer.id


async def test_a_person_is_at_home_on_team_and_what_is_kept_outside_is_said(app: FleettuiApp) -> None:
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await reveal(app, "person", "zay")
        await wait_until(pilot, lambda: app.base_screen.NAME == "team")
        await see(pilot, "▌  Zay Hanlon")
        await reveal(app, "github issue", "#17")
        await see(pilot, "Github issue #17 is kept outside")
