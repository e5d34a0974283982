"""The whole workspace: into one backup file, and out for other programs. restore.py brings a backup back."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from fleettui.errors import Unusable
from fleettui.store import committed, files, kept_files
from fleettui.store.kept_files import KeptFiles
from fleettui.store.protocol import Collection
from fleettui.store.tinydb import checkpoint, months, rotation, switch
from fleettui.store.tinydb.collection import LoadedCollection
from fleettui.store.tinydb.store import TinyDBStore

Collections = Sequence[Collection[Any]]

POLICY = "handbook"
VERSION_CONTROL = (".git", ".hg", ".svn", ".jj")
"""The team may keep its policy in one. It has its own history and its own backups; a restore leaves it as it is."""


@contextlib.contextmanager
def everything_locked(store: TinyDBStore, collections: Collections) -> Iterator[None]:
    """Nobody else writes in this block."""
    store.finish_restore()
    names = [collection.name for collection in collections]
    with switch.all_locked(store.home, names, store.user, store.modes, store.patience):
        switch.settle(store.home, store.modes, names)
        yield


# -- backup


def backup(
    store: TinyDBStore,
    collections: Collections,
    now: datetime,
    *,
    with_files: bool = False,
    to: Path | None = None,
) -> Path:
    """One zip of everything, taken in one moment. `with_files`: also the kept files. They never change, so they need no lock.
    `to`: in a folder elsewhere, for its owner alone."""
    name = f"whole-{now.strftime('%Y-%m-%dT%H%M%SZ')}.zip"
    path = (to or rotation.folder_of(store.home)) / name
    with everything_locked(store, collections), files.os_errors_about(path):
        content = _zipped(store, collections, now)
    with files.os_errors_about(path):
        if to is None:
            files.make_folder(path.parent, store.modes)
        with files.replaced_atomically(path, (files.PRIVATE if to else store.modes).file) as file:
            file.write(content)
            if with_files:
                _add_files(file, kept_files_of(store))
    for collection in collections:
        for damaged in months.missing(store.home, collection.name):
            committed.note_trouble(f"It is not in the backup: {damaged}")
    return path


def kept_files_of(store: TinyDBStore) -> KeptFiles:
    return KeptFiles(store.home, store.user, store.modes, store.patience)


def _add_files(into: BinaryIO, kept: KeptFiles) -> None:
    """One at a time: together they may be larger than the memory. What is damaged is left out: no backup may bring it back."""
    with zipfile.ZipFile(into, "a", zipfile.ZIP_DEFLATED) as packed:
        for name in kept.names():
            if not kept.trouble(name):
                packed.writestr(f"{kept_files.FOLDER}/{name}", kept.read(name))


def _zipped(store: TinyDBStore, collections: Collections, now: datetime) -> bytes:
    for collection in collections:
        loaded = LoadedCollection(store.home, collection)
        loaded.follow()
        if loaded.lines:
            checkpoint.write(loaded, store.modes, now)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as into:
        for path in parts_of(store.home):
            with files.os_errors_about(path):
                into.writestr(path.relative_to(store.home).as_posix(), files.read_file(path))
    return packed.getvalue()


def parts_of(home: Path) -> list[Path]:
    """Checkpoints and mark, archive, policy: what a workspace is made anew from. Never what is no regular file, nor what a
    version control system keeps beside the policy."""
    return sorted(
        [
            *files.matching(home, "*.json"),
            *files.matching(home / "archive", "*.json"),
            *(path for path, facts in _in_policy(home / POLICY) if stat.S_ISREG(facts.st_mode)),
        ]
    )


def left_out(home: Path) -> list[Path]:
    """What is in the policy's folder and in no backup: links, pipes and the like."""
    return sorted(path for path, facts in _in_policy(home / POLICY) if not stat.S_ISREG(facts.st_mode))


def _in_policy(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """What is in no folder of a version control system, and is no folder itself."""
    for path, facts in files.everything_in(folder, VERSION_CONTROL):
        if not stat.S_ISDIR(facts.st_mode) and files.SCRATCH not in path.name:
            yield path, facts


def newest_with_file(home: Path, digest: str) -> Path | None:
    """The newest whole backup that has a kept file."""
    for path in reversed(files.matching(rotation.folder_of(home), "whole-*.zip")):
        with contextlib.suppress(OSError, Unusable, zipfile.BadZipFile), opened_zip(path) as packed:
            if f"{kept_files.FOLDER}/{digest}" in packed.namelist():
                return path
    return None


@contextlib.contextmanager
def opened_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    with (
        os.fdopen(files.open_file(path, os.O_RDONLY, 0), "rb") as file,
        zipfile.ZipFile(file) as packed,
    ):
        yield packed


def versions_in_whole(home: Path, name: str) -> Iterator[bytes]:
    """What whole backups have of a file, the newest first."""
    for path in reversed(files.matching(rotation.folder_of(home), "whole-*.zip")):
        with (
            contextlib.suppress(OSError, Unusable, zipfile.BadZipFile, zlib.error, KeyError),
            opened_zip(path) as packed,
        ):
            yield packed.read(name)


def versions_of(home: Path, name: str, collection: str) -> Iterator[bytes]:
    """What backups have of a month of the archive: that month itself, and checkpoints from before."""
    yield from versions_in_whole(home, name)
    yield from versions_in_whole(home, f"{collection}.json")
    for path in rotation.generations(home, collection):
        with contextlib.suppress(OSError, Unusable):
            yield files.read_file(path)
