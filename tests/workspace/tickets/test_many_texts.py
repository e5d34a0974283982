"""Searches among many tickets: by the index of their words, the same as by reading them."""

from __future__ import annotations

from array import array

import pytest

from fleettui.workspace.tickets import queue as queue_module
from fleettui.workspace.tickets import searching
from fleettui.workspace.tickets import texts as texts_module
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
    "error -label:bug": "1",
    '"500 error" -label:bug': "1",
    "-label:bug -error": "3",
    "label:bug error": "2",
    "label:bug OR agents": "2 3",
    'is:open "error 500" bug': "2",
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


def test_where_all_tickets_stand_stays_known_while_a_search_is_typed(many: Workspace) -> None:
    """To look for it anew takes longer than all the rest of a letter."""
    many.queue.prepare_search()
    entries = many.queue.by_urgency()
    texts, known = many.queue.search.texts, texts_module.KnownPlaces()
    index = texts.having("error")._index
    known.add(texts_module._Places(entries, index, array("I", range(len(entries)))))
    for _ in range(texts_module.LONG_AGO // 2):
        known.add(texts_module._Places(list(entries[:1]), index, array("I", [0])))
    assert known.of(entries, index) is not None


def test_a_long_list_that_nobody_asks_about_any_more_is_let_go(many: Workspace) -> None:
    known, index = texts_module.KnownPlaces(), many.queue.search.texts.having("error")._index
    long = [*many.queue.by_urgency()]
    known.add(texts_module._Places(long, index, array("I", range(len(long)))))
    lists = [list(long[:1]) for _ in range(texts_module.LONG_AGO + 1)]
    for fewer in lists:
        known.add(texts_module._Places(fewer, index, array("I", [0])))
    assert known.of(long, index) is None
    assert known.of(lists[-1], index) is not None
