"""The feed of changes: each commit once and in order, whoever wrote it, over checkpoints, archives, kills and restarts."""

from __future__ import annotations

import random
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fleettui.errors import Refused
from fleettui.store.tinydb.store import TinyDBStore
from tests.store.test_against_the_slow_store import steps, take
from tests.support.memory_store import MemoryStore
from tests.support.processes import keep_noting, start
from tests.support.things import NOW, THINGS, added, new_home, noting, setting, stamp


class Follower:
    """Asks for a few commits at a time, and opens the store anew now and then."""

    def __init__(self, home: Path, cursor: str = "") -> None:
        self.home, self.cursor = home, cursor
        self.store = TinyDBStore(home, "follower")
        self.seen: list[tuple[str, int]] = []

    def look(self, limit: int | None = None) -> int:
        commits = self.store.since(self.cursor, [THINGS], limit)
        for commit in commits:
            self.seen += sorted((happening.id, happening.entry.rev) for happening in commit.happenings)
            self.cursor = commit.cursor
        return len(commits)

    def restart(self) -> None:
        self.store.close()
        self.store = TinyDBStore(self.home, "follower")


def written_to(slow: MemoryStore) -> list[tuple[str, int]]:
    return [
        each
        for commit in slow.since("", [THINGS])
        for each in sorted((happening.id, happening.entry.rev) for happening in commit.happenings)
    ]


looks = st.one_of(st.none(), st.integers(1, 3), st.just(1000))


@pytest.mark.slow
@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(steps, st.booleans(), looks, st.booleans()), max_size=25))
def test_every_life_is_followed_as_it_was_written(life: list[tuple[Any, bool, int | None, bool]]) -> None:
    slow = MemoryStore()
    with tempfile.TemporaryDirectory() as folder:
        home = new_home(Path(folder))
        sessions = [TinyDBStore(home, "kathy"), TinyDBStore(home, "zay")]
        follower, cursors = Follower(home), []
        for minute, (step, who, limit, restart) in enumerate(life):
            store = sessions[who]
            store.watch()
            if step[0] == "checkpoint":
                store.checkpoint(THINGS, NOW)
            else:
                take(store, step, minute)
                take(slow, step, minute)
            if restart:
                follower.restart()
            if limit is not None:
                follower.look(limit)
            cursors.append((store.cursor([THINGS]), len(written_to(slow))))
        follower.look()
        everything = written_to(slow)
        assert follower.seen == everything
        late = Follower(home)
        late.look()
        assert late.seen == everything
        for cursor, length in cursors:
            resumed = Follower(home, cursor)
            resumed.look()
            assert resumed.seen == everything[length:]


@pytest.mark.slow
def test_what_eight_processes_write_is_followed_without_a_gap(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    store = TinyDBStore(home, "kathy")
    ids = [added(store).id for _ in range(4)]
    follower, writers, times = Follower(home, store.cursor([THINGS])), 8, 60
    children = [start(keep_noting(home, f"w{n}", ids, times)) for n in range(writers)]
    rng, deadline = random.Random(7), time.monotonic() + 240
    while len(follower.seen) < writers * times and time.monotonic() < deadline:
        follower.look(rng.choice((1, 5, None)))
        if rng.random() < 0.05:
            follower.restart()
        if rng.random() < 0.02:
            follower.store.checkpoint(THINGS, NOW)
    assert [child.code() for child in children] == [0] * writers
    follower.look()
    expected = [(id_, rev) for id_ in ids for rev in range(2, 2 + writers * times // len(ids))]
    assert sorted(follower.seen) == sorted(expected)
    for id_ in ids:
        revisions = [rev for seen, rev in follower.seen if seen == id_]
        assert revisions == sorted(revisions)
    again = Follower(home)
    again.look()
    assert again.seen[len(ids) :] == follower.seen


@pytest.mark.slow
def test_an_acknowledged_change_of_a_killed_writer_is_followed_once(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    ids = [added(TinyDBStore(home, "kathy")).id for _ in range(2)]
    follower, acknowledged = Follower(home), []
    for turn in range(10):
        child = start(keep_noting(home, f"w{turn}", ids, 100_000))
        time.sleep(0.03)
        follower.look(3)
        child.kill()
        acknowledged += child.lines()
        child.code()
    follower.look()
    assert len(set(follower.seen)) == len(follower.seen)
    store = TinyDBStore(home, "reader")
    notes = [f"{thing.id} {note}" for thing in store.all(THINGS) for note in thing.notes]
    assert set(acknowledged) <= set(notes)
    assert len(follower.seen) == len(notes) + len(ids)


def test_a_cursor_of_long_ago_reaches_behind_the_kept_journals(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    store = TinyDBStore(home, "kathy")
    thing, start_ = added(store), store.cursor([THINGS])
    for count in range(1, 31):
        store.change(THINGS, thing.id, setting(count=count), stamp(at=NOW + timedelta(days=count)))
    assert len(list((home / "journal").iterdir())) < 10
    follower = Follower(home, start_)
    follower.look()
    assert follower.seen == [(thing.id, rev) for rev in range(2, 32)]


def test_nothing_new_is_answered_without_reading_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = new_home(tmp_path)
    follower = Follower(home)
    added(TinyDBStore(home, "kathy"))
    follower.look()

    def refuse(*_: object) -> None:
        raise AssertionError("a file was read")

    monkeypatch.setattr("fleettui.store.files.open_file", refuse)
    assert follower.look() == 0


def test_after_a_clock_was_set_back_nothing_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = new_home(tmp_path)
    store, follower = TinyDBStore(home, "kathy"), Follower(home)
    thing = added(store)
    follower.look()
    monkeypatch.setattr("fleettui.store.tinydb.preparing.machine_microseconds", lambda: 1)
    store.change_many(THINGS, {thing.id: noting("a")}, stamp())
    store.change(THINGS, thing.id, noting("b"), stamp())
    follower.look()
    assert follower.seen == [(thing.id, 1), (thing.id, 2), (thing.id, 3)]


def test_what_is_no_cursor_is_refused(tmp_path: Path) -> None:
    store = TinyDBStore(new_home(tmp_path), "kathy")
    for text in ("yesterday", "things", "things:", "things:x"):
        with pytest.raises(Refused, match="no cursor"):
            store.since(text, [THINGS])
