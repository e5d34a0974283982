"""Searches among many tickets: by the index of their words, the same as by reading them."""

from __future__ import annotations

import pytest

from fleettui.workspace.tickets import queue as queue_module
from fleettui.workspace.tickets import searching
from fleettui.workspace.workspace import Workspace


@pytest.fixture
def many(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr(searching, "FEW", 1)
    monkeypatch.setattr(queue_module, "MANY", 1)
    workspace.tickets.new("Acme", "500 error on live query", body="The hosts\npage is empty")
    workspace.tickets.new("Bright Foods", "Error 500", labels=["bug"])
    workspace.tickets.new("Straße", "Agents", body="nothing")
    return workspace


def found(workspace: Workspace, typed: str) -> str:
    return " ".join(entry.ticket.id[-1] for entry in workspace.queue.queue(search=typed).entries)


SEARCHES = {
    "error": "1 2",
    '"500 error"': "1",
    '"error 500"': "2",
    "rror": "1 2",
    "hosts": "1",
    '"page is"': "1",
    "bright OR nothing": "2 3",
    "-error": "3",
    "bug 500": "2",
    "STRASSE": "3",
    "zzz": "",
}


def test_the_index_finds_what_reading_finds(many: Workspace) -> None:
    read = {typed: found(many, typed) for typed in SEARCHES}
    many.queue.prepare_search()
    indexed = {typed: found(many, typed) for typed in SEARCHES}
    assert {typed: " ".join(sorted(ids.split())) for typed, ids in read.items()} == SEARCHES
    assert indexed == read


def test_what_changed_since_is_found_as_it_is_now(many: Workspace) -> None:
    many.queue.prepare_search()
    assert found(many, "empty") == "1"
    many.tickets.received("T-1003", "It is empty here, too", by="Jo")
    many.tickets.new("Acme", "Also empty")
    assert sorted(found(many, "empty").split()) == ["1", "3", "4"]
    many.queue.prepare_search()
    assert sorted(found(many, "empty").split()) == ["1", "3", "4"]


def test_a_search_that_is_no_longer_wanted_ends(many: Workspace) -> None:
    asked = many.queue.query(search="error")
    assert asked.query.run(lambda: True) == []
    assert len(asked.query.run()) == 2


def test_letter_by_letter_it_finds_what_reading_finds(many: Workspace) -> None:
    """Each letter looks among what the one before has left, whose places are known."""
    letters = [typed[:end] for typed in SEARCHES for end in range(1, len(typed) + 1)]
    read = [found(many, typed) for typed in letters]
    many.queue.prepare_search()
    assert [found(many, typed) for typed in letters] == read
