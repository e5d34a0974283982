"""From a thing to its customer, and to where it is at home."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.calls.row_keys import StepKey
from screens.shell.links import HOMES, customer_of, reveal
from tests.screens.conftest import SMALL, see, wait_until
from tests.screens.demo_team import home, session

__all__ = ["home"]


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


@pytest.mark.parametrize("kind", ["ticket", "customer", "call"])
async def test_a_filter_stays_with_its_list_and_is_not_there_in_what_one_opens(home: Path, kind: str) -> None:
    """Opened from another list, it is seen among all others."""
    app = FleettuiApp(session(home, "kathy"))
    ticket = app.workspace.tickets.get("T-1010")
    call = next(call for call in app.workspace.calls.all() if call.account)
    assert ticket is not None
    id_ = {"ticket": ticket.id, "customer": ticket.customer_id, "call": call.id}[kind]
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await app.go(HOMES[kind])
        await wait_until(pilot, lambda: app.base_screen.rows.listing.count)
        every = app.base_screen.rows.listing.count
        await pilot.press("slash", *"lumen", "enter")
        await wait_until(pilot, lambda: app.base_screen.rows.listing.count < every)
        await app.go("today")
        await reveal(app, kind, id_)
        await wait_until(pilot, lambda: not app.base_screen.is_filtering and app.base_screen.key)
        await wait_until(pilot, lambda: app.base_screen.looking_at(app.base_screen.key) == id_)
        assert app.base_screen.rows.listing.count == every or kind == "call"


async def test_a_filter_is_not_there_among_the_steps_of_a_call(home: Path) -> None:
    app = FleettuiApp(session(home, "kathy"), "calls")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await wait_until(pilot, lambda: app.base_screen.rows.listing.count)
        row = app.base_screen.rows.row
        assert row is not None
        words = row.text.split()
        await pilot.press("slash", *next(word for word in words if word.isalpha()), "enter")
        await wait_until(pilot, lambda: app.base_screen.is_filtering)
        await pilot.press("enter")
        await wait_until(pilot, lambda: isinstance(app.base_screen.key, StepKey))
        assert not app.base_screen.is_filtering
