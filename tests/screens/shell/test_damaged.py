"""A document of which no row can be made stands on its board as one damaged row; the others stand as before."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from fleettui.time.clock import frozen_clock
from fleettui.workspace.collections import CALLS, CUSTOMERS, PEOPLE, TICKETS
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from tests.screens.conftest import see, text_of
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home
from tests.workspace.test_damaged import put, put_what_has_no_end

pytestmark = pytest.mark.fails_on_purpose


@pytest.fixture
def demo(tmp_path: Path) -> Workspace:
    home = make_home(tmp_path / "demo", MONDAY_MORNING, demo=True)
    return Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="kathy")


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40)])
async def test_a_call_in_the_year_9999_is_one_damaged_row(demo: Workspace, size: tuple[int, int]) -> None:
    first, second, *_ = demo.calls.all()
    far = replace(second, start=datetime(9999, 12, 31, 23, 59, tzinfo=UTC))
    demo.store.change(CALLS, second.id, lambda _: far, demo.session.stamp("edit"))
    app = FleettuiApp(demo, "calls")
    async with app.run_test(size=size, notifications=True) as pilot:
        await see(pilot, f"✗ {second.id} is damaged")
        assert first.customer.split()[0] in text_of(app)
        await pilot.press("end", "enter")
        await pilot.press("1")
        await see(pilot, "▸1 Today")
        assert app.is_running


async def test_today_stands_whatever_a_customer_a_ticket_or_a_colleague_says(demo: Workspace) -> None:
    customer, ticket = put_what_has_no_end(demo)
    app = FleettuiApp(demo)
    async with app.run_test(size=(120, 100), notifications=True) as pilot:
        await see(pilot, f"{customer} is damaged")
        await see(pilot, f"✗ {ticket} is damaged")
        await see(pilot, "Zay Hanlon, back ")
        await see(pilot, "What changed")


@pytest.mark.parametrize(
    ("screen", "collection"),
    [("team", PEOPLE), ("customers", CUSTOMERS), ("calls", CALLS), ("today", PEOPLE)],
)
async def test_a_document_with_an_unknown_zone_is_one_damaged_row(
    demo: Workspace, screen: str, collection: Any
) -> None:
    document = demo.store.all(collection)[1]
    put(demo, collection, replace(document, zone="Mars/Olympus"))
    app = FleettuiApp(demo, screen)
    async with app.run_test(size=(120, 60), notifications=True) as pilot:
        text = await see(pilot, f"{document.id} is damaged: nobody knows its time zone")
        assert f"✗ {document.id}" in text or screen == "today"
        assert "makes no sense" not in text


async def test_tickets_that_are_merged_in_a_circle_are_damaged_rows(demo: Workspace) -> None:
    ids = [demo.tickets.new("Acme", f"Round {n}", fields={"tier": "Premium"}).id for n in range(2)]
    for id_, into in zip(ids, ids[::-1], strict=True):
        put(demo, TICKETS, replace(demo.tickets.find(id_), status="resolved", merged_into=into))
    app = FleettuiApp(demo, "today")
    async with app.run_test(size=(160, 60), notifications=True) as pilot:
        await see(pilot, f"{ids[0]} is damaged: {ids[0]} and {ids[1]} are merged")
        await pilot.press("4", "slash", *"is:merged", "enter")
        await see(pilot, f"✗ {ids[0]} is damaged")
        await see(pilot, f"✗ {ids[1]} is damaged")


async def test_a_page_is_shown_while_a_member_swaps_files_for_a_link(demo: Workspace, tmp_path: Path) -> None:
    """The app ended when a row was opened meanwhile. What is shown is in memory."""
    app = FleettuiApp(demo, "triage")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await see(pilot, "▸4 Triage")
        journal = demo.home / "journal"
        journal.rename(tmp_path / "aside")
        journal.symlink_to(tmp_path)
        await pilot.press("enter")
        await see(pilot, "Timeline, newest first")
        journal.unlink()
        (tmp_path / "aside").rename(journal)
        await pilot.press("escape")
        assert app.is_running


BOARDS: dict[str, tuple[str, str]] = {
    "playbooks": ("screens.playbooks.screen.run_row", "words, run"),
    "customers": ("screens.customers.screen.CustomersScreen._row", "self, customer"),
    "team": ("screens.team.screen.person_row", "workspace, person"),
    "triage": ("screens.triage.screen.ticket_row", "workspace, entry"),
}


@pytest.mark.parametrize("board", BOARDS)
async def test_whatever_goes_wrong_with_one_row_the_board_stands(
    demo: Workspace, monkeypatch: pytest.MonkeyPatch, board: str
) -> None:
    from importlib import import_module

    path = BOARDS[board][0]
    module, _, name = path.rpartition(".")
    owner: Any = (
        import_module("screens.customers.screen").CustomersScreen
        if board == "customers"
        else import_module(module)
    )
    original = getattr(owner, name)
    broken: list[str] = []

    def once(first: Any, document: Any, *arguments: Any) -> Any:
        id_ = getattr(document, "id", "") or document.ticket.id
        if not broken or id_ in broken:
            broken.append(id_)
            raise KeyError("nowhere")
        return original(first, document, *arguments)

    monkeypatch.setattr(owner, name, once)
    app = FleettuiApp(demo, board)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        text = await see(pilot, "is damaged: something that it names is not there")
        assert f"✗ {broken[0]} is damaged" in text
        assert text.count("is damaged") == 1
        assert app.is_running
