"""Checkpoints, archive, backups: what lies in a home after a while, and what other sessions make of it."""

from __future__ import annotations

import gc
import json
import os
import re
import shutil
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from fleettui.errors import Unusable
from fleettui.store import files
from fleettui.store.files import PRIVATE
from fleettui.store.protocol import UNARCHIVED_FOR, Entry, Happening, StaleWrite
from fleettui.store.tinydb import checkpoint, rotation, table_file
from fleettui.store.tinydb.archive import Archive, Archived
from fleettui.store.tinydb.collection import LoadedCollection
from fleettui.store.tinydb.damage import Damaged
from fleettui.store.tinydb.history_index import KEPT
from fleettui.store.tinydb.store import TinyDBStore
from tests.support.things import NOW, THINGS, Thing, added, finish, new_home, noting, setting, stamp


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return new_home(tmp_path)


@pytest.fixture
def store(home: Path) -> TinyDBStore:
    return TinyDBStore(home, "kathy")


def test_another_session_learns_which_documents_changed(home: Path, store: TinyDBStore) -> None:
    first, other = added(store), added(store)
    reader = TinyDBStore(home, "zay")
    assert reader.all(THINGS) == [first, other] and reader.watch() == {}
    store.change(THINGS, other.id, noting("hello"), stamp())
    assert reader.watch() == {"things": {other.id}}
    assert reader.get(THINGS, other.id) == store.get(THINGS, other.id)
    assert reader.watch() == {}


def test_a_session_that_was_up_to_date_does_not_parse_a_new_checkpoint(
    home: Path, store: TinyDBStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    thing = added(store)
    reader = TinyDBStore(home, "zay")
    reader.all(THINGS)
    store.change(THINGS, thing.id, noting("before"), stamp())
    store.checkpoint(THINGS, NOW)
    store.change(THINGS, thing.id, noting("after"), stamp())
    monkeypatch.setattr(table_file, "decode", None)
    assert reader.watch() == {"things": {thing.id}}
    after = reader.get(THINGS, thing.id)
    assert after is not None and after.notes == ("before", "after")


def test_a_session_that_slept_through_many_checkpoints_loads_anew(home: Path, store: TinyDBStore) -> None:
    thing = added(store)
    reader = TinyDBStore(home, "zay")
    reader.all(THINGS)
    for n in range(20):
        store.change(THINGS, thing.id, noting(str(n)), stamp())
        store.checkpoint(THINGS, NOW)
    assert reader.watch() == {"things": {thing.id}}
    assert reader.all(THINGS) == store.all(THINGS)
    assert len(reader.history(THINGS, thing.id)) == 21


def laid_out_anew(path: Path, indent: int | None = None) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()), indent=indent))


def test_what_another_program_has_written_is_taken_in(home: Path, store: TinyDBStore) -> None:
    thing = added(store)
    store.checkpoint(THINGS, NOW)
    path = home / "things.json"
    path.write_text(path.read_text().replace('"title":"first"', '"title":"by hand"'))
    with pytest.raises(Damaged, match=r"line 3: document X-1000: it was changed, its checksum says"):
        store.watch()
    laid_out_anew(path)
    assert store.watch() == {"things": {thing.id}}
    after = store.get(THINGS, thing.id)
    assert after is not None and after.title == "by hand"


def revisions(store: TinyDBStore, id_: str) -> list[int]:
    return [entry.rev for entry in store.history(THINGS, id_)]


def test_histories_stay_in_a_file_that_can_be_read_when_a_newer_one_has_its_name(
    home: Path, store: TinyDBStore
) -> None:
    thing = added(store)
    store.change(THINGS, thing.id, noting("one"), stamp())
    store.checkpoint(THINGS, NOW)
    reader = TinyDBStore(home, "zay")
    reader.all(THINGS)
    for note in ("two", "three"):
        store.change(THINGS, thing.id, noting(note), stamp())
        store.checkpoint(THINGS, NOW)
        assert reader.watch() == {"things": {thing.id}}
    assert revisions(reader, thing.id) == revisions(store, thing.id) == [1, 2, 3, 4]
    assert revisions(reader, "X-9999") == []


def test_a_file_that_is_written_over_is_not_taken_for_what_it_was(home: Path, store: TinyDBStore) -> None:
    thing = added(store)
    store.checkpoint(THINGS, NOW)
    reader = TinyDBStore(home, "zay")
    reader.all(THINGS)
    path = home / "things.json"
    path.write_text(path.read_text().replace('"title":"first"', '"title":"by an editor that truncates"'))
    laid_out_anew(path)
    with pytest.raises(Unusable, match="another program has just changed it"):
        reader.history(THINGS, thing.id)
    reader.watch()
    assert revisions(reader, thing.id) == [1]


