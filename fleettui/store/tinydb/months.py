"""Which months the archive of a collection must have.

Each month says how often it was written, and the checkpoint how often each had been written at least. A month is written before
its checkpoint, so it may be newer than that says, after a crash, and never older. Checkpoints of before say nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec.structs import replace

from fleettui.store import files, sums
from fleettui.store.tinydb import rotation, table_file
from fleettui.store.tinydb.damage import Damaged
from fleettui.store.tinydb.table_file import Meta

MEND = "fleettui restore"


def name_of(collection: str, month: str) -> str:
    """Relative to the workspace's folder."""
    return f"archive/{collection}-{month}.json"


def month_in(path: Path) -> str:
    return path.stem[-len("2026-03") :]


def paths(home: Path, collection: str) -> list[Path]:
    """Those that are there, oldest first."""
    return files.matching(home / "archive", f"{collection}-[0-9][0-9][0-9][0-9]-[0-9][0-9].json")


def expected(home: Path, collection: str) -> Mapping[str, int]:
    """By the checkpoint that is there: how often each month had been written at least."""
    meta = table_file.meta_of(home / f"{collection}.json")
    return (meta.months if meta else None) or {}


def newest_meta(home: Path, collection: str) -> Meta | None:
    """Of the newest checkpoint that says what it is; the one that is there may be damaged, or an older copy."""
    checkpoints = [home / f"{collection}.json", *rotation.generations(home, collection)]
    metas = [meta for meta in map(table_file.meta_of, checkpoints) if meta is not None]
    return max(metas, key=lambda meta: meta.generation, default=None)


def there(home: Path, collection: str, at_least: Mapping[str, int] | None = None) -> dict[str, int]:
    """For the next checkpoint. What is missing stays expected: a checkpoint does not make it forgotten."""
    written = dict(at_least or {})
    for path in paths(home, collection):
        meta, month = table_file.meta_of(path), month_in(path)
        written[month] = max(written.get(month, 0), meta.written if meta else 0)
    return written


def is_of(meta: Meta, path: Path) -> bool:
    """Whether a month is the one that it is called after. One of before does not say."""
    if not meta.month:
        return meta.generation == 0
    return name_of(meta.collection, meta.month) == f"archive/{path.name}"


def trouble(path: Path, at_least: int) -> str:
    """Why a month is not the one that the checkpoint knows; empty where it is, or where it is damaged in other ways."""
    if not files.exists(path):
        return "the file is missing, and with it what was finished in that month"
    meta = table_file.meta_of(path)
    if meta is None:
        return ""
    if not is_of(meta, path):
        what = name_of(meta.collection, meta.month) if meta.month else f"a checkpoint of {meta.collection}"
        return f"another file has taken its place: {what}"
    if meta.written < at_least:
        return f"an older copy has taken its place: written {meta.written} times, and there was one of {at_least}"
    return ""


def missing(home: Path, collection: str, oldest: str = "", only: str = "") -> Iterator[Damaged]:
    """The months that are gone, or have been exchanged."""
    # A restore may have taken one away between the two looks; then its checkpoint says so the second time.
    if any(_looked_at(home, collection, oldest, only)):
        yield from _looked_at(home, collection, oldest, only)


def _looked_at(home: Path, collection: str, oldest: str, only: str) -> Iterator[Damaged]:
    at_least = expected(home, collection)
    for month in sorted({*at_least, *map(month_in, paths(home, collection))}):
        if month < oldest or only not in ("", month):
            continue
        path = home / name_of(collection, month)
        if what := trouble(path, at_least.get(month, 0)):
            yield Damaged(path, 1, what, MEND)


def renumbered(content: bytes, above: int) -> tuple[bytes, int]:
    """A month as a backup has it, written once more than any that was here, and that number. One of before has none: as it is."""
    begin = content.find(b"\n") + 1
    meta = table_file.peek_meta(content[:begin]) if sums.is_our_head(content) else None
    if meta is None or not meta.month:
        return content, 0
    number = max(above, meta.written) + 1
    return table_file.head(replace(meta, written=number)) + b"\n" + content[begin:], number
