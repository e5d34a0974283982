"""The rows of a collection, whether its file keeps them or not."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, MutableMapping
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from fleettui.documents import UNREADABLE, Document
from fleettui.errors import Unusable
from fleettui.store import files, sums
from fleettui.store.files import FileSlice
from fleettui.store.protocol import Collection, RowCollection
from fleettui.store.tinydb import columns, table_file
from fleettui.store.tinydb.bodies import Bodies, Guard
from fleettui.store.tinydb.columns import Columns
from fleettui.store.tinydb.table_file import Meta, RowsOf

T = TypeVar("T", bound=Document)
R = TypeVar("R")


class SlimFile(NamedTuple, Generic[T, R]):
    """A checkpoint of which only the rows were read."""

    stat: os.stat_result
    meta: Meta
    rows: dict[str, R]
    bodies: Bodies[T]
    numbers: dict[str, int]
    histories: FileSlice


def read(path: Path, collection: RowCollection[T, R], guard: Guard) -> SlimFile[T, R] | None:
    """None where all of it has to be read: it has no rows, or those of another version of fleettui, or is not to the letter what
    was written. Its sums are looked at here, as they are where all of it is read."""
    try:
        begins = table_file.peek(path)
        if begins.meta is None or begins.meta.format > files.FORMAT:
            return None
        there = _read(path, collection, begins, begins.meta)
    except (*UNREADABLE, KeyError, IndexError, files.ChangedUnderneath):
        return None
    if there is not None:
        there.bodies.guard = guard
    return there


def _read(
    path: Path, collection: RowCollection[T, R], begins: table_file.Beginning, meta: Meta
) -> SlimFile[T, R] | None:
    documents, histories = begins.documents, begins.histories
    if documents is None or histories is None or meta.documents is None:
        return None
    if documents.start + documents.length + histories.length + len(b"}\n") != begins.stat.st_size:
        return None
    if sums.of_pieces(documents.in_pieces()) != meta.documents[1]:
        return None
    there = _columns(collection, begins)
    if there is None:
        return None
    rows = {row.id: row for row in there.rows(collection.row.type)}  # type: ignore[attr-defined]
    numbers = dict(zip(rows, there.own("number"), strict=True))
    return SlimFile(
        begins.stat, meta, rows, _bodies(path, collection, begins, there, rows), numbers, histories
    )


def _columns(collection: RowCollection[T, R], begins: table_file.Beginning) -> Columns | None:
    if begins.meta is None or begins.meta.rows is None or begins.documents is None:
        return None
    there = Columns(begins.documents.read(*begins.meta.rows))
    return there if there.version == version_of(collection) else None


def _bodies(
    path: Path,
    collection: RowCollection[T, R],
    begins: table_file.Beginning,
    there: Columns,
    ids: Iterable[str],
) -> Bodies[T]:
    file, meta = begins.documents, begins.meta
    assert file is not None and meta is not None and meta.rows is not None, "it has columns"  # noqa: S101
    place = meta.rows
    return Bodies(path, collection, ids, there, file, lambda: Columns(file.read(*place)))


def moved(
    path: Path,
    collection: RowCollection[T, R],
    begins: table_file.Beginning,
    known: MutableMapping[str, T],
    guard: Guard,
) -> MutableMapping[str, T]:
    """The documents that are `known`, in the file that has just taken them in: so an older one need not stay open, nor what was
    changed since in memory. What is known, where they are not to be found there."""
    try:
        there = _columns(collection, begins)
        ids = [] if there is None else there.ids()
        if there is None or set(ids) != set(known):
            return known
        bodies = _bodies(path, collection, begins, there, ids)
    except (*UNREADABLE, KeyError, IndexError, files.ChangedUnderneath):
        return known
    bodies.take_over(known.at_hand() if isinstance(known, Bodies) else known)
    bodies.guard = guard
    return bodies


def version_of(collection: RowCollection[Any, Any]) -> str:
    """Rows of another one are made anew. A document with a field that this fleettui does not know is refused by whoever reads
    all of them."""
    kind, type_ = collection.row, collection.type
    fields = (*kind.type.__struct_fields__, "", *type_.__struct_fields__)
    return f"{kind.version} {sums.of(' '.join(fields).encode())}"


def table_of(collection: RowCollection[T, R], rows: Mapping[str, R], documents: Mapping[str, T]) -> RowsOf:
    """What a checkpoint keeps of the documents that have these rows, in their order."""
    finished, keys = finished_in(collection, documents), keys_in(collection, documents)

    def table(encoded: Mapping[str, bytes]) -> bytes:
        own: dict[str, list[Any]] = {
            "number": list(map(int, encoded)),
            "length": list(map(len, encoded.values())),
            "sum": list(map(sums.number_of, encoded.values())),
            "finished": [finished.get(id_) for id_ in rows],
            "keys": [tuple(keys[id_]) for id_ in rows],
        }
        return columns.encode(version_of(collection), list(rows.values()), own)

    return table


def encoded_in(documents: Mapping[str, T], ids: Iterable[str]) -> Mapping[str, Any]:
    """Documents to be written, without decoding those that stand in a file."""
    return documents.encoded(ids) if isinstance(documents, Bodies) else {id_: documents[id_] for id_ in ids}


def finished_in(collection: Collection[T], documents: Mapping[str, T]) -> Mapping[str, datetime | None]:
    """Since when those are finished that are so; the others may be left out."""
    if isinstance(documents, Bodies):
        return documents.finished()
    return {id_: collection.finished(document) for id_, document in documents.items()}


def keys_in(collection: Collection[T], documents: Mapping[str, T]) -> dict[str, Iterable[str]]:
    if isinstance(documents, Bodies):
        return dict(documents.keys_of_all())
    return {id_: collection.keys(document) for id_, document in documents.items()}


def several_in(documents: Mapping[str, T], ids: Iterable[str]) -> dict[str, T]:
    """Those that are there, read together."""
    if isinstance(documents, Bodies):
        return documents.several(ids)
    return {id_: documents[id_] for id_ in ids if id_ in documents}


def rows_of(collection: RowCollection[T, R], documents: Mapping[str, T]) -> dict[str, R]:
    """Of a file that has none."""
    return {id_: collection.row.of(document) for id_, document in documents.items()}


def is_same(old: Mapping[str, T], new: Mapping[str, T], id_: str) -> bool:
    """Whether what was read anew of a document is what was known of it."""
    if isinstance(old, Bodies) and isinstance(new, Bodies) and old.is_same(id_, new):
        return True
    try:
        return old.get(id_) == new.get(id_)
    except Unusable:
        return False  # what was known can be read no more


def keep(old: Mapping[str, T], new: MutableMapping[str, T], same: Iterable[str]) -> None:
    """The same objects for what was read anew and is the same."""
    at_hand = old.at_hand() if isinstance(old, Bodies) else old
    kept = {id_: at_hand[id_] for id_ in same if id_ in at_hand}
    if isinstance(new, Bodies):
        new.take_over(kept)
    else:
        new.update(kept)
