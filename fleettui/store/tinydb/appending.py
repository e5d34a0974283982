"""The moment in which a change becomes true: its line is in the journal, and the disk has it.

Before that moment whatever fails leaves nothing behind. After it nothing may fail any more: what goes wrong is noted.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from fleettui.documents import Document
from fleettui.store import committed, files
from fleettui.store.tinydb import acknowledged, checkpoint, journal
from fleettui.store.tinydb.acknowledged import Mark
from fleettui.store.tinydb.collection import LoadedCollection

if TYPE_CHECKING:
    from fleettui.store.signing import SshKey

Sign = Callable[[], "SshKey | None"]
"""Asked at each commit, so that a start that only reads does not look for a key."""


def nobody_signs() -> None:
    """Signing is off unless a person has switched it on."""


class _Held(NamedTuple):
    """Two open files: the journal of a generation, and the mark of what was acknowledged."""

    path: Path
    inode: int
    journal: int
    mark: int


class Appending:
    """The open journals of a store. Used under the collection's lock."""

    def __init__(self, modes: files.Modes, sign: Sign = nobody_signs) -> None:
        self._modes, self._sign = modes, sign
        self._journals: dict[str, _Held] = {}
        self._checkpoint_not_before: dict[str, int] = {}

    def refuse_cut(self, loaded: LoadedCollection[Any]) -> None:
        """Before anything is changed: all that was acknowledged must have been read."""
        held = self._journals.get(loaded.collection.name)
        if held is None:
            mark = acknowledged.read_at(loaded.mark)
        else:
            mark = acknowledged.decode(os.pread(held.mark, acknowledged.LENGTH, 0))
        if mark > (loaded.meta.generation, loaded.offset):
            loaded.follow_anew()

    def commit(
        self,
        loaded: LoadedCollection[Any],
        changes: Sequence[tuple[journal.Record, Document | None]],
        now: datetime,
    ) -> None:
        """Acknowledged when this returns: on disk, or an error and nothing changed."""
        if not loaded.meta.journal:
            # There is no checkpoint yet, or it is one of an earlier version, whose journal has no checksums.
            checkpoint.write(loaded, self._modes, now)
        records = self._signed(loaded, _numbered(loaded, [record for record, _ in changes]))
        line = loaded.journal_file.encode(records, loaded.lines + 1)
        path = loaded.journal_file.path
        with files.os_errors_about(path):
            held = self._journal(loaded, path)
            journal.append(path, held.journal, line, loaded.offset)
        for record, (_, document) in zip(records, changes, strict=True):
            committed.note(record.id, record.entry.rev, record.entry.verb)
            loaded.apply(record, document)
        loaded.offset, loaded.lines = loaded.offset + len(line), loaded.lines + 1
        with contextlib.suppress(OSError):  # the change is safe: a mark that is behind finds less
            os.pwrite(held.mark, acknowledged.encode(Mark(loaded.meta.generation, loaded.offset)), 0)
        self._checkpoint_when_due(loaded, now)

    def _signed(self, loaded: LoadedCollection[Any], records: list[journal.Record]) -> list[journal.Record]:
        key = self._sign()
        if key is None:
            return records
        from fleettui.store import signing  # late: hardly anybody signs

        signed = []
        for record in records:
            before = record.past or tuple(loaded.history(record.id))
            name, last = loaded.collection.name, before[-1] if before else None
            text = signing.content(name, record.id, record.entry, last, record.document or {})
            signed.append(replace(record, entry=replace(record.entry, signature=key.sign(text))))
        return signed

    def _journal(self, loaded: LoadedCollection[Any], path: Path) -> _Held:
        """The open journal of the current generation, cut where the last complete line ends."""
        name = loaded.collection.name
        held = self._journals.get(name)
        if held is None or held[:2] != (path, loaded.journal_inode) or _was_removed(held.mark):
            self._close_journal(name)
            held = self._journals[name] = self._opened(loaded, path)
        journal.cut_torn_tail(path, held.journal, loaded.offset, self._modes.file)
        return held

    def _opened(self, loaded: LoadedCollection[Any], path: Path) -> _Held:
        descriptor = files.open_file(path, os.O_WRONLY | os.O_APPEND, self._modes.file)
        try:
            mark = files.open_file(loaded.mark, os.O_RDWR | os.O_CREAT, self._modes.file)
        except BaseException:
            os.close(descriptor)
            raise
        return _Held(path, os.fstat(descriptor).st_ino, descriptor, mark)

    def _close_journal(self, name: str) -> None:
        held = self._journals.pop(name, None)
        if held:
            # All that was acknowledged had its own fsync: closing has nothing left to lose.
            for descriptor in (held.journal, held.mark):
                with contextlib.suppress(OSError):
                    os.close(descriptor)

    def close(self) -> None:
        for name in list(self._journals):
            self._close_journal(name)

    def _checkpoint_when_due(self, loaded: LoadedCollection[Any], now: datetime) -> None:
        """The change is safe in the journal, whatever happens here."""
        name = loaded.collection.name
        try:
            if not checkpoint.is_due(loaded, now):
                return
            if loaded.offset < self._checkpoint_not_before.get(name, 0):
                return
            checkpoint.write(loaded, self._modes, now)
        except Exception as error:
            # A full disk must not be asked again at every change.
            self._checkpoint_not_before[name] = loaded.offset + checkpoint.SMALLEST_FOLDED
            committed.note_trouble(f"{name}: its journal could not be folded in yet ({error}).")
        else:
            self._checkpoint_not_before.pop(name, None)


def _was_removed(descriptor: int) -> bool:
    return os.fstat(descriptor).st_nlink == 0


def _numbered(loaded: LoadedCollection[Any], records: list[journal.Record]) -> list[journal.Record]:
    """The records of one commit share a batch, and each new document gets a number of its own."""
    if len(records) == 1:
        return records
    batch = f"{loaded.meta.generation}.{loaded.offset}"
    free = loaded.meta.next
    numbered = []
    for record in records:
        key = record.key
        if key >= loaded.meta.next:
            key, free = free, free + 1
        numbered.append(replace(record, key=key, entry=replace(record.entry, batch=batch)))
    return numbered
