"""One collection in memory: the checkpoint, then the lines of the journal, then what other sessions append."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection as Several
from collections.abc import Iterable, Iterator, MutableMapping, Set
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Generic, TypeVar
from weakref import WeakMethod

import msgspec

from fleettui.documents import Document, readable
from fleettui.places import in_workspace
from fleettui.store import diff, files
from fleettui.store.protocol import Collection, Entry, RowCollection
from fleettui.store.tinydb import acknowledged, journal, rotation, slim, table_file
from fleettui.store.tinydb.acknowledged import Mark
from fleettui.store.tinydb.damage import Damaged
from fleettui.store.tinydb.history_index import HistoryIndex, Order, Row
from fleettui.store.tinydb.journal import Position
from fleettui.store.tinydb.recent import Recent
from fleettui.store.tinydb.rows_and_keys import RowsAndKeys
from fleettui.store.tinydb.table_file import Meta, TableFile, Tables

T = TypeVar("T", bound=Document)

_NO_HISTORY = b"{}"
BEFORE_EVERYTHING = datetime(1970, 1, 1, tzinfo=UTC)
Signature = tuple[int, int, int]
"""Inode, time and size: whether it is the file that was read."""


def _signature_of(stat: os.stat_result) -> Signature:
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def _meta_of_nothing(collection: Collection[Any]) -> Meta:
    return Meta(
        format=files.FORMAT, collection=collection.name, next=collection.first, latest=BEFORE_EVERYTHING
    )


class LoadedCollection(Generic[T]):
    """What this session knows of one collection. Reading needs no lock; writing is in store.py."""

    def __init__(self, home: Path, collection: Collection[T]) -> None:
        self.home, self.collection = home, collection
        self._place = in_workspace(home)  # as long as it is here, all of it is opened from there
        self.path = home / f"{collection.name}.json"
        # Asked for several times in every change.
        self._file, self._journal = self._place / self.path.name, self._place / "journal"
        self.mark = acknowledged.place_of(self._place, collection.name)
        self.documents: MutableMapping[str, T] = {}
        """Those of a collection that has rows are read when somebody asks for them."""
        self.past: dict[str, T] = {}
        """Of the archive: what was read last."""
        self.keys: dict[str, int] = {}
        self.changed: set[str] = set()
        self.meta = _meta_of_nothing(collection)
        self.offset = 0
        self.lines = 0
        """Commits in the journal since the checkpoint."""
        self.checkpoint_size = 0
        self._signature: Signature | None = None
        self.journal_inode = 0
        self._loaded = self._was_loaded = False
        self._histories, self.recent = HistoryIndex(self.path, _NO_HISTORY), Recent()
        self.beside = RowsAndKeys(collection)

    @property
    def journal_file(self) -> journal.Journal:
        return journal.of(self.home, self.collection.name, self.meta.generation, self.meta.journal)

    @property
    def version(self) -> object:
        """Another one after every change, whoever made it."""
        return self._signature, self.offset

    # -- reading

    def follow(self) -> None:
        """Take in what was written since the last call; costs what changed, not what exists."""
        with files.os_errors_about(self.path):
            if self._is_current():
                return
        before = vars(self).copy()
        try:
            with files.os_errors_about(self.path):
                self._follow()
        except Damaged as damaged:
            # Whoever reads on sees what was known last, and the next time everything is read again.
            vars(self).update(before)
            self._forget()
            raise self._with_command(damaged) from None

    def follow_anew(self) -> None:
        """Read everything again, whatever is known of it."""
        self._forget()
        self.follow()

    def _with_command(self, damaged: Damaged) -> Damaged:
        command = rotation.mend_command(self.home, self.collection)
        return Damaged(damaged.path, damaged.line, damaged.what, command)

    def _is_current(self) -> bool:
        """The usual answer, several times a second in every session on the box: it costs two questions to the system."""
        return (
            self._loaded
            and self._stat() == self._signature
            and self._journal_stat() == (self.journal_inode, self.offset)
        )

    def _follow(self) -> None:
        while True:
            # Before the files: what it says then must be in them.
            mark = acknowledged.read_at(self.mark)
            self._follow_checkpoint(mark)
            inode, size = self._journal_stat()
            if size < self.offset or (self.offset and inode != self.journal_inode):
                # Cut, or another file: whether it is damaged shows when all of it is read.
                self._forget()
                continue
            self.journal_inode = inode
            commits, place = self._read_journal(mark)
            # The journal of a generation may be removed once there is a newer checkpoint: then read that one.
            if self._stat() == self._signature:
                break
        self.apply_all(commits)
        self.offset, self.lines = place

    def _read_journal(self, mark: Mark) -> tuple[list[journal.Commit], Position]:
        if self.meta.generation == 0:
            return [], Position()
        current = self.journal_file
        with files.os_errors_about(current.path):
            confirmed = mark.of_generation(self.meta.generation)
            return current.read(Position(self.offset, self.lines), confirmed)

    def _journal_stat(self) -> tuple[int, int]:
        name = self.journal_file.path.name
        if self._journal.name != name:
            self._journal = self._place / f"journal/{name}"
        stat = self._journal.facts()
        return (stat.st_ino, stat.st_size) if stat else (0, 0)

    def _stat(self) -> Signature | None:
        stat = self._file.facts()
        return _signature_of(stat) if stat else None

    def _forget(self) -> None:
        self._signature, self._loaded = None, False

    def _follow_checkpoint(self, mark: Mark) -> None:
        signature = self._stat()
        if self._loaded and signature == self._signature:
            return
        if signature is None and self._was_there(mark):
            # Somebody may have made it since the first look.
            signature = self._stat()
            if signature is None:
                raise Damaged(self.path, 1, "the file is missing, though its journal or a backup is there")
        if signature is None:
            self._start_empty()
        elif not self._step_to_successor(signature):
            self._load()
        if self.meta.generation < mark.generation:
            raise Damaged(self.path, 1, self._is_older_than(mark))
        self._loaded = self._was_loaded = True

    def _was_there(self, mark: Mark) -> bool:
        """A journal is made before its checkpoint: the first one of all may be there without, with nothing in it."""
        name = self.collection.name
        journals = files.matching(self.home / "journal", f"{name}-*.jsonl")
        return (
            mark.generation > 0
            or any(not journal.only_begins(path) for path in journals)
            or bool(rotation.generations(self.home, name))
        )

    def _is_older_than(self, mark: Mark) -> str:
        return (
            f"this is checkpoint {self.meta.generation}, but changes after checkpoint {mark.generation} "
            "were acknowledged: an older file has taken its place"
        )

    def _start_empty(self) -> None:
        self._replace({}, {}, HistoryIndex(self.path, _NO_HISTORY))
        self.recent = Recent()
        self.meta = _meta_of_nothing(self.collection)
        self._signature, self.offset, self.lines, self.checkpoint_size = None, 0, 0, 0

    def _step_to_successor(self, signature: Signature) -> bool:
        """A new checkpoint that took in the journal we were reading has nothing new: finish that journal, then change over."""
        if not self._loaded or self._signature is None:
            return False
        begins = table_file.peek(self.path)
        meta = begins.meta
        if meta is None or meta.follows is None or meta.format > files.FORMAT:
            return False
        if _signature_of(begins.stat) != signature:
            return False  # replaced again since that look
        if meta.follows[0] != self.meta.generation:
            return False
        if self.meta.generation:
            try:
                commits, place = self.journal_file.read(Position(self.offset, self.lines), 0)
            except Damaged:
                return False  # what the new file has is known to be right
            if place.offset != meta.follows[1]:
                return False
            self.apply_all(commits)
        self.drop(meta.moved)
        self._move_to(begins, meta)
        return True

    def drop(self, ids: Several[str]) -> None:
        """They went to the archive, with their histories."""
        for id_ in ids:
            self.documents.pop(id_, None)
            self.beside.take_out(id_)
            self.keys.pop(id_, None)
            self.past.pop(id_, None)
            self.changed.add(id_)
        self._histories.forget(ids)

    def _load(self) -> None:
        if isinstance(self.collection, RowCollection) and self._load_rows(self.collection):
            return
        file = TableFile(self.path, self.collection.type)
        self.load(self.path, file.read(with_histories=False))
        self.offset, self.lines, self.checkpoint_size = 0, 0, file.stat.st_size
        self._signature = _signature_of(file.stat)

    def _load_rows(self, collection: RowCollection[T, Any]) -> bool:
        """As `_load`, without the documents, where the file has their rows."""
        there = slim.read(self.path, collection, WeakMethod(self._reading))
        if there is None:
            return False
        self.meta = there.meta
        histories = HistoryIndex(self.path, there.histories, there.meta.histories)
        self._replace(there.bodies, there.numbers, histories)
        self.beside.begin_with(there.rows)
        self.recent = Recent(self.meta.recorded)
        self.offset, self.lines, self.checkpoint_size = 0, 0, there.stat.st_size
        self._signature = _signature_of(there.stat)
        return True

    def load(self, path: Path, tables: Tables[T]) -> None:
        """Take the state from the tables of a file; `path` is what an error names."""
        rows, self.meta = tables["_default"], tables["_meta"]["1"]
        documents = {document.id: document for document in rows.values()}
        numbers = {document.id: int(key) for key, document in rows.items()}
        self._replace(documents, numbers, HistoryIndex(path, tables["history"], self.meta.histories))
        self.recent = Recent(self.meta.recorded)

    def _replace(
        self, documents: MutableMapping[str, T], keys: dict[str, int], histories: HistoryIndex
    ) -> None:
        if self._was_loaded:
            old = self.documents
            same = {id_ for id_ in documents if id_ in old and slim.is_same(old, documents, id_)}
            self.changed |= (set(old) | set(documents)) - same
            slim.keep(old, documents, same)
        self.documents, self.keys, self.past = documents, keys, {}
        self.beside = self.beside.anew()
        self._histories = histories

    def _move_to(self, begins: table_file.Beginning, meta: Meta) -> None:
        """A newer checkpoint has the same documents. All histories are read from its file from now on: those in memory would
        be more with every change, for as long as the session lasts."""
        if isinstance(self.collection, RowCollection):
            self.beside.rows(self.documents)
            self.documents = slim.moved(
                self.path, self.collection, begins, self.documents, WeakMethod(self._reading)
            )
        if begins.histories is not None:
            self._histories = self._histories.in_file(begins.histories, meta.histories)
            self.recent = Recent(meta.recorded)
        self.meta, self._signature = meta, _signature_of(begins.stat)
        self.offset, self.lines, self.journal_inode = 0, 0, 0
        self.checkpoint_size = begins.stat.st_size

    def move_to_written(self, meta: Meta, header: Position) -> None:
        """After writing it, under the lock: nobody can have replaced it since. Its journal has only the header."""
        begins = table_file.peek(self.path)
        self._move_to(begins, begins.meta or meta)
        self.journal_inode, _ = self._journal_stat()
        self.offset, self.lines = header

    # -- changes

    def apply_all(self, commits: Iterable[journal.Commit]) -> None:
        for commit in commits:
            for record in commit.records:
                self.apply(record)

    def apply(self, record: journal.Record, built: T | None = None) -> None:
        """Take in a change of this or another session. Whoever wrote it has its document `built` already."""
        entry = self.recent.shared(record.id, record.entry)
        self.past.pop(record.id, None)
        known = self.documents.get(record.id)
        if known is not None and entry.rev <= known.rev:
            return
        if entry.kind == "removed":
            self.documents.pop(record.id, None)
            self.beside.take_out(record.id)
        else:
            new = built or self._version(record, known)
            self.beside.put(record.id, new, known)
            self.documents[record.id] = new
        self.keys[record.id] = record.key
        self.meta = msgspec.structs.replace(
            self.meta,
            next=max(self.meta.next, record.key + 1),
            recorded=max(self.meta.recorded, entry.recorded),
            latest=self.meta.latest and max(self.meta.latest, entry.at),
        )
        self._histories.add(record.id, (*record.past, entry))
        self.recent.add(record.id, entry)
        self.changed.add(record.id)

    def _version(self, record: journal.Record, known: T | None) -> T:
        if record.document is not None:
            fields = dict(record.document)
        elif known is not None:
            fields = diff.apply(diff.fields_of(known), record.entry.changes)
        else:
            what = f"it changes {record.id}, which is not in the checkpoint"
            raise Damaged(self.journal_file.path, self.lines + 1, what)
        try:
            return diff.typed(self.collection.type, record.id, record.entry.rev, fields)
        except msgspec.ValidationError as error:
            raise Damaged(
                self.journal_file.path, self.lines + 1, f"document {record.id}: {readable(error)}"
            ) from None

    # -- history

    def history(self, id_: str) -> list[Entry]:
        with self._reading():
            return self._histories.history(id_)

    def histories(self, ids: Set[str] | None = None) -> dict[str, list[Entry]]:
        """Of these, or of everything that is, or was until it was removed, in the collection's file."""
        return dict(self.each_history(ids))

    def each_history(self, ids: Set[str] | None = None) -> Iterator[tuple[str, list[Entry]]]:
        """The same one after the other: most of those that were read may be let go."""
        with self._reading():
            yield from self._histories.histories(ids)

    def latest(self, limit: int, by: str | None, order: Order) -> list[tuple[str, Entry]]:
        """At least the newest entries, each with its document's id."""
        with self._reading():
            return list(self._histories.latest(limit, by, order))

    def requested(self, request_id: str) -> list[tuple[str, Entry]]:
        """The entries of a request of a script, each with its document's id."""
        with self._reading():
            return list(self._histories.requested(request_id))

    def knows(self, id_: str) -> bool:
        """Whether it is, or was until it was removed, in the collection's file: then the archive has nothing newer."""
        with self._reading():
            return id_ in self.documents or self._histories.knows(id_)

    def ids_with_history(self) -> set[str]:
        with self._reading():
            return self._histories.ids()

    def key_of(self, id_: str) -> int | None:
        """The number a document has in the file, also when it was removed."""
        with self._reading():
            return self.keys[id_] if id_ in self.keys else self._histories.key_of(id_)

    def latest_time(self) -> datetime:
        """No entry is later. A file of before does not say it: then all of them are read, once."""
        with self._reading():
            return self.meta.latest or max(self._histories.times(), default=BEFORE_EVERYTHING)

    def rows(self) -> dict[str, Row]:
        """All histories as a checkpoint keeps them."""
        with self._reading():
            return self._histories.rows(self.keys)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        """When the file that is held open was changed, the one that is there now is read next."""
        try:
            yield
        except files.ChangedUnderneath:
            self._forget()
            raise
        except Damaged as damaged:
            raise self._with_command(damaged) from None