@pytest.mark.parametrize("indent", [None, 0, 4])
def test_histories_are_found_in_a_file_that_another_program_laid_out_anew(
    home: Path, store: TinyDBStore, indent: int | None
) -> None:
    thing, other = added(store), added(store)
    store.change(THINGS, thing.id, noting("one"), stamp())
    store.checkpoint(THINGS, NOW)
    laid_out_anew(home / "things.json", indent)
    reader = TinyDBStore(home, "zay")
    assert revisions(reader, thing.id) == [1, 2] and revisions(reader, other.id) == [1]
    assert len(reader.latest([THINGS], 10)) == 3
    reader.change(THINGS, thing.id, noting("two"), stamp())
    reader.checkpoint(THINGS, NOW)
    assert revisions(TinyDBStore(home, "alex"), thing.id) == [1, 2, 3]


def as_before_there_were_sums(content: bytes) -> bytes:
    """A checkpoint of an earlier version, which was edited where it stands."""
    content = content.replace(b'"format":2', b'"format":1', 1)
    return re.sub(rb',"documents":.*?(?=\}\},\n)', b"", content, count=1)


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        (b'{"of":"X-1001","entries":[', b'{"of": "X-1001", "entries": ['),
        (b'{"of":"X-1001","entries":[', b'{"of":"X-1001",\n"entries":['),
        (b'{"of":"X-1001"', b'{"of":"X\\u002d1001"'),
        (b'"1001":{"of"', b'  "1001":  {"of"'),
        (b"},\n", b"},\r\n"),
    ],
    ids=["blanks", "two lines", "escaped", "indented", "carriage returns"],
)
def test_a_history_that_was_edited_by_hand_is_not_lost(
    home: Path, store: TinyDBStore, written: bytes, instead: bytes
) -> None:
    things = [added(store) for _ in range(3)]
    for thing in things:
        store.change(THINGS, thing.id, noting("one"), stamp())
    store.checkpoint(THINGS, NOW)
    path = home / "things.json"
    content = as_before_there_were_sums(path.read_bytes())
    assert written in content
    path.write_bytes(content.replace(written, instead))
    session = TinyDBStore(home, "zay")
    with pytest.raises(StaleWrite):
        session.change(THINGS, "X-1001", setting(notes=()), stamp(), seen=1)
    session.change(THINGS, "X-1000", noting("two"), stamp())
    session.checkpoint(THINGS, NOW)
    for reader in (session, TinyDBStore(home, "alex")):
        assert [revisions(reader, thing.id) for thing in things] == [[1, 2, 3], [1, 2], [1, 2]]
    finish(session, "X-1001", NOW - 2 * UNARCHIVED_FOR)
    session.checkpoint(THINGS, NOW)
    assert revisions(TinyDBStore(home, "alex"), "X-1001") == [1, 2, 3], "in the archive it is found, too"


def entries_alive() -> int:
    gc.collect()
    return sum(isinstance(known, Entry) for known in gc.get_objects())


def test_what_a_checkpoint_has_is_not_kept_in_memory(home: Path, store: TinyDBStore) -> None:
    """A session that follows others for a day, or writes itself, would hold each change that it saw."""
    thing = added(store)
    reader = TinyDBStore(home, "zay")
    assert revisions(reader, thing.id) == [1]
    before = entries_alive()
    for number in range(20):
        store.change(THINGS, thing.id, noting(str(number)), stamp())
        reader.watch()
        if number % 5 == 4:
            store.checkpoint(THINGS, NOW)
            reader.watch()
    assert entries_alive() <= before
    for session in (store, reader):
        assert revisions(session, thing.id) == [*range(1, 22)]


def test_the_newest_are_the_same_after_a_checkpoint(home: Path, store: TinyDBStore) -> None:
    thing = added(store)
    reader = TinyDBStore(home, "zay")
    for number in range(12):
        by = "kathy" if number % 2 else "sam"
        store.change(THINGS, thing.id, noting(str(number)), stamp(by=by))
        if number % 4 == 3:
            store.checkpoint(THINGS, NOW)
        reader.watch()
        for session in (store, reader):
            newest = [happening.entry.rev for happening in session.latest([THINGS], 5)]
            assert newest == [*range(number + 2, 0, -1)][:5]
            mine = [happening.entry.rev for happening in session.latest([THINGS], 3, by="sam")]
            assert mine == [*range(number + 2 - number % 2, 0, -2)][:3]


