"""One collection in memory: the checkpoint, then the journal's lines, then whatever other sessions append."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection as Several
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from fleettui.documents import Document
from fleettui.store import diff, files
from fleettui.store.protocol import Collection, Entry
from fleettui.store.tinydb import journal, rotation, table_file
from fleettui.store.tinydb.history_index import HistoryIndex, Row

T = TypeVar("T", bound=Document)

_NO_HISTORY = b"{}"
LONGEST_HEAD = 1 << 22
Signature = tuple[int, int, int]


class LoadedCollection(Generic[T]):
    """The state of one collection as this session knows it. Reading needs no lock; writing is in tinydb_store.py."""

    def __init__(self, home: Path, collection: Collection[T]) -> None:
        self.home, self.collection = home, collection
        self.path = home / f"{collection.name}.json"
        self.documents: dict[str, T] = {}
        self.keys: dict[str, int] = {}
        self.changed: set[str] = set()
        self.meta = table_file.Meta(format=files.FORMAT, collection=collection.name, next=collection.first)
        self.offset = 0
        self.checkpoint_size = 0
        self._signature: Signature | None = None
        self._loaded = False
        self._past = HistoryIndex(self.path, _NO_HISTORY)

    @property
    def journal_path(self) -> Path:
        return journal.path_of(self.home, self.collection.name, self.meta.generation)

    # -- reading

    def follow(self) -> None:
        """Take in what was written since the last call; costs what changed, not what exists."""
        try:
            with files.explained(self.path):
                if not self._is_current():
                    self._follow()
        except table_file.Damaged as found:
            raise self._with_mend(found) from None

    def _with_mend(self, found: table_file.Damaged) -> table_file.Damaged:
        mend = rotation.mend_of(self.home, self.collection)
        return table_file.Damaged(found.path, found.line, found.what, mend)

    def _is_current(self) -> bool:
        """What nearly every look finds, several times a second, in every session on the box: two questions to the system."""
        return self._loaded and self._stat() == self._signature and self._journal_size() == self.offset

    def _follow(self) -> None:
        while True:
            self._follow_checkpoint()
            commits, end = self._read_journal()
            # The journal of a generation may be swept once its successor stands: then there is a newer checkpoint.
            if end >= self.offset and self._stat() == self._signature:
                break
            if end < self.offset:
                self._forget()
        for commit in commits:
            for record in commit.records:
                self.take_in(record)
        self.offset = end

    def _read_journal(self) -> tuple[list[journal.Commit], int]:
        size = self._journal_size()
        if size <= self.offset:
            return [], size
        path = self.journal_path
        with files.explained(path):
            return journal.read(path, self.offset)

    def _journal_size(self) -> int:
        found = files.facts_of(self.journal_path)
        return found.st_size if found else 0

    def _stat(self) -> Signature | None:
        found = files.facts_of(self.path)
        return (found.st_ino, found.st_mtime_ns, found.st_size) if found else None

    def _forget(self) -> None:
        self._signature, self._loaded = None, False

    def _follow_checkpoint(self) -> None:
        signature = self._stat()
        if self._loaded and signature == self._signature:
            return
        if signature is None:
            self._start_empty()
        elif not self._step_to_successor(signature):
            self._load()
        self._loaded = True

    def _start_empty(self) -> None:
        if next((self.home / "journal").glob(f"{self.collection.name}-*.jsonl"), None):
            raise table_file.Damaged(self.path, 1, "the file is missing, though its journal is there")
        self._replace({}, {}, HistoryIndex(self.path, _NO_HISTORY))
        self.meta = table_file.Meta(
            format=files.FORMAT, collection=self.collection.name, next=self.collection.first
        )
        self._signature, self.offset, self.checkpoint_size = None, 0, 0

    def _step_to_successor(self, signature: Signature) -> bool:
        """A new checkpoint that grew out of the journal we were reading says nothing new: finish that journal, move over."""
        if not self._loaded or self._signature is None:
            return False
        meta = table_file.peek_meta(self._first_line())
        if meta is None or meta.follows is None or meta.format > files.FORMAT:
            return False
        if meta.follows[0] != self.meta.generation:
            return False
        commits, end = journal.read(self.journal_path, self.offset)
        if end != meta.follows[1]:
            return False
        for commit in commits:
            for record in commit.records:
                self.take_in(record)
        self.let_go(meta.moved)
        self.stand_on(meta, signature)
        return True

    def let_go(self, moved: Several[str]) -> None:
        """These went to the archive, with their histories."""
        for id_ in moved:
            self.documents.pop(id_, None)
            self.keys.pop(id_, None)
            self.changed.add(id_)
        self._past.forget(moved)

    def _first_line(self) -> bytes:
        with files.explained(self.path), open(files.open_file(self.path, os.O_RDONLY, 0), "rb") as file:
            return file.readline(LONGEST_HEAD)

    def _load(self) -> None:
        with files.explained(self.path):
            descriptor = files.open_file(self.path, os.O_RDONLY, 0)
            with open(descriptor, "rb") as file:
                found = os.fstat(descriptor)
                content = file.read()
                self.read(self.path, content, descriptor)
        self.offset, self.checkpoint_size = 0, found.st_size
        self._signature = found.st_ino, found.st_mtime_ns, found.st_size

    def read(self, path: Path, content: bytes, descriptor: int | None = None) -> None:
        """Take the state from a file's content; `path` is what an error names. Of an open file the histories are left where
        they are."""
        read = table_file.decode(path, content, self.collection.type)
        table = bytes(read.history)
        past = HistoryIndex(path, table)
        if descriptor is not None:
            past = HistoryIndex(path, files.FileSlice(path, descriptor, content.rfind(table), len(table)))
        self._replace(
            {document.id: document for document in read.documents.values()},
            {document.id: int(key) for key, document in read.documents.items()},
            past,
        )
        self.meta = read.meta.row

    def _replace(self, documents: dict[str, T], keys: dict[str, int], past: HistoryIndex) -> None:
        if self._loaded:
            old = self.documents
            self.changed |= {
                id_ for id_ in old.keys() | documents.keys() if old.get(id_) != documents.get(id_)
            }
        self.documents, self.keys = documents, keys
        self._past = past

    def stand_on(self, meta: table_file.Meta, signature: Signature) -> None:
        """The same documents, now on a newer checkpoint. Their recent entries stay in memory until they are read from it."""
        self.meta, self._signature, self.offset = meta, signature, 0
        self.checkpoint_size = signature[2]

    def stand_on_current(self, meta: table_file.Meta) -> None:
        """After writing it, under the lock: nobody can have replaced it since."""
        found = self.path.lstat()
        self.stand_on(meta, (found.st_ino, found.st_mtime_ns, found.st_size))

    # -- taking in a change record, our own or another session's

    def take_in(self, record: journal.Record, built: T | None = None) -> None:
        """`built` spares the writer of the record to build its document a second time."""
        entry = record.entry
        known = self.documents.get(record.id)
        if known is not None and entry.rev <= known.rev:
            return
        if entry.kind == "removed":
            self.documents.pop(record.id, None)
        else:
            self.documents[record.id] = built or self._version(record, known)
        self.keys[record.id] = record.key
        self.meta = msgspec.structs.replace(self.meta, next=max(self.meta.next, record.key + 1))
        self._past.add(record.id, (*record.past, entry))
        self.changed.add(record.id)

    def _version(self, record: journal.Record, known: T | None) -> T:
        if record.document is not None:
            fields = dict(record.document)
        elif known is not None:
            fields = diff.apply(diff.fields_of(known), record.entry.changes)
        else:
            raise table_file.Damaged(
                self.journal_path, 1, f"it changes {record.id}, which is not in the checkpoint"
            )
        try:
            return self.build(record.id, record.entry.rev, fields)
        except msgspec.ValidationError as error:
            raise table_file.Damaged(
                self.journal_path, 1, f"document {record.id}: {table_file.readable(error)}"
            ) from None

    def build(self, id_: str, rev: int, fields: diff.Fields) -> T:
        """Typed again from plain fields; a wrong type is a msgspec.ValidationError."""
        return msgspec.convert({**fields, "id": id_, "rev": rev}, self.collection.type)

    # -- history

    def history(self, id_: str) -> list[Entry]:
        with self._asking():
            return self._past.history(id_)

    def histories(self, ids: Set[str] | None = None) -> dict[str, list[Entry]]:
        """Of these, or of everything that is, or was until it was removed, in the hot file."""
        with self._asking():
            return dict(self._past.histories(ids))

    def latest(self, limit: int, by: str | None) -> list[tuple[str, Entry]]:
        """At least the newest entries, each with its document's id."""
        with self._asking():
            return list(self._past.latest(limit, by))

    def knows(self, id_: str) -> bool:
        """Whether it is, or was until it was removed, in the hot file: then the archive has nothing newer."""
        with self._asking():
            return id_ in self.documents or self._past.knows(id_)

    def ids_with_history(self) -> set[str]:
        with self._asking():
            return self._past.ids()

    def key_of(self, id_: str) -> int | None:
        """The number a document has in the file, also when it was removed."""
        with self._asking():
            return self.keys[id_] if id_ in self.keys else self._past.key_of(id_)

    def rows(self) -> dict[str, Row]:
        """All histories as a checkpoint keeps them."""
        with self._asking():
            return self._past.rows(self.keys)

    @contextlib.contextmanager
    def _asking(self) -> Iterator[None]:
        """What goes wrong with the file that is held open ends with reading the one that stands there now."""
        try:
            yield
        except files.ChangedUnderneath:
            self._forget()
            raise
        except table_file.Damaged as found:
            raise self._with_mend(found) from None
