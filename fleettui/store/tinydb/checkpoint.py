"""Writing a checkpoint: finished documents to the archive first, then the new file, then the old one becomes a backup.

All of it under the collection's lock. A crash at any point leaves the old generation or the new one, both whole; a document that
already reached the archive counts once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from fleettui.store import files
from fleettui.store.tinydb import rotation as backups
from fleettui.store.tinydb import table_file as sheet
from fleettui.store.tinydb.archive import Archive, Kept
from fleettui.store.tinydb.collection import LoadedCollection
from fleettui.store.tinydb.history_index import Row

HOT_FOR = timedelta(days=14)
SMALLEST_RIVAL = 64 * 1024


def is_due(shelf: LoadedCollection[Any], now: datetime) -> bool:
    """When the journal rivals the checkpoint, so that the cost is spread; and once a day, for the backup it leaves."""
    rivals = shelf.offset > max(shelf.checkpoint_size, SMALLEST_RIVAL)
    new_day = shelf.offset > 0 and shelf.meta.at is not None and shelf.meta.at.date() != now.date()
    return rivals or new_day


def write(shelf: LoadedCollection[Any], modes: files.Modes, now: datetime) -> None:
    """The next generation, from the documents as they stand in memory."""
    leaving, rows = _leaving(shelf, now), shelf.rows()
    Archive(shelf.home, shelf.collection, modes).put(
        (month, Kept(shelf.keys[id_], shelf.documents[id_], sheet.history_in(rows, id_)))
        for id_, month in leaving.items()
    )
    meta = _successor(shelf, now)
    meta = replace(meta, follows=(shelf.meta.generation, shelf.offset), moved=tuple(leaving))
    with files.explained(shelf.path):
        files.sweep_scratch(shelf.home, shelf.path.name)
        backups.keep_generation(shelf.home, shelf.path, shelf.meta.generation, modes)
        files.write_whole(shelf.path, _encode(shelf, meta, leaving, rows), modes.file)
    shelf.let_go(leaving)
    shelf.stand_on_current(meta)
    backups.rotate(shelf.home, shelf.collection.name, meta.generation)


def replace_with(shelf: LoadedCollection[Any], modes: files.Modes, now: datetime) -> None:
    """A checkpoint that follows nothing: whoever reads the collection loads it anew."""
    meta = _successor(shelf, now)
    with files.explained(shelf.path):
        files.write_whole(shelf.path, _encode(shelf, meta, {}, shelf.rows()), modes.file)
    shelf.stand_on_current(meta)


def _successor(shelf: LoadedCollection[Any], now: datetime) -> sheet.Meta:
    return sheet.Meta(
        format=files.FORMAT,
        collection=shelf.collection.name,
        generation=shelf.meta.generation + 1,
        next=shelf.meta.next,
        at=now,
    )


def _encode(
    shelf: LoadedCollection[Any], meta: sheet.Meta, leaving: dict[str, str], rows: dict[str, Row]
) -> bytes:
    staying = {shelf.keys[id_]: doc for id_, doc in shelf.documents.items() if id_ not in leaving}
    return sheet.encode(meta, staying, (row for id_, row in rows.items() if id_ not in leaving))


def _leaving(shelf: LoadedCollection[Any], now: datetime) -> dict[str, str]:
    """What has been finished for long enough: id -> month."""
    finished = shelf.collection.finished
    leaving = {}
    for id_, document in shelf.documents.items():
        since = finished(document)
        if since is not None and now - since > HOT_FOR:
            leaving[id_] = since.strftime("%Y-%m")
    return leaving
