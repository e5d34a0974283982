"""Back to exactly what a backup has, and the changes that would be lost by it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from fleettui.documents import UNREADABLE
from fleettui.errors import Unusable
from fleettui.store import files
from fleettui.store.losses import NEWER_THAN_THE_BACKUP, Lost, in_order, lost_entry
from fleettui.store.protocol import Collection, Entry
from fleettui.store.tinydb import months, rows, table_file
from fleettui.store.tinydb.archive import Archive
from fleettui.store.tinydb.collection import LoadedCollection
from fleettui.store.tinydb.restoring import Restoring, next_meta, put_collection
from fleettui.store.tinydb.salvage import Salvage
from fleettui.store.tinydb.store import TinyDBStore
from fleettui.store.tinydb.table_file import Meta, Tables


def go_back(
    store: TinyDBStore,
    collection: Collection[Any],
    parts: Mapping[str, bytes],
    now: datetime,
    restoring: Restoring,
) -> None:
    """To exactly what a whole backup has of a collection: nothing at all, where it has nothing."""
    name = f"{collection.name}.json"
    archive = {part for part in parts if _is_archive_of(part, collection.name)}
    there = {f"archive/{path.name}" for path in Archive(store.home, collection, store.modes).months()}
    if name not in parts and files.facts_of(store.home / name) is None:
        return
    meta = Meta(format=files.FORMAT, collection=collection.name, next=collection.first)
    tables: Tables[Any] = table_file.tables_of(meta, {}, [])
    if name in parts:
        tables = table_file.decode(store.home / name, parts[name], collection.type)
    histories: dict[str, list[Entry]] = {}
    for part in archive:
        for id_, (_, row) in table_file.histories_of(Path(part), parts[part]).items():
            histories[id_] = table_file.decode_row(row).entries
    coming = {part: parts[part] for part in archive}
    written: dict[str, int] = {}
    known = months.newest_meta(store.home, collection.name)
    here = months.there(store.home, collection.name, known.months if known else None)
    for part in archive:
        month = months.month_in(Path(part))
        coming[part], written[month] = months.renumbered(parts[part], here.get(month, 0))
    replaced(store, collection, tables, histories, "the backup", now, restoring, written)
    restoring.put |= coming
    restoring.remove |= there - archive


def _is_archive_of(part: str, collection: str) -> bool:
    path = PurePosixPath(part)
    return path.parent.name == "archive" and path.name[: -len("-2026-03.json")] == collection


def replaced(
    store: TinyDBStore,
    collection: Collection[Any],
    tables: Tables[Any],
    archived: Mapping[str, list[Entry]],
    source: str,
    now: datetime,
    restoring: Restoring,
    written: dict[str, int] | None = None,
) -> None:
    """`archived`: the histories that come back with the archive. `written`: its months, where they all come from the backup."""
    encoded = table_file.decode_histories(table_file.history_json(tables))
    histories = {id_: table_file.decode_row(row).entries for id_, (_, row) in encoded.items()}
    restoring.lost += _lost(
        store, collection, {**archived, **histories}, everything=written is not None, now=now
    )
    documents = {int(key): document for key, document in tables["_default"].items()}
    if written is None:
        known = months.newest_meta(store.home, collection.name)
        written = known.months if known else None
    meta = next_meta(store.home, collection, tables["_meta"]["1"], now, written)
    put_collection(restoring, store.home, collection, table_file.tables_of(meta, documents, encoded.values()))
    restoring.done.append(f"{collection.name}: restored {len(documents)} documents from {source}.")


def _lost(
    store: TinyDBStore,
    collection: Collection[Any],
    kept: Mapping[str, list[Entry]],
    *,
    everything: bool,
    now: datetime,
) -> list[Lost]:
    """Every change that is here and not in `kept`. Of the archive only what `kept` would hide, unless that goes, too."""
    there, lost = _histories(store, collection, now)
    for id_, entries in there.items():
        known = {(entry.rev, entry.recorded, entry.at) for entry in kept.get(id_, ())}
        lost += [
            lost_entry(collection.name, id_, entry, NEWER_THAN_THE_BACKUP)
            for entry in entries
            if (entry.rev, entry.recorded, entry.at) not in known
        ]
    for path in Archive(store.home, collection, store.modes).months():
        read = rows.of_checkpoint(files.read_file(path), collection.type)
        for id_, (_, entries) in read.histories.items():
            revisions = {entry.rev for entry in (*kept.get(id_, ()), *there.get(id_, ()))}
            if everything or id_ in kept:
                lost += [
                    lost_entry(collection.name, id_, entry, NEWER_THAN_THE_BACKUP)
                    for entry in entries
                    if entry.rev not in revisions
                ]
    return in_order(lost)


def _histories(
    store: TinyDBStore, collection: Collection[Any], now: datetime
) -> tuple[dict[str, list[Entry]], list[Lost]]:
    """Of all that is in the collection's file, as far as it can be read, and what cannot."""
    loaded = LoadedCollection(store.home, collection)
    try:
        loaded.follow()
        return loaded.histories(), []
    except (Unusable, *UNREADABLE):
        rescue: Salvage[Any] = Salvage(store.home, collection, store.user, now)
        rescue.run()
        return {id_: kept.entries for id_, kept in rescue.documents.items()}, rescue.lost
