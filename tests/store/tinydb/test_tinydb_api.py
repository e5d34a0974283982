"""TinyDB's own API on a live workspace: what its documentation promises, and what the store adds to it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tinydb import Query, TinyDB, where
from tinydb.operations import add, decrement, delete, increment, subtract
from tinydb.operations import set as set_field
from tinydb.storages import Storage
from tinydb.table import Document as Row

import fleettui
from fleettui import config
from fleettui.errors import Refused, Unusable
from fleettui.store.protocol import Collection, StaleWrite, Stamp
from fleettui.store.tinydb import row_lines
from fleettui.store.tinydb.database import WorkspaceDatabase
from fleettui.store.tinydb.doctor import count_with_stock_tinydb
from fleettui.store.tinydb.store import TinyDBStore
from fleettui.store.tinydb.table_file import TableFile
from fleettui.workspace.collections import ALL, PEOPLE, TICKETS
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess
from tests.support.processes import start
from tests.support.things import NOW, THINGS, Thing, added, new_home, noting, setting, stamp

NAMED = Collection("named", Thing, finished=lambda thing: thing.finished)
"""Its documents are called by an id that their maker gives, as people are."""


def opened(home: Path, login: str = "zay", patience: float = 5.0) -> WorkspaceDatabase:
    store = TinyDBStore(home, login, patience=patience)
    return WorkspaceDatabase(store, [THINGS, NAMED], lambda verb: Stamp(login, NOW, verb, "a script"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return new_home(tmp_path)


@pytest.fixture
def store(home: Path) -> TinyDBStore:
    return TinyDBStore(home, "kathy")


@pytest.fixture
def things(home: Path, store: TinyDBStore) -> Any:
    """X-1000 to X-1002 are called one, two and three; one of them is in the checkpoint, the others in the journal."""
    added(store, "one", notes=("a", "b"))
    store.checkpoint(THINGS, NOW)
    added(store, "two", count=2, details={"os": "linux"})
    added(store, "three", count=3)
    store.watch()
    with opened(home) as db:
        yield db.table("things")


def titles(rows: list[Any]) -> list[str]:
    return [row["title"] for row in rows]


def verbs(store: TinyDBStore, id_: str) -> list[str]:
    store.watch()
    return [entry.verb for entry in store.history(THINGS, id_)]


def thing(store: TinyDBStore, id_: str) -> Thing:
    store.watch()
    document = store.get(THINGS, id_)
    assert document is not None
    return document


# -- reading, as TinyDB documents it


def test_rows_are_plain_json_with_the_number_that_they_have_in_the_file(things: Any) -> None:
    first = things.all()[0]
    assert first == {
        "id": "X-1000",
        "rev": 1,
        "title": "one",
        "count": 0,
        "notes": ["a", "b"],
        "details": {},
        "opened": None,
        "finished": None,
    }
    assert first.doc_id == 1000 and isinstance(first, Row)


def test_queries_find_what_they_say(things: Any) -> None:
    thing = Query()
    assert titles(things.search(thing.title == "two")) == ["two"]
    assert titles(things.search((thing.count > 1) & ~(thing.title == "two"))) == ["three"]
    assert titles(things.search((thing.title == "one") | (thing["count"] == 3))) == ["one", "three"]
    assert titles(things.search(thing.notes.any(["b"]))) == ["one"]
    assert titles(things.search(thing.details.os == "linux")) == ["two"]
    assert titles(things.search(thing.details.os.exists())) == ["two"]
    assert titles(things.search(thing.title.matches("^t"))) == ["two", "three"]
    assert titles(things.search(thing.title.test(lambda title: len(title) == 5))) == ["three"]
    assert titles(things.search(thing.title.one_of(["one", "two"]))) == ["one", "two"]
    assert titles(things.search(Query().fragment({"count": 2}))) == ["two"]
    assert titles(things.search(lambda row: row["count"] == 3)) == ["three"]


def test_one_is_got_by_query_or_number_and_several_by_numbers(things: Any) -> None:
    assert things.get(where("title") == "two")["id"] == "X-1001"
    assert things.get(doc_id=1002)["id"] == "X-1002" and things.get(doc_id=1002).doc_id == 1002
    assert titles(things.get(doc_ids=[1002, 1000, 9])) == ["one", "three"]
    assert things.get(where("title") == "none") is None and things.get(doc_id=9) is None
    with pytest.raises(RuntimeError):
        things.get()


def test_contains_count_length_and_iteration(things: Any) -> None:
    assert things.contains(where("title") == "two") and things.contains(doc_id=1000)
    assert not things.contains(where("title") == "none") and not things.contains(doc_id=9)
    assert things.count(where("count") > 0) == 2 and len(things) == 3
    assert titles(list(things)) == titles(things.all()) == ["one", "two", "three"]


def test_rows_can_be_changed_while_the_table_is_iterated(things: Any) -> None:
    for row in things:
        things.update({"count": 9}, doc_ids=[row.doc_id])
        things.insert({"title": "copy"})
    assert [row["count"] for row in things][:3] == [9, 9, 9] and len(things) == 6


def test_a_row_that_was_read_is_the_readers_own(things: Any) -> None:
    things.all()[0]["notes"].append("only here")
    things.get(doc_id=1000)["details"]["os"] = "only here"
    assert things.get(doc_id=1000)["notes"] == ["a", "b"] and things.get(doc_id=1000)["details"] == {}


def test_the_tables_are_the_collections(home: Path) -> None:
    with opened(home) as db:
        assert db.tables() == {"things", "named"} and len(db.table("things")) == 0
        assert db.table("things") is db.table("things")
        assert str(home) in repr(db) and "total=0" in repr(db.table("things"))
        for ask in (lambda: db.table("nonsense"), lambda: db.all(), lambda: len(db), lambda: db.insert({})):
            with pytest.raises(Refused, match=r"There is no table .*: named, things"):
                ask()


# -- writing, as TinyDB documents it


def test_insert_returns_the_number(things: Any, store: TinyDBStore) -> None:
    assert things.insert({"title": "four"}) == 1003
    assert things.get(doc_id=1003)["id"] == "X-1003"
    assert (thing(store, "X-1003").title, thing(store, "X-1003").rev) == ("four", 1)
    assert added(store, "five").id == "X-1004"
    assert things.insert_multiple({"title": title} for title in ("six", "seven")) == [1005, 1006]
    assert titles(things.get(doc_ids=[1004, 1005, 1006])) == ["five", "six", "seven"]
    with pytest.raises(ValueError, match="not a Mapping"):
        things.insert(["title"])


def test_update_by_query_by_numbers_and_of_all(things: Any) -> None:
    assert things.update({"count": 7}, where("title") == "two") == [1001]
    assert things.update({"count": 8}, doc_ids=[1002, 9]) == [1002], "an unknown number is passed over"
    assert things.update({"title": "same"}) == [1000, 1001, 1002]
    assert [(row["title"], row["count"]) for row in things] == [("same", 0), ("same", 7), ("same", 8)]
    assert things.update({"title": "other"}, where("title") == "none") == []


def test_update_with_operations_and_functions(things: Any) -> None:
    def shout(row: dict[str, Any]) -> None:
        row["title"] = row["title"].upper()
        row["notes"].append("shouted")

    for operation in (increment("count"), add("count", 10), decrement("count"), subtract("count", 3)):
        things.update(operation, where("title") == "two")
    assert things.get(doc_id=1001)["count"] == 9
    things.update(set_field("details", {"os": "mac"}), where("title") == "two")
    things.update(delete("notes"), where("title") == "one")
    things.update(shout, where("title") == "one")
    assert things.get(doc_id=1001)["details"] == {"os": "mac"}
    assert things.get(doc_id=1000)["notes"] == ["shouted"] and things.get(doc_id=1000)["title"] == "ONE"


def test_update_multiple(things: Any) -> None:
    wanted = [({"title": "1"}, where("title") == "one"), (increment("count"), where("title") == "two")]
    assert things.update_multiple(wanted) == [1000, 1001]
    assert (things.get(doc_id=1000)["title"], things.get(doc_id=1001)["count"]) == ("1", 3)


def test_upsert_updates_or_inserts(things: Any) -> None:
    assert things.upsert({"title": "two", "count": 5}, where("title") == "two") == [1001]
    assert things.upsert({"title": "new", "count": 5}, where("title") == "new") == [1003]
    row = things.get(doc_id=1002)
    row["count"] = 6
    assert things.upsert(row) == [1002]
    assert [row["count"] for row in things] == [0, 5, 6, 5]
    with pytest.raises(ValueError, match="search query"):
        things.upsert({"title": "new"})


def test_remove_by_query_or_numbers(things: Any, store: TinyDBStore) -> None:
    assert things.remove(where("title") == "two") == [1001]
    assert things.remove(doc_ids=[1002, 9]) == [1002]
    assert titles(things.all()) == ["one"] and store.watch() and titles_of(store) == ["one"]
    assert verbs(store, "X-1001") == ["add", "script.remove"]
    assert things.insert({"title": "four"}) == 1003, "a number is given once"
    with pytest.raises(RuntimeError):
        things.remove()


def titles_of(store: TinyDBStore) -> list[str]:
    return [thing.title for thing in store.all(THINGS)]


# -- what the store adds


def test_a_write_is_in_the_history_with_who_when_and_why(things: Any, store: TinyDBStore) -> None:
    things.update({"count": 5, "title": "two"}, where("title") == "two")
    things.update({"count": 5}, where("title") == "two")
    store.watch()
    made, changed = store.history(THINGS, "X-1001")
    assert made.verb == "add"
    assert (changed.by, changed.at, changed.verb, changed.why) == ("zay", NOW, "script.update", "a script")
    assert [(change.path, change.before, change.after) for change in changed.changes] == [(("count",), 2, 5)]
    things.insert({"title": "four"})
    assert verbs(store, "X-1003") == ["script.insert"]


def test_documents_changed_in_one_call_are_taken_back_together(things: Any, store: TinyDBStore) -> None:
    before = store.all(THINGS)
    things.update({"title": "same"})
    things.remove(where("title") == "same")
    store.watch()
    for rev in (3, 2):
        assert len(store.revert(THINGS, "X-1001", rev, stamp("undo"))) == 3
    assert sorted(titles(things.all())) == sorted(thing.title for thing in before)


def test_queries_and_their_cache_see_what_others_change(things: Any, store: TinyDBStore) -> None:
    query = where("title") == "one"
    assert len(things.search(query)) == 1 and len(things.search(query)) == 1
    store.change(THINGS, "X-1001", setting(title="one"), stamp())
    assert things.count(query) == 2
    store.checkpoint(THINGS, NOW)
    assert things.count(query) == 2
    store.change(THINGS, "X-1000", setting(title="no longer"), stamp())
    assert [row["id"] for row in things.search(query)] == ["X-1001"]


def test_an_update_starts_from_what_others_wrote_last(things: Any, store: TinyDBStore) -> None:
    assert len(things) == 3
    store.change(THINGS, "X-1001", setting(count=40), stamp())
    things.update(add("count", 2), where("count") == 40)
    assert thing(store, "X-1001").count == 42


def test_a_row_that_is_written_back_must_not_undo_what_others_did(things: Any, store: TinyDBStore) -> None:
    row = things.get(where("title") == "two")
    store.change(THINGS, "X-1001", setting(count=9), stamp())
    row["title"] = "written back"
    with pytest.raises(
        StaleWrite, match=r"X-1001 changed since you opened it \(count: kathy set 9, you wanted 2\)"
    ):
        things.upsert(row)
    assert thing(store, "X-1001").title == "two"
    fresh = things.get(where("title") == "two")
    fresh["title"] = "written back"
    things.upsert(fresh)
    assert (thing(store, "X-1001").title, thing(store, "X-1001").count) == ("written back", 9)


def test_a_function_given_to_update_cannot_write_to_the_table(things: Any, store: TinyDBStore) -> None:
    writes: list[Callable[[], Any]] = [
        lambda: things.update({"count": 100}),
        lambda: things.insert({"title": "four"}),
        lambda: things.upsert({"title": "four"}, where("title") == "four"),
        lambda: things.remove(where("title") == "one"),
    ]
    for write in writes:
        with pytest.raises(Refused, match="changes its row only"):
            things.update(lambda row, write=write: write(), where("title") == "two")
    assert not store.watch()
    things.update(lambda row: row.update(count=len(things)), where("title") == "two")
    assert thing(store, "X-1001").count == 3, "reading is allowed, and the lock is free again"


BAD: list[tuple[dict[str, Any], str]] = [
    ({"count": "many"}, "X-1001: field count: expected int, got str."),
    ({"colour": "red"}, "X-1001: object contains unknown field colour"),
    ({"details": {"os": 1}}, r"X-1001: field details\[...\]: expected str, got int"),
    ({"finished": "2026-03-09T16:00:00"}, "X-1001: field finished: has no time zone"),
    ({"finished": datetime(2026, 3, 9)}, "X-1001: field finished: has no time zone"),  # noqa: DTZ001
    ({"title": object()}, "X-1001: .*JSON"),
    ({"title": "\ud800"}, "X-1001: .*JSON"),
    ({"id": "X-7"}, "X-1001: field id: cannot be changed"),
    ({"rev": 7}, "X-1001: field rev: is counted by the workspace"),
    ({"rev": None}, "X-1001: field rev: is counted by the workspace"),
]


@pytest.mark.parametrize(("fields", "why"), BAD, ids=[str(fields)[:30] for fields, _ in BAD])
def test_bad_values_are_refused_in_one_line_and_nothing_is_written(
    things: Any, store: TinyDBStore, fields: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refused, match=f"(?i){why}") as refused:
        things.update(fields, where("title").one_of(["two", "three"]))
    assert "\n" not in str(refused.value)
    assert not store.watch() and titles(things.all()) == ["one", "two", "three"]


def test_a_field_that_must_be_there_cannot_be_deleted(things: Any) -> None:
    with pytest.raises(Refused, match=r"X-1000: .*missing required field title"):
        things.update(delete("title"), where("title") == "one")


def test_aware_times_may_be_given_as_python_has_them(things: Any, store: TinyDBStore) -> None:
    things.update({"finished": NOW}, where("title") == "one")
    assert thing(store, "X-1000").finished == NOW
    assert things.get(doc_id=1000)["finished"] == "2026-03-09T16:00:00Z"


def test_of_several_documents_all_are_inserted_or_none(things: Any, store: TinyDBStore) -> None:
    with pytest.raises(Refused, match="X-1004: field count: expected int, got str"):
        things.insert_multiple([{"title": "four"}, {"title": "five", "count": "x"}])
    assert not store.watch() and things.insert({"title": "four"}) == 1003


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({"id": "X-2000", "title": "four"}, "there is no X-2000. A new one gets its id from the workspace"),
        (
            Row({"title": "four"}, 2000),
            "there is no document 2000. A new one gets its number from the workspace",
        ),
        (Row({"title": "four"}, 7), "there is no document 7"),
    ],
)
def test_ids_and_numbers_of_new_documents_are_the_workspaces(things: Any, document: Any, why: str) -> None:
    for write in (things.insert, lambda row: things.insert_multiple([row])):
        with pytest.raises(Refused, match=why):
            write(document)
    with pytest.raises(ValueError, match="already exists"):
        things.insert(Row({"title": "four"}, 1000))
    assert len(things) == 3


def test_where_people_give_the_ids_each_is_given_once(home: Path, store: TinyDBStore) -> None:
    with opened(home) as db:
        named = db.table("named")
        assert named.insert({"id": "kathy", "title": "first"}) == 1
        finished = (NOW - timedelta(days=40)).isoformat()
        assert named.insert_multiple(
            [{"id": "zay", "title": "second"}, {"id": "old", "title": "third", "finished": finished}]
        ) == [2, 3]
        store.checkpoint(NAMED, NOW + timedelta(days=15))
        named.remove(where("id") == "zay")
        for id_, why in (
            ("kathy", "named: there is kathy already"),
            ("old", "named: there is old already"),
            ("zay", "named: zay was removed; `fleettui undo zay` brings it back"),
            ("", "named: field id: is missing"),
        ):
            with pytest.raises(Refused, match=why):
                named.insert({"id": id_, "title": "again"})
        with pytest.raises(Refused, match="field id: is missing"):
            named.insert({"title": "again"})
        assert [(row["id"], row.doc_id) for row in named] == [("kathy", 1)]
        assert named.insert({"id": "alex", "title": "fourth"}) == 4


def test_a_table_is_not_emptied_or_dropped(things: Any, home: Path) -> None:
    with opened(home) as db:
        for harm in (things.truncate, db.drop_tables, lambda: db.drop_table("things")):
            with pytest.raises(Refused) as refused:
                harm()
            assert "\n" not in str(refused.value)
        db.drop_table("nonsense")
        db.table("named", persist_empty=True)
        with pytest.raises(Refused):
            db.storage.write({"things": {}})
    assert len(things) == 3


def test_damage_is_told_as_everywhere(things: Any, home: Path) -> None:
    path = home / "things.json"
    path.write_text(path.read_text().replace('"title":"one"', '"title":1'))
    for ask in (things.all, lambda: things.update({"count": 1})):
        with pytest.raises(Unusable, match=r"things\.json, line 3: document X-1000: field title"):
            ask()


# -- several sessions at once


def counting(home: Path, name: str, times: int) -> Callable[[Callable[[str], None]], None]:
    def work(say: Callable[[str], None]) -> None:
        with opened(home, name, patience=30) as db:
            for turn in range(times):
                db.table("things").update(increment("count"), where("title") == "counter")
                say(str(db.table("things").insert({"title": f"{name} {turn}"})))

    return work


def test_scripts_and_sessions_that_write_at_once_lose_nothing(home: Path, store: TinyDBStore) -> None:
    counter = added(store, "counter")
    children = [start(counting(home, name, 25)) for name in ("zay", "alex", "sam")]
    for turn in range(25):
        store.change(THINGS, counter.id, noting(str(turn)), stamp())
    numbers = [line for child in children for line in child.lines()]
    assert [child.code() for child in children] == [0, 0, 0]
    after = thing(store, counter.id)
    assert (after.count, len(after.notes), after.rev) == (75, 25, 101)
    assert len(set(numbers)) == len(numbers) == 75
    assert {document.id for document in store.all(THINGS)} == {counter.id, *(f"X-{n}" for n in numbers)}


def test_two_scripts_that_upsert_the_same_make_it_once(home: Path) -> None:
    def work(say: Callable[[str], None]) -> None:
        with opened(home, patience=30) as db:
            for n in range(20):
                db.table("things").upsert({"title": str(n)}, where("title") == str(n))

    children = [start(work) for _ in range(3)]
    assert [child.code() for child in children] == [0, 0, 0]
    with opened(home) as db:
        assert sorted(titles(db.table("things").all()), key=int) == [str(n) for n in range(20)]


# -- a workspace, and its files


def test_a_script_works_on_a_workspace_and_undo_takes_it_back(
    made: Callable[..., Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = made(demo=True)
    cli = InProcess(workspace.home)
    ticket = workspace.store.all(TICKETS)[0]
    monkeypatch.setenv("FLEETTUI_NOW", MONDAY_MORNING.isoformat())
    with fleettui.tinydb(workspace.home, why="an outage") as db:
        assert db.tables() == {collection.name for collection in ALL}
        unassigned = {t.id for t in workspace.store.all(TICKETS) if not t.assignee}
        assert (
            {row["id"] for row in db.table("tickets").search(where("assignee") == "")} == unassigned != set()
        )
        assert db.table("tickets").update({"subject": "The outage"}, where("id") == ticket.id)
        with pytest.raises(Refused, match=f"{ticket.id}: field status: "):
            db.table("tickets").update({"status": "lost"}, where("id") == ticket.id)
    (entry, *_) = cli.json("history", ticket.id)
    assert (entry["verb"], entry["by"], entry["why"]) == ("script.update", config.login(), "an outage")
    assert datetime.fromisoformat(entry["at"]) == MONDAY_MORNING
    assert workspace.refresh() >= {"tickets"}
    assert cli.ok("undo").startswith(f"Took back “changed” on {ticket.id} · The outage (subject), ")
    assert workspace.refresh() >= {"tickets"}
    restored = workspace.store.get(TICKETS, ticket.id)
    assert restored is not None and restored.subject == ticket.subject


def test_without_a_folder_it_is_the_workspace_of_the_command_line(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FLEETTUI_HOME", str(workspace.home))
    with fleettui.tinydb() as db:
        assert {row["id"] for row in db.table("people")} == {p.id for p in workspace.store.all(PEOPLE)}
    with pytest.raises(Unusable, match="There is no workspace in"):
        fleettui.tinydb(tmp_path / "elsewhere")


def test_every_collection_can_be_read(made: Callable[..., Workspace]) -> None:
    workspace = made(demo=True)
    with fleettui.tinydb(str(workspace.home)) as db:
        for collection in ALL:
            rows = {row["id"] for row in db.table(collection.name)}
            assert rows == {document.id for document in workspace.store.all(collection)}


def test_the_package_does_not_import_tinydb() -> None:
    code = "import sys, fleettui, fleettui.workspace.workspace; print('tinydb' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "False\n"


def rows_of(content: bytes) -> list[bytes]:
    """Of the documents and the histories, without checksums."""
    return [row.content for row in row_lines.rows_in(content)]


def test_files_are_read_and_written_by_a_storage_of_tinydb(home: Path, store: TinyDBStore) -> None:
    """The store does so; for a file that nobody uses, so can TinyDB."""
    document = added(store, "before")
    store.checkpoint(THINGS, NOW)
    path = home / "things.json"
    before = path.read_bytes()
    file = TableFile(path, Thing)
    assert issubclass(TableFile, Storage)
    tables = file.read()
    file.write(tables)
    assert rows_of(path.read_bytes()) == rows_of(before)
    assert file.read()["_default"] == tables["_default"]
    with TinyDB(path, dict, storage=TableFile) as db:
        assert db.tables() == {"_meta", "_default", "history"}
        db.update({"title": "mended"}, where("id") == document.id)
    assert rows_of(path.read_bytes()) == rows_of(before.replace(b'"title":"before"', b'"title":"mended"'))
    assert thing(store, document.id).title == "mended" and verbs(store, document.id) == ["add"]


def test_a_file_that_stock_tinydb_has_rewritten_is_still_ours(home: Path, store: TinyDBStore) -> None:
    """Somebody may mend it with TinyDB while nobody works: another layout, the same documents."""
    document = added(store, "before")
    store.checkpoint(THINGS, NOW)
    with TinyDB(home / "things.json", indent=4) as stock:
        stock.update({"title": "mended"}, where("id") == document.id)
    assert thing(store, document.id).title == "mended"
    assert [entry.verb for entry in store.history(THINGS, document.id)] == ["add"]
    assert count_with_stock_tinydb(home / "things.json") == 1
