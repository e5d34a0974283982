"""The whole workspace: into one backup file, back from one, and out for other programs."""

from __future__ import annotations

import contextlib
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from msgspec.structs import replace

from fleettui.errors import Refused, Unusable
from fleettui.store import files, kept_files, locks
from fleettui.store.kept_files import KeptFiles
from fleettui.store.protocol import Collection
from fleettui.store.tinydb import checkpoint, journal, rotation, table_file
from fleettui.store.tinydb.archive import Archive
from fleettui.store.tinydb.collection import LoadedCollection
from fleettui.store.tinydb.store import TinyDBStore
from fleettui.store.tinydb.table_file import TableFile

Collections = Sequence[Collection[Any]]

POLICY = "handbook"


@contextlib.contextmanager
def everything_locked(store: TinyDBStore, collections: Collections) -> Iterator[None]:
    """Nobody else writes in this block. The locks are always taken in the same order: two of these cannot block each other."""
    with contextlib.ExitStack() as stack:
        for collection in sorted(collections, key=lambda collection: collection.name):
            path = locks.path_of(store.home, collection.name)
            with files.os_errors_about(path):
                stack.enter_context(locks.exclusive(path, store.user, store.modes.file, store.patience))
        yield


# -- backup


def backup(store: TinyDBStore, collections: Collections, now: datetime, *, with_files: bool = False) -> Path:
    """One zip of everything, taken in one moment. `with_files`: also the kept files. They never change, so they need no lock."""
    name = f"whole-{now.strftime('%Y-%m-%dT%H%M%SZ')}.zip"
    path = rotation.folder_of(store.home) / name
    with everything_locked(store, collections), files.os_errors_about(path):
        content = _zipped(store, collections, now)
    with files.os_errors_about(path):
        files.make_folder(path.parent, store.modes)
        with files.replaced_atomically(path, store.modes.file) as file:
            file.write(content)
            if with_files:
                _add_files(file, kept_files_of(store))
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
        if loaded.offset:
            checkpoint.write(loaded, store.modes, now)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as into:
        for path in _parts(store.home):
            into.writestr(path.relative_to(store.home).as_posix(), files.read_file(path))
    return packed.getvalue()


def _parts(home: Path) -> list[Path]:
    """Checkpoints and mark, archive, policy: what a workspace is made anew from."""
    return sorted([*home.glob("*.json"), *(home / "archive").glob("*.json"), *(home / POLICY).rglob("*.*")])


def newest_with_file(home: Path, digest: str) -> Path | None:
    """The newest whole backup that has a kept file."""
    for path in sorted(rotation.folder_of(home).glob("whole-*.zip"), reverse=True):
        with contextlib.suppress(OSError, zipfile.BadZipFile), zipfile.ZipFile(path) as packed:
            if f"{kept_files.FOLDER}/{digest}" in packed.namelist():
                return path
    return None


# -- restore


def restore(store: TinyDBStore, collections: Collections, file: Path, now: datetime) -> list[str]:
    """Bring back one collection's file or a whole backup. What is there now is kept aside first. Says what it did."""
    if not file.is_file():
        raise Refused(f"{file}: there is no such file.")
    if zipfile.is_zipfile(file):
        return _restore_whole(store, collections, file, now)
    collection = _collection_of(collections, file)
    with everything_locked(store, [collection]):
        return [_restore_one(store, collection, file, now)]


def _collection_of(collections: Collections, file: Path) -> Collection[Any]:
    with files.os_errors_about(file):
        meta = table_file.read_meta(file, files.read_file(file))
    for collection in collections:
        if collection.name == meta.collection:
            return collection
    raise Refused(f"{file}: holds {meta.collection!r}, which this fleettui does not know.")


def _restore_one(store: TinyDBStore, collection: Collection[Any], file: Path, now: datetime) -> str:
    restored = LoadedCollection(store.home, collection)
    restored.load(file, TableFile(file, collection.type).read())
    done = f"{collection.name}: restored {len(restored.documents)} documents from {file.name}"
    if not _is_readable(store.home, collection):
        followed = _roll_forward(restored)
        done += f", then {followed} later changes from the journal"
    _put_in_place(store, restored, now)
    return f"{done}."


def _is_readable(home: Path, collection: Collection[Any]) -> bool:
    """A file that can still be read is being replaced on purpose; one that cannot is being rescued."""
    try:
        LoadedCollection(home, collection).follow()
    except Unusable:
        return False
    return True


