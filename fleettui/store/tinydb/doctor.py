"""What is wrong with a workspace, and how to mend it. Looks only; writes nothing."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from fleettui.errors import Unusable
from fleettui.store import files
from fleettui.store.protocol import Collection, Entry, Finding
from fleettui.store.tinydb import rotation
from fleettui.store.tinydb.archive import Archive
from fleettui.store.tinydb.collection import LoadedCollection
from fleettui.store.tinydb.damage import document_rows, readable
from fleettui.store.tinydb.table_file import TableFile


def examine(home: Path, collections: Sequence[Collection[Any]]) -> Iterator[Finding]:
    """Permissions, leftovers, and every file of every collection."""
    yield from _permissions(home)
    yield from _leftovers(home)
    for collection in collections:
        yield from _collection(home, collection)


def _collection(home: Path, collection: Collection[Any]) -> Iterator[Finding]:
    loaded = LoadedCollection(home, collection)
    try:
        loaded.follow()
        for id_, entries in loaded.histories().items():
            yield from _history(loaded, id_, entries)
        yield from _read_by_tinydb(loaded.path)
    except Unusable as error:
        yield Finding("error", str(loaded.path), str(error), rotation.mend_command(home, collection))
    except msgspec.DecodeError as error:
        what = f"the history cannot be read: {readable(error)}"
        yield Finding("error", str(loaded.path), what, rotation.mend_command(home, collection))
    for path in Archive(home, collection, files.PRIVATE).months():
        try:
            TableFile(path, collection.type).read()
        except Unusable as error:
            yield Finding("error", str(path), str(error), "fleettui restore, with the newest whole backup")


def count_with_stock_tinydb(path: Path) -> int:
    """How many documents TinyDB itself finds in a file, without our help."""
    from tinydb import TinyDB  # needed here only
    from tinydb.storages import JSONStorage

    with TinyDB(path, storage=JSONStorage, access_mode="r") as database:
        return len(database)


def _read_by_tinydb(path: Path) -> Iterator[Finding]:
    """The files are TinyDB's, for whoever wants to read them without us: that has to stay true."""
    if path.exists() and count_with_stock_tinydb(path) != len(document_rows(files.read_file(path))):
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
    elif document is not None and document.rev != revisions[-1]:
        what = f"{id_}: is at revision {document.rev}, its history ends at {revisions[-1]}"
        yield Finding(
            "warning", str(loaded.path), what, "changed by hand? Set rev to match, or restore a backup"
        )


def _permissions(home: Path) -> Iterator[Finding]:
    """Only the owner, or in a shared workspace the group, may write; nobody else may even read."""
    for path in _everything(home):
        facts = path.lstat()
        if stat.S_ISLNK(facts.st_mode):
            yield Finding("error", str(path), "is a symbolic link; it is not opened", f"rm {path}")
        else:
            yield from _mode(home, path, facts)


def _mode(home: Path, path: Path, facts: os.stat_result) -> Iterator[Finding]:
    modes = files.Modes.of(home)
    wanted = modes.folder if stat.S_ISDIR(facts.st_mode) else modes.file
    mode = stat.S_IMODE(facts.st_mode)
    mend = f"chmod {wanted:04o} {path}"
    is_personal = "drafts" in path.parts or path.parent == home / "seen"
    too_much = mode & ~wanted & 0o777
    if too_much & 0o022:
        yield Finding("error", str(path), f"others can write it (mode {mode:04o})", mend)
    elif too_much & 0o055:
        yield Finding("warning", str(path), f"others can read it (mode {mode:04o})", mend)
    elif wanted & ~mode & 0o070 and not is_personal:
        yield Finding("warning", str(path), f"the group cannot use it (mode {mode:04o})", mend)
    if facts.st_gid != home.stat().st_gid and modes == files.SHARED and "drafts" not in path.parts:
        yield Finding("warning", str(path), "belongs to another group", f"chgrp --reference={home} {path}")


def _everything(home: Path) -> Iterator[Path]:
    yield home
    for folder, folders, names in os.walk(home):
        for name in (*folders, *names):
            yield Path(folder) / name


def _leftovers(home: Path) -> Iterator[Finding]:
    for name in ("journal", "locks"):
        if not (home / name).is_dir():
            yield Finding("error", str(home / name), "the folder is missing", f"mkdir {home / name}")
    for path in sorted((home / "journal").glob("*.torn-*")):
        what = "the end of a journal that was never acknowledged"
        yield Finding("warning", str(path), what, f"read it if you miss something, then rm {path}")
