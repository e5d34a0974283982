"""Automatic backups: every checkpoint keeps the one before it, as a second name for the same bytes, which costs nothing.

The journals since then stay too, so that a damaged file is restored to its last acknowledged change, not to last night's state.
backup.py uses this module, and so do the modules that it builds on: together they would be a circle.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fleettui.errors import Unusable
from fleettui.store import files
from fleettui.store.protocol import Collection
from fleettui.store.tinydb import journal
from fleettui.store.tinydb.table_file import TableFile

GENERATIONS = 6
DAYS = 14


def folder_of(home: Path) -> Path:
    return home / "backups"


def path_of(home: Path, collection: str, generation: int) -> Path:
    return folder_of(home) / f"{collection}-{generation:06d}.json"


def generation_of(path: Path) -> int:
    return int(path.stem.rpartition("-")[2])


def generations(home: Path, collection: str) -> list[Path]:
    """Newest first."""
    return files.matching(folder_of(home), f"{collection}-[0-9][0-9][0-9][0-9][0-9][0-9].json")[::-1]


def mend_command(home: Path, collection: Collection[Any]) -> str:
    """What to do about a damaged collection: the command that brings back its newest readable backup."""
    try:
        kept = generations(home, collection.name)
    except (OSError, Unusable):
        kept = []
    for path in kept:
        try:
            TableFile(path, collection.type).read()
        except Unusable:
            continue
        return f"fleettui restore {path}"
    return "fleettui restore"


def keep_generation(home: Path, checkpoint: Path, generation: int, modes: files.Modes) -> None:
    """Before `checkpoint` is replaced. Some filesystems have no second names: then it is copied."""
    if not files.exists(checkpoint):
        return
    files.make_folder(folder_of(home), modes)
    kept = path_of(home, checkpoint.stem, generation)
    with contextlib.suppress(FileExistsError):
        try:
            files.second_name(checkpoint, kept)
        except PermissionError:
            files.write_atomic(kept, files.read_file(checkpoint), modes.file)


def rotate(home: Path, collection: str, current: int) -> None:
    """Keep the newest few with their journals, and one a day for two weeks. Never the last one."""
    kept = generations(home, collection)
    newest, older = kept[:GENERATIONS], kept[GENERATIONS:]
    oldest_needed = generation_of(newest[-1]) if newest else current
    _unlink_all(p for p in journals(home, collection) if generation_of(p) < oldest_needed)
    days: set[str] = set()
    for path in older:
        day = _day(path)
        if day in days or len(days) >= DAYS:
            _unlink_all([path])
        days.add(day)


def _day(path: Path) -> str:
    facts = files.facts_of(path)
    return datetime.fromtimestamp(facts.st_mtime, UTC).date().isoformat() if facts else ""


def journals(home: Path, collection: str) -> list[Path]:
    """Of all generations that are kept."""
    folder = journal.path_of(home, collection, 0).parent
    return files.matching(folder, f"{collection}-[0-9][0-9][0-9][0-9][0-9][0-9].jsonl")


def _unlink_all(paths: Iterable[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            files.remove(path)