def _roll_forward(loaded: LoadedCollection[Any]) -> int:
    """Take in every journal since that backup, up to the first thing that cannot be read."""
    taken = 0
    generation = loaded.meta.generation
    while (path := journal.path_of(loaded.home, loaded.collection.name, generation)).exists():
        commits, damaged = journal.read_until_damage(path)
        loaded.apply_all(commits)
        taken += len(commits)
        if damaged:
            break
        generation += 1
    return taken


def _put_in_place(store: TinyDBStore, loaded: LoadedCollection[Any], now: datetime) -> None:
    """As a generation newer than any before, so that every open session loads it anew."""
    name = loaded.collection.name
    path = store.home / f"{name}.json"
    generation = _newest_generation(store.home, name)
    with files.os_errors_about(path):
        if path.exists():
            aside = rotation.folder_of(store.home) / f"{name}.replaced-{now.strftime('%Y-%m-%dT%H%M%SZ')}"
            files.make_folder(aside.parent, store.modes)
            files.write_atomic(aside, path.read_bytes(), store.modes.file)
    loaded.path = path
    loaded.meta = replace(loaded.meta, generation=generation, at=now)
    checkpoint.replace_with(loaded, store.modes, now)


def _newest_generation(home: Path, name: str) -> int:
    journals = (home / "journal").glob(f"{name}-*.jsonl")
    return max((rotation.generation_of(p) for p in (*journals, *rotation.generations(home, name))), default=0)


def _restore_whole(store: TinyDBStore, collections: Collections, file: Path, now: datetime) -> list[str]:
    parts = _unpacked(file)
    with everything_locked(store, collections):
        _refuse_unreadable(store, collections, parts)
        # They come first: what names a file must never be there without it.
        done = _restore_files(store, file)
        for name, content in parts.items():
            done += _restore_part(store, collections, name, content, now)
    return done


def _restore_files(store: TinyDBStore, file: Path) -> list[str]:
    """The kept files of a backup, one at a time. Those that are here already stay."""
    kept, count = kept_files_of(store), 0
    try:
        with zipfile.ZipFile(file) as packed:
            for name in filter(_is_kept_file, packed.namelist()):
                content = packed.read(name)
                if sha256(content).hexdigest() != PurePosixPath(name).name:
                    raise Unusable(f"{file}: {name} is damaged. No ticket was restored.")
                kept.keep(content)
                count += 1
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Unusable(f"{file}: is damaged ({error}). No ticket was restored.") from None
    return [f"files: restored {count}."] if count else []


def _is_kept_file(name: str) -> bool:
    return PurePosixPath(name).parts[:1] == (kept_files.FOLDER,)


def _unpacked(file: Path) -> dict[str, bytes]:
    """All of it except the kept files, before anything is written."""
    try:
        with zipfile.ZipFile(file) as packed:
            parts = {name: packed.read(name) for name in packed.namelist() if not _is_kept_file(name)}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise Unusable(f"{file}: is damaged ({error}). Nothing was restored.") from None
    for name in parts:
        if ".." in PurePosixPath(name).parts or PurePosixPath(name).is_absolute():
            raise Refused(f"{file}: {name} leads out of the workspace. Nothing was restored.")
    return parts


def _refuse_unreadable(store: TinyDBStore, collections: Collections, parts: Mapping[str, bytes]) -> None:
    for collection in collections:
        name = f"{collection.name}.json"
        if name in parts:
            table_file.decode(store.home / name, parts[name], collection.type)


def _restore_part(
    store: TinyDBStore, collections: Collections, name: str, content: bytes, now: datetime
) -> list[str]:
    """A checkpoint is put in place as a new generation; archive and policy files are simply written."""
    target = store.home.joinpath(*PurePosixPath(name).parts)
    collection = next((c for c in collections if name == f"{c.name}.json"), None)
    with files.os_errors_about(target):
        if collection is None:
            files.make_folder(target.parent, store.modes)
            files.write_atomic(target, content, store.modes.file)
            return []
    loaded = LoadedCollection(store.home, collection)
    loaded.load(target, table_file.decode(target, content, collection.type))
    _put_in_place(store, loaded, now)
    return [f"{collection.name}: restored {len(loaded.documents)} documents."]


# -- export


def exported(store: TinyDBStore, collection: Collection[Any]) -> list[Any]:
    """Everything of a collection, archived too, in the order in which it came."""
    loaded = LoadedCollection(store.home, collection)
    loaded.follow()
    archived = Archive(store.home, collection, store.modes).all()
    numbered = [(loaded.keys[id_], document) for id_, document in loaded.documents.items()]
    numbered += [(old.key, old.document) for id_, old in archived.items() if not loaded.knows(id_)]
    return [document for _, document in sorted(numbered, key=lambda pair: pair[0])]
