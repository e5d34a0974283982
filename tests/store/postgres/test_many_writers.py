"""Several sessions at once on one server, with and without somebody killing them or it."""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from fleettui.database_addresses import DatabaseAddress
from fleettui.errors import Unusable
from fleettui.store.postgres import schema
from fleettui.store.postgres.store import PostgresStore
from fleettui.store.postgres.writing import OutcomeUnknown
from tests.support.postgres_server import Server, new_schema, programs, remove_schema
from tests.support.processes import Child, start
from tests.support.things import NOW, THINGS, added, noting, stamp

pytestmark = pytest.mark.slow

Work = Callable[[Callable[[str], None]], None]


@pytest.fixture
def address() -> Iterator[DatabaseAddress]:
    made = new_schema()
    yield made
    remove_schema(made)


def opened(address: DatabaseAddress, user: str = "reader") -> PostgresStore:
    return PostgresStore(address, user, lambda: NOW)


def keep_noting(address: DatabaseAddress, name: str, ids: list[str], times: int) -> Work:
    """Add a note of its own to each document in turn; say which once it is acknowledged. What was refused, because nobody was
    there to answer, is done again; of what may have been done, "?" is said."""

    def work(say: Callable[[str], None]) -> None:
        store = opened(address, name)
        for turn in range(times):
            id_, note = ids[turn % len(ids)], f"{name}-{turn}"
            while True:
                try:
                    store.change(THINGS, id_, noting(note), stamp("note", name))
                except OutcomeUnknown:
                    say(f"? {id_} {note}")
                    break
                except Unusable:
                    time.sleep(0.05)
                else:
                    say(f"{id_} {note}")
                    break

    return work


def written(address: DatabaseAddress) -> Counter[str]:
    """Every note of every document, as a session that opens only now sees it; histories checked on the way."""
    store = opened(address)
    notes: Counter[str] = Counter()
    for thing in store.all(THINGS):
        history = store.history(THINGS, thing.id)
        assert [entry.rev for entry in history] == list(range(1, thing.rev + 1))
        assert (
            tuple(note for entry in history for change in entry.changes for note in change.after)
            == thing.notes
        )
        notes.update(f"{thing.id} {note}" for note in thing.notes)
    store.close()
    return notes


def numbers(address: DatabaseAddress) -> list[int]:
    """Of all commits."""
    with psycopg.connect(address.conninfo) as connection:
        table = sql.Identifier(address.schema, "change")
        rows = connection.execute(
            sql.SQL("select distinct seq from {} order by seq").format(table)
        ).fetchall()
    return [number for (number,) in rows]


def four_things(address: DatabaseAddress) -> list[str]:
    store = opened(address, "kathy")
    ids = [added(store).id for _ in range(4)]
    store.close()
    return ids


def assert_each_once(address: DatabaseAddress, children: list[Child]) -> list[str]:
    lines = [line for child in children for line in child.lines()]
    unknown = [line for line in lines if line.startswith("? ")]
    acknowledged = Counter(line for line in lines if not line.startswith("? "))
    there = written(address)
    assert set(there.values()) == {1}
    assert not acknowledged - there
    assert not there - acknowledged - Counter(line.removeprefix("? ") for line in unknown)
    return lines


def test_eight_processes_make_a_hundred_changes_each_to_the_same_documents(address: DatabaseAddress) -> None:
    ids = four_things(address)
    children = [start(keep_noting(address, f"w{number}", ids, 100)) for number in range(8)]
    lines = assert_each_once(address, children)
    assert [child.code() for child in children] == [0] * 8
    assert len(lines) == 800
    assert numbers(address) == list(range(1, 804 + 1))


def test_a_killed_writer_takes_nothing_with_it_and_stops_nobody(address: DatabaseAddress) -> None:
    ids, random_ = four_things(address), random.Random(3)
    for turn in range(6):
        killed, other = (start(keep_noting(address, f"{name}{turn}", ids, 60)) for name in "ab")
        time.sleep(random_.uniform(0.05, 0.4))
        killed.kill()
        lines = [*killed.lines(), *other.lines()]
        assert other.code() == 0
        assert not Counter(lines) - written(address)
        killed.code()
    assert numbers(address) == list(range(1, len(numbers(address)) + 1))


@pytest.fixture
def durable_server() -> Iterator[Server]:
    """In a folder into which its account may look."""
    with tempfile.TemporaryDirectory(prefix="fleettui-pg-") as folder:
        server = Server(Path(folder) / "server", programs(), durable=True)
        Path(folder).chmod(0o755)
        server.make()
        server.start()
        yield server
        server.stop("immediate")


def test_a_server_that_crashes_again_and_again_keeps_all_that_was_acknowledged_once(
    durable_server: Server,
) -> None:
    server = durable_server
    address = server.address("crashes")
    with psycopg.connect(address.conninfo, autocommit=True) as connection:
        schema.create(connection, address.schema)
    ids = four_things(address)
    children = [start(keep_noting(address, f"w{number}", ids, 300)) for number in range(4)]
    random_ = random.Random(5)
    for _ in range(5):
        time.sleep(random_.uniform(0.2, 0.8))
        server.stop("immediate")
        server.start()
    lines = assert_each_once(address, children)
    assert [child.code() for child in children] == [0] * 4
    assert len(lines) == 1200
