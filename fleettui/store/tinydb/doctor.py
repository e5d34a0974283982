"""What is wrong with a workspace, and how to mend it. Looks only; writes nothing."""

from __future__ import annotations

import contextlib
import os
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from fleettui.documents import UNREADABLE, readable
from fleettui.errors import Unusable
from fleettui.places import Place, in_workspace
from fleettui.store import files, locks
from fleettui.store.protocol import Collection, Entry, Finding
from fleettui.store.tinydb import acknowledged, months, permissions, replay, rotation, switch, table_file
from fleettui.store.tinydb.archive import Archive
from fleettui.store.tinydb.backup import opened_zip
from fleettui.store.tinydb.collection import LoadedCollection
from fleettui.store.tinydb.damage import Damaged, document_rows, not_text

LONG, SHORT = 0.5, 0.1
"""Seconds that a lock is waited for; and where another one was waited for in vain."""


def examine(home: Path, collections: Sequence[Collection[Any]]) -> Iterator[Finding]:
    """Permissions, leftovers, and every file of every collection."""
    yield from permissions.examine(home)
    yield from _held_locks(home)
    yield from _leftovers(home)
    for collection in collections:
        yield from _collection(home, collection)
    yield from _whole_backups(home)


def _collection(home: Path, collection: Collection[Any]) -> Iterator[Finding]:
    loaded = LoadedCollection(home, collection)
    try:
        loaded.follow()
        yield from _mark(loaded)
        for id_, entries in loaded.histories().items():
            yield from _history(loaded, id_, entries)
        yield from _read_by_tinydb(loaded.path)
        yield from replay.examine(loaded, Archive(home, collection, files.PRIVATE))
    except Unusable as error:
        path = error.path if isinstance(error, Damaged) else loaded.path
        if path.parent.name != "archive":  # those are looked at one by one
            yield Finding("error", str(path), str(error), rotation.mend_command(home, collection))
    except UNREADABLE as error:
        what = f"the history cannot be read: {readable(error)}"
        yield Finding("error", str(loaded.path), what, rotation.mend_command(home, collection))
    yield from _months(home, collection)
    yield from _kept(home, collection)


def _months(home: Path, collection: Collection[Any]) -> Iterator[Finding]:
    try:
        missing = {damaged.path: damaged for damaged in months.missing(home, collection.name)}
        paths = months.paths(home, collection.name)
    except (OSError, Unusable) as error:
        yield Finding("error", str(home / "archive"), str(error), "ask whoever looks after the workspace")
        return
    for path, damaged in missing.items():
        yield Finding("error", str(path), str(damaged), months.MEND)
    for path in paths:
        try:
            if path not in missing:
                _read_whole(path, collection)
        except Unusable as error:
            yield Finding("error", str(path), str(error), months.MEND)


def _mark(loaded: LoadedCollection[Any]) -> Iterator[Finding]:
    """Checkpoints of before have none."""
    home, name = loaded.home, loaded.collection.name
    if loaded.meta.journal and acknowledged.read(home, name) == acknowledged.NOTHING:
        what = f"the mark of how far {name} was acknowledged is missing or damaged: a journal that was cut would not be noticed"
        mend = "the next change writes it; compare with a backup if you did not remove it"
        yield Finding("warning", str(acknowledged.place_of(home, name).path), what, mend)


def _read_whole(path: Path, collection: Collection[Any]) -> None:
    with files.os_errors_about(path):
        content = files.read_file(path)
    if damaged := not_text(path, content):
        raise damaged
    table_file.decode(path, content, collection.type)
    histories = table_file.histories_of(path, content)
    with table_file.damage_named(path):
        for _, row in histories.values():
            table_file.decode_row(row)


def _kept(home: Path, collection: Collection[Any]) -> Iterator[Finding]:
    """Earlier checkpoints and journals: what a rescue begins with had better be whole before it is needed."""
    try:
        checkpoints = rotation.generations(home, collection.name)
        journals = rotation.journals(home, collection.name)
    except (OSError, Unusable):
        return  # named by its permissions
    for path in checkpoints:
        try:
            _read_whole(path, collection)
        except Unusable as error:
            mend = "nothing is lost now; a rescue would begin with another one"
            yield Finding(
                "warning", str(path), f"an earlier checkpoint is damaged: {_without(path, error)}", mend
            )
    for path in sorted(journals)[:-1]:  # the newest one is read with its collection
        with contextlib.suppress(OSError, Unusable):  # named by its permissions
            damaged = not_text(path, files.read_file(path))
            if damaged:
                mend = "nothing is lost while the collection's file is whole; a rescue passes over that line"
                yield Finding("warning", str(path), _without(path, damaged), mend)


