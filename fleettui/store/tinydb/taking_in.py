"""Taking in a collection that was kept elsewhere: documents, numbers and histories as they were."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

import msgspec

from fleettui.documents import Document
from fleettui.errors import Refused
from fleettui.store import files
from fleettui.store.protocol import Kept
from fleettui.store.tinydb import checkpoint, table_file
from fleettui.store.tinydb.collection import LoadedCollection

T = TypeVar("T", bound=Document)


def take_in(loaded: LoadedCollection[T], kept: Iterable[Kept[T]], modes: files.Modes, now: datetime) -> None:
    """For whoever has the lock. The first checkpoint brings to the archive what belongs there."""
    if loaded.ids_with_history():
        raise Refused(f"{loaded.path}: has documents of its own; nothing was taken in")
    documents: dict[int, T] = {}
    rows: list[tuple[int, bytes]] = []
    meta = loaded.meta
    for each in kept:
        entries = each.history
        rows.append((each.key, msgspec.json.encode(table_file.HistoryRow(each.id, entries))))
        if each.document is not None:
            documents[each.key] = each.document
        times = [entry.at for entry in entries]
        meta = msgspec.structs.replace(
            meta,
            next=max(meta.next, each.key + 1),
            recorded=max([meta.recorded, *(entry.recorded for entry in entries)]),
            latest=max([meta.latest, *times] if meta.latest else times, default=meta.latest),
        )
    loaded.load(loaded.path, table_file.tables_of(meta, documents, rows))
    checkpoint.write(loaded, modes, now)
