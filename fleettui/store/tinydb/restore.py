"""Bringing back a backup, and rescuing what is damaged. Either all of it or nothing; nothing acknowledged is lost unasked.

Where a file of a collection is damaged, all that can be read is rescued (salvage.py). Where all is well, somebody wants to go
back on purpose: to exactly what the backup has.
"""

from __future__ import annotations

import contextlib
import zipfile
import zlib
from collections.abc import Collection as Several
from collections.abc import Container, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from fleettui.documents import UNREADABLE
from fleettui.errors import Refused, Unusable
from fleettui.store import files, kept_files
from fleettui.store.losses import Lost, Restored, WouldLose
from fleettui.store.protocol import Collection
from fleettui.store.tinydb import backup, months, rotation, switch, table_file
from fleettui.store.tinydb.backup import Collections, everything_locked, kept_files_of
from fleettui.store.tinydb.collection import LoadedCollection
from fleettui.store.tinydb.going_back import go_back, replaced
from fleettui.store.tinydb.month_rescue import MonthRescue, readable_month
from fleettui.store.tinydb.restoring import Restoring, next_meta, put_collection
from fleettui.store.tinydb.salvage import Salvage
from fleettui.store.tinydb.store import TinyDBStore
from fleettui.store.tinydb.table_file import TableFile


def restore(
    store: TinyDBStore,
    collections: Collections,
    file: Path | None,
    now: datetime,
    *,
    salvage: bool = False,
    sure: bool = False,
    agreed: Several[Lost] = (),
    nobodys: Container[str] = (),
) -> Restored:
    """Of a whole backup, one collection's file, or, without a file, of what is damaged. With `salvage` changes that were made
    since are kept as far as they can be read. `WouldLose` where more would go than what was `agreed`, and nobody is `sure`;
    changes of the verbs `nobodys` may go."""
    if file is not None and not file.is_file():
        raise Refused(f"{file}: there is no such file.")
    is_whole = file is not None and zipfile.is_zipfile(file)
    involved = collections if file is None or is_whole else [_collection_of(collections, file)]
    parts = _unpacked(file) if file is not None and is_whole else {}
    with everything_locked(store, involved):
        restoring = Restoring()
        for collection in involved:
            sources = [file] if file is not None and not is_whole else []
            if parts and not salvage:
                go_back(store, collection, parts, now, restoring)
            else:
                _bring_back(store, collection, sources, parts, now, salvage, restoring)
        _policy(store.home, parts, restoring, keep=salvage)
        restoring.lost = [lost for lost in restoring.lost if lost.verb not in nobodys]
        if not (sure or set(restoring.lost) <= set(agreed)):
            raise WouldLose(restoring.lost)
        # They come first: what names a file must never be there without it.
        if file is not None and is_whole:
            restoring.done[:0] = _restore_files(store, file)
        _carry_out(store, involved, restoring, now)
    return Restored(restoring.done, restoring.lost)


def _carry_out(store: TinyDBStore, collections: Collections, restoring: Restoring, now: datetime) -> None:
    if not (restoring.put or restoring.remove):
        return
    wrong = [name for name in (*restoring.put, *restoring.remove) if not switch.is_replaceable(name)]
    if wrong:
        raise Refused(f"{wrong[0]} is no file of a workspace. Nothing was restored.")
    aside = rotation.folder_of(store.home) / f"replaced-{now.strftime('%Y-%m-%dT%H%M%SZ')}"
    number = 1
    while files.facts_of(aside) is not None:
        number += 1
        aside = aside.with_name(f"{aside.name.partition('.')[0]}.{number}")
    names = [collection.name for collection in collections]
    switch.replace_all(store.home, store.modes, names, restoring.put, restoring.remove, aside)
    try:
        switch.carry_out(store.home, store.modes)
    except Unusable as error:
        restoring.done.append(f"It is decided; the next command finishes it ({error}).")
    with contextlib.suppress(OSError):  # it is restored, whatever the disk says now
        if files.exists(aside):
            restoring.done.append(f"What was there is kept in {aside}.")


# -- one collection


def _collection_of(collections: Collections, file: Path) -> Collection[Any]:
    with files.os_errors_about(file):
        content = files.read_file(file)
    meta = table_file.peek_meta(content.partition(b"\n")[0]) or table_file.read_meta(file, content)
    for collection in collections:
        if collection.name == meta.collection:
            return collection
    raise Refused(f"{file}: holds {meta.collection!r}, which this fleettui does not know.")


