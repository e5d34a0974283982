"""A month of the archive that is missing, cut or an older copy: what can be had of it.

It begins with the newest copy of that month in a whole backup or in what a restore has put aside. What came into it since is in
the earlier checkpoints and their journals: each checkpoint says what left for the archive with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from fleettui.documents import UNREADABLE
from fleettui.errors import Unusable
from fleettui.store import files
from fleettui.store.losses import Lost
from fleettui.store.protocol import Collection
from fleettui.store.tinydb import backup, months, rotation, rows, table_file
from fleettui.store.tinydb.collection import LoadedCollection
from fleettui.store.tinydb.journal import Position
from fleettui.store.tinydb.salvage import Salvage
from fleettui.store.tinydb.table_file import Meta, TableFile


class Copy(NamedTuple):
    """A month as it was when it had been written so many times."""

    written: int
    content: bytes


class MonthRescue:
    """Of one month, into `salvage`. `lost` is what cannot be had."""

    def __init__(self, salvage: Salvage[Any], path: Path, content: bytes) -> None:
        self._salvage, self._path, self._content = salvage, path, content
        self._home, self._collection = salvage.home, salvage.collection
        self.lost: list[Lost] = []
        newest = months.newest_meta(self._home, self._collection.name)
        self._known = (newest.months if newest else None) or {}

    @property
    def meta(self) -> Meta:
        """Of the month as it is written now: once more than any that was here."""
        month, there = months.month_in(self._path), table_file.meta_of(self._path)
        before = max(self._known.get(month, 0), there.written if there else 0)
        return Meta(format=files.FORMAT, collection=self._collection.name, month=month, written=before + 1)

    def is_whole_but_for_rows(self) -> bool:
        """Whether it is the newest one and nothing was cut off: then each row that is damaged has left a trace."""
        there = table_file.meta_of(self._path)
        if there is None or not there.documents or not there.histories:
            return False
        length = self._content.find(b"\n") + 1 + there.documents[0] + there.histories[0]
        is_ours = not months.trouble(self._path, self._known.get(months.month_in(self._path), 0))
        return is_ours and len(self._content) >= length

    def run(self, parts: Mapping[str, bytes]) -> None:
        """`parts` are those of a whole backup that somebody named."""
        copy = max(self._copies(parts), key=lambda copy: copy.written, default=Copy(0, b""))
        self._take(copy.content)
        month, name = months.month_in(self._path), self._collection.name
        if copy.content and copy.written >= self._known.get(month, 0):
            return
        why = f"{self._path.name} is gone, and no backup has all of it"
        for meta in self._checkpoints():
            if meta.months is None or meta.follows is None:
                break
            if meta.months.get(month, 0) <= copy.written:
                return
            self._take_moved(meta.follows[0], meta.moved, why)
        self.lost.append(Lost(name, "", "", "", "", why))

    def _copies(self, parts: Mapping[str, bytes]) -> Iterator[Copy]:
        name = months.name_of(self._collection.name, months.month_in(self._path))
        contents = [self._content, *([parts[name]] if name in parts else [])]
        contents += backup.versions_in_whole(self._home, name)
        for folder in reversed(files.matching(rotation.folder_of(self._home), "replaced-*")):
            if files.exists(folder / name):
                contents.append(files.read_file(folder / name))
        for content in contents:
            meta = readable_month(self._path, content, self._collection)
            if meta is not None and months.is_of(meta, self._path):
                yield Copy(meta.written, content)

    def _take(self, content: bytes) -> None:
        read = rows.of_checkpoint(content, self._collection.type)
        for id_, (key, document) in read.documents.items():
            self._salvage.take_row(id_, key, document, read.histories.get(id_, (key, []))[1])

    def _checkpoints(self) -> Iterator[Meta]:
        """Newest first, each following the one behind it."""
        name = self._collection.name
        known = [self._home / f"{name}.json", *rotation.generations(self._home, name)]
        metas = {meta.generation: meta for path in known if (meta := table_file.meta_of(path))}
        generation = max(metas, default=0)
        while generation in metas:
            yield metas[generation]
            generation -= 1

    def _take_moved(self, generation: int, moved: tuple[str, ...], why: str) -> None:
        """What left for this month with a checkpoint, as it was at the end of the generation before."""
        before = rotation.path_of(self._home, self._collection.name, generation)
        month = months.month_in(self._path)
        try:
            loaded: LoadedCollection[Any] = LoadedCollection(self._home, self._collection)
            loaded.load(before, TableFile(before, self._collection.type).read())
            loaded.apply_all(loaded.journal_file.read(Position(), 0)[0])
            histories = loaded.histories(set(moved))
        except (Unusable, *UNREADABLE):
            self.lost += [
                Lost(self._collection.name, id_, "", "", "", f"{before.name} is gone, too; {why}")
                for id_ in moved
                if id_ not in self._salvage.documents
            ]
            return
        for id_ in moved:
            document = loaded.documents.get(id_)
            since = self._collection.finished(document) if document is not None else None
            if since is not None and f"{since:%Y-%m}" == month:
                self._salvage.take_row(id_, loaded.keys[id_], document, histories.get(id_, []))


def readable_month(path: Path, content: bytes, collection: Collection[Any]) -> Meta | None:
    """Its own row, where all of it can be read."""
    try:
        tables = table_file.decode(path, content, collection.type)
        for _, row in table_file.decode_histories(table_file.history_json(tables)).values():
            table_file.decode_row(row)
    except (Unusable, *UNREADABLE):
        return None
    return tables["_meta"]["1"]