def test_a_backup_that_is_touched_while_it_is_held_open_ends_with_the_current_file(
    home: Path, store: TinyDBStore
) -> None:
    thing = added(store)
    store.checkpoint(THINGS, NOW)
    reader = TinyDBStore(home, "zay")
    reader.all(THINGS)
    store.change(THINGS, thing.id, noting("one"), stamp())
    store.checkpoint(THINGS, NOW)  # the reader has the file before it
    for path in (home / "backups").glob("things-*.json"):
        os.utime(path, (1, 1))
    with pytest.raises(Unusable, match="Try again: it will be read anew"):
        reader.history(THINGS, thing.id)
    reader.watch()
    assert revisions(reader, thing.id) == [1, 2]


def test_happenings_can_be_asked_for_while_others_are_taken_in(home: Path, store: TinyDBStore) -> None:
    thing = added(store)
    failed: list[Exception] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                store.latest([THINGS], 50)
                store.history(THINGS, thing.id)
            except RuntimeError as error:
                failed.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    for n in range(150):
        added(store, str(n))
    stop.set()
    asking.join()
    assert failed == []


def ids_of(happenings: list[Happening]) -> set[str]:
    return {happening.id for happening in happenings}


def test_what_went_to_the_archive_leaves_the_newest_to_others(home: Path, store: TinyDBStore) -> None:
    old, long_ago = added(store), NOW - 2 * UNARCHIVED_FOR
    for n in range(KEPT + 10):
        store.change(THINGS, old.id, noting(str(n)), stamp(at=long_ago - timedelta(hours=1)))
    things = [added(store, str(n), finished=long_ago - timedelta(days=1)) for n in range(5)]
    for thing in things:
        store.change(THINGS, thing.id, setting(finished=None), stamp(at=long_ago - timedelta(days=1)))
    finish(store, old.id, long_ago)
    store.checkpoint(THINGS, NOW - UNARCHIVED_FOR * 3)
    live = TinyDBStore(home, "zay")
    assert ids_of(live.latest([THINGS], KEPT)) == {old.id}
    store.checkpoint(THINGS, NOW)
    live.watch()
    for session in (store, live, TinyDBStore(home, "alex")):
        assert ids_of(session.latest([THINGS], KEPT)) == {thing.id for thing in things}
        assert ids_of(session.latest([THINGS], KEPT, archived=True)) == {old.id}


def test_the_newest_happenings_come_from_journal_checkpoint_and_archive_alike(
    home: Path, store: TinyDBStore
) -> None:
    first, other = added(store), added(store)
    for n in range(6):
        who, at = ("zay", "kathy")[n % 2], NOW + timedelta(minutes=n)
        store.change(THINGS, first.id, noting(str(n)), stamp(by=who, at=at))
        if n in (1, 3):
            store.checkpoint(THINGS, NOW)
    finish(store, other.id, NOW + timedelta(hours=1))

    def newest(limit: int, by: str | None = None, *, archived: bool = False) -> list[tuple[str, int]]:
        fresh, known = (
            any_store.latest([THINGS], limit, by, archived=archived)
            for any_store in (TinyDBStore(home, "zay"), store)
        )
        assert fresh == known
        return [(happening.id, happening.entry.rev) for happening in fresh]

    assert newest(3) == [(other.id, 2), (first.id, 7), (first.id, 6)]
    assert newest(3, "zay") == [(first.id, 6), (first.id, 4), (first.id, 2)]
    assert len(newest(100)) == 9 and newest(1, "nobody") == []
    everything = newest(100)
    store.checkpoint(THINGS, NOW + 2 * UNARCHIVED_FOR)
    assert newest(2) == [(first.id, 7), (first.id, 6)], "the archive is only read for whoever asks for it"
    assert newest(100, archived=True) == everything
    assert newest(3, "zay", archived=True) == [(first.id, 6), (first.id, 4), (first.id, 2)]


