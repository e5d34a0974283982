"""Several sessions at once, with and without somebody killing them."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

import pytest
from tinydb import TinyDB

from fleettui.store.tinydb import checkpoint
from fleettui.store.tinydb.store import TinyDBStore
from tests.support.processes import Child, keep_noting, start
from tests.support.things import NOW, THINGS, added, new_home

pytestmark = pytest.mark.slow


def written(home: Path) -> dict[str, Counter[str]]:
    """Every note of every document, as a session that opens only now sees it; histories checked on the way."""
    store = TinyDBStore(home, "reader")
    for thing in store.all(THINGS):
        history = store.history(THINGS, thing.id)
        assert [entry.rev for entry in history] == list(range(1, thing.rev + 1))
        notes = [note for entry in history for change in entry.changes for note in change.after]
        assert tuple(notes) == thing.notes
    return {thing.id: Counter(thing.notes) for thing in store.all(THINGS)}


def assert_stock_tinydb_agrees(home: Path) -> None:
    store = TinyDBStore(home, "reader")
    store.checkpoint(THINGS, NOW)
    with TinyDB(home / "things.json") as stock:
        rows = {row["id"]: row["notes"] for row in stock.all()}
        assert len(stock.table("history")) == len(rows)
    assert rows == {thing.id: list(thing.notes) for thing in store.all(THINGS)}


def run_writers(home: Path, ids: list[str], writers: int, times: int) -> None:
    children = [start(keep_noting(home, f"w{n}", ids, times)) for n in range(writers)]
    acknowledged = [line for child in children for line in child.lines()]
    assert [child.code() for child in children] == [0] * writers
    assert len(acknowledged) == writers * times


def assert_all_there(home: Path, ids: list[str], writers: int, times: int) -> None:
    expected = {id_: Counter[str]() for id_ in ids}
    for writer in range(writers):
        for turn in range(times):
            expected[ids[turn % len(ids)]][f"w{writer}-{turn}"] += 1
    assert written(home) == expected


def test_eight_processes_make_a_hundred_changes_each_to_the_same_documents(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    store = TinyDBStore(home, "kathy")
    ids = [added(store).id for _ in range(4)]
    run_writers(home, ids, writers=8, times=100)
    assert_all_there(home, ids, writers=8, times=100)
    assert_stock_tinydb_agrees(home)


def test_checkpoints_between_the_changes_lose_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "SMALLEST_FOLDED", 1_500)
    monkeypatch.setattr(checkpoint, "is_due", lambda loaded, now: loaded.offset > 1_500)
    home = new_home(tmp_path)
    store = TinyDBStore(home, "kathy")
    ids = [added(store).id for _ in range(3)]
    run_writers(home, ids, writers=8, times=60)
    assert_all_there(home, ids, writers=8, times=60)
    assert_stock_tinydb_agrees(home)
    store.watch()
    assert {thing.id: Counter(thing.notes) for thing in store.all(THINGS)} == written(home)


def kill_at_random(home: Path, ids: list[str], kills: int, seed: int) -> None:
    """Four writers at work; one after the other is shot, and replaced by a new one."""
    dice = random.Random(seed)
    acknowledged: list[str] = []
    running: list[Child] = []
    for number in range(kills + 4):
        running.append(start(keep_noting(home, f"k{number}", ids, 100_000)))
        if len(running) < 4:
            continue
        time.sleep(dice.uniform(0.0, 0.03))
        victim = running.pop(dice.randrange(len(running)))
        victim.kill()
        acknowledged += victim.lines()
        assert victim.code() < 0
    for child in running:
        child.kill()
        acknowledged += child.lines()
        child.code()
    notes_by_id = written(home)
    assert len(acknowledged) > kills
    for line in acknowledged:
        id_, note = line.split()
        assert notes_by_id[id_][note] == 1, f"{note} was acknowledged and is not there once"
    assert all(count == 1 for notes in notes_by_id.values() for count in notes.values())


@pytest.mark.parametrize("checkpoint_bytes", [4_000, 64_000])
def test_killing_writers_loses_nothing_that_was_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, checkpoint_bytes: int
) -> None:
    """Small checkpoints put the kills in the middle of those too."""
    monkeypatch.setattr(checkpoint, "is_due", lambda loaded, now: loaded.offset > checkpoint_bytes)
    home = new_home(tmp_path)
    store = TinyDBStore(home, "kathy")
    ids = [added(store).id for _ in range(3)]
    kill_at_random(home, ids, kills=110, seed=checkpoint_bytes)
    # No lock outlives its holder, no scratch file its next writer.
    store.checkpoint(THINGS, NOW)
    assert not list(home.glob("*.scratch-*"))
    assert_stock_tinydb_agrees(home)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(10))
def test_killing_writers_for_a_long_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    limit = 2_000 * (seed + 1)
    monkeypatch.setattr(checkpoint, "is_due", lambda loaded, now: loaded.offset > limit)
    home = new_home(tmp_path)
    store = TinyDBStore(home, "kathy")
    ids = [added(store).id for _ in range(5)]
    kill_at_random(home, ids, kills=400, seed=seed)
    assert_stock_tinydb_agrees(home)


@pytest.mark.torture
def test_eight_processes_make_two_thousand_changes_each(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    store = TinyDBStore(home, "kathy")
    ids = [added(store).id for _ in range(20)]
    run_writers(home, ids, writers=8, times=2_000)
    assert_all_there(home, ids, writers=8, times=2_000)
    assert_stock_tinydb_agrees(home)
