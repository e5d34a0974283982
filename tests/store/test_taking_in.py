"""All that one store kept is taken in by another: from each place to each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fleettui.errors import Refused
from tests.support.places import PLACES, Place
from tests.support.things import NOW, OTHERS, THINGS, Thing, added, finish, noting, setting, stamp

SOURCES = [name for name in PLACES if name != "slow"]
"""The slow store numbers what it keeps as nobody else does."""
TARGETS = ("files", "postgres")


@pytest.fixture(params=SOURCES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    return PLACES[request.param](tmp_path).open()


@pytest.fixture(params=TARGETS)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    folder = tmp_path / "target"
    folder.mkdir()
    return PLACES[request.param](folder)


def lived(store: Any) -> None:
    """Documents that are open, archived, removed, made again, changed together and changed back."""
    first, gone, back = added(store, "stays"), added(store, "goes"), added(store, "comes back")
    other = added(store, "stays too")
    added(store, "archived", finished=NOW - timedelta(days=400))
    store.change(THINGS, gone.id, lambda _: None, stamp("remove"))
    store.change(THINGS, back.id, lambda _: None, stamp("remove"))
    store.revert(THINGS, back.id, 2, stamp("undo"))
    store.change_many(THINGS, {first.id: noting("a"), other.id: noting("b")}, stamp("label", by="zay"))
    store.change(THINGS, first.id, setting(details={"ä": "\x00"}), stamp(at=NOW + timedelta(hours=1)))
    early = stamp("add", at=NOW - timedelta(days=60))
    done = store.add(THINGS, lambda id_: Thing(id=id_, title="finished"), early)
    finish(store, done.id, NOW - timedelta(days=40))
    store.change(OTHERS, "named", lambda _: Thing(id="named", title="other"), stamp())


def contents(store: Any) -> Iterator[tuple[Any, ...]]:
    for collection in (THINGS, OTHERS):
        for kept in store.everything(collection):
            yield collection.name, kept.key, kept.id, kept.document, kept.history


def moved(source: Any, target: Place) -> Any:
    store = target.open()
    for collection in (THINGS, OTHERS):
        store.take_in(collection, source.everything(collection), NOW)
    return store


def test_documents_numbers_and_histories_are_as_they_were(store: Any, target: Place) -> None:
    lived(store)
    moved(store, target)
    assert list(contents(target.open())) == list(contents(store))


def test_work_goes_on_as_it_would_have_there(store: Any, target: Place) -> None:
    lived(store)
    there = moved(store, target)
    for each in (store, there):
        new = added(each, "new")
        each.change(THINGS, new.id, noting("more"), stamp())
        each.revert(THINGS, new.id, 2, stamp("undo"))
    known = [[(entry.rev, entry.verb, entry.kind) for entry in row[-1]] for row in contents(store)]
    assert [[(entry.rev, entry.verb, entry.kind) for entry in row[-1]] for row in contents(there)] == known
    assert [row[:4] for row in contents(target.open())] == [row[:4] for row in contents(store)]


def test_what_is_open_and_what_is_archived_is_told_apart(store: Any, target: Place) -> None:
    lived(store)
    there = moved(store, target)
    assert [thing.title for thing in there.all(THINGS)] == ["stays", "comes back", "stays too"]
    assert {thing.title for thing in there.all(THINGS, archived=True)} == {
        "stays",
        "stays too",
        "comes back",
        "archived",
        "finished",
    }
    assert [row.title for row in there.rows(THINGS)] == ["stays", "comes back", "stays too"]
    assert there.keyed(THINGS, ["a"]) == "X-1000"


def test_as_of_undo_and_the_feed_know_what_was_before_the_move(store: Any, target: Place) -> None:
    lived(store)
    there = moved(store, target)
    assert [
        thing.details for thing in there.as_of(THINGS, NOW + timedelta(minutes=1)) if thing.title == "stays"
    ] == [{}]
    there.revert(THINGS, "X-1000", 2, stamp("undo"))
    assert there.get(THINGS, "X-1000").notes == ()
    assert there.get(THINGS, "X-1003").notes == ()
    verbs = [commit.happenings[0].entry.verb for commit in there.since("", [THINGS])]
    assert verbs == [
        "add", "add", "add", "add", "add", "remove", "remove", "undo", "label", "edit", "add", "finish", "undo",
    ]  # fmt: skip


def test_nothing_is_taken_in_where_something_was(store: Any, target: Place) -> None:
    lived(store)
    there = moved(store, target)
    before = list(contents(there))
    with pytest.raises(Refused, match="documents of its own"):
        there.take_in(THINGS, store.everything(THINGS), NOW)
    assert list(contents(target.open())) == before