def test_what_was_finished_long_ago_stays_for_as_long_after_every_later_change(
    home: Path, store: TinyDBStore
) -> None:
    """Several sessions, and checkpoints between: whoever asks finds the newest change of what the archive had."""
    things = [added(store, str(n), finished=NOW - timedelta(days=30 * n)) for n in range(2, 8)]
    store.checkpoint(THINGS, NOW)
    assert len(list((home / "archive").iterdir())) == len(things)
    live = TinyDBStore(home, "zay")
    assert live.latest([THINGS], 10) == []
    old = things[3]
    TinyDBStore(home, "alex").change(THINGS, old.id, noting("news"), stamp(by="alex"))
    for day in (0, 5, 14):
        TinyDBStore(home, "fleettui-intake").checkpoint(THINGS, NOW + timedelta(days=day))
        live.watch()
        for session in (live, TinyDBStore(home, "kathy")):
            newest = session.latest([THINGS], 1)
            assert [(happening.id, happening.entry.by) for happening in newest] == [(old.id, "alex")]
    store.checkpoint(THINGS, NOW + timedelta(days=15))
    live.watch()
    assert live.latest([THINGS], 10) == [] and live.all(THINGS) == []
    assert live.latest([THINGS], 1, archived=True)[0].entry.by == "alex"


