"""SUP-20 on Triage: requests to the department are written down, listed apart and, where urgent, brought to its channel."""

from __future__ import annotations

import pytest

from fleettui.workspace.workspace import Workspace
from tests.screens.conftest import SMALL, see, text_of
from tests.screens.triage.conftest import at_work, fill, ids_shown, press_and_see, text_typed

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("size", [SMALL, (60, 20)])
async def test_sup_20_a_request_is_written_down_and_listed_apart(
    queue: Workspace, size: tuple[int, int]
) -> None:
    app = at_work(queue)
    async with app.run_test(size=size) as pilot:
        await see(pilot, "All open 4")
        await press_and_see(pilot, "Write down a request", "n")
        fill(app, customer="Product design", subject="Who has tried it?", department="yes")
        await press_and_see(pilot, "▸Department 1", "ctrl+s")
        assert ids_shown(app) == ["T-1005"]
        assert "P3? Dep" in text_of(app)


async def test_sup_20_an_urgent_one_is_brought_to_the_departments_channel(queue: Workspace) -> None:
    ticket = queue.tickets.new("Product design", "Who has tried it?", tier="Department")
    app = at_work(queue)
    async with app.run_test(size=SMALL) as pilot:
        await see(pilot, "All open")
        app.base_screen.reveal(ticket.id)
        await press_and_see(pilot, "in #g-customers", "E")
        await press_and_see(pilot, "Post in #g-customers", "enter")
        assert text_typed(app).startswith("Urgent request from Product design: Who has tried it? (T-1005)")
        assert "SUP-20" in (await press_and_see(pilot, "1 business day", "escape", "x"))
