"""One collection in memory: the checkpoint, then the journal's lines, then whatever other sessions append."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from fleettui.documents import Document
from fleettui.store import backups, difference, files, journal, sheet
from fleettui.store.protocol import Collection, Entry

T = TypeVar("T", bound=Document)

_EMPTY_HISTORY = b"{}"
LONGEST_HEAD = 1 << 22
Signature = tuple[int, int, int]


class Shelf(Generic[T]):
    """The state of one collection as this session knows it. Reading needs no lock; writing is in tinydb_store.py."""

    def __init__(self, home: Path, collection: Collection[T]) -> None:
        self.home, self.collection = home, collection
        self.path = home / f"{collection.name}.json"
        self.documents: dict[str, T] = {}
        self.keys: dict[str, int] = {}
        self.changed: set[str] = set()
        self.meta = sheet.Meta(format=sheet.FORMAT, collection=collection.name, next=collection.first)
        self.offset = 0
        self.checkpoint_size = 0
        self._signature: Signature | None = None
        self._loaded = False
        self._recent: dict[str, list[Entry]] = {}
        self._past: dict[str, tuple[int, bytes]] | None = {}
        self._past_table: bytes | msgspec.Raw = _EMPTY_HISTORY

    @property
    def journal_path(self) -> Path:
        return journal.path_of(self.home, self.collection.name, self.meta.generation)

    # -- reading

    def follow(self) -> None:
        """Take in what was written since the last call; costs what changed, not what exists."""
        try:
            with files.explained(self.path):
                self._follow()
        except sheet.Damaged as found:
            mend = backups.mend_of(self.home, self.collection)
            raise sheet.Damaged(found.path, found.line, found.what, mend) from None

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
        path = self.journal_path
        try:
            size = path.lstat().st_size
        except FileNotFoundError:
            return [], 0
        if size == self.offset:
            return [], size
        if size < self.offset:
            return [], size
        with files.explained(path):
            return journal.read(path, self.offset)

    def _stat(self) -> Signature | None:
        try:
            found = self.path.lstat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

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
            raise sheet.Damaged(self.path, 1, "the file is missing, though its journal is there")
        self._replace({}, {}, _EMPTY_HISTORY)
        self.meta = sheet.Meta(
            format=sheet.FORMAT, collection=self.collection.name, next=self.collection.first
        )
        self._signature, self.offset, self.checkpoint_size = None, 0, 0

    def _step_to_successor(self, signature: Signature) -> bool:
        """A new checkpoint that grew out of the journal we were reading says nothing new: finish that journal, move over."""
        if not self._loaded or self._signature is None:
            return False
        meta = sheet.peek_meta(self._first_line())
        if meta is None or meta.follows is None or meta.format > sheet.FORMAT:
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

    def let_go(self, moved: Iterable[str]) -> None:
        """These went to the archive, with their histories."""
        for id_ in moved:
            self.documents.pop(id_, None)
            self.keys.pop(id_, None)
            self._recent.pop(id_, None)
            self._past_rows().pop(id_, None)
            self.changed.add(id_)

    def _first_line(self) -> bytes:
        with files.explained(self.path), open(files.open_file(self.path, os.O_RDONLY, 0), "rb") as file:
            return file.readline(LONGEST_HEAD)

    def _load(self) -> None:
        with files.explained(self.path):
            descriptor = files.open_file(self.path, os.O_RDONLY, 0)
            with open(descriptor, "rb") as file:
                found = os.fstat(descriptor)
                content = file.read()
        self.read(self.path, content)
        self.offset, self.checkpoint_size = 0, found.st_size
        self._signature = found.st_ino, found.st_mtime_ns, found.st_size

    def read(self, path: Path, content: bytes) -> None:
        """Take the state from a file's content; `path` is what an error names."""
        read = sheet.decode(path, content, self.collection.type)
        self._replace(
            {document.id: document for document in read.documents.values()},
            {document.id: int(key) for key, document in read.documents.items()},
            read.history.copy(),  # only this part of the file stays in memory
        )
        self.meta = read.meta.row

    def _replace(self, documents: dict[str, T], keys: dict[str, int], past: bytes | msgspec.Raw) -> None:
        if self._loaded:
            old = self.documents
            self.changed |= {
                id_ for id_ in old.keys() | documents.keys() if old.get(id_) != documents.get(id_)
            }
        self.documents, self.keys = documents, keys
        self._recent, self._past, self._past_table = {}, None, past

    def stand_on(self, meta: sheet.Meta, signature: Signature) -> None:
        """The same documents, now on a newer checkpoint. Their recent entries stay in memory until they are read from it."""
        self.meta, self._signature, self.offset = meta, signature, 0
        self.checkpoint_size = signature[2]

    def stand_on_current(self, meta: sheet.Meta) -> None:
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
        self._recent.setdefault(record.id, []).extend((*record.past, entry))
        self.changed.add(record.id)

    def _version(self, record: journal.Record, known: T | None) -> T:
        if record.document is not None:
            fields = dict(record.document)
        elif known is not None:
            fields = difference.apply(difference.fields_of(known), record.entry.changes)
        else:
            raise sheet.Damaged(
                self.journal_path, 1, f"it changes {record.id}, which is not in the checkpoint"
            )
        try:
            return self.build(record.id, record.entry.rev, fields)
        except msgspec.ValidationError as error:
            raise sheet.Damaged(
                self.journal_path, 1, f"document {record.id}: {sheet.readable(error)}"
            ) from None

    def build(self, id_: str, rev: int, fields: difference.Fields) -> T:
        """Typed again from plain fields; a wrong type is a msgspec.ValidationError."""
        return msgspec.convert({**fields, "id": id_, "rev": rev}, self.collection.type)

    # -- history

    def _past_rows(self) -> dict[str, tuple[int, bytes]]:
        if self._past is None:
            self._past = sheet.decode_histories(self._past_table)
            self._past_table = _EMPTY_HISTORY
        return self._past

    def history(self, id_: str) -> list[Entry]:
        row = self._past_rows().get(id_)
        entries = sheet.decode_row(row[1]).entries if row else []
        known = entries[-1].rev if entries else 0
        return [*entries, *(entry for entry in self._recent.get(id_, ()) if entry.rev > known)]

    def recent(self) -> list[tuple[str, list[Entry]]]:
        return list(self._recent.items())

    def knows(self, id_: str) -> bool:
        """Whether it is, or was until it was removed, in the hot file: then the archive has nothing newer."""
        return id_ in self.documents or id_ in self._recent or id_ in self._past_rows()

    def ids_with_history(self) -> set[str]:
        return self._past_rows().keys() | self._recent.keys()

    def key_of(self, id_: str) -> int | None:
        """The number a document has in the file, also when it was removed."""
        if id_ in self.keys:
            return self.keys[id_]
        row = self._past_rows().get(id_)
        return row[0] if row else None

    def history_row(self, id_: str) -> bytes:
        row = self._past_rows().get(id_)
        if row and id_ not in self._recent:
            return row[1]
        return msgspec.json.encode(sheet.HistoryRow(id_, self.history(id_)))