def test_the_archive_is_not_read_for_what_cannot_be_there(
    home: Path, store: TinyDBStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished_long_ago(store, "done")
    for n in range(3):
        added(store, str(n))
    store.checkpoint(THINGS, NOW)
    assert store.whole_since([THINGS]) == NOW - UNARCHIVED_FOR
    monkeypatch.setattr(Archive, "all", None)
    assert len(store.latest([THINGS], 3, archived=True)) == 3


def test_files_that_are_no_longer_read_are_closed(home: Path, store: TinyDBStore) -> None:
    added(store)
    store.checkpoint(THINGS, NOW)
    reader, path = TinyDBStore(home, "zay"), home / "things.json"
    reader.all(THINGS)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for n in range(10):
        path.write_text(path.read_text() + " " * n)
        reader.watch()
    assert len(list(Path("/proc/self/fd").iterdir())) <= before


def test_the_journal_is_folded_in_when_it_rivals_the_checkpoint(home: Path, store: TinyDBStore) -> None:
    thing = added(store)
    for n in range(400):
        store.change(THINGS, thing.id, setting(title=f"{n} " * 100), stamp())
    sizes = [path.stat().st_size for path in (home / "journal").iterdir()]
    assert len(sizes) > 2
    assert max(sizes) < 2 * max(checkpoint.SMALLEST_FOLDED, (home / "things.json").stat().st_size)


def test_a_new_day_leaves_a_backup(home: Path, store: TinyDBStore) -> None:
    thing = added(store)
    store.change(THINGS, thing.id, setting(count=1), stamp())
    assert rotation.generations(home, "things") == []
    store.change(THINGS, thing.id, setting(count=2), stamp(at=NOW + timedelta(days=1)))
    assert len(rotation.generations(home, "things")) == 1


def test_backups_are_rotated_and_the_newest_keep_their_journals(home: Path, store: TinyDBStore) -> None:
    thing = added(store)
    for n in range(30):
        store.change(THINGS, thing.id, setting(count=n + 1), stamp())
        store.checkpoint(THINGS, NOW)
    kept = rotation.generations(home, "things")
    assert rotation.GENERATIONS <= len(kept) <= rotation.GENERATIONS + 1, (
        "all of one day: only the newest few"
    )
    journals = {rotation.generation_of(path) for path in (home / "journal").glob("*.jsonl")}
    assert {rotation.generation_of(path) for path in kept[: rotation.GENERATIONS]} <= journals
    assert len(journals) <= rotation.GENERATIONS + 1


def finished_long_ago(store: TinyDBStore, title: str) -> Thing:
    return added(store, title, finished=NOW - timedelta(days=40))


def test_what_is_finished_moves_to_its_months_archive_with_its_history(
    home: Path, store: TinyDBStore
) -> None:
    done, fresh = finished_long_ago(store, "done"), added(store, "open", finished=NOW - timedelta(days=1))
    store.checkpoint(THINGS, NOW)
    assert (home / "archive" / "things-2026-01.json").exists()
    assert store.all(THINGS) == [fresh]
    assert store.all(THINGS, archived=True) == [fresh, done]
    assert store.get(THINGS, done.id) == done
    assert [entry.verb for entry in store.history(THINGS, done.id)] == ["add"]
    assert TinyDBStore(home, "zay").all(THINGS) == [fresh]


def test_an_archived_document_comes_back_when_it_is_changed(home: Path, store: TinyDBStore) -> None:
    done = finished_long_ago(store, "done")
    store.checkpoint(THINGS, NOW)
    reader = TinyDBStore(home, "zay")
    assert reader.all(THINGS) == []
    store.change(THINGS, done.id, setting(finished=None), stamp("reopen"))
    reader.watch()
    assert [thing.rev for thing in reader.all(THINGS)] == [2]
    assert [entry.verb for entry in reader.history(THINGS, done.id)] == ["add", "reopen"]
    assert len(reader.all(THINGS, archived=True)) == 1, "in both places it counts once"


def test_a_document_archived_twice_counts_with_its_newest_revision(home: Path, store: TinyDBStore) -> None:
    done = finished_long_ago(store, "done")
    store.checkpoint(THINGS, NOW)
    again = NOW - timedelta(days=20)
    store.change(THINGS, done.id, setting(title="again", finished=again), stamp(at=again))
    store.checkpoint(THINGS, NOW)
    assert len(list((home / "archive").iterdir())) == 2
    after = store.get(THINGS, done.id)
    assert after is not None and (after.title, after.rev) == ("again", 2)
    assert [thing.title for thing in store.all(THINGS, archived=True)] == ["again"]


def test_a_crash_between_archive_and_checkpoint_loses_and_doubles_nothing(
    home: Path, store: TinyDBStore
) -> None:
    done = finished_long_ago(store, "done")
    loaded = LoadedCollection(home, THINGS)
    loaded.follow()
    Archive(home, THINGS, PRIVATE).put(
        [("2026-01", Archived(loaded.keys[done.id], done, loaded.rows()[done.id][1]))]
    )
    restarted = TinyDBStore(home, "zay")
    assert restarted.all(THINGS, archived=True) == [done]
    restarted.checkpoint(THINGS, NOW)
    assert restarted.all(THINGS) == [] and restarted.all(THINGS, archived=True) == [done]


def test_words_that_look_like_a_document_do_not_mislead_the_search(home: Path, store: TinyDBStore) -> None:
    decoy = finished_long_ago(store, 'decoy {"id":"X-1001","rev":9} {"of":"X-1001"')
    done = finished_long_ago(store, "the real one")
    store.checkpoint(THINGS, NOW)
    assert store.get(THINGS, done.id) == done and store.get(THINGS, decoy.id) == decoy
    assert store.get(THINGS, "X-100") is None


def test_scratch_files_of_a_killed_writer_are_swept_and_never_read(home: Path, store: TinyDBStore) -> None:
    thing = added(store)
    (home / "things.json.scratch-1-aa").write_text("{ torn")
    assert TinyDBStore(home, "zay").all(THINGS) == [thing]
    store.checkpoint(THINGS, NOW)
    assert not list(home.glob("*.scratch-*"))


def test_a_torn_last_line_was_never_acknowledged(home: Path, store: TinyDBStore) -> None:
    thing = added(store)
    store.close()
    path = LoadedCollection(home, THINGS).home / "journal" / "things-000001.jsonl"
    for torn in (b'{"records":[{"ke', b"\0\0\0\0\n"):
        with path.open("ab") as journal:
            journal.write(torn)
        again = TinyDBStore(home, "zay")
        before = again.get(THINGS, thing.id)
        assert before is not None
        after = again.change(THINGS, thing.id, setting(count=before.count + 1), stamp())
        assert after is not None and after.rev == before.rev + 1
        assert TinyDBStore(home, "alex").get(THINGS, thing.id) == after
        again.close()
    assert list((home / "journal").glob("*.torn-*")), "put aside, should it have been more than a torn write"


def test_a_copied_home_is_a_home(home: Path, store: TinyDBStore, tmp_path: Path) -> None:
    thing = added(store)
    copied = tmp_path / "copied"
    shutil.copytree(home, copied)
    assert TinyDBStore(copied, "zay").all(THINGS) == [thing]


def test_a_line_that_reached_the_journal_twice_counts_once(home: Path, store: TinyDBStore) -> None:
    """Some network filesystems repeat an append whose answer was lost."""
    thing = added(store)
    store.change(THINGS, thing.id, noting("once"), stamp())
    path = home / "journal" / "things-000001.jsonl"
    with path.open("ab") as journal:
        journal.write(path.read_bytes().splitlines(keepends=True)[-1])
    again = TinyDBStore(home, "zay").get(THINGS, thing.id)
    assert again is not None and (again.rev, again.notes) == (2, ("once",))


def test_a_collection_that_is_made_while_somebody_looks_is_not_damaged(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, made = files.facts_of, list[Thing]()

    def looked_too_early(path: Path) -> os.stat_result | None:
        if path.name == "things.json" and not looks:
            looks.append(path)
            made.append(added(TinyDBStore(home, "zay")))
            return None
        return look(path)

    looks: list[Path] = []
    monkeypatch.setattr(files, "facts_of", looked_too_early)
    assert TinyDBStore(home, "kathy").all(THINGS) == made
