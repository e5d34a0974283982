"""SUP-3 on the screens: people and channels of Slack have names, also one that is typed there once."""

from __future__ import annotations

import pytest

from fleettui.domain.tickets.arrivals import Arrival
from fleettui.workspace.workspace import Workspace
from tests.screens.conftest import SMALL, see, text_of, wait_until
from tests.screens.triage.conftest import at_work, press_and_see

pytestmark = pytest.mark.slow


@pytest.fixture
def from_slack(queue: Workspace) -> str:
    """A ticket of somebody whom Slack names only by an id."""
    acme = queue.customers.find("Acme")
    queue.channels.add("C01ACME", "Acme", name="fleet-at-acme")
    arrived = queue.tickets.arrive(
        Arrival(
            thread="1.1", external="1.1", at=queue.now(), by="U0LEO", body="It is down", subject="It is down",
            customer="Acme", customer_id=acme.id, channel="C01ACME", way="slack",
        )
    )  # fmt: skip
    assert arrived.ticket is not None
    return arrived.ticket.id


@pytest.mark.parametrize("size", [SMALL, (60, 20)])
async def test_sup_3_a_name_that_is_typed_on_the_ticket_names_what_they_wrote(
    queue: Workspace, from_slack: str, size: tuple[int, int]
) -> None:
    app = at_work(queue)
    async with app.run_test(size=size) as pilot:
        await see(pilot, "Triage")
        app.base_screen.reveal(from_slack, "open")
        await press_and_see(pilot, "somebody (U0LEO) wrote", "enter")
        assert "#fleet-at-acme" in text_of(app)
        await press_and_see(pilot, "who writes for them", "e")
        await pilot.press("tab", "tab", *"Leo Marsh", "ctrl+s")
        await wait_until(pilot, lambda: queue.tickets.find(from_slack).contact == "Leo Marsh")
        await see(pilot, "Leo Marsh wrote")
        assert "U0LEO" not in text_of(app)
    (leo,) = [contact for contact in queue.customers.find("Acme").contacts if contact.slack]
    assert (leo.name, leo.slack) == ("Leo Marsh", "U0LEO")
    assert queue.support.render("follow-up", queue.tickets.find(from_slack)).startswith("Hi Leo,")