def _without(path: Path, error: Unusable) -> str:
    """A finding names the file itself."""
    return str(error).removeprefix(f"{path}, ").removeprefix(f"{path}: ")


def _whole_backups(home: Path) -> Iterator[Finding]:
    try:
        paths = files.matching(rotation.folder_of(home), "whole-*.zip")
    except (OSError, Unusable):
        return  # named by its permissions
    for path in paths:
        try:
            with opened_zip(path) as packed:
                damaged = packed.testzip()
        except (OSError, Unusable, zipfile.BadZipFile, zlib.error, EOFError) as error:
            damaged = str(error)
        if damaged:
            what = f"a whole backup is damaged: {damaged}"
            yield Finding("warning", str(path), what, "make a new one with `fleettui backup`, then remove it")


def count_with_stock_tinydb(path: Path) -> int:
    """How many documents TinyDB itself finds in a file, without our help."""
    from tinydb import TinyDB  # needed here only
    from tinydb.storages import JSONStorage

    descriptor = files.open_file(path, os.O_RDONLY, 0)
    try:  # by its descriptor: the name may be another file's by now
        with TinyDB(f"/dev/fd/{descriptor}", storage=JSONStorage, access_mode="r") as database:
            return len(database)
    finally:
        os.close(descriptor)


def _read_by_tinydb(path: Path) -> Iterator[Finding]:
    """The files are TinyDB's, for whoever wants to read them without us: that has to stay true."""
    if not files.exists(path):
        return
    content = files.read_file(path)
    if damaged := not_text(path, content):
        raise damaged
    if count_with_stock_tinydb(path) != len(document_rows(content)):
        yield Finding(
            "error",
            str(path),
            "TinyDB reads other documents than fleettui",
            "fleettui restore, from a backup",
        )


def _history(loaded: LoadedCollection[Any], id_: str, entries: list[Entry]) -> Iterator[Finding]:
    """Complete and in order: every revision once, the last one the document's."""
    document = loaded.documents.get(id_)
    revisions = [entry.rev for entry in entries]
    if revisions != list(range(1, len(revisions) + 1)):
        yield Finding(
            "error", str(loaded.path), f"{id_}: its history has a gap", "fleettui restore, from a backup"
        )
    elif document is not None and document.rev != len(revisions):
        what = f"{id_}: is at revision {document.rev}, its history ends at {len(revisions)}"
        yield Finding(
            "warning", str(loaded.path), what, "changed by hand? Set rev to match, or restore a backup"
        )


def _held_locks(home: Path) -> Iterator[Finding]:
    """Who keeps everybody else from writing: one finding for each process. A change takes a lock for a millisecond."""
    try:
        paths = (in_workspace(home) / "locks").glob("*.lock")
    except (OSError, Unusable):
        return  # named by its permissions
    held: dict[int, list[tuple[Place, str]]] = {}
    patience = LONG
    for path in paths:
        try:
            holder = locks.long_held(path, patience)
        except (OSError, Unusable):
            continue
        if holder is not None:
            held.setdefault(holder.pid, []).append((path, holder.words))
            patience = SHORT
    for rows in held.values():
        path, words = rows[0]
        file = path if len(rows) == 1 else path.parent
        mend = "ask them to end it; the lock goes with the process"
        names = ", ".join(row[0].stem for row in rows)
        yield Finding("warning", str(file), f"nobody can write {names}: {words}", mend)


def _leftovers(home: Path) -> Iterator[Finding]:
    for name in ("journal", "locks"):
        if not files.is_folder(home / name):
            yield Finding("error", str(home / name), "the folder is missing", f"mkdir {home / name}")
    if files.is_folder(home / switch.FOLDER):
        what = (
            "a restore was cut short" if switch.is_pending(home) else "the rest of a restore that never was"
        )
        mend = (
            "the next command that reads or writes finishes it"
            if switch.is_pending(home)
            else f"rm -r {home / switch.FOLDER}"
        )
        yield Finding("warning", str(home / switch.FOLDER), what, mend)
    for path in files.matching(home / "journal", "*.torn-*"):
        what = "the end of a journal that was never acknowledged"
        yield Finding("warning", str(path), what, f"read it if you miss something, then rm {path}")
