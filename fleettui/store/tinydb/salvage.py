"""What can be rescued of a damaged collection: every row of a checkpoint and every line of a journal that can be believed.

It begins with the newest checkpoint that can be read whole, here or in `backups/`, and goes on through all that was written
since. Behind a line that cannot be read a change is taken in where what it found is what is there; otherwise it is lost, and
listed. What is missing of a history is filled with entries that say so: revisions stay without a gap.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Generic, TypeVar, cast

import msgspec
from msgspec.structs import replace

from fleettui.documents import UNREADABLE, Document, readable
from fleettui.errors import Unusable
from fleettui.store import diff, files
from fleettui.store.losses import Lost, in_order, lost_entry
from fleettui.store.protocol import Collection, Entry
from fleettui.store.tinydb import acknowledged, journal, rotation, row_lines, rows, table_file
from fleettui.store.tinydb.archive import Archive
from fleettui.store.tinydb.journal import Record
from fleettui.store.tinydb.rows import Trace, Traces
from fleettui.store.tinydb.table_file import Meta, Tables

T = TypeVar("T", bound=Document)

VERB = "restore"


@dataclass
class Rescued(Generic[T]):
    """One document, or the history of one that was removed."""

    key: int
    document: T | None = None
    entries: list[Entry] = field(default_factory=list)
    certain: int = 0
    """Up to this revision nothing of it can be missing: a whole version of it was read."""

    @property
    def rev(self) -> int:
        return self.entries[-1].rev if self.entries else 0


@dataclass(frozen=True)
class Checkpoint(Generic[T]):
    """A file of the collection, or one that was. `tables` is None where it cannot be read whole."""

    path: Path
    generation: int
    content: bytes
    tables: Tables[T] | None


class Salvage(Generic[T]):
    """The rescue of one collection, under its lock. Writes nothing."""

    def __init__(self, home: Path, collection: Collection[T], by: str, now: datetime) -> None:
        self.home, self.collection, self._by, self._now = home, collection, by, now
        self.meta = Meta(format=files.FORMAT, collection=collection.name, next=collection.first)
        self.documents: dict[str, Rescued[T]] = {}
        self.taken = 0
        """Changes from journals."""
        self._doubtful: list[Lost] = []
        self.source = ""

    def run(self, *extra: Path) -> None:
        """`extra` are files of this collection besides those that are where they belong."""
        checkpoints = self._checkpoints(extra)
        whole = [checkpoint for checkpoint in checkpoints if checkpoint.tables is not None]
        first = max((c.generation for c in whole), default=0)
        if whole:
            newest = max(whole, key=lambda checkpoint: checkpoint.generation)
            self._begin(newest.path.name, cast(Tables[T], newest.tables))
        name = self.collection.name
        journals = {rotation.generation_of(path) for path in rotation.journals(self.home, name)}
        # That one must be there, too: where it is not, its changes are lost.
        journals.add(acknowledged.read(self.home, name).generation)
        for generation in sorted({*journals, *(c.generation for c in checkpoints)}):
            if generation < first:
                continue
            for checkpoint in checkpoints:
                if checkpoint.generation == generation and checkpoint.tables is None:
                    self._take_rows(checkpoint, is_first=not whole)
            if generation in journals:
                self._take_lines(generation)
        self._leave_to_archive()

    def run_on_month(self, path: Path, content: bytes, elsewhere: Iterable[bytes]) -> None:
        """Instead of `run`, for a month of the archive. `elsewhere` are files that have some of it, too."""
        read = rows.of_checkpoint(content, self.collection.type)
        for other in elsewhere:
            there = rows.of_checkpoint(other, self.collection.type)
            traces = {trace.id for _, trace in read.unreadable}
            for id_ in ((read.documents.keys() ^ read.histories.keys()) | traces) & there.documents.keys():
                key, document = there.documents[id_]
                self.take_row(id_, key, document, there.histories.get(id_, (key, []))[1])
        self._take_rows(Checkpoint(path, 0, content, None), is_first=False)

    @property
    def lost(self) -> list[Lost]:
        """What was seen and is not in the result."""
        lost = {change for change in self._doubtful if not self._has(change)}
        named = {change.id for change in lost if change.who}
        # Of a document whose changes are named there is no more to say.
        return in_order(change for change in lost if change.who or change.id not in named)

    def _has(self, lost: Lost) -> bool:
        kept = self.documents.get(lost.id)
        return kept is not None and 0 < lost.rev <= kept.certain

    # -- where it begins

    def _checkpoints(self, extra: Iterable[Path]) -> list[Checkpoint[T]]:
        name = self.collection.name
        paths = [*rotation.generations(self.home, name), *extra]
        known = [self._checkpoint(path, None) for path in paths]
        current = self.home / f"{name}.json"
        if files.facts_of(current) is not None:
            newest = max((rotation.generation_of(p) for p in rotation.journals(self.home, name)), default=0)
            newest = max([newest, *(c.generation + 1 for c in known)])
            known.append(self._checkpoint(current, newest))
        return [checkpoint for checkpoint in known if checkpoint.content]

    def _checkpoint(self, path: Path, generation: int | None) -> Checkpoint[T]:
        with files.os_errors_about(path):
            content = files.read_file(path)
        tables = None
        try:
            tables = table_file.decode(path, content, self.collection.type)
            for row in table_file.decode_histories(table_file.history_json(tables)).values():
                table_file.decode_row(row[1])
            generation = tables["_meta"]["1"].generation
        except (Unusable, *UNREADABLE):
            tables = None
            meta = table_file.peek_meta(content.partition(b"\n")[0])
            if meta is not None:
                generation = meta.generation
            elif generation is None:
                generation = rotation.generation_of(path) if path.stem[-1:].isdigit() else 0
        return Checkpoint(path, generation or 0, content, tables)

    def _begin(self, source: str, tables: Tables[T]) -> None:
        self.meta, self.source = tables["_meta"]["1"], source
        for key, document in tables["_default"].items():
            self.documents[document.id] = Rescued(int(key), document, certain=document.rev)
        histories = table_file.decode_histories(table_file.history_json(tables))
        for id_, (number, row) in histories.items():
            kept = self.documents.setdefault(id_, Rescued(number))
            kept.entries = table_file.decode_row(row).entries
            kept.certain = max(kept.certain, kept.rev)
        for id_, kept in self.documents.items():
            if kept.document is not None and kept.document.rev > kept.rev:
                self._fill(id_, kept, kept.document.rev)

    # -- checkpoints that cannot be read whole

    def _take_rows(self, checkpoint: Checkpoint[T], *, is_first: bool) -> None:
        read = rows.of_checkpoint(checkpoint.content, self.collection.type)
        if read.meta is not None:
            self.meta = replace(self.meta, next=max(self.meta.next, read.meta.next))
        for id_ in {**read.documents, **read.histories}:
            number, document = read.documents.get(id_, (0, None))
            key, entries = read.histories.get(id_, (number, []))
            self.take_row(id_, key or number, document, entries)
        where = f"{checkpoint.path.name}, line %d, cannot be read"
        for line, trace in read.unreadable:
            if is_first or not self._is_known(trace):
                self._doubt([trace], where % line)

    def _is_known(self, trace: Trace) -> bool:
        """Whether what was read before it has that row: journals have all that went into it."""
        kept = self.documents.get(trace.id)
        if kept is not None:
            return trace.rev <= kept.rev
        return not trace.id and trace.key in {kept.key for kept in self.documents.values()}

    def take_row(self, id_: str, key: int, document: T | None, entries: list[Entry]) -> None:
        """The document where it is newer than what is known of it, and later entries of its history."""
        kept = self.documents.setdefault(id_, Rescued(key))
        if document is not None and document.rev > kept.rev:
            before = kept.document
            kept.entries += [entry for entry in entries if kept.rev < entry.rev <= document.rev]
            if kept.rev < document.rev or not _is_whole(kept.entries):
                self._fill(id_, kept, document.rev, before, document)
            kept.document, kept.certain = document, document.rev
        for entry in entries:
            if entry.rev > kept.rev:
                self._take_record(Record(key, id_, entry), "its row cannot be read")

    # -- journals

    def _take_lines(self, generation: int) -> None:
        path = journal.path_of(self.home, self.collection.name, generation)
        with files.os_errors_about(path):
            lines = list(row_lines.lines_of(self.home, self.collection.name, generation))
        for line in lines:
            if line.commit is None:
                where = f"{path.name}, line {line.number}: {line.trouble}"
                self._doubt(rows.traces_in(line.content), where)
                continue
            for record in line.commit.records:
                self._take_record(record, "it follows a change that is lost")

    def _take_record(self, record: Record, why_not: str) -> None:
        kept = self.documents.get(record.id)
        if kept is not None and record.entry.rev <= kept.rev:
            return
        self.meta = replace(self.meta, next=max(self.meta.next, record.key + 1))
        before = None if kept is None else kept.document
        if kept is None:
            kept = Rescued(record.key)
        is_next = record.document is not None or kept.certain == record.entry.rev - 1
        try:
            after = self._after(before, record, strictly=not is_next)
        except (_DoesNotFit, msgspec.ValidationError) as error:
            why = why_not if isinstance(error, _DoesNotFit) else readable(error)
            self._doubtful.append(lost_entry(self.collection.name, record.id, record.entry, why))
            return
        self.documents[record.id] = kept
        kept.entries += [entry for entry in record.past if entry.rev > kept.rev]
        entry = record.entry
        if not is_next and entry.kind == "changed":
            # What was lost may have moved it: the history tells what it changes here.
            changes = diff.difference(diff.fields_of(before), diff.fields_of(after))
            entry = replace(entry, changes=changes)
        self._fill(record.id, kept, entry.rev - 1)
        kept.entries.append(entry)
        kept.document = after
        if record.document is not None or kept.certain == entry.rev - 1:
            kept.certain = entry.rev
        self.taken += 1

    def _after(self, before: T | None, record: Record, *, strictly: bool) -> T | None:
        entry = record.entry
        if record.document is not None:
            fields = dict(record.document)
        elif before is None:
            raise _DoesNotFit
        else:
            fields = diff.fields_of(before)
            if strictly and not all(diff.fits(fields, change) for change in entry.changes):
                raise _DoesNotFit
            fields = diff.apply(fields, entry.changes)
        if entry.kind == "removed":
            return None
        return diff.typed(self.collection.type, record.id, entry.rev, fields)

    # -- what is missing

    def _doubt(self, traces: Traces, why: str) -> None:
        """Something cannot be read: whether it is lost is known at the end. A number that it may have given is not given
        again."""
        numbers = [trace.key + 1 for trace in traces if trace.key]
        free = max([self.meta.next, *numbers]) if numbers else self.meta.next + 1
        self.meta = replace(self.meta, next=free)
        name = self.collection.name
        self._doubtful += [
            Lost(name, trace.id, trace.who, trace.when, trace.verb, why, trace.rev) for trace in traces
        ]

    def _fill(
        self, id_: str, kept: Rescued[T], rev: int, before: T | None = None, after: T | None = None
    ) -> None:
        """Entries up to a revision for those that cannot be read; the last one has what is known of them."""
        entries = {entry.rev: entry for entry in kept.entries}
        missing = [number for number in range(1, rev + 1) if number not in entries]
        for number in missing:
            previous = entries.get(number - 1)
            entries[number] = Entry(
                number,
                previous.at if previous else self._now,
                self._by,
                VERB,
                "made" if number == 1 else "changed",
                why="a change that could not be read any more",
                recorded=previous.recorded if previous else 0,
            )
        if missing and before is not None and after is not None:
            changes = diff.difference(diff.fields_of(before), diff.fields_of(after))
            known = {
                change.path for number in entries if number > before.rev for change in entries[number].changes
            }
            changes = tuple(change for change in changes if change.path not in known)
            entries[missing[-1]] = replace(entries[missing[-1]], changes=changes)
        kept.entries = [entries[number] for number in sorted(entries)]

    def _leave_to_archive(self) -> None:
        """What has gone to the archive since, in this version or a newer one, is not brought back from there."""
        archived = rows.of_archive(
            Archive(self.home, self.collection, files.PRIVATE).months(), self.collection.type
        )
        for id_, document in archived.items():
            kept = self.documents.get(id_)
            if kept is not None and kept.rev <= document.rev:
                del self.documents[id_]

    # -- the result

    def tables(self, meta: Meta) -> Tables[T]:
        documents: dict[int, T] = {}
        histories: list[tuple[int, bytes]] = []
        used: set[int] = set()
        for id_, kept in self.documents.items():
            key = kept.key
            if key in used or key <= 0:
                key = meta.next
                meta = replace(meta, next=key + 1)
            used.add(key)
            if kept.document is not None:
                documents[key] = kept.document
            histories.append((key, msgspec.json.encode(table_file.HistoryRow(id_, kept.entries))))
        recorded = max(
            (entry.recorded for kept in self.documents.values() for entry in kept.entries), default=0
        )
        free = max([meta.next, *(key + 1 for key in used)])
        meta = replace(meta, next=free, recorded=max(meta.recorded, recorded))
        return table_file.tables_of(meta, documents, histories)


class _DoesNotFit(Exception):
    """A change found something else than what is there now."""


def _is_whole(entries: list[Entry]) -> bool:
    return [entry.rev for entry in entries] == list(range(1, len(entries) + 1))
