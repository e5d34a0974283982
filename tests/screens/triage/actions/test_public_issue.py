"""The writer of a public issue sees which addresses are left out of it (SUP-11)."""

from __future__ import annotations

from fleettui.workspace.workspace import Workspace
from screens.widgets.text_pane import TextPane
from tests.screens.conftest import see, text_of
from tests.screens.triage.conftest import WIDE, asked, at_work, press_and_see


async def test_sup_11_what_is_left_out_is_shown_before_and_after(workspace: Workspace) -> None:
    customer = workspace.customers.add("Acme", tier="Ultimate")
    workspace.customers.contact(customer.id, "jo@acme.example", {"name": "Jo Park"})
    asked(workspace, "Acme", "Live query returns error 500", "P1", 1.5)
    workspace.tickets.set("T-1001", {"actual": "jo@acme.example gets an error 500"})
    for words in ("live query", "error 500", "osquery times out"):
        workspace.support.searched("T-1001", words)
    app = at_work(workspace)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await see(pilot, "T-1001")
        await press_and_see(pilot, "New public issue", "i", *"open a new", "enter")
        await see(pilot, "Left out, because anybody can read it: jo@acme.example.")
        area = app.screen.query_one(TextPane)
        assert "[e-mail address] gets an error 500" in area.text
        area.text = "Queries at fleet.acme.example end with an error 500"
        await press_and_see(pilot, "Queries at [host name] end", "ctrl+o")
        await press_and_see(pilot, "The new issue, filled in", "ctrl+s")
        assert "Left out, because anybody can read it: fleet.acme.example." in text_of(app)
        assert "acme.example" not in app.clipboard
