"""What every store must do, whatever it is made of: run on every place of tests/support/places.py."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from fleettui.errors import Refused
from fleettui.store.protocol import Narrow, Needle, NoSuchDocument, StaleWrite
from fleettui.store.tinydb.collection import LoadedCollection
from fleettui.store.tinydb.store import TinyDBStore
from tests.support.places import Place
from tests.support.things import (
    NOW,
    OTHERS,
    THINGS,
    Thing,
    added,
    finish,
    new_home,
    noting,
    row_of,
    setting,
    stamp,
)


def test_ids_can_be_said_and_count_up_from_the_collections_first(store: Any) -> None:
    assert [added(store).id, added(store).id] == ["X-1000", "X-1001"]


def test_what_was_added_is_there(store: Any) -> None:
    thing = added(store, "a leak", details={"os": "linux"})
    assert store.get(THINGS, thing.id) == Thing(id="X-1000", rev=1, title="a leak", details={"os": "linux"})
    assert store.all(THINGS) == [thing]


def test_an_unknown_id_is_nothing(store: Any) -> None:
    assert store.get(THINGS, "X-7") is None
    assert store.history(THINGS, "X-7") == []


def test_a_document_may_have_a_name_of_its_own(store: Any) -> None:
    store.change(THINGS, "RIT-1@2026-03-09", lambda _: Thing(id="RIT-1@2026-03-09", title="t"), stamp())
    assert store.get(THINGS, "RIT-1@2026-03-09").rev == 1


def test_a_change_counts_the_revision_and_says_who_when_and_how(store: Any) -> None:
    thing = added(store)
    store.change(
        THINGS, thing.id, setting(title="second"), stamp("rename", "zay", NOW + timedelta(minutes=1))
    )
    assert store.get(THINGS, thing.id).rev == 2
    last = store.history(THINGS, thing.id)[-1]
    assert (last.rev, last.by, last.verb, last.at) == (2, "zay", "rename", NOW + timedelta(minutes=1))


def test_an_edit_that_changes_nothing_leaves_no_trace(store: Any) -> None:
    thing = added(store)
    assert store.change(THINGS, thing.id, lambda same: same, stamp()).rev == 1
    assert len(store.history(THINGS, thing.id)) == 1


def test_editing_what_does_not_exist_is_refused(store: Any) -> None:
    with pytest.raises(NoSuchDocument, match="X-7"):
        store.change(THINGS, "X-7", lambda present: present, stamp())


def test_an_edit_that_raises_changes_nothing(store: Any) -> None:
    thing = added(store)

    def refuse(_: Thing) -> Thing:
        raise Refused("no")

    with pytest.raises(Refused, match="no"):
        store.change(THINGS, thing.id, refuse, stamp())
    assert store.get(THINGS, thing.id) == thing


def test_different_fields_change_side_by_side(store: Any) -> None:
    thing = added(store)
    store.change(THINGS, thing.id, setting(title="theirs"), stamp(by="zay"), seen=1)
    store.change(THINGS, thing.id, setting(count=5), stamp(), seen=1)
    after = store.get(THINGS, thing.id)
    assert (after.title, after.count) == ("theirs", 5)


def test_the_same_field_from_an_old_revision_is_refused(store: Any) -> None:
    thing = added(store)
    store.change(THINGS, thing.id, setting(title="theirs"), stamp(by="zay"), seen=1)
    with pytest.raises(StaleWrite):
        store.change(THINGS, thing.id, setting(title="mine"), stamp(), seen=1)
    assert store.get(THINGS, thing.id).title == "theirs"


def test_somebody_who_has_looked_again_may_write(store: Any) -> None:
    thing = added(store)
    store.change(THINGS, thing.id, setting(title="theirs"), stamp(by="zay"), seen=1)
    store.change(THINGS, thing.id, setting(title="mine"), stamp(), seen=2)
    assert store.get(THINGS, thing.id).title == "mine"


def test_several_documents_change_together_or_not_at_all(store: Any) -> None:
    first, other = added(store), added(store)

    def refuse(_: Thing) -> Thing:
        raise Refused("no")

    with pytest.raises(Refused):
        store.change_many(THINGS, {first.id: setting(count=1), other.id: refuse}, stamp())
    assert [thing.count for thing in store.all(THINGS)] == [0, 0]
    store.change_many(THINGS, {first.id: setting(count=1), other.id: setting(count=2)}, stamp())
    assert [thing.count for thing in store.all(THINGS)] == [1, 2]


def test_a_change_can_be_taken_back_and_that_too(store: Any) -> None:
    thing = added(store)
    store.change(THINGS, thing.id, noting("a note"), stamp())
    store.revert(THINGS, thing.id, 2, stamp("undo"))
    assert store.get(THINGS, thing.id).notes == ()
    store.revert(THINGS, thing.id, 3, stamp("undo"))
    assert store.get(THINGS, thing.id).notes == ("a note",)
    assert [entry.verb for entry in store.history(THINGS, thing.id)] == ["add", "edit", "undo", "undo"]


def test_what_was_changed_together_is_taken_back_together(store: Any) -> None:
    first, other = added(store), added(store)
    store.change_many(THINGS, {first.id: setting(count=1), other.id: setting(count=2)}, stamp())
    store.revert(THINGS, first.id, 2, stamp("undo"))
    assert [thing.count for thing in store.all(THINGS)] == [0, 0]


def test_what_was_changed_together_can_be_asked_for(store: Any) -> None:
    first, other = added(store), added(store)
    store.change_many(THINGS, {first.id: setting(count=1), other.id: setting(count=2)}, stamp())
    store.change(THINGS, other.id, setting(count=3), stamp())
    together = store.together(THINGS, other.id, 2)
    assert {(happening.id, happening.entry.rev) for happening in together} == {(first.id, 2), (other.id, 2)}
    assert [happening.entry.rev for happening in store.together(THINGS, other.id, 3)] == [3]


def test_an_entry_keeps_its_session_and_when_it_was_written(store: Any) -> None:
    thing = added(store)
    store.change(THINGS, thing.id, setting(count=1), replace(stamp(), session="9f3a"))
    entries = store.history(THINGS, thing.id)
    assert [entry.session for entry in entries] == ["", "9f3a"]
    assert 0 < entries[0].recorded < entries[1].recorded


def test_the_order_of_writing_is_kept_whatever_the_times_say(store: Any) -> None:
    thing, other = added(store), added(store)
    days = (0, 0, 3, -3, 0)
    for count, day in enumerate(days, start=1):
        id_ = (thing if count % 2 else other).id
        store.change(THINGS, id_, setting(count=count), stamp(at=NOW + timedelta(days=day)))
    happenings = store.latest([THINGS], 100, by="kathy", as_recorded=True)
    assert [happening.entry.rev for happening in happenings] == [4, 3, 3, 2, 2, 1, 1]
    assert [happening.id for happening in happenings[:5]] == [
        thing.id,
        other.id,
        thing.id,
        other.id,
        thing.id,
    ]
    assert store.latest([THINGS], 100, by="zay", as_recorded=True) == []


def test_a_removed_document_is_gone_and_can_come_back(store: Any) -> None:
    thing = added(store, "precious")
    store.change(THINGS, thing.id, lambda _: None, stamp("remove"))
    assert store.all(THINGS) == [] and store.get(THINGS, thing.id) is None
    store.revert(THINGS, thing.id, 2, stamp("undo"))
    assert store.get(THINGS, thing.id).title == "precious"
    assert [entry.rev for entry in store.history(THINGS, thing.id)] == [1, 2, 3]


def test_as_of_shows_every_moment_again(store: Any) -> None:
    def later(minutes: int) -> Any:
        return NOW + timedelta(minutes=minutes)

    thing = added(store)
    store.change(THINGS, thing.id, noting("one"), stamp(at=later(10)))
    store.change(THINGS, thing.id, noting("two"), stamp(at=later(20)))
    store.change(THINGS, thing.id, lambda _: None, stamp(at=later(30)))
    seen = [[t.notes for t in store.as_of(THINGS, later(m))] for m in (-1, 0, 10, 25, 30)]
    assert seen == [[], [()], [("one",)], [("one", "two")], []]


def ids_and_revisions(commits: Any) -> list[list[tuple[str, int]]]:
    return [[(happening.id, happening.entry.rev) for happening in commit.happenings] for commit in commits]


def test_what_was_written_since_a_cursor_comes_once_and_in_order(store: Any) -> None:
    first, start = added(store), store.cursor([THINGS])
    other = added(store)
    store.change(THINGS, first.id, setting(count=1), stamp(at=NOW - timedelta(days=3)))
    store.change(THINGS, other.id, lambda _: None, stamp("remove"))
    written = [[(other.id, 1)], [(first.id, 2)], [(other.id, 2)]]
    commits = store.since(start, [THINGS])
    assert ids_and_revisions(commits) == written
    for place, commit in enumerate(commits, 1):
        assert ids_and_revisions(store.since(commit.cursor, [THINGS])) == written[place:]
    assert commits[-1].cursor == store.cursor([THINGS])
    assert ids_and_revisions(store.since("", [THINGS])) == [[(first.id, 1)], *written]
    assert ids_and_revisions(store.since(start, [THINGS], 2)) == written[:2]


def test_what_was_changed_together_comes_together(store: Any) -> None:
    first, other = added(store), added(store)
    start = store.cursor([THINGS])
    store.change_many(THINGS, {first.id: setting(count=1), other.id: setting(count=2)}, stamp())
    store.revert(THINGS, first.id, 2, stamp("undo"))
    together, undone = store.since(start, [THINGS])
    assert {each.id for each in together.happenings} == {each.id for each in undone.happenings}
    assert store.since(start, [THINGS], 1) == [together]
    assert store.since(together.cursor, [THINGS]) == [undone]
    assert store.since(undone.cursor, [THINGS]) == []


def test_a_cursor_holds_when_what_was_written_is_archived(store: Any) -> None:
    first = added(store)
    start = store.cursor([THINGS])
    for days in (400, 90, 30):
        store.change(THINGS, first.id, setting(finished=NOW - timedelta(days=days)), stamp())
    store.change(THINGS, first.id, setting(finished=None), stamp())
    assert ids_and_revisions(store.since(start, [THINGS])) == [[(first.id, rev)] for rev in (2, 3, 4, 5)]


def test_whoever_opens_the_place_sees_the_same(place: Place) -> None:
    mine = place.open()
    thing = added(mine, "a leak")
    theirs = place.open("zay")
    assert theirs.all(THINGS) == [thing]
    theirs.change(THINGS, thing.id, setting(count=1), stamp(by="zay"))
    mine.watch()
    assert mine.get(THINGS, thing.id).count == 1
    assert mine.history(THINGS, thing.id) == theirs.history(THINGS, thing.id)


def test_a_copy_of_a_place_goes_on_by_itself(place: Place) -> None:
    thing = added(place.open(), "a leak")
    copy = place.copy()
    copy.open().change(THINGS, thing.id, setting(count=1), stamp())
    assert place.open().get(THINGS, thing.id).count == 0
    assert copy.open().get(THINGS, thing.id).count == 1


# -- all of it, and one history among many


def test_a_history_is_found_in_whichever_collection_it_is(store: Any) -> None:
    thing, gone = added(store), added(store)
    old = added(store, finished=NOW - timedelta(days=400))
    store.change(OTHERS, "named", lambda _: Thing(id="named", title="other"), stamp())
    store.change(THINGS, thing.id, noting("more"), stamp())
    store.change(THINGS, gone.id, lambda _: None, stamp("remove"))
    expected = {thing.id: (THINGS, 2), gone.id: (THINGS, 2), old.id: (THINGS, 1), "named": (OTHERS, 1)}
    for id_, (collection, revisions) in expected.items():
        kept_in, entries = store.find_history([OTHERS, THINGS], id_)
        assert (kept_in, len(entries)) == (collection, revisions)
        assert entries == store.history(collection, id_)
    assert store.find_history([OTHERS, THINGS], "X-7") is None
    assert store.find_history([THINGS], "named") is None


def test_everything_is_in_the_order_of_the_keys_with_what_is_archived_or_removed(store: Any) -> None:
    thing = added(store, "stays")
    old = added(store, "archived", finished=NOW - timedelta(days=400))
    gone = added(store, "goes")
    newest = added(store, "newest")
    store.change(OTHERS, "named", lambda _: Thing(id="named", title="other"), stamp())
    store.change(THINGS, gone.id, lambda _: None, stamp("remove"))
    store.change(THINGS, thing.id, noting("more"), stamp())
    kept = list(store.everything(THINGS))
    assert [each.id for each in kept] == [thing.id, old.id, gone.id, newest.id]
    assert [each.key for each in kept] == sorted({each.key for each in kept})
    assert [each.document and each.document.title for each in kept] == ["stays", "archived", None, "newest"]
    assert [len(each.history) for each in kept] == [2, 1, 2, 1]
    for each in kept:
        assert each.history == store.history(THINGS, each.id)
        assert each.document == store.get(THINGS, each.id)
    assert [each.id for each in store.everything(OTHERS)] == ["named"]


# -- the six promises of protocol.Store


def test_promise_1_a_document_is_the_same_object_while_it_has_the_same_revision(
    store: Any, place: Place
) -> None:
    first, other = added(store), added(store)
    for session in place.sessions(store):
        session.watch()
        before = session.get(THINGS, first.id)
        session.change(THINGS, other.id, setting(title=f"{other.title}!"), stamp())
        session.watch()
        assert session.get(THINGS, first.id) is before
        assert session.several(THINGS, {first.id})[first.id] is before
        assert any(document is before for document in session.all(THINGS))
        changed = session.change(THINGS, first.id, noting("mine"), stamp())
        assert session.get(THINGS, first.id) is changed is not before


def test_promise_1_holds_for_a_session_that_slept_while_all_was_written_anew(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    sleeping, busy = TinyDBStore(home, "kathy"), TinyDBStore(home, "zay")
    first, other = added(busy), added(busy)
    before = sleeping.get(THINGS, first.id)
    for count in (1, 2, 3):
        busy.change(THINGS, other.id, setting(count=count), stamp())
        busy.checkpoint(THINGS, NOW)
    assert sleeping.watch() == {"things": {other.id}}
    assert sleeping.get(THINGS, first.id) is before


def test_promise_2_only_the_run_of_an_edit_at_the_head_counts(store: Any) -> None:
    thing = added(store)
    store.change(THINGS, thing.id, noting("theirs"), stamp(by="zay"))
    runs: list[Any] = []

    def edit(present: Any) -> Any:
        runs.append(present)
        return noting(f"run {len(runs)}")(present)

    changed = store.change(THINGS, thing.id, edit, stamp())
    assert runs[-1].notes == ("theirs",), "the last run is the one on the newest state"
    assert changed.notes == store.get(THINGS, thing.id).notes == ("theirs", f"run {len(runs)}")
    assert [entry.rev for entry in store.history(THINGS, thing.id)] == [1, 2, 3]


def test_promise_2_holds_for_several_documents_and_for_a_new_one(store: Any) -> None:
    first, other = added(store), added(store)
    seen: dict[str, Any] = {}

    def edit(present: Any) -> Any:
        seen[present.id] = present
        return replace(present, count=present.count + 1)

    for _ in range(2):
        store.change_many(THINGS, {first.id: edit, other.id: edit}, stamp())
    assert {id_: present.count for id_, present in seen.items()} == {first.id: 1, other.id: 1}
    ids: list[str] = []

    def make(id_: str) -> Thing:
        ids.append(id_)
        return Thing(id=id_, title=f"made as {id_}")

    made = store.add(THINGS, make, stamp("add"))
    assert (made.id, made.title) == (ids[-1], f"made as {ids[-1]}")
    assert [document.id for document in store.all(THINGS)] == [first.id, other.id, made.id]


def test_promise_3_whether_there_is_nothing_to_do_is_judged_at_the_head(store: Any) -> None:
    thing = added(store)
    store.change(THINGS, thing.id, setting(count=1), stamp(by="zay"))
    assert store.change(THINGS, thing.id, setting(count=1), stamp()).rev == 2, "nothing is left to do"
    store.change(THINGS, thing.id, setting(count=0), stamp(by="zay"))
    store.change(THINGS, thing.id, setting(count=2), stamp())
    assert store.change(THINGS, thing.id, setting(count=0), stamp(by="zay")).rev == 5
    assert [entry.rev for entry in store.history(THINGS, thing.id)] == [1, 2, 3, 4, 5]


def test_promise_3_a_refusal_is_judged_at_the_head(store: Any) -> None:
    def unless_counted(present: Any) -> Any:
        if present.count:
            raise Refused("it is counted")
        return replace(present, title="renamed")

    thing = added(store, count=1)
    store.change(THINGS, thing.id, setting(count=0), stamp(by="zay"))
    assert store.change(THINGS, thing.id, unless_counted, stamp()).title == "renamed"
    store.change(THINGS, thing.id, setting(count=1), stamp(by="zay"))
    with pytest.raises(Refused, match="counted"):
        store.change(THINGS, thing.id, unless_counted, stamp())
    with pytest.raises(Refused, match="counted"):
        store.change_many(THINGS, {thing.id: unless_counted}, stamp())


def test_promise_4_an_edit_sees_the_head_of_the_other_documents(store: Any) -> None:
    def counting(present: Any) -> Any:
        titles = [document.title for document in store.all(THINGS)]
        assert store.get(THINGS, first.id).title == titles[0]
        return replace(present, notes=tuple(titles))

    first = added(store, "a")
    other = added(store, "b")
    store.change(THINGS, other.id, setting(title="B"), stamp(by="zay"))
    assert store.change(THINGS, first.id, counting, stamp()).notes == ("a", "B")
    added(store, "c")
    assert store.change_many(THINGS, {other.id: counting}, stamp())[0].notes == ("a", "B", "c")
    made = store.add(
        THINGS, lambda id_: counting(Thing(id=id_, title=f"after {len(store.all(THINGS))}")), stamp("add")
    )
    assert (made.title, made.notes) == ("after 3", ("a", "B", "c"))


def test_promise_5_the_time_of_an_entry_is_never_before_that_of_the_entry_before_it(store: Any) -> None:
    def at(minutes: int) -> Any:
        return NOW + timedelta(minutes=minutes)

    thing, other = added(store), added(store)
    store.change(THINGS, thing.id, noting("first"), stamp(at=at(30)))
    store.change(THINGS, thing.id, noting("second"), stamp(at=at(10), by="zay"))
    store.change_many(
        THINGS, {thing.id: noting("third"), other.id: noting("on time")}, stamp(at=at(20), by="zay")
    )
    assert [entry.at for entry in store.history(THINGS, thing.id)] == [NOW, at(30), at(30), at(30)]
    assert [entry.at for entry in store.history(THINGS, other.id)] == [NOW, at(20)]
    before = {thing.id: thing for thing in store.as_of(THINGS, at(25))}
    assert before[thing.id].notes == () and before[other.id].notes == ("on time",)
    store.revert(THINGS, thing.id, 4, stamp("undo", at=at(5)))
    assert store.history(THINGS, thing.id)[-1].at == at(30)


def test_promise_5_what_the_clock_said_is_kept(tmp_path: Path) -> None:
    store = TinyDBStore(new_home(tmp_path), "kathy")
    thing = added(store)
    store.change(THINGS, thing.id, setting(count=1), stamp(at=NOW - timedelta(hours=1)))
    first, lifted = store.history(THINGS, thing.id)
    assert (first.clock, first.made_at) == (None, NOW)
    assert (lifted.at, lifted.made_at) == (NOW, NOW - timedelta(hours=1))


def test_promise_5_holds_where_the_file_does_not_say_which_time_is_the_latest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version of before has written it."""
    home, store = new_home(tmp_path), TinyDBStore(tmp_path / "home", "kathy")
    thing = added(store)
    with monkeypatch.context() as before:
        before.setattr(LoadedCollection, "latest_time", lambda _: None)
        store.checkpoint(THINGS, NOW)
    store = TinyDBStore(home, "kathy")
    assert store.fresh(THINGS).meta.latest is None
    store.change(THINGS, thing.id, setting(count=1), stamp(at=NOW - timedelta(hours=1)))
    assert store.history(THINGS, thing.id)[-1].at == NOW
    store.checkpoint(THINGS, NOW)
    assert TinyDBStore(home, "kathy").fresh(THINGS).meta.latest == NOW


