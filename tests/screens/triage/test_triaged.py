"""SUP-19 on the screens: what nobody has triaged is counted and named until somebody chooses a priority."""

from __future__ import annotations

import re

import pytest

from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.today.row_keys import UntriagedKey
from screens.widgets.rows import Rows
from tests.screens.conftest import SMALL, see, text_of, wait_until
from tests.screens.triage.conftest import asked, at_work, fill, ids_shown, press_and_see

pytestmark = pytest.mark.slow


@pytest.fixture
def untriaged(queue: Workspace) -> Workspace:
    """T-1005 and T-1006: nobody has chosen their priority."""
    asked(queue, "Acme", "Hosts are gone", "", 2)
    asked(queue, "Bright Foods", "Where is the log?", "", 1)
    return queue


async def test_sup_19_what_is_not_triaged_is_counted_signed_and_named(untriaged: Workspace) -> None:
    app = at_work(untriaged)
    async with app.run_test(size=SMALL) as pilot:
        text = await see(pilot, "▸4 Triage ?2")
        assert re.search(r"T-1005 .* P3\? ", text)
        await press_and_see(pilot, "? not triaged (p)", "slash", *"id:1005", "enter")
        await press_and_see(pilot, "? not triaged: counts as P3 until p chooses a priority", "enter")
        assert "T-1005 · P3? · Ultimate" in text_of(app)


@pytest.mark.parametrize("size", [SMALL, (60, 20)])
async def test_sup_19_choosing_the_priority_that_counts_already_is_a_choice(
    untriaged: Workspace, size: tuple[int, int]
) -> None:
    app = at_work(untriaged)
    async with app.run_test(size=size, notifications=True) as pilot:
        await see(pilot, "▸4 Triage ?2")
        app.base_screen.reveal("T-1005", "untriaged")
        await press_and_see(pilot, "▸Not triaged 2")
        await press_and_see(pilot, "P3 low", "p", *"p3")
        await press_and_see(pilot, "▸4 Triage ?1", "enter")
        await wait_until(pilot, lambda: not untriaged.tickets.find("T-1005").untriaged)
        await press_and_see(pilot, "▸4 Triage ?2", "u")


async def test_sup_19_today_counts_them_and_leads_to_them(untriaged: Workspace) -> None:
    app = FleettuiApp(untriaged, "today")
    async with app.run_test(size=SMALL) as pilot:
        await see(pilot, "2 tickets are not triaged yet")
        app.base_screen.query_one(Rows).go_to(UntriagedKey())
        await press_and_see(pilot, "▸Not triaged 2", "enter")
        assert ids_shown(app) == ["T-1005", "T-1006"]


async def test_sup_19_the_page_names_the_suggestion_and_what_may_be_the_same(untriaged: Workspace) -> None:
    asked(untriaged, "Acme", "Outage: live query returns error 502", "", 0.5)
    app = at_work(untriaged)
    async with app.run_test(size=SMALL) as pilot:
        await see(pilot, "▸4 Triage ?3")
        app.base_screen.reveal("T-1007")
        text = await press_and_see(pilot, "P1? “outage” in the subject", "enter")
        assert "≈ Perhaps the same as T-1001: Live query returns error 500" in text


@pytest.mark.parametrize("size", [SMALL, (60, 20)])
async def test_sla_10_the_meanings_stand_where_a_priority_is_chosen_and_the_suggestion_comes_first(
    untriaged: Workspace, size: tuple[int, int]
) -> None:
    asked(untriaged, "Acme", "Outage: everybody gets 502", "", 0.5)
    app = at_work(untriaged)
    async with app.run_test(size=size, notifications=True) as pilot:
        await see(pilot, "▸4 Triage ?3")
        app.base_screen.reveal("T-1007")
        text = await press_and_see(pilot, "P1? high", "p")
        assert text.index("P1? high") < text.index("P0 emergency") < text.index("P2 medium")
        for meaning in (
            "Production is down",
            "Badly degraded",
            "Something cannot be done",
            "A question: how",
        ):
            assert meaning in text
        await press_and_see(pilot, "Nothing is chosen yet", "enter")
        await press_and_see(pilot, "▸4 Triage ?2", "down", "enter")
        ticket = untriaged.tickets.find("T-1007")
        assert (ticket.priority, ticket.untriaged) == ("P1", False)


@pytest.mark.parametrize("size", [SMALL, (60, 20)])
async def test_sla_10_the_form_of_a_new_request_says_what_priorities_mean(
    queue: Workspace, size: tuple[int, int]
) -> None:
    app = at_work(queue)
    async with app.run_test(size=size, notifications=True) as pilot:
        await press_and_see(pilot, "Write down a request", "n")
        assert "Production is down" not in text_of(app)
        app.screen.query_one("#field-priority").focus()
        await see(pilot, "P0 emergency: Production is down")
        fill(app, customer="Acme", subject="Hosts", priority="P7")
        await press_and_see(pilot, "there is no priority 'P7'; there are", "ctrl+s")


async def test_all_that_is_wrong_in_a_new_request_stands_at_once(queue: Workspace) -> None:
    app = at_work(queue)
    async with app.run_test(size=(120, 50), notifications=True) as pilot:
        await press_and_see(pilot, "Write down a request", "n")
        fill(app, at="someday", priority="P7")
        await press_and_see(pilot, "'someday' is not a time", "ctrl+s")
        for complaint in ("say whose ticket it is", "a ticket needs a subject", "there is no priority 'P7'"):
            await see(pilot, complaint)


async def test_sla_10_the_trace_says_what_the_priority_means(queue: Workspace) -> None:
    async with at_work(queue).run_test(size=SMALL) as pilot:
        await see(pilot, "T-1001")
        await press_and_see(pilot, "P1 high: Badly degraded, and the customer's business", "x")
