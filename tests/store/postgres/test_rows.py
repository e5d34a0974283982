"""Rows, words and keys beside the documents: what a session reads of them, and that they follow the documents."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace
from psycopg import sql

from fleettui.database_addresses import DatabaseAddress
from fleettui.errors import Refused
from fleettui.store.postgres import schema
from fleettui.store.postgres.store import PostgresStore
from fleettui.store.protocol import AT_HAND, Narrow, Needle, RowKind
from tests.support.postgres_server import new_schema
from tests.support.things import NOW, THINGS, Thing, ThingRow, added, row_of, setting, stamp

TABLES = ("row", "words", "keyed")


def opened(address: DatabaseAddress, login: str = "kathy") -> PostgresStore:
    return PostgresStore(address, login, lambda: NOW)


def counted(address: DatabaseAddress, table: str) -> int:
    with psycopg.connect(address.conninfo) as connection:
        row = connection.execute(
            sql.SQL("select count(*) from {}").format(sql.Identifier(address.schema, table))
        ).fetchone()
        assert row is not None
        return int(row[0])


def asked(store: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that it sends from now on."""
    statements: list[str] = []
    link = store._link
    ask = link._asked

    def noting(statement: Any, values: Any) -> Any:
        statements.append(str(statement))
        return ask(statement, values)

    monkeypatch.setattr(link, "_asked", noting)
    return statements


def test_they_go_with_their_document() -> None:
    address = new_schema()
    store = opened(address)
    thing, other = added(store, notes=("a", "b")), added(store, notes=("b",))
    assert [counted(address, table) for table in TABLES] == [2, 2, 3]
    store.change(THINGS, thing.id, lambda _: None, stamp("remove"))
    assert [counted(address, table) for table in TABLES] == [1, 1, 1]
    store.revert(THINGS, thing.id, 2, stamp("undo"))
    assert [counted(address, table) for table in TABLES] == [2, 2, 3]
    assert opened(address).keyed(THINGS, ["b"]) == thing.id != other.id


def test_opening_reads_the_rows_of_what_is_open_and_no_archived_document(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = new_schema()
    store = opened(address)
    for number in range(20):
        added(store, f"old {number}", finished=NOW - timedelta(days=400))
    here = added(store, "open")
    fresh = opened(address, "zay")
    statements = asked(fresh, monkeypatch)
    assert fresh.rows(THINGS) == [row_of(here)]
    assert len(statements) == 2, "rows, and the newest documents"
    assert fresh.get(THINGS, here.id) == here
    assert len(statements) == 2


def test_documents_are_read_together_and_the_last_ones_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    address = new_schema()
    store = opened(address)
    ids = [f"X-{number}" for number in range(1000, 1000 + AT_HAND + 50)]
    store.change_many(THINGS, {id_: _making(id_) for id_ in ids}, stamp())
    fresh = opened(address, "zay")
    statements = asked(fresh, monkeypatch)
    assert len(fresh.rows(THINGS)) == len(ids)
    before = len(statements)
    assert list(fresh.bodies(THINGS, ids)) == ids
    assert len(statements) == before + 1
    assert len(fresh.bodies(THINGS, ids[-100:])) == 100
    assert len(statements) == before + 1
    assert len(fresh._mirror(THINGS)._bodies._at_hand) == AT_HAND  # type: ignore[union-attr]


def _making(id_: str) -> Any:
    return lambda _: Thing(id=id_, title=f"the thing {id_}")


def test_a_row_of_another_version_of_fleettui_is_made_anew() -> None:
    address = new_schema()
    store = opened(address)
    thing = added(store, "open")
    old = added(store, "old", finished=NOW - timedelta(days=400))
    longer = replace(
        THINGS,
        row=RowKind(
            lambda made: replace(row_of(made), count=7), ThingRow, "2", THINGS.row.words, THINGS.row.opened
        ),
    )
    newer = opened(address, "zay")
    assert [row.count for row in newer.rows(longer)] == [7]
    assert [row.count for row in newer.select(longer, Narrow((Needle("old"),)), 9)] == [7]
    newer.change(longer, thing.id, setting(title="new"), stamp())
    store.watch()
    assert [(row.title, row.count) for row in opened(address).rows(THINGS)] == [("new", 0)]
    assert [row.id for row in store.select(THINGS, Narrow(), 9)] == [thing.id, old.id]


def test_without_the_extension_text_in_the_archive_is_refused_by_name() -> None:
    address = new_schema()
    store = opened(address)
    added(store, "old", finished=NOW - timedelta(days=400))
    with psycopg.connect(address.conninfo, autocommit=True) as connection:
        connection.execute(
            sql.SQL("drop index {}").format(sql.Identifier(address.schema, schema.WORDS_INDEX))
        )
    with pytest.raises(Refused, match="pg_trgm"):
        store.select(THINGS, Narrow((Needle("old"),)), 9)
    assert len(store.select(THINGS, Narrow(), 9)) == 1


def test_a_sign_that_the_server_cannot_keep_is_found_all_the_same() -> None:
    store = opened(new_schema())
    thing = added(store, "nul \0 here", notes=("key\0", "key"))
    assert [row.id for row in store.select(THINGS, Narrow((Needle("l \0 h"),)), 9)] == [thing.id]
    assert store.select(THINGS, Narrow((Needle("\ud800"),)), 9) == []
    assert store.keyed(THINGS, ["key\0", "key"]) == thing.id