def _bring_back(
    store: TinyDBStore,
    collection: Collection[Any],
    sources: list[Path],
    parts: Mapping[str, bytes],
    now: datetime,
    salvage: bool,
    restoring: Restoring,
) -> None:
    """One that is damaged is rescued; one that can be read is replaced on purpose."""
    is_damaged = not _is_readable(store.home, collection)
    if sources and not (is_damaged or salvage):
        file = sources[0]
        tables = TableFile(file, collection.type).read()
        replaced(store, collection, tables, {}, file.name, now, restoring)
    elif is_damaged:
        with TemporaryDirectory() as folder:
            name = f"{collection.name}.json"
            if name in parts:
                sources = [Path(folder) / name]
                sources[0].write_bytes(parts[name])
            _rescued(store, collection, sources, now, restoring)
    elif sources:
        restoring.done.append(f"{collection.name}: can be read, so nothing of it is to be rescued.")
    _rescue_archive(store, collection, parts, now, restoring)


def _rescued(
    store: TinyDBStore, collection: Collection[Any], sources: list[Path], now: datetime, restoring: Restoring
) -> None:
    rescue: Salvage[Any] = Salvage(store.home, collection, store.user, now)
    rescue.run(*sources)
    known = months.newest_meta(store.home, collection.name)
    meta = next_meta(store.home, collection, rescue.meta, now, known.months if known else None)
    tables = rescue.tables(meta)
    put_collection(restoring, store.home, collection, tables)
    count = len(tables["_default"])
    begun = f" from {rescue.source}" if rescue.source else ""
    later = f", then {rescue.taken} later changes from the journal" if rescue.taken else ""
    restoring.done.append(f"{collection.name}: restored {count} documents{begun}{later}.")
    restoring.lost += rescue.lost


def _is_readable(home: Path, collection: Collection[Any]) -> bool:
    loaded = LoadedCollection(home, collection)
    try:
        loaded.follow()
        loaded.histories()
    except (Unusable, *UNREADABLE):
        return False
    return True


# -- the archive


def _rescue_archive(
    store: TinyDBStore,
    collection: Collection[Any],
    parts: Mapping[str, bytes],
    now: datetime,
    restoring: Restoring,
) -> None:
    """Each month that is missing, exchanged or damaged: the rows that can be read, and the others from wherever they are kept."""
    home, name = store.home, collection.name
    wrong = {damaged.path for damaged in months.missing(home, name)}
    for path in sorted({*wrong, *months.paths(home, name)}):
        content = files.read_file(path) if files.exists(path) else b""
        if path not in wrong and readable_month(path, content, collection):
            continue
        rescue: Salvage[Any] = Salvage(home, collection, store.user, now)
        month = MonthRescue(rescue, path, content)
        part = f"archive/{path.name}"
        if not month.is_whole_but_for_rows():
            month.run(parts)
        elsewhere = [parts[kept] for kept in (part, f"{name}.json") if kept in parts]
        if not months.trouble(path, 0):
            rescue.run_on_month(path, content, [*elsewhere, *backup.versions_of(home, part, name)])
        restoring.put[part] = table_file.encode(rescue.tables(month.meta))
        restoring.lost += rescue.lost + month.lost
        restoring.done.append(f"{part}: rescued {len(rescue.documents)} documents.")


# -- policy and the rest of a whole backup


def _policy(home: Path, parts: Mapping[str, bytes], restoring: Restoring, *, keep: bool) -> None:
    """What is no collection's: the mark of the workspace, and the policy, dotless files too. What version control keeps beside
    the policy stays."""
    if not parts:
        return
    own = {name: content for name, content in parts.items() if _is_own(name, restoring)}
    there = {path.relative_to(home).as_posix(): path for path in backup.parts_of(home)}
    if keep:
        own = {name: content for name, content in own.items() if not _can_be_read(home / name)}
    else:
        policy = {name for name in there if name.startswith(f"{backup.POLICY}/")}
        restoring.remove |= policy - own.keys()
    # Most of a policy is as it was. Each file that is replaced costs a hundred system calls, any of which may fail.
    restoring.put |= {name: content for name, content in own.items() if not _is_there(home / name, content)}


def _is_there(path: Path, content: bytes) -> bool:
    try:
        return files.read_file(path) == content
    except (OSError, Unusable):
        return False


def _is_own(name: str, restoring: Restoring) -> bool:
    return name not in restoring.put and not name.startswith("archive/")


def _can_be_read(path: Path) -> bool:
    try:
        files.read_file(path).decode()
    except (OSError, Unusable, UnicodeDecodeError):
        return False
    return True


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
