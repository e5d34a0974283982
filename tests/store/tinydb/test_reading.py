"""The files are plain TinyDB files, and TinyDB's queries work on a workspace that is in use."""

from __future__ import annotations

from pathlib import Path

import pytest
from tinydb import TinyDB, where

from fleettui.errors import Refused
from fleettui.store.tinydb.reading import count_with_stock_tinydb, opened
from fleettui.store.tinydb.store import TinyDBStore
from tests.support.things import NOW, THINGS, added, new_home, setting, stamp


def test_queries_see_the_newest_state_and_writing_is_refused(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    store = TinyDBStore(home, "kathy")
    one, other = added(store, "one"), added(store, "other")
    with opened(home, THINGS) as things:
        assert [row["id"] for row in things.search(where("title") == "other")] == [other.id]
        store.change(THINGS, one.id, setting(title="other"), stamp())
        things.clear_cache()
        assert len(things.search(where("title") == "other")) == 2
        with pytest.raises(Refused, match="for reading"):
            things.insert({"title": "sneaked in"})
    assert len(store.all(THINGS)) == 2


def test_a_file_that_tinydb_itself_has_rewritten_is_still_ours(tmp_path: Path) -> None:
    """Somebody may mend it with TinyDB while nobody works: another layout, the same documents."""
    home = new_home(tmp_path)
    store = TinyDBStore(home, "kathy")
    thing = added(store, "before")
    store.checkpoint(THINGS, NOW)
    with TinyDB(home / "things.json", indent=4) as stock:
        stock.update({"title": "mended"}, where("id") == thing.id)
    store.watch()
    found = store.get(THINGS, thing.id)
    assert found is not None and found.title == "mended"
    assert [entry.verb for entry in store.history(THINGS, thing.id)] == ["add"]
    assert count_with_stock_tinydb(home / "things.json") == 1
