"""The moment in which a change becomes true: its line is in the journal, and the disk has it.

Before that moment whatever fails leaves nothing behind. After it nothing may fail any more: what goes wrong is noted.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from fleettui.documents import Document
from fleettui.store import committed, files
from fleettui.store.tinydb import checkpoint, journal
from fleettui.store.tinydb.collection import LoadedCollection

if TYPE_CHECKING:
    from fleettui.store.signing import SshKey

Sign = Callable[[], "SshKey | None"]
"""Asked at each commit, so that a start that only reads does not look for a key."""


def nobody_signs() -> None:
    """Signing is off unless a person has switched it on."""


class Appending:
    """The open journals of a store. Used under the collection's lock."""

    def __init__(self, modes: files.Modes, sign: Sign = nobody_signs) -> None:
        self._modes, self._sign = modes, sign
        self._journals: dict[str, tuple[Path, int]] = {}
        self._checkpoint_not_before: dict[str, int] = {}

    def commit(
        self,
        loaded: LoadedCollection[Any],
        changes: Sequence[tuple[journal.Record, Document | None]],
        now: datetime,
    ) -> None:
        """Acknowledged when this returns: on disk, or an error and nothing changed."""
        if loaded.meta.generation == 0:
            checkpoint.write(loaded, self._modes, now)
        records = self._signed(loaded, _numbered(loaded, [record for record, _ in changes]))
        line = journal.encode(records)
        path = loaded.journal_path
        with files.os_errors_about(path):
            descriptor = self._journal(loaded, path)
            journal.append(path, descriptor, line, loaded.offset)
        for record, (_, document) in zip(records, changes, strict=True):
            committed.note(record.id, record.entry.rev, record.entry.verb)
            loaded.apply(record, document)
        loaded.offset += len(line)
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

    def _journal(self, loaded: LoadedCollection[Any], path: Path) -> int:
        """The open journal of the current generation, cut where the last complete line ends."""
        name = loaded.collection.name
        held = self._journals.get(name)
        if held is None or held[0] != path:
            self._close_journal(name)
            files.make_folder(path.parent, self._modes)
            descriptor = files.open_file(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, self._modes.file)
            self._journals[name] = held = (path, descriptor)
        if loaded.offset == 0:
            # Its name must be as durable as its lines; whoever made it may have failed at this.
            files.sync_folder(path.parent)
        journal.cut_torn_tail(path, held[1], loaded.offset, self._modes.file)
        return held[1]

    def _close_journal(self, name: str) -> None:
        held = self._journals.pop(name, None)
        if held:
            # All that was acknowledged had its own fsync: closing has nothing left to lose.
            with contextlib.suppress(OSError):
                os.close(held[1])

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
