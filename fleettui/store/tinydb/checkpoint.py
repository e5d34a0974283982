"""Writing a checkpoint: finished documents to the archive first, then the new file, then the old one becomes a backup.

What is finished in a collection that is forgotten goes nowhere.

All of it under the collection's lock. A crash at any point leaves the old generation or the new one, each complete; a document
that already reached the archive counts once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from fleettui.store import files
from fleettui.store.protocol import UNARCHIVED_FOR, RowCollection
from fleettui.store.tinydb import acknowledged, journal, rotation, slim
from fleettui.store.tinydb.acknowledged import Mark
from fleettui.store.tinydb.archive import Archive, Archived
from fleettui.store.tinydb.collection import LoadedCollection
from fleettui.store.tinydb.history_index import Row
from fleettui.store.tinydb.table_file import Meta, RowsOf, TableFile, decode_row, history_in, tables_of

ONE_DAY = timedelta(days=1)
SMALLEST_FOLDED = 64 * 1024
"""A journal shorter than this is only folded in because of a new day."""


def is_due(loaded: LoadedCollection[Any], now: datetime) -> bool:
    """When the journal is as long as the checkpoint, so that the cost is spread; and once a day, for the backup it leaves."""
    is_long = loaded.offset > max(loaded.checkpoint_size, SMALLEST_FOLDED)
    new_day = loaded.lines > 0 and loaded.meta.at is not None and loaded.meta.at.date() != now.date()
    return is_long or new_day


def keeps_all_since(loaded: LoadedCollection[Any], day: date | None) -> bool:
    """Whether nothing that was finished on that day, or later, is in the archive yet. A day of slack is for time zones."""
    written = _latest(loaded)
    return day is not None and (written is None or day > (written - UNARCHIVED_FOR).date() + ONE_DAY)


def whole_since(loaded: LoadedCollection[Any]) -> datetime | None:
    """Nothing that was changed later is in the archive. None where nothing can be there yet."""
    written = _latest(loaded)
    return written - UNARCHIVED_FOR if written and not loaded.collection.forgotten else None


def write(loaded: LoadedCollection[Any], modes: files.Modes, now: datetime) -> None:
    """The next generation, from the documents in memory."""
    from fleettui.store.tinydb import months  # late: hardly any command writes one

    rows = loaded.rows()
    leaving = _leaving(loaded, rows, now)
    if not loaded.collection.forgotten:
        Archive(loaded.home, loaded.collection, modes).put(
            (month, Archived(loaded.keys[id_], loaded.documents[id_], history_in(rows, id_)))
            for id_, month in leaving.items()
        )
    meta = _successor(loaded, now)
    meta = replace(
        meta,
        follows=(loaded.meta.generation, loaded.offset),
        moved=tuple(leaving),
        months=months.there(loaded.home, loaded.collection.name, loaded.meta.months),
    )
    with files.os_errors_about(loaded.path):
        rotation.keep_generation(loaded.home, loaded.path, loaded.meta.generation, modes)
    _begin_generation(loaded, meta, leaving, rows, modes)
    rotation.rotate(loaded.home, loaded.collection.name, meta.generation)


def _begin_generation(
    loaded: LoadedCollection[Any],
    meta: Meta,
    leaving: dict[str, str],
    rows: dict[str, Row],
    modes: files.Modes,
) -> None:
    """The journal comes first: a checkpoint without the journal that it names is damage, a journal alone is nobody's. The mark
    comes last: it never says more than what is there."""
    name = loaded.collection.name
    coming = journal.of(loaded.home, name, meta.generation, meta.journal)
    header = coming.begin(modes, begins=not rows and loaded.meta.generation == 0)
    encoded = slim.encoded_in(loaded.documents, [id_ for id_ in loaded.documents if id_ not in leaving])
    staying = {loaded.keys[id_]: document for id_, document in encoded.items()}
    tables = tables_of(meta, staying, (row for id_, row in rows.items() if id_ not in leaving))
    TableFile(loaded.path, loaded.collection.type, modes.file).write(tables, _rows_of(loaded, encoded))
    loaded.drop(leaving)
    loaded.move_to_written(meta, header)
    acknowledged.write(loaded.home, name, Mark(meta.generation, header.offset), modes.file)


def _rows_of(loaded: LoadedCollection[Any], ids: Iterable[str]) -> RowsOf | None:
    collection = loaded.collection
    if not isinstance(collection, RowCollection):
        return None
    known = loaded.beside.rows(loaded.documents)
    return slim.table_of(collection, {id_: known[id_] for id_ in ids}, loaded.documents)


def _latest(loaded: LoadedCollection[Any]) -> datetime | None:
    return loaded.meta.ahead or loaded.meta.at


def _successor(loaded: LoadedCollection[Any], now: datetime) -> Meta:
    before = _latest(loaded)
    return Meta(
        format=files.FORMAT,
        collection=loaded.collection.name,
        generation=loaded.meta.generation + 1,
        next=loaded.meta.next,
        at=now,
        ahead=before if before is not None and before > now else None,
        recorded=loaded.meta.recorded,
        latest=loaded.latest_time(),
        journal=journal.new_token(),
    )


def _leaving(loaded: LoadedCollection[Any], rows: dict[str, Row], now: datetime) -> dict[str, str]:
    """What has been finished for long enough, and was not touched since: id -> month. A note on what was finished long ago is
    news as any other change is, so it brings the document back for as long."""
    leaving = {}
    for id_, since in slim.finished_in(loaded.collection, loaded.documents).items():
        if since is None or now - since <= UNARCHIVED_FOR:
            continue
        if loaded.collection.forgotten or not _was_touched(history_in(rows, id_), now):
            leaving[id_] = since.strftime("%Y-%m")
    return leaving


def _was_touched(row: bytes, now: datetime) -> bool:
    entries = decode_row(row).entries
    return bool(entries) and now - entries[-1].made_at <= UNARCHIVED_FOR
