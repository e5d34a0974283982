"""Searches of the archive: the store narrows, the queue's own search decides, and nothing of the archive is held but rows."""

from __future__ import annotations

import gc
from datetime import timedelta
from typing import Any

import pytest

from fleettui.domain.tickets.model import Ticket
from fleettui.store.protocol import Narrow
from fleettui.time.clock import frozen_clock
from fleettui.workspace.collections import TICKETS
from fleettui.workspace.tickets import archive as archive_module
from fleettui.workspace.tickets import order
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.folders import files_of
from tests.workspace.tickets.test_many_texts import SEARCHES

NOW = MONDAY_MORNING
MORE = {
    "customer:acme": "1",
    "customer:zebra": "2",
    "zebra": "2",
    "-zebra": "1 3",
    "zebra OR nothing": "2 3",
    "label:bug*": "2",
    "is:mine": "1",
    "assignee:me error": "1",
    "assignee:kathy": "1",
    "is:unassigned": "2 3",
    "assignee:nobody": "2 3",
    "error -nothing -hosts": "2",
    "id:1003": "3",
    "created:<400d": "1 2 3",
    "resolved:>400d": "",
    "1002": "2",
    "is:department": "",
}


def old_workspace(workspace: Workspace) -> Workspace:
    """A year later: all of it is archived."""
    workspace.customers.add("Bright Foods", codename="Zebra")
    first = workspace.tickets.new("Acme", "500 error on live query", body="The hosts\npage is empty")
    workspace.tickets.new("Bright Foods", "Error 500", labels=["bug"])
    workspace.tickets.new("Straße", "Agents", body="nothing")
    workspace.tickets.take([first.id])
    for ticket in workspace.tickets.all():
        workspace.tickets.resolve(ticket.id, documentation="no", unanswered=True)
    later = Workspace.open(workspace.home, clock=frozen_clock(NOW + timedelta(days=365)), login="kathy")
    files_of(later).checkpoint(TICKETS, later.now())
    assert later.tickets.all() == []
    return later


def found(workspace: Workspace, typed: str, most: int | None = None) -> str:
    listing = workspace.queue.queue(search=typed, archived=True, most_archived=most)
    return " ".join(sorted(entry.ticket.id[-1] for entry in listing.entries))


def is_of_open_ones_only(typed: str) -> bool:
    return "is:open" in typed


@pytest.mark.parametrize("prepared", [False, True])
def test_the_archive_is_searched_as_the_queue_is(workspace: Workspace, prepared: bool) -> None:
    later = old_workspace(workspace)
    if prepared:
        later.queue.prepare_search(archived=True)
    searches = {typed: ids for typed, ids in (SEARCHES | MORE).items() if not is_of_open_ones_only(typed)}
    assert {typed: found(later, typed) for typed in searches} == searches


@pytest.mark.parametrize("at_once", [1, 2])
def test_what_the_store_cannot_tell_is_looked_for_page_by_page(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    later = old_workspace(workspace)
    monkeypatch.setattr(archive_module, "AT_ONCE", at_once)
    monkeypatch.setattr(archive_module, "OF_ALL", at_once)
    monkeypatch.setattr(archive_module, "BODIES", at_once)
    searches = {typed: ids for typed, ids in (SEARCHES | MORE).items() if not is_of_open_ones_only(typed)}
    assert {typed: found(later, typed) for typed in searches} == searches
    assert {typed: found(later, typed, 3) for typed in searches} == searches


def test_where_there_are_more_the_newest_are_listed_and_it_says_so(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = old_workspace(workspace)
    monkeypatch.setattr(archive_module, "AT_ONCE", 2)
    listing = later.queue.queue(archived=True, most_archived=2)
    assert {entry.ticket.id for entry in listing.entries} == {"T-1003", "T-1002"}
    assert listing.note == "the newest 2 of 3; more letters narrow it"
    assert later.queue.queue(search="hosts", archived=True, most_archived=2).note == ""
    monkeypatch.setattr(archive_module, "LOOKED_AT", 2)
    listing = later.queue.queue(search="-label:bug", archived=True, most_archived=2)
    assert [entry.ticket.id for entry in listing.entries] == ["T-1003"]
    assert listing.note == "in the newest 2 of 3; more letters narrow it"


def test_a_ticket_that_somebody_goes_to_is_listed_however_old_it_is(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = old_workspace(workspace)
    monkeypatch.setattr(archive_module, "AT_ONCE", 2)
    assert found(later, "", 2) == "2 3"
    later.queue.have_at_hand("T-1001")
    assert "1" in found(later, "", 2)
    assert found(later, "agents", 2) == "3"


def test_no_archived_ticket_stays_in_memory(workspace: Workspace) -> None:
    later = old_workspace(workspace)
    files_of(later).select(TICKETS, Narrow(), 0)
    assert found(later, "error") == "1 2"
    later.queue.prepare_search(archived=True)
    assert found(later, "empty") == "1"
    gc.collect()
    assert [kept for kept in gc.get_objects() if isinstance(kept, Ticket)] == []


def test_what_is_listed_of_the_archive_follows_names_and_promises(workspace: Workspace) -> None:
    later = old_workspace(workspace)
    assert found(later, "griffin") == ""
    bright = later.customers.find("Bright Foods")
    later.customers.edit(bright.id, {"codename": "Griffin"})
    assert found(later, "griffin") == "2"
    assert found(later, "zebra") == ""


def test_all_that_is_listed_is_read_together(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    later = old_workspace(workspace)
    monkeypatch.setattr(order, "AT_HAND", 2)
    entries = later.queue.queue(archived=True).entries
    read: list[int] = []
    several = later.store.several

    def noting(collection: Any, ids: Any) -> Any:
        read.append(len(ids))
        return several(collection, ids)

    monkeypatch.setattr(later.store, "several", noting)
    ahead = later.queue.read_ahead(entries)
    for entry in entries:
        assert ahead(entry) is entry
    assert read == [2, 1]
