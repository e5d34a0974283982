"""The first look of a session is at all that two weeks brought: it takes the time and the memory of what it tells."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from fleettui.domain.tickets.model import Message, Ticket
from fleettui.store.protocol import AT_HAND
from fleettui.time.clock import frozen_clock
from fleettui.workspace.collections import TICKETS
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING as NOW
from tests.support.folders import files_of

MANY = 1_500
LENGTH = 12_000
"""Of what was written in each: next to it all else is small."""
MOST = 1_000
"""Of a piece, of what a store keeps at hand, and all else that a look makes."""


def made(number: int) -> Ticket:
    asked = NOW - timedelta(hours=1)
    message = Message(key="m1", at=asked, by="Jo Park", direction="in", body="x" * LENGTH, rev=1)
    return Ticket(
        id=f"T-{1001 + number}", subject="It fails", customer="Acme", tier="Premium", priority="P2", status="open",
        opened_at=asked, level="standard", assignee="zay" if number % 2 else "kathy", messages=(message,),
    )  # fmt: skip


@pytest.fixture
def backlog(workspace: Workspace) -> Workspace:
    """Thousands of tickets came in at once, and stand in a checkpoint."""

    def making(ticket: Ticket) -> Callable[[Any], Ticket]:
        return lambda _: ticket

    tickets = [made(number) for number in range(MANY)]
    edits = {ticket.id: making(ticket) for ticket in tickets}
    workspace.store.change_many(TICKETS, edits, workspace.session.stamp("tickets.new"))
    files_of(workspace).checkpoint(TICKETS, workspace.now())
    workspace.tickets.note("T-1005", "@zay look")
    return Workspace.open(workspace.home, clock=frozen_clock(NOW), login="zay")


def test_a_backlog_of_thousands_is_read_in_pieces_and_let_go(backlog: Workspace) -> None:
    """A look had all documents of two weeks at once in memory: 28 MB where ten thousand tickets had come."""
    backlog.queue.by_urgency()
    backlog.inbox.here()
    gc.collect()
    tracemalloc.start()
    try:
        unseen = backlog.inbox.unseen()
        gc.collect()
        kept, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert {event.kind: len(event.together) for event in unseen} == {"assigned": MANY // 2, "mentioned": 0}
    assert most / LENGTH <= MOST, "so many documents were in memory at once"
    assert kept / LENGTH <= AT_HAND, "what was looked at is let go"
