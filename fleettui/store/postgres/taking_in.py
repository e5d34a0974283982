"""Taking in a collection that was kept elsewhere: documents, numbers and histories as they were. Only the schema's owner may."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import msgspec
from psycopg import Cursor
from psycopg.rows import TupleRow

from fleettui.documents import Document
from fleettui.errors import Refused
from fleettui.store.postgres import rows
from fleettui.store.postgres.link import Link
from fleettui.store.protocol import Collection, Entry, Kept

T = TypeVar("T", bound=Document)

TOGETHER = 500
"""So many documents are on their way at once."""
IS_THERE = "select 1 from document where collection = %s limit 1"
CHANGES = """
copy change (collection, id, rev, seq, commit, at, by, recorded, verb, why, kind, undoes, batch, session, request, act, clock,
    signature, changes) from stdin
"""
DOCUMENTS = "copy document (collection, id, key, rev, seq, body, finished, changed) from stdin"
NUMBERED = """
with begun as (
    select id, rev, commit, at, min(recorded) over (partition by commit) as recorded from change where collection = %(collection)s
),
numbered as (
    select id, rev, dense_rank() over (order by recorded, case when recorded = 0 then at end, commit) as seq from begun
)
update change c set seq = n.seq from numbered n where c.collection = %(collection)s and (c.id, c.rev) = (n.id, n.rev)
"""
NEWEST = """
update document d set seq = (select max(c.seq) from change c where (c.collection, c.id) = (d.collection, d.id))
where d.collection = %(collection)s
"""
ROWS = "select keep_rows(%s::text, %s::text[], %s::json)"
HEAD = """
insert into head (collection, seq, next, recorded)
select %(collection)s, coalesce(max(seq), 0), %(next)s, coalesce(max(recorded), 0) from change where collection = %(collection)s
on conflict (collection) do update set seq = excluded.seq, next = excluded.next, recorded = excluded.recorded
"""


def take_in(link: Link, collection: Collection[T], kept: Iterable[Kept[T]]) -> None:
    with link.connected() as connection, connection.transaction(), connection.cursor() as cursor:
        following = collection.first
        if connection.execute(IS_THERE, (collection.name,)).fetchone():
            raise Refused(
                f"{link.address.shown}: {collection.name}: has documents of its own; nothing was taken in"
            )
        for several in _together(kept):
            _copy(cursor, collection, several)
            following = max(following, several[-1].key + 1)
        for statement in (NUMBERED, NEWEST, HEAD):
            connection.execute(statement, {"collection": collection.name, "next": following})


def _together(kept: Iterable[Kept[T]]) -> Iterator[list[Kept[T]]]:
    several: list[Kept[T]] = []
    for each in kept:
        several.append(each)
        if len(several) == TOGETHER:
            yield several
            several = []
    if several:
        yield several


def _copy(cursor: Cursor[TupleRow], collection: Collection[T], kept: list[Kept[T]]) -> None:
    histories = [each.history for each in kept]
    with cursor.copy(CHANGES) as copy:
        for each, entries in zip(kept, histories, strict=True):
            for entry in entries:
                copy.write_row(_change(collection.name, each.id, entry))
    with cursor.copy(DOCUMENTS) as copy:
        for each, entries in zip(kept, histories, strict=True):
            copy.write_row(_document(collection, each, entries))
    documents = [each.document for each in kept if each.document is not None]
    made = rows.kept(collection, documents)
    if made is not None:
        cursor.execute(ROWS, (collection.name, [document.id for document in documents], made))


def _change(collection: str, id_: str, entry: Entry) -> tuple[Any, ...]:
    together = entry.batch or f"{id_} {entry.rev}"
    commit = uuid.uuid5(uuid.NAMESPACE_OID, f"{collection} {together}")
    return (
        collection, id_, entry.rev, 0, commit, entry.at, entry.by, entry.recorded, entry.verb, entry.why, entry.kind,
        entry.undoes, entry.batch, entry.session, entry.request, entry.act, entry.clock, entry.signature,
        msgspec.json.encode(entry.changes).decode(),
    )  # fmt: skip


def _document(collection: Collection[T], kept: Kept[T], entries: list[Entry]) -> tuple[Any, ...]:
    document = kept.document
    body = None if document is None else msgspec.json.encode(document).decode()
    finished = None if document is None else collection.finished(document)
    return (
        collection.name,
        kept.id,
        kept.key,
        entries[-1].rev,
        0,
        body,
        finished,
        max(entry.made_at for entry in entries),
    )
