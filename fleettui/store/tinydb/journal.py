"""The journal: one line for each commit since the checkpoint, appended and on disk before it is acknowledged.

Its first line is made with the checkpoint, and says to which one it belongs. Each other line has its number and a checksum, so
that a line which was changed, lost, or came from another journal is found. Journals of before had neither; they are only read.
"""

import contextlib
import os
import zlib
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from fleettui.documents import UNREADABLE
from fleettui.store import files, sums
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
    """One line. `line` is its number, the first after the header 1; 0 in a journal of before."""

    records: list[Record]
    line: int = 0


class Header(msgspec.Struct, frozen=True, omit_defaults=True):
    """The first line. `token` stands in the checkpoint, too. `begins`: nothing was kept before this generation."""

    journal: str
    generation: int
    token: str
    begins: bool = False


class Position(NamedTuple):
    """How far somebody has read: bytes, and commits. At 0 the header is still to be read."""

    offset: int = 0
    lines: int = 0


class Line(NamedTuple):
    """One commit as it stands on disk; without one, `trouble` says why it cannot be believed. `number` is the line's in the
    file."""

    number: int
    content: bytes
    commit: Commit | None
    trouble: str = ""


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Commit)
_header_decoder = msgspec.json.Decoder(Header)


@lru_cache(maxsize=64)  # asked for several times in every change, and making a Path is slow
def path_of(home: Path, collection: str, generation: int) -> Path:
    return home / "journal" / f"{collection}-{generation:06d}.jsonl"


def new_token() -> str:
    return os.urandom(4).hex()


class Journal(msgspec.Struct, frozen=True, dict=True):
    """The journal of one generation. Without a `token` it is one of before: without header, numbers and checksums."""

    home: Path
    collection: str
    generation: int
    token: str

    @cached_property
    def path(self) -> Path:
        return path_of(self.home, self.collection, self.generation)

    @cached_property
    def _seed(self) -> int:
        """A line of another journal has another checksum."""
        return zlib.crc32(f"{self.collection}-{self.generation}".encode())

    # -- writing

    def header(self, *, begins: bool = False) -> bytes:
        header = Header(self.collection, self.generation, self.token, begins)
        return sums.sealed(_encoder.encode(header)) + b"\n"

    def begin(self, modes: files.Modes, *, begins: bool) -> Position:
        """Make it, with its header only. On disk when this returns; a checkpoint with its token may follow."""
        line = self.header(begins=begins)
        files.make_folder(self.path.parent, modes)
        files.sweep_scratch(self.path.parent, self.path.name)
        with files.os_errors_about(self.path):
            files.write_atomic(self.path, line, modes.file)
        return Position(len(line))

    def encode(self, records: list[Record], number: int) -> bytes:
        return sums.sealed(_encoder.encode(Commit(records, number)), self._seed) + b"\n"

    # -- reading

    def read(self, place: Position, confirmed: int) -> tuple[list[Commit], Position]:
        """The commits from `place` on, and where the last complete line ends. `confirmed` bytes were acknowledged: what is
        behind them and cannot be read is a torn write.
        """
        try:
            descriptor = files.open_file(self.path, os.O_RDONLY, 0)
        except FileNotFoundError:
            if self.token:
                raise Damaged(self.path, 1, "the file is missing, and changes with it") from None
            return [], Position()
        with open(descriptor, "rb") as file:
            file.seek(place.offset)
            content = file.read()
        return self.parse(content, place, confirmed)

    def parse(self, content: bytes, place: Position, confirmed: int = 0) -> tuple[list[Commit], Position]:
        """As `read`, of a content that begins at `place`."""
        offset, start, number = place.offset, 0, place.lines
        if self.token and not offset:
            start = self._behind_header(content)
        commits = []
        while (end := content.find(b"\n", start)) >= 0:
            line = self.line(content[start:end], number)
            if line.commit is None:
                # A power cut can leave a last line of the right length and the wrong bytes.
                if end + 1 == len(content) and offset + end >= confirmed:
                    break
                raise self.damaged(line, line.trouble)
            if gap := self._gap(line.commit, number):
                raise self.damaged(line, gap)
            commits.append(line.commit)
            number = line.commit.line if self.token else number + 1
            start = end + 1
        if offset + start < confirmed:
            missing = confirmed - offset - start
            what = f"the file is cut off: the last {missing} bytes of what was acknowledged are missing"
            raise Damaged(self.path, number + 2, what)
        return commits, Position(offset + start, number)

    def _behind_header(self, content: bytes) -> int:
        end = content.find(b"\n")
        trouble = self._trouble_of_header(content[:end]) if end >= 0 else "the file was emptied or cut off"
        if trouble:
            raise Damaged(self.path, 1, trouble)
        return end + 1

    def _trouble_of_header(self, line: bytes) -> str:
        header = header_in(line)
        if header is None:
            return "the header cannot be read, or was changed"
        if (header.journal, header.generation, header.token) != (
            self.collection,
            self.generation,
            self.token,
        ):
            return f"this is the journal of another file than {self.collection}.json"
        return ""

    def line(self, content: bytes, before: int) -> Line:
        """Judged by itself; `before` lines, without the header, stand before it."""
        number = before + 1 + bool(self.token)
        try:
            commit = _decoder.decode(content)
        except UNREADABLE:
            return Line(number, content, None, "not a change record")
        if self.token and not sums.is_whole(content, self._seed):
            return Line(number, content, None, sums.CHANGED)
        return Line(number, content, commit)

    def _gap(self, commit: Commit, before: int) -> str:
        # The same line twice is no damage: some network filesystems repeat an append whose answer was lost.
        if not self.token or commit.line in (before, before + 1):
            return ""
        return f"change {before + 1} of this journal is missing, change {commit.line} stands in its place"

    def damaged(self, line: Line, trouble: str) -> Damaged:
        """With the id of a document that the line speaks of."""
        id_ = sums.id_in(line.content)
        return Damaged(self.path, line.number, f"document {id_}: {trouble}" if id_ else trouble)


@lru_cache(maxsize=64)
def of(home: Path, collection: str, generation: int, token: str) -> Journal:
    return Journal(home, collection, generation, token)


def longest_header(collection: str, generation: int) -> int:
    header = Header(collection, generation, new_token(), begins=True)
    return len(sums.sealed(_encoder.encode(header))) + 1


def header_in(line: bytes) -> Header | None:
    """None where it is no header, or was changed."""
    try:
        header = _header_decoder.decode(line)
    except UNREADABLE:
        return None
    return header if sums.is_whole(line) else None


def only_begins(path: Path) -> bool:
    """Whether it is the first journal of a collection, and nothing was written to it."""
    try:
        content = files.read_file(path)
    except FileNotFoundError:
        return True
    header = header_in(content.rstrip(b"\n"))
    return header is not None and header.begins


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
    tail = files.read_file(path)[end:]
    with contextlib.suppress(OSError):
        files.write_atomic(path.with_suffix(f".torn-{end}"), tail, mode)
    os.ftruncate(descriptor, end)