def test_promise_6_what_was_read_of_the_archive_stays_at_hand_until_it_changes(
    store: Any, place: Place
) -> None:
    old = [added(store, f"number {n}", finished=NOW - timedelta(days=400)) for n in range(4)]
    for session in place.sessions(store):
        session.watch()
        assert session.get(THINGS, old[0].id) == old[0]
        assert session.several(THINGS, {old[1].id}) == {old[1].id: old[1]}
        assert len(session.all(THINGS, archived=True)) == 4
    store.change(THINGS, old[3].id, setting(title="again"), stamp())
    for session in place.sessions(store):
        session.watch()
        assert session.get(THINGS, old[3].id).title == "again"
        assert session.several(THINGS, {old[3].id})[old[3].id].title == "again"
        assert sorted(thing.title for thing in session.all(THINGS, archived=True))[0] == "again"
    place.remove()
    for session in place.sessions(store):
        assert [session.get(THINGS, thing.id).id for thing in old] == [thing.id for thing in old]


def test_promise_6_what_is_at_hand_needs_nothing_but_memory(store: Any, place: Place) -> None:
    thing, gone = added(store), added(store)
    store.change(THINGS, gone.id, lambda _: None, stamp("remove"))
    for session in place.sessions(store):
        session.load([THINGS])
        session.watch()
    place.remove()
    for session in place.sessions(store):
        assert [document.id for document in session.all(THINGS)] == [thing.id]
        assert session.get(THINGS, thing.id).title == "first"
        assert session.several(THINGS, {thing.id}).keys() == {thing.id}


