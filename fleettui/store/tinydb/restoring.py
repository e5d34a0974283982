"""What a restore would do, gathered before anything is written."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from fleettui.errors import Unusable
from fleettui.store import files
from fleettui.store.losses import Lost
from fleettui.store.protocol import Collection
from fleettui.store.tinydb import acknowledged, journal, rotation, table_file
from fleettui.store.tinydb.acknowledged import Mark
from fleettui.store.tinydb.collection import LoadedCollection
from fleettui.store.tinydb.table_file import Meta, Tables


@dataclass
class Restoring:
    """What a restore would do."""

    put: dict[str, bytes] = field(default_factory=dict)
    remove: set[str] = field(default_factory=set)
    lost: list[Lost] = field(default_factory=list)
    done: list[str] = field(default_factory=list)


def next_meta(
    home: Path, collection: Collection[Any], meta: Meta, now: datetime, months: dict[str, int] | None
) -> Meta:
    """Of a generation newer than any before, which follows nothing: every open session loads it anew. `months` are those of the
    archive beside it."""
    known = [*rotation.journals(home, collection.name), *rotation.generations(home, collection.name)]
    newest = max((rotation.generation_of(path) for path in known), default=0)
    newest = max(newest, acknowledged.read(home, collection.name).generation)
    current = home / f"{collection.name}.json"
    if files.facts_of(current) is not None:
        there = table_file.peek_meta(files.read_file(current).partition(b"\n")[0])
        newest = max(newest, there.generation if there else newest + 1)
    return Meta(
        format=files.FORMAT,
        collection=collection.name,
        generation=max(newest, meta.generation) + 1,
        next=max(meta.next, _next_free(home, collection)),
        at=now,
        recorded=meta.recorded,
        journal=journal.new_token(),
        months=months,
    )


def _next_free(home: Path, collection: Collection[Any]) -> int:
    """No number is given twice: people have written it down."""
    loaded = LoadedCollection(home, collection)
    with contextlib.suppress(Unusable):
        loaded.follow()
    return loaded.meta.next


def put_collection(
    restoring: Restoring, home: Path, collection: Collection[Any], tables: Tables[Any]
) -> None:
    """As every checkpoint: its journal first, and last the mark of what was acknowledged. And a copy as a backup: were there only
    older ones, they could bring back what was left behind on purpose."""
    content, name, meta = table_file.encode(tables), collection.name, tables["_meta"]["1"]
    coming = journal.of(home, name, meta.generation, meta.journal)
    header = coming.header()
    restoring.put[_within(home, coming.path)] = header
    restoring.put[f"{name}.json"] = content
    restoring.put[_within(home, rotation.path_of(home, name, meta.generation))] = content
    mark = acknowledged.encode(Mark(meta.generation, len(header)))
    restoring.put[_within(home, acknowledged.place_of(home, name).path)] = mark


def _within(home: Path, path: Path) -> str:
    return path.relative_to(home).as_posix()
