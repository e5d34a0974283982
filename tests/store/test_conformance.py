"""What every store must do, whatever it is made of: run on every place of tests/support/places.py."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from fleettui.errors import Refused
from fleettui.store.protocol import NoSuchDocument, StaleWrite
from tests.support.places import Place
from tests.support.things import NOW, THINGS, Thing, added, noting, setting, stamp


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
