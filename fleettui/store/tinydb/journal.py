"""The journal: one line for each commit since the checkpoint, appended and on disk before it is acknowledged."""

from __future__ import annotations

import contextlib
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from fleettui.store import files
from fleettui.store.protocol import Entry
from fleettui.store.tinydb.damage import Damaged


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """One document's part in a commit.

    `document` has all its fields where it was not in the collection's file before. `past` is its earlier history when it comes
    back from the archive.
    """

    key: int
    id: str
    entry: Entry
    document: dict[str, Any] | None = None
    past: tuple[Entry, ...] = ()


class Commit(msgspec.Struct, frozen=True):
    """One line."""

    records: list[Record]


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Commit)


def encode(records: list[Record]) -> bytes:
    return _encoder.encode(Commit(records)) + b"\n"


@lru_cache(maxsize=64)  # asked for several times in every change, and making a Path is slow
def path_of(home: Path, collection: str, generation: int) -> Path:
    return home / "journal" / f"{collection}-{generation:06d}.jsonl"


def read(path: Path, offset: int) -> tuple[list[Commit], int]:
    """The commits from `offset` on and where the last complete line ends. A torn last line was never acknowledged."""
    try:
        descriptor = files.open_file(path, os.O_RDONLY, 0)
    except FileNotFoundError:
        return [], 0
    with open(descriptor, "rb") as file:
        file.seek(offset)
        content = file.read()
    return parse(path, content, offset)


def parse(path: Path, content: bytes, offset: int) -> tuple[list[Commit], int]:
    """As `read`, of a content that begins at `offset` of the file."""
    commits = []
    start = 0
    while (end := content.find(b"\n", start)) >= 0:
        try:
            commits.append(_decoder.decode(content[start:end]))
        except (msgspec.DecodeError, UnicodeDecodeError):
            if end + 1 == len(content):
                # A power cut can leave a last line of the right length and the wrong bytes.
                break
            raise Damaged(path, _line_number(path, offset + start), "not a change record") from None
        start = end + 1
    return commits, offset + start


def believed(line: bytes) -> Commit | None:
    """For a rescue: the commit of a line without its end; None where it is not what was written."""
    try:
        return _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _line_number(path: Path, offset: int) -> int:
    with path.open("rb") as file:
        return file.read(offset).count(b"\n") + 1


def append(path: Path, descriptor: int, line: bytes, size: int) -> None:
    """Add a line to a journal of `size` bytes; when it cannot be made durable, nothing of it stays."""
    try:
        files.write_fully(descriptor, line)
        os.fsync(descriptor)
    except BaseException as error:
        if not _is_taken_out(descriptor, size, len(line)):
            raise files.Uncertain(path, error) from error
        raise


def _is_taken_out(descriptor: int, size: int, length: int) -> bool:
    """Whether nobody will read the line: it is cut off, or it never was whole, and whoever writes next cuts it off."""
    try:
        os.ftruncate(descriptor, size)
    except OSError:
        with contextlib.suppress(OSError):
            return os.fstat(descriptor).st_size < size + length
        return False
    with contextlib.suppress(OSError):
        os.fsync(descriptor)
    return True


def cut_torn_tail(path: Path, descriptor: int, end: int, mode: int) -> None:
    """Under the lock, before appending: what is behind the last complete line was never acknowledged.

    It is kept in a file all the same: should it be more than a torn write, somebody will want to see it.
    """
    torn = os.fstat(descriptor).st_size - end
    if torn <= 0:
        return
    with path.open("rb") as file:
        file.seek(end)
        tail = file.read()
    with contextlib.suppress(OSError):
        files.write_atomic(path.with_suffix(f".torn-{end}"), tail, mode)
    os.ftruncate(descriptor, end)
