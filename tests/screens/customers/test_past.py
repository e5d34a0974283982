"""What is archived is read beside the event loop (GTM-9, RIT-9)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from threading import Event, get_ident
from typing import Any

import pytest

from fleettui.store.tinydb.archive import Archive
from fleettui.time.clock import frozen_clock
from fleettui.workspace.collections import CALLS, TICKETS
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.customers.row_keys import CustomerKey
from tests.screens.conftest import see, text_of
from tests.screens.demo_team import go_to
from tests.support.clocks import MONDAY_MORNING
from tests.support.folders import files_of

WIDE = (120, 40)
LONG_AGO = MONDAY_MORNING - timedelta(days=40)
HOUR = timedelta(hours=1)


@pytest.fixture
def archived(workspace: Workspace) -> Workspace:
    """Acme's only ticket, and its calls of five weeks, are in the archive."""
    home = workspace.home
    workspace.close()
    before = Workspace.open(home, clock=frozen_clock(LONG_AGO), login="kathy")
    before.customers.add("Acme", tier="Premium")
    ticket = before.tickets.new("Acme", "Hosts are gone")
    before.tickets.reply(ticket.id, "Like this")
    before.tickets.resolve(ticket.id)
    for week in range(9, 3, -1):
        start = MONDAY_MORNING - timedelta(days=7 * week)
        call = Workspace.open(home, clock=frozen_clock(start - HOUR), login="kathy").calls.new("Acme", start)
        after = Workspace.open(home, clock=frozen_clock(start + HOUR), login="kathy")
        after.calls.joined(call.id)
        after.calls.done(call.id)
    now = Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="kathy")
    files_of(now).checkpoint(TICKETS, now.now())
    files_of(now).checkpoint(CALLS, now.now())
    assert (now.store.all(TICKETS), now.store.all(CALLS)) == ([], [])
    return Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="kathy")


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Event, list[int]]]:
    """The archive is read when the event is set; the threads that read it."""
    may_read, threads = Event(), list[int]()
    whole = Archive.all

    def slow(self: Archive[Any], since: date | None = None) -> Any:
        threads.append(get_ident())
        assert get_ident() == loop or may_read.wait(60)
        return whole(self, since)

    loop = get_ident()
    monkeypatch.setattr(Archive, "all", slow)
    yield may_read, threads
    may_read.set()


async def test_gtm_9_customers_shows_what_is_known_while_the_archive_is_read_beside_the_event_loop(
    archived: Workspace, reading: tuple[Event, list[int]]
) -> None:
    may_read, threads = reading
    acme = archived.customers.find("Acme")
    app = FleettuiApp(archived)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("7")
        await see(pilot, "reaches out")
        await go_to(pilot, CustomerKey(acme.id))
        await see(pilot, "no contact known")
        may_read.set()
        await see(pilot, "Mon 9 Feb 2026: the call")
        assert "no contact known" not in text_of(app)
    assert threads and get_ident() not in threads


async def test_rit_9_the_archive_is_read_twice_at_most_however_far_back_a_streak_goes(
    archived: Workspace, reading: tuple[Event, list[int]]
) -> None:
    may_read, threads = reading
    may_read.set()
    for week in range(60):
        archived.facts.held_calls((MONDAY_MORNING - timedelta(days=7 * week)).date())
    assert len(threads) <= 2
