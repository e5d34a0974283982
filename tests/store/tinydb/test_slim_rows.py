"""The rows that a checkpoint keeps beside its documents, and the documents that stay in the file until somebody asks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from fleettui.store.tinydb import bodies
from fleettui.store.tinydb.bodies import Bodies
from fleettui.store.tinydb.damage import Damaged
from fleettui.store.tinydb.store import TinyDBStore
from tests.support.things import NOW, THINGS, Thing, ThingRow, added, new_home, noting, row_of, setting, stamp


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = new_home(tmp_path)
    store = TinyDBStore(home, "kathy")
    for title in ("a leak", "a crack", "ein Riß"):
        added(store, title, notes=(f"key of {title}",))
    store.checkpoint(THINGS, NOW)
    return home


def reading_no_document(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Thing:
        raise AssertionError("a document was read")

    monkeypatch.setattr(Bodies, "_decoded", refuse)


def titles(store: TinyDBStore) -> list[str]:
    return [row.title for row in store.rows(THINGS)]


def test_a_start_reads_rows_and_keys_and_no_document(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading_no_document(monkeypatch)
    store = TinyDBStore(home, "zay")
    assert titles(store) == ["a leak", "a crack", "ein Riß"]
    assert store.keyed(THINGS, ["key of a crack"]) == "X-1001"
    with pytest.raises(AssertionError, match="was read"):
        store.get(THINGS, "X-1000")


def test_a_checkpoint_takes_over_what_nobody_read(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = TinyDBStore(home, "zay").all(THINGS)
    with monkeypatch.context() as unread:
        reading_no_document(unread)
        store = TinyDBStore(home, "kathy")
        added(store, "a fourth")
        store.checkpoint(THINGS, NOW)
        assert titles(store) == titles(TinyDBStore(home, "alex"))
    for session in (store, TinyDBStore(home, "alex")):
        assert session.all(THINGS)[:3] == before
        assert session.rows(THINGS) == [row_of(thing) for thing in session.all(THINGS)]


def test_what_was_changed_since_is_in_the_rows(home: Path) -> None:
    store, other = TinyDBStore(home, "kathy"), TinyDBStore(home, "zay")
    assert titles(other)[0] == "a leak"
    store.change(THINGS, "X-1000", setting(title="mended"), stamp())
    store.change(THINGS, "X-1001", lambda _: None, stamp("remove"))
    other.watch()
    for session in (store, other, TinyDBStore(home, "alex")):
        assert titles(session) == ["mended", "ein Riß"]
        assert session.rows(THINGS) == [row_of(thing) for thing in session.all(THINGS)]


def test_a_session_goes_on_reading_documents_when_another_has_written_the_file_anew(home: Path) -> None:
    reader, writer = TinyDBStore(home, "zay"), TinyDBStore(home, "kathy")
    assert len(reader.rows(THINGS)) == 3
    for count in range(4):
        writer.change(THINGS, "X-1000", noting(str(count)), stamp())
        writer.checkpoint(THINGS, NOW)
    for backup in (home / "backups").iterdir():
        backup.unlink()
    assert reader.get(THINGS, "X-1002") == writer.get(THINGS, "X-1002")
    reader.watch()
    assert reader.all(THINGS) == writer.all(THINGS)


def test_a_file_without_rows_is_read_whole_and_gets_some(home: Path) -> None:
    """Of a version of before, or laid out anew by another program."""
    path = home / "things.json"
    tables = json.loads(path.read_text())
    del tables["_rows"]
    tables["_default"]["1000"]["title"] = "by hand"
    path.write_text(json.dumps(tables))
    store = TinyDBStore(home, "zay")
    assert titles(store) == ["by hand", "a crack", "ein Riß"]
    assert b'"_rows"' not in path.read_bytes()
    store.checkpoint(THINGS, NOW)
    assert b'"_rows"' in path.read_bytes()
    assert titles(TinyDBStore(home, "alex")) == titles(store)


def test_another_program_that_changes_a_document_need_not_know_of_rows(home: Path) -> None:
    path = home / "things.json"
    tables = json.loads(path.read_text())
    tables["_default"]["1000"]["title"] = "by hand"
    path.write_text(json.dumps(tables))
    assert titles(TinyDBStore(home, "zay")) == ["by hand", "a crack", "ein Riß"]


def test_rows_of_another_version_are_made_anew(home: Path) -> None:
    other = replace(THINGS, row=replace(THINGS.row, version="2", of=lambda thing: _shouted(thing)))
    assert [row.title for row in TinyDBStore(home, "zay").rows(other)] == ["A LEAK", "A CRACK", "EIN RISS"]


def _shouted(thing: Thing) -> ThingRow:
    return row_of(replace(thing, title=thing.title.upper()))


@pytest.mark.parametrize("table", ["_default", "_rows"])
def test_what_was_changed_in_its_place_is_named(home: Path, table: str) -> None:
    path = home / "things.json"
    content = path.read_bytes()
    at = content.index(b"a crack", content.index(f'"{table}"'.encode()))
    path.write_bytes(content[:at] + b"a track" + content[at + 7 :])
    with pytest.raises(Damaged, match=r"things\.json, line \d+: "):
        TinyDBStore(home, "zay").rows(THINGS)


def test_only_so_many_documents_stay_at_hand(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "AT_HAND", 2)
    store = TinyDBStore(home, "zay")
    first = store.get(THINGS, "X-1000")
    assert store.get(THINGS, "X-1000") is first
    store.get(THINGS, "X-1001")
    store.get(THINGS, "X-1002")
    again = store.get(THINGS, "X-1000")
    assert again == first and again is not first
