"""What happened, the archive included: only where somebody looks so far back, because years of work are read for it."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence, Set
from functools import partial
from typing import Any, Protocol, TypeVar

from fleettui.documents import Document
from fleettui.store.protocol import Collection, Entry, Happening, Kept, keep_at_hand, never_finished
from fleettui.store.tinydb import checkpoint, history_index, slim, table_file
from fleettui.store.tinydb.archive import Archive, Archived
from fleettui.store.tinydb.collection import LoadedCollection

T = TypeVar("T", bound=Document)
Searched = tuple[LoadedCollection[Any], Archive[Any]]


def latest(
    searched: Sequence[Searched], limit: int, by: str | None, *, as_recorded: bool, archived: bool
) -> list[Happening]:
    """Newest first. Reading an archive costs what years of work cost, so it is only read for what can be among them."""
    order = history_index.as_recorded if as_recorded else history_index.by_time

    def newest(happenings: Iterator[Happening]) -> list[Happening]:
        return heapq.nlargest(limit, happenings, key=lambda happening: order(happening.entry))

    unarchived = newest(_unarchived(searched, limit, by, order))
    if not archived:
        return unarchived
    wanted = [(loaded, archive) for loaded, archive in searched if _may_have_newer(loaded, unarchived, limit)]
    return newest(iter([*unarchived, *_archived(wanted, by)])) if wanted else unarchived


def _unarchived(
    searched: Sequence[Searched], limit: int, by: str | None, order: history_index.Order
) -> Iterator[Happening]:
    for loaded, _ in searched:
        for id_, entry in loaded.latest(limit, by, order):
            yield _happening(loaded, id_, entry)


def _may_have_newer(loaded: LoadedCollection[Any], happenings: Sequence[Happening], limit: int) -> bool:
    """Whether the archive of the collection may have something that belongs among these."""
    since = checkpoint.whole_since(loaded)
    return since is not None and (len(happenings) < limit or happenings[-1].entry.at < since)


def _archived(searched: Sequence[Searched], by: str | None) -> Iterator[Happening]:
    for loaded, archive in searched:
        known = loaded.ids_with_history()
        for id_, old in archive.all().items():
            if id_ not in known:
                yield from (_happening(loaded, id_, entry) for entry in old.history if by in (None, entry.by))


def archived(loaded: LoadedCollection[T], archive: Archive[T], id_: str) -> Archived[T] | None:
    """One document that is nowhere else."""
    return None if loaded.collection.forgotten or loaded.knows(id_) else archive.find(id_)


class Documents(Protocol[T]):
    """The archive itself, or what a session knows of it."""

    def documents(self, ids: Set[str]) -> dict[str, T]:
        """Those of them that are there."""


def documents(loaded: LoadedCollection[T], archive: Documents[T], ids: Set[str]) -> dict[str, T]:
    """Of many documents those that are there."""
    here = slim.several_in(loaded.documents, ids)
    here |= {id_: loaded.past[id_] for id_ in ids - here.keys() if id_ in loaded.past}
    missing = {id_ for id_ in ids - here.keys() if not loaded.knows(id_)}
    if not missing or loaded.collection.forgotten:
        return here
    read = archive.documents(missing)
    keep_at_hand(loaded.past, read.values())
    return {**here, **read}


def find_history(searched: Sequence[Searched], id_: str) -> tuple[Collection[Any], list[Entry]] | None:
    """What is in memory is looked at first, and archives last: those of the collection that gives such ids before the others."""
    loaded = next((loaded for loaded, _ in searched if id_ in loaded.documents), None)
    loaded = loaded or next((loaded for loaded, _ in searched if loaded.knows(id_)), None)
    if loaded is not None:
        return loaded.collection, loaded.history(id_)
    prefix, _, _ = id_.partition("-")
    for loaded, archive in sorted(searched, key=lambda pair: pair[0].collection.prefix != prefix):
        archived = None if loaded.collection.finished is never_finished else archive.find(id_)
        if archived is not None:
            return loaded.collection, archived.history
    return None


def everything(loaded: LoadedCollection[T], archive: Archive[T]) -> Iterator[Kept[T]]:
    documents, rows = slim.several_in(loaded.documents, loaded.documents), loaded.rows()
    kept = [
        Kept(number, id_, documents.get(id_), partial(_entries, loaded, row))
        for id_, (number, row) in rows.items()
    ]
    archived = {} if loaded.collection.forgotten else archive.all()
    kept += [
        Kept(old.key, id_, old.document, partial(getattr, old, "history"))
        for id_, old in archived.items()
        if id_ not in rows
    ]
    return iter(sorted(kept, key=lambda each: each.key))


def _entries(loaded: LoadedCollection[Any], row: bytes) -> list[Entry]:
    with table_file.damage_named(loaded.path):
        return table_file.decode_row(row).entries


def changed_with(
    target: Entry, loaded: LoadedCollection[Any], archive: Archive[Any]
) -> Iterator[tuple[str, list[Entry]]]:
    """The histories among which are those of all that was changed in one commit with it. One part of it may be in the archive,
    and another one back from there."""
    unarchived, since = loaded.histories(), checkpoint.whole_since(loaded)
    yield from unarchived.items()
    if since is not None and target.at <= since:
        for id_, entries in archive.histories_naming(target.batch).items():
            if id_ not in unarchived:
                yield id_, entries


def _happening(loaded: LoadedCollection[Any], id_: str, entry: Entry) -> Happening:
    return Happening(loaded.collection.name, id_, entry)
