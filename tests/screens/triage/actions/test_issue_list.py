"""The list of issues on Triage, and the word that is owed when one is closed (SUP-11)."""

from __future__ import annotations

import pytest

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.today.row_keys import ItemKey
from screens.widgets.text_pane import TextPane
from tests.screens.conftest import SMALL, see, text_of, wait_until
from tests.screens.demo_team import go_to
from tests.screens.triage.conftest import at_work, ids_shown, press_and_see

pytestmark = pytest.mark.slow

SEVEN = "https://github.com/fleetdm/fleet/issues/7"
EIGHT = "https://github.com/fleetdm/fleet/issues/8"


@pytest.fixture
def linked(queue: Workspace) -> Workspace:
    queue.support.link_issue("T-1001", SEVEN)
    queue.support.link_issue("T-1003", SEVEN)
    queue.support.link_issue("T-1002", EIGHT)
    return queue


async def test_rit_7_issues_are_listed_by_how_many_they_touch_and_lead_to_their_tickets(
    linked: Workspace,
) -> None:
    app = at_work(linked)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "○ #7 ", "I")
        shown = text_of(app)
        assert shown.index("○ #7 ") < shown.index("○ #8 ")
        await press_and_see(pilot, "Show its tickets", "enter")
        await pilot.press("enter")
        await wait_until(pilot, lambda: set(ids_shown(app)) == {"T-1001", "T-1003"})


async def test_sup_11_closing_an_issue_owes_a_word_and_the_answer_opens_with_its_text(
    linked: Workspace,
) -> None:
    linked.tickets.take(["T-1001"])
    app = at_work(linked)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "○ #7 ", "I")
        await press_and_see(pilot, "It is done", "enter")
        await press_and_see(pilot, "2 customers are owed a word", "down", "enter")
        await pilot.press("1")
        await see(pilot, "Tell them that")
        item = next(i for i in linked.agenda.items() if i.step == "fixed" and i.id == "T-1001")
        await go_to(pilot, ItemKey(item.key))
        await pilot.press("enter")
        await wait_until(pilot, lambda: bool(app.screen.query(TextPane)))
        text = app.screen.query_one(TextPane).text
        assert '"Live query returns error 500" is done.' in text
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: [owed.ticket.id for owed in linked.issues.owed()] == ["T-1003"])


async def test_sup_11_space_on_today_says_that_they_know_and_undo_brings_it_back(linked: Workspace) -> None:
    linked.tickets.take(["T-1001"])
    linked.issues.close("8")
    linked.issues.close("7")
    linked.tickets.reply("T-1003", "Done.")
    item = next(i for i in linked.agenda.items() if i.step == "fixed" and i.id == "T-1001")
    app = FleettuiApp(linked)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await see(pilot, "Tell them that")
        await go_to(pilot, ItemKey(item.key))
        await press_and_see(pilot, "Done:", "space")
        assert linked.issues.owed_for("T-1001") is None
        await pilot.press("u")
        await wait_until(pilot, lambda: linked.issues.owed_for("T-1001") is not None)


async def test_without_any_issue_the_key_says_how_one_is_linked(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=(60, 20), notifications=True) as pilot:
        await press_and_see(pilot, "No ticket is linked", "I")
        queue.support.link_issue("T-1001", SEVEN)
        await press_and_see(pilot, "○ #7 ", "I")
        await press_and_see(pilot, "Copy its link", "enter")