# -- rows, bodies, keys


def test_rows_are_those_of_what_is_not_archived_in_the_order_of_all(store: Any) -> None:
    for title in ("a leak", "a crack", "a leak"):
        added(store, title)
    store.change(THINGS, "X-1001", lambda _: None, stamp("remove"))
    assert store.rows(THINGS) == [row_of(thing) for thing in store.all(THINGS)]
    assert [row.id for row in store.rows(THINGS)] == ["X-1000", "X-1002"]


def test_promise_1_a_row_is_the_same_object_while_its_document_has_the_same_revision(
    store: Any, place: Place
) -> None:
    added(store), added(store)
    for rev, session in enumerate(place.sessions(store), 2):
        session.watch()
        first, second = session.rows(THINGS)
        session.change(THINGS, second.id, setting(title=f"number {rev}"), stamp())
        session.watch()
        again, changed = session.rows(THINGS)
        assert again is first
        assert (changed.rev, changed.title) == (rev, f"number {rev}")


def test_promise_1_rows_are_the_same_objects_where_all_is_read_again(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    store, path = TinyDBStore(home, "kathy"), home / "things.json"
    added(store), added(store)
    store.checkpoint(THINGS, NOW)
    before = store.rows(THINGS)
    path.write_bytes(path.read_bytes())
    store.watch()
    assert all(row is old for row, old in zip(store.rows(THINGS), before, strict=True))


def test_bodies_are_those_that_are_there_in_the_order_of_the_ids(store: Any) -> None:
    things = {thing.id: thing for thing in (added(store, f"number {number}") for number in range(4))}
    wanted = ["X-1003", "X-9", "X-1000"]
    assert store.bodies(THINGS, wanted) == {id_: things[id_] for id_ in ("X-1003", "X-1000")}
    assert list(store.bodies(THINGS, wanted)) == ["X-1003", "X-1000"]


def test_many_bodies_are_read_together(store: Any) -> None:
    edits = {f"X-{number}": _made(f"X-{number}") for number in range(1000, 1700)}
    store.change_many(THINGS, edits, stamp())
    store.change(THINGS, "X-1600", setting(title="changed"), stamp())
    ids = [f"X-{number}" for number in range(1699, 1000, -1)]
    titles = [thing.title for thing in store.bodies(THINGS, ids).values()]
    assert titles == ["changed" if id_ == "X-1600" else f"the thing {id_}" for id_ in ids]
    assert len(store.all(THINGS)) == 700


def _made(id_: str) -> Any:
    return lambda _: Thing(id=id_, title=f"the thing {id_}", notes=(f"key of {id_}",))


def test_what_arrives_finds_its_document_by_a_key(store: Any) -> None:
    first, second = added(store, notes=("a", "b")), added(store, notes=("b", "c"))
    assert store.keyed(THINGS, ["z", "c"]) == second.id
    assert store.keyed(THINGS, ["b"]) == first.id, "the older one keeps it"
    assert store.keyed(THINGS, ["z"]) is None
    store.change(THINGS, second.id, noting("d"), stamp())
    assert store.keyed(THINGS, ["d", "a"]) == second.id, "the first key that anything has"
    store.change(THINGS, first.id, setting(notes=()), stamp())
    assert store.keyed(THINGS, ["b"]) == second.id
    assert store.keyed(THINGS, ["a"]) is None
    store.change(THINGS, second.id, lambda _: None, stamp("remove"))
    assert store.keyed(THINGS, ["b", "c", "d"]) is None


# -- asking for some of all


def lives(store: Any) -> None:
    """Some of what stands there is archived, some is finished, and some is not."""

    def days(count: int) -> Any:
        return NOW - timedelta(days=count)

    added(store, "A Leak in the roof", finished=days(400), opened=days(410), notes=("Straße",))
    added(store, "a crack", opened=days(2), notes=("leaky\nboat", "roof"))
    added(store, "a leak", finished=days(90), opened=days(91))
    added(store, "100% of a_b\\c", finished=days(90), opened=days(300))
    added(store, "a leak of today", finished=days(1), opened=days(5), count=3)
    added(store, "gone", finished=days(30))
    store.change(THINGS, "X-1005", lambda _: None, stamp("remove"))
    added(store, "no times")
    added(store, "in the roof a leak", finished=days(200), opened=days(200))


SELECTED = {
    "everything": (Narrow(), "6 1 4 3 2 7 0"),
    "a needle": (Narrow((Needle("leak"),)), "1 4 2 7 0"),
    "small letters": (Narrow((Needle("strasse"),)), "0"),
    "two needles": (Narrow((Needle("leak"), Needle("roof"))), "1 7 0"),
    "side by side": (Narrow((Needle("a leak"),)), "4 2 7 0"),
    "the end of a line": (Narrow((Needle("boat"),)), "1"),
    "a blank at the end": (Narrow((Needle("leak "),)), "4 0"),
    "no words": (Narrow((Needle(" "),)), "6 1 4 3 2 7 0"),
    "a part of a word": (Narrow((Needle("rac"),)), "1"),
    "what a pattern would mean": (Narrow((Needle("0% of"),)), "3"),
    "what a pattern would mean for one sign": (Narrow((Needle("a_b"),)), "3"),
    "what a pattern would mean for the next sign": (Narrow((Needle("b\\c"),)), "3"),
    "half of a pattern": (Narrow((Needle("a%b"),)), ""),
    "or else a fact": (Narrow((Needle("zzz", "title", frozenset({"a leak", "gone"})),)), "2"),
    "a needle or else a fact": (Narrow((Needle("crack", "title", frozenset({"a leak"})),)), "1 2"),
    "without a needle": (Narrow((Needle("leak", negative=True),)), "6 3"),
    "with one and without another": (Narrow((Needle("leak"), Needle("roof", negative=True))), "4 2"),
    "not side by side": (Narrow((Needle("a leak", negative=True),)), "6 1 3"),
    "neither a needle nor a fact": (
        Narrow((Needle("crack", "title", frozenset({"a leak"}), negative=True),)),
        "6 4 3 7 0",
    ),
    "one fact": (Narrow(among={"title": frozenset({"a leak"})}), "2"),
    "one of several facts": (Narrow(among={"title": frozenset({"a leak", "a crack"})}), "1 2"),
    "no fact": (Narrow(among={"title": frozenset()}), ""),
    "finished from": (Narrow(finished_from=NOW - timedelta(days=90)), "4 3 2"),
    "finished before": (Narrow(finished_before=NOW - timedelta(days=90)), "7 0"),
    "opened between": (
        Narrow(opened_from=NOW - timedelta(days=91), opened_before=NOW - timedelta(days=2)),
        "4 2",
    ),
    "all at once": (
        Narrow(
            (Needle("roof"),),
            {"title": frozenset({"in the roof a leak", "a crack"})},
            finished_before=NOW,
            opened_from=NOW - timedelta(days=300),
        ),
        "7",
    ),
}


def numbers(rows: Any) -> str:
    return " ".join(str(int(row.id[2:]) - 1000) for row in rows)


@pytest.mark.parametrize("prepared", [False, True])
def test_rows_are_selected_newest_finished_first_archived_or_not(
    store: Any, place: Place, prepared: bool
) -> None:
    lives(store)
    for session in place.sessions(store) if prepared else ():
        session.prepare_select(THINGS)
    assert {name: numbers(store.select(THINGS, narrow, 100)) for name, (narrow, _) in SELECTED.items()} == {
        name: ids for name, (_, ids) in SELECTED.items()
    }
    assert store.count(THINGS) == 7
    known = {thing.id: thing for thing in store.all(THINGS, archived=True)}
    assert all(row == row_of(known[row.id]) for row in store.select(THINGS, Narrow(), 100))


def test_what_is_only_selected_of_the_archive_is_what_rows_leave_out(store: Any) -> None:
    lives(store)
    here = {row.id for row in store.rows(THINGS)}
    for narrow, _ in SELECTED.values():
        every = store.select(THINGS, narrow, 100)
        archived = store.select(THINGS, replace(narrow, only_archived=True), 100)
        assert archived == [row for row in every if row.id not in here]


def test_what_is_selected_comes_by_the_page(store: Any) -> None:
    lives(store)
    for narrow, ids in SELECTED.values():
        pages, after = [], ""
        while page := store.select(THINGS, replace(narrow, after=after), 2):
            assert len(page) <= 2
            pages += page
            after = page[-1].id
        assert numbers(pages) == ids


def test_what_changed_is_selected_as_it_is_now(store: Any, place: Place) -> None:
    lives(store)
    for rev, session in enumerate(place.sessions(store), 2):
        session.watch()
        assert "7" in numbers(session.select(THINGS, Narrow((Needle("leak"),)), 100)).split()
        session.change(THINGS, "X-1007", setting(title=f"tight again, the {rev}nd", finished=None), stamp())
        assert numbers(session.select(THINGS, Narrow((Needle("tight"),)), 100)) == "7"
        session.revert(THINGS, "X-1007", session.get(THINGS, "X-1007").rev, stamp("undo"))
    store.change(THINGS, "X-1002", lambda _: None, stamp("remove"))
    finish(store, "X-1006", NOW - timedelta(days=60))
    for session in place.sessions(store):
        session.watch()
        assert numbers(session.select(THINGS, Narrow(), 100)) == "1 4 6 3 7 0"
        assert session.count(THINGS) == 6
    assert numbers(place.open("alex").select(THINGS, Narrow(), 100)) == "1 4 6 3 7 0"
