"""Long random lives of a few documents: the real stores, over two sessions and checkpoints, against the slow obvious one."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from fleettui.store.postgres.store import PostgresStore
from fleettui.store.protocol import UNARCHIVED_FOR, Narrow, Needle, Store
from fleettui.store.tinydb.store import TinyDBStore
from tests.support.memory_store import MemoryStore
from tests.support.postgres_server import new_schema, remove_schema
from tests.support.things import NOW, THINGS, Thing, new_home, noting, setting, stamp

pytestmark = pytest.mark.slow

IDS = ("a", "b", "c")
words = st.text(max_size=6)

steps = st.one_of(
    st.tuples(st.just("title"), st.sampled_from(IDS), words),
    st.tuples(st.just("note"), st.sampled_from(IDS), words),
    st.tuples(
        st.just("details"), st.sampled_from(IDS), st.dictionaries(st.sampled_from("xyz"), words, max_size=3)
    ),
    st.tuples(st.just("notes"), st.sampled_from(IDS), st.lists(words, max_size=4)),
    st.tuples(st.just("remove"), st.sampled_from(IDS), st.none()),
    st.tuples(st.just("undo"), st.sampled_from(IDS), st.none()),
    st.tuples(st.just("finish"), st.sampled_from(IDS), st.integers(0, 60)),
    st.tuples(st.just("checkpoint"), st.just(""), st.none()),
)

CHECKPOINT = NOW + UNARCHIVED_FOR + timedelta(minutes=8)
"""What is finished and was not changed after the eighth minute goes to the archive."""


def editor(kind: str, id_: str, value: Any) -> Any:
    change = {
        "title": lambda: setting(title=value),
        "note": lambda: noting(value),
        "details": lambda: setting(details=value),
        "notes": lambda: setting(notes=tuple(value)),
        "finish": lambda: setting(finished=NOW - timedelta(days=value)),
    }[kind]()
    return lambda present: change(present or Thing(id=id_, title="new"))


def take(store: Any, step: tuple[str, str, Any], minute: int) -> None:
    kind, id_, value = step
    now = stamp(at=NOW + timedelta(minutes=minute))
    if kind == "undo":
        history = store.history(THINGS, id_)
        if history:
            store.revert(THINGS, id_, history[-1].rev, now)
    elif kind == "remove":
        if store.get(THINGS, id_) is not None:
            store.change(THINGS, id_, lambda _: None, now)
    else:
        store.change(THINGS, id_, editor(kind, id_, value), now)


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(steps, st.booleans()), max_size=25))
@example(
    [
        (("title", "a", ""), False),
        (("remove", "a", None), False),
        (("finish", "b", 0), False),
        (("checkpoint", "", None), False),  # by a clock that runs ahead of the next change
        (("title", "a", ""), False),
    ]
)
def test_every_life_ends_the_same_and_can_be_seen_again_at_every_minute(
    life: list[tuple[tuple[str, str, Any], bool]],
) -> None:
    slow = MemoryStore()
    with tempfile.TemporaryDirectory() as folder:
        home = new_home(Path(folder))
        sessions = [TinyDBStore(home, "kathy"), TinyDBStore(home, "zay")]
        for minute, (step, who) in enumerate(life):
            store = sessions[who]
            store.watch()
            if step[0] == "checkpoint":
                store.checkpoint(THINGS, CHECKPOINT)
                continue
            take(store, step, minute)
            take(slow, step, minute)
        for store in (*sessions, TinyDBStore(home, "alex")):
            store.watch()
            compare(store, slow, len(life))
            compare_latest(store, slow)
            compare_selected(store, slow)
            store.prepare_select(THINGS)
            compare_selected(store, slow)
        for session in sessions:
            session.close()


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(steps, st.booleans()), max_size=25))
def test_every_life_ends_the_same_in_a_database(life: list[tuple[tuple[str, str, Any], bool]]) -> None:
    """Half of the sessions never look before they write; "checkpoint" opens them anew."""
    slow, address = MemoryStore(), new_schema()

    def opened(login: str) -> PostgresStore:
        return PostgresStore(address, login, lambda: NOW)

    sessions = [opened("kathy"), opened("zay")]
    for minute, (step, who) in enumerate(life):
        if who:
            sessions[who].watch()
        if step[0] == "checkpoint":
            sessions[who].close()
            sessions[who] = opened("zay" if who else "kathy")
            continue
        if step[0] in ("undo", "remove"):
            sessions[who].watch()  # what is done depends on what is there
        take(sessions[who], step, minute)
        take(slow, step, minute)
    sessions.append(opened("alex"))
    for store in sessions:
        store.watch()
        compare(store, slow, len(life))
        compare_latest(store, slow)
        compare_selected(store, slow)
        store.close()
    remove_schema(address)


def compare(store: Store, slow: MemoryStore, minutes: int) -> None:
    assert named(store.all(THINGS, archived=True)) == named(slow.all(THINGS))
    for id_ in IDS:
        assert store.get(THINGS, id_) == slow.get(THINGS, id_)
        entries = [(e.rev, e.at, e.by, e.verb) for e in store.history(THINGS, id_)]
        assert entries == [(e.rev, e.at, e.by, e.verb) for e in slow.history(THINGS, id_)]
    actual, expected = store.histories(THINGS, set(IDS)), slow.histories(THINGS, set(IDS))
    assert actual.keys() == expected.keys()
    assert all([e.rev for e in actual[id_]] == [e.rev for e in expected[id_]] for id_ in actual)
    for minute in range(-1, minutes + 1):
        when = NOW + timedelta(minutes=minute)
        assert named(store.as_of(THINGS, when)) == named(slow.as_of(THINGS, when))


def compare_selected(store: Store, slow: MemoryStore) -> None:
    """With all that anybody wrote, as it is typed to find it."""
    written = {word.casefold() for thing in slow.all(THINGS) for word in (thing.title, *thing.notes)}
    needles = [Needle(word) for word in sorted(written) if "\n" not in word]
    narrows = [
        Narrow(),
        *(Narrow((needle,)) for needle in needles),
        *(Narrow((replace(needle, negative=True),)) for needle in needles),
        *(Narrow((Needle(needle.text[1:]),), finished_from=NOW - timedelta(days=30)) for needle in needles),
        Narrow(among={"title": frozenset(thing.title for thing in slow.all(THINGS)[:2])}),
        Narrow(finished_before=NOW - timedelta(days=14)),
    ]
    for narrow in narrows:
        assert store.select(THINGS, narrow, 2) == slow.select(THINGS, narrow, 2)
        assert store.select(THINGS, narrow, 9) == slow.select(THINGS, narrow, 9)
    assert store.count(THINGS) == slow.count(THINGS)


def compare_latest(store: Store, slow: MemoryStore) -> None:
    """Newest first, with and without what is in the archive; no two changes here have one time."""
    archived = named(store.all(THINGS, archived=True)).keys() - named(store.all(THINGS)).keys()
    expected = sorted(
        ((e.at, id_, e.rev) for id_ in set(IDS) - archived for e in slow.history(THINGS, id_)), reverse=True
    )
    as_recorded = [
        [(h.id, h.entry.rev) for h in any_store.latest([THINGS], 100, as_recorded=True)]
        for any_store in (store, slow)
    ]
    assert as_recorded[0] == [(id_, rev) for id_, rev in as_recorded[1] if id_ not in archived]
    everything = [(h.id, h.entry.rev) for h in store.latest([THINGS], 100, as_recorded=True, archived=True)]
    assert everything == as_recorded[1]
    for limit in (1, 3, 100):
        actual = [
            (happening.entry.at, happening.id, happening.entry.rev)
            for happening in store.latest([THINGS], limit)
        ]
        assert actual == expected[:limit]
        everything = [(h.id, h.entry.rev) for h in store.latest([THINGS], limit, archived=True)]
        assert everything == [(h.id, h.entry.rev) for h in slow.latest([THINGS], limit)]


def named(things: list[Thing]) -> dict[str, Thing]:
    return {thing.id: thing for thing in things}
