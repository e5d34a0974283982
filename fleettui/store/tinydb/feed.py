"""The commits since a moment, in the order in which they were written.

In one collection `Entry.recorded` rises from commit to commit, so a cursor is one number for each collection. What is newest
is at hand; what was written since the oldest kept checkpoint stands in its journals; all else is looked for in the histories.
"""

from __future__ import annotations

import heapq
import os
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from fleettui.errors import Unusable
from fleettui.places import named
from fleettui.store import files
from fleettui.store.cursors import decoded, encoded
from fleettui.store.protocol import Commit, Entry, Happening
from fleettui.store.tinydb import journal, rotation, table_file
from fleettui.store.tinydb.archive import Archive
from fleettui.store.tinydb.collection import LoadedCollection
from fleettui.store.tinydb.journal import Position
from fleettui.store.tinydb.recent import BEGINNING, Numbered, Recent
from fleettui.store.tinydb.table_file import Meta

SLACK = 24 * 3600 * 1_000_000
"""Microseconds by which the clock of the disk may differ from the machine's."""


_Part = tuple[Meta, int]
"""The journal of one generation, up to where the next checkpoint took it in."""


def since(
    start: str, collections: Sequence[tuple[LoadedCollection[Any], Archive[Any]]], limit: int | None
) -> list[Commit]:
    """The first `limit` commits behind the cursor `start`. Where nothing is new this asks each collection for one number."""
    numbers = decoded(start)
    news = [
        (loaded.collection.name, list(_commits(loaded, archive, numbers.get(loaded.collection.name))))
        for loaded, archive in collections
    ]
    streams = [[(name, commit) for commit in commits] for name, commits in news if commits]
    merged: list[Commit] = []
    for name, commit in heapq.merge(*streams, key=lambda owned: owned[1][0][2].order):
        if limit is not None and len(merged) >= limit:
            break
        numbers[name] = max(number for number, _, _ in commit)
        happenings = tuple(Happening(name, id_, entry) for _, id_, entry in commit)
        merged.append(Commit(happenings, encoded(numbers)))
    return merged


def _commits(
    loaded: LoadedCollection[Any], archive: Archive[Any], after: int | None
) -> Iterator[list[Numbered]]:
    """The entries behind a number, those of one commit together."""
    # After a restore the numbers may go on from an earlier one than the cursor has.
    start = BEGINNING if after is None else min(after, loaded.meta.recorded)
    if start == loaded.meta.recorded and loaded.meta.recorded:
        return
    entries = loaded.recent.behind(start)
    if entries is None:
        entries = _in_journals(loaded, start)
    if entries is None:
        entries = _in_histories(loaded, archive, start)
    place = 0

    def commit_of(numbered: Numbered) -> object:
        nonlocal place
        place += 1
        return numbered[2].batch or place

    for _, together in groupby(entries, commit_of):
        yield list(together)


def _in_journals(loaded: LoadedCollection[Any], start: int) -> list[Numbered] | None:
    """From the journals since the newest kept checkpoint that is not newer than `start`; None where they do not reach back."""
    parts = _parts_back_to(loaded, start)
    if parts is None:
        return None
    known = Recent(start, kept=sys.maxsize)
    for meta, end in parts:
        it = journal.of(loaded.home, loaded.collection.name, meta.generation, meta.journal)
        try:
            with open(files.open_file(it.path, os.O_RDONLY, 0), "rb") as file:
                commits, _ = it.parse(file.read(end), Position())
        except (OSError, Unusable):
            return None
        for commit in commits:
            for record in commit.records:
                known.add(record.id, record.entry)
    return known.behind(start)


def _parts_back_to(loaded: LoadedCollection[Any], start: int) -> list[_Part] | None:
    """Oldest first. Each checkpoint says which journal it took in: after a restore it is not the one before."""
    parts, meta = [(loaded.meta, loaded.offset)], loaded.meta
    kept = {rotation.generation_of(path): path for path in rotation.generations(loaded.home, meta.collection)}
    while meta.follows is not None and meta.follows[0] in kept and meta.journal:
        earlier = table_file.meta_of(kept[meta.follows[0]])
        if earlier is None or earlier.generation != meta.follows[0]:
            return None
        parts.append((earlier, meta.follows[1]))
        if 0 < earlier.recorded <= start:
            return parts[::-1]
        meta = earlier
    return None


def _in_histories(loaded: LoadedCollection[Any], archive: Archive[Any], start: int) -> list[Numbered]:
    """From everything that is kept of the collection, of which most is older and let go at once."""
    old: list[tuple[str, Entry]] = []
    numbered: list[Numbered] = []
    for id_, entries in _histories(loaded, archive, start):
        for entry in entries:
            if entry.recorded > start and entry.recorded:
                numbered.append((entry.recorded, id_, entry))
            elif not entry.recorded and start < 0:
                old.append((id_, entry))
    # What was written before there was `recorded` comes first. It is never added to, so its numbers stay.
    old.sort(key=lambda owned: (owned[1].at, owned[0], owned[1].rev))
    first = [(place - len(old), id_, entry) for place, (id_, entry) in enumerate(old, 1)]
    numbered.sort(key=lambda each: each[:2])
    return [*(each for each in first if each[0] > start), *numbered]


def _histories(
    loaded: LoadedCollection[Any], archive: Archive[Any], start: int
) -> Iterator[tuple[str, list[Entry]]]:
    """A document may be on its way to the archive, or back: then the longer one is its history."""
    archived: dict[str, list[Entry]] = {}
    for path in archive.all_months():
        with files.os_errors_about(path):
            written = named(path).stat().st_mtime_ns // 1000
        if written >= start - SLACK:
            for id_, entries in archive.histories_in(path).items():
                archived[id_] = max(entries, archived.get(id_, []), key=len)
    for id_, entries in loaded.each_history():
        yield id_, max(archived.pop(id_, []), entries, key=len)
    yield from archived.items()
