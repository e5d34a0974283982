"""The GitHub issue of a ticket (SUP-11, SUP-13)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from fleettui.workspace.workspace import Workspace
from screens.widgets.text_pane import TextPane
from tests.screens.conftest import SMALL, see, wait_until
from tests.screens.triage.conftest import (
    WIDE,
    at_work,
    press_and_see,
    text_typed,
)
from tests.support.connections import connect

pytestmark = pytest.mark.slow


def searched(workspace: Workspace, times: int) -> Callable[[], bool]:
    return lambda: len(workspace.tickets.find("T-1001").issue_searches) == times


async def test_sup_11_and_13_searches_come_first_then_a_new_issue_that_betrays_nobody(
    acme: Workspace,
) -> None:
    app = at_work(acme)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press_and_see(pilot, "search with other words first", "i", *"open a new", "enter")
        for number in range(3):
            await pilot.press("i", *(["down"] * number), "enter")
            await see(pilot, "The search")
            assert app.clipboard.startswith("https://github.com/fleetdm/fleet/issues?q=is%3Aissue")
            await pilot.press("escape")
            await wait_until(pilot, searched(acme, number + 1))
        await press_and_see(pilot, "In public they are called", "i", *"codename", "enter")
        codename = acme.customers.find("Acme").codename
        await press_and_see(pilot, "New public issue", "i", *"open a new", "enter")
        area = app.screen.query_one(TextPane)
        area.text = "Acme Robotics cannot run live queries"
        await press_and_see(pilot, "take out", "ctrl+s")  # SUP-13: not with their name in it
        area.text = "Live queries end with an error 500"
        await press_and_see(pilot, "The new issue, filled in", "ctrl+s")
        assert "labels=customer%20request%2C" + codename in app.clipboard
        assert "Acme" not in app.clipboard


@pytest.mark.parametrize(
    "piece", ["Live queries end with an error 500", "設備の一覧が空です。何も表示されません。", "a/b/c/d/"]
)
async def test_sup_11_an_issue_too_long_for_its_link_is_copied_and_stays_a_draft(
    acme: Workspace, piece: str
) -> None:
    for words in ("live query", "error 500", "osquery times out"):
        acme.support.searched("T-1001", words)
    acme.customers.codename(acme.customers.find("Acme").id)
    body = "\n".join(f"{number}: {piece}" for number in range(500))
    app = at_work(acme)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press_and_see(pilot, "New public issue", "i", *"open a new", "enter")
        app.screen.query_one(TextPane).text = body
        text = await press_and_see(pilot, "Your text is too long for the link", "ctrl+s")
        assert "https://github.com/fleetdm/fleet/issues/new?" in text
        assert app.clipboard == body
        await press_and_see(pilot, "What you typed before is back", "escape", "i", *"open a new", "enter")
        assert text_typed(app) == body


async def test_sup_11_a_search_in_ones_own_words_counts(acme: Workspace) -> None:
    async with at_work(acme).run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "a GitHub issue", "i")
        await press_and_see(pilot, "Search: gateway timeout", *"gateway timeout")
        await press_and_see(pilot, "issues?q=is%3Aissue%20gateway%20timeout", "enter")
        await wait_until(pilot, lambda: acme.tickets.find("T-1001").issue_searches == ("gateway timeout",))


async def test_sup_11_the_link_goes_to_the_customer_and_the_key_date_to_product(acme: Workspace) -> None:
    app = at_work(acme)
    acme.tickets.set("T-1001", {"key_date": date(2026, 4, 1)})
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await press_and_see(pilot, "The issue of T-1001", "i", *"its link", "enter")
        link = "https://github.com/fleetdm/fleet/issues/77"
        await press_and_see(pilot, "T-1001 is saved", *link, "ctrl+s")
        await press_and_see(pilot, "A GitHub issue for a customer: 0 of", "enter", "G")
        await press_and_see(pilot, "Answer T-1001", "i", *"send the customer", "enter")
        assert link in text_typed(app)
        await press_and_see(pilot, "Recorded: T-1001 is answered", "ctrl+s")
        await press_and_see(pilot, "Post in #g-product", "i", *"key date", "enter")
        assert link in text_typed(app)


async def test_sup_11_where_the_policy_says_so_a_new_issue_is_ordered_and_u_takes_it_back(
    acme: Workspace,
) -> None:
    connect(acme.home, github={"issues": "send"})
    acme.refresh()
    for words in ("live query", "error 500", "osquery times out"):
        acme.support.searched("T-1001", words)
    acme.customers.codename(acme.customers.find("Acme").id)
    app = at_work(acme)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await press_and_see(pilot, "New public issue", "i", *"open a new", "enter")
        app.screen.query_one(TextPane).text = "Live queries end with an error 500"
        await press_and_see(pilot, "L-1: the issue is opened", "ctrl+s")
        assert acme.issues.orders.waiting("T-1001") is not None
        await press_and_see(pilot, "a new one (L-1): queued", "enter")
        await pilot.press("escape", "u")
        await wait_until(pilot, lambda: acme.issues.orders.waiting("T-1001") is None)
