"""Files that several people write: never through a symlink, with the workspace's own permissions, whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import weakref
from collections.abc import Container, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from fleettui.errors import Unusable
from fleettui.places import Held, Where, in_workspace, named, named_folder

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
SCRATCH = ".scratch"
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
FORMAT = 2
"""The version of the files of a workspace. A file of a higher one is refused."""
FORMAT_WITH_SUMS = 2
"""From this one on every file has checksums, and every journal a header."""


class DiskFull(Unusable):
    """Nothing was changed."""


class NotPermitted(Unusable):
    """The operating system does not let this account read or write."""


class Uncertain(Unusable):
    """Nobody can say whether a change was kept: the disk neither confirmed it nor let it be taken back."""

    def __init__(self, path: Where, error: BaseException) -> None:
        why = error.strerror if isinstance(error, OSError) else type(error).__name__
        super().__init__(
            f"{path}: the outcome is unknown. The disk did not confirm the change ({why}), and it could not be taken back. "
            "`fleettui history` shows whether it is there: look before you repeat it."
        )


class NotConfirmed(OSError):
    """A file is there under its name, whole; the disk did not confirm the name."""


class MayBeGone(Unusable):
    """As `NotConfirmed`, for people."""

    def __init__(self, path: Where | str, error: OSError) -> None:
        super().__init__(
            f"{path}: the outcome is unknown. It is written and there now, but the disk did not confirm it "
            f"({error.strerror}): a power failure may still undo it. Look before you repeat it."
        )


def explain(error: OSError, path: Where | str) -> Unusable:
    """The operating system's refusal as one line that says what to do."""
    if isinstance(error, NotConfirmed):
        return MayBeGone(path, error)
    if error.errno in FULL:
        return DiskFull(f"{path}: the disk is full, nothing was changed. Free some space, then try again.")
    if error.errno in FORBIDDEN:
        return NotPermitted(
            f"{path}: not permitted ({error.strerror}). Ask whoever looks after this workspace."
        )
    if error.errno == errno.ELOOP:
        return Unusable(
            f"{path}: is a symbolic link where a file is expected, so it is not opened. Remove the link."
        )
    if error.errno == errno.ENOENT:
        return Unusable(f"{path}: is missing. `fleettui doctor` tells what else is wrong.")
    return Unusable(f"{path}: {error.strerror or error}.")


class os_errors_about:  # noqa: N801  used like a function
    """Errors of the operating system in the block become one line about `path` (`explain`). Several blocks in every change:
    made by a generator, they would take a tenth of its time."""

    __slots__ = ("_path",)

    def __init__(self, path: Where | str) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, OSError):
            raise explain(error, self._path) from error


class Modes(msgspec.Struct, frozen=True):
    """The permissions of what is made in a workspace, whatever the umask of who makes it."""

    folder: int
    file: int

    @classmethod
    def of(cls, home: Where) -> Modes:
        """A setgid folder is a shared one: its group may write, nobody else may read. The bit is easily lost (a copy, a tar
        file): then it is one, too, if its group may write the file that makes it a workspace."""
        place = in_workspace(home)
        if place.stat().st_mode & stat.S_ISGID:
            return SHARED
        mark = (place / "workspace.json").facts()
        return SHARED if mark is not None and mark.st_mode & stat.S_IWGRP else PRIVATE


PRIVATE = Modes(0o700, 0o600)
SHARED = Modes(0o2770, 0o660)


def open_file(where: Where, flags: int, mode: int) -> int:
    """A descriptor of a regular file; made with exactly `mode` when it is new."""
    place = named(where)
    try:
        return place.open(flags & ~os.O_CREAT)
    except FileNotFoundError:
        if not flags & os.O_CREAT:
            raise
    descriptor = place.open(flags, mode)
    # Another process may have made it between the two calls: only its owner may, and need, set the mode.
    with contextlib.suppress(PermissionError):
        os.fchmod(descriptor, mode)
    return descriptor


def facts_of(where: Where) -> os.stat_result | None:
    """What the system knows of a name, of a symlink itself; None when the name does not exist."""
    return named(where).facts()


def read_file(where: Where) -> bytes:
    """All of a regular file that is no link."""
    descriptor = open_file(where, os.O_RDONLY, 0)
    with open(descriptor, "rb") as file:
        return file.read()


class ChangedUnderneath(Unusable):
    """A file that is held open is no longer what was read of it."""


PIECE = 1 << 18


class FileSlice:
    """A part of a file, held open to be read later, when another file may have taken the name."""

    def __init__(self, path: Where, descriptor: int, start: int, length: int) -> None:
        self.path, self.start, self.length = path, start, length
        self._descriptor = os.dup(descriptor)
        self._stamp = self._time_and_size()
        weakref.finalize(self, os.close, self._descriptor)

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        """Some of it, or all."""
        wanted = self.length - start if length is None else length
        try:
            content = os.pread(self._descriptor, wanted, self.start + start)
            unchanged = self._time_and_size() == self._stamp and len(content) == wanted
        except OSError:  # the network file system lost it
            unchanged = False
        if not unchanged:
            raise self.changed()
        return content

    def read_of_then(self, start: int, length: int) -> bytes:
        """As `read`, by whoever knows by its checksum whether it is what was there then."""
        try:
            return os.pread(self._descriptor, length, self.start + start)
        except OSError:
            raise self.changed() from None

    def changed(self) -> ChangedUnderneath:
        what = "another program has just changed it, or what was its backup"
        return ChangedUnderneath(f"{self.path}: {what}. Try again: it will be read anew.")

    def in_pieces(self) -> Iterator[bytes]:
        """All of it, a piece at a time."""
        for start in range(0, self.length, PIECE):
            yield self.read(start, min(PIECE, self.length - start))

    def _time_and_size(self) -> tuple[int, int]:
        facts = os.fstat(self._descriptor)
        return facts.st_mtime_ns, facts.st_size


def write_atomic(where: Where, content: bytes, mode: int) -> None:
    """Replace a file so that every moment, a crash included, shows either the old content or the new."""
    with replaced_atomically(where, mode) as file:
        file.write(content)


@contextlib.contextmanager
def replaced_atomically(where: Where, mode: int) -> Iterator[BinaryIO]:
    """As `write_atomic`, for what is written in parts: the name is given to it when the block ends without an error. After any
    error but `NotConfirmed` it has not got the name."""
    place = named(where)
    name, scratch = place.name, f"{place.name}{SCRATCH}-{os.getpid()}-{os.urandom(3).hex()}"
    folder = place.above()  # the same for all that follows, whatever takes its name meanwhile
    try:
        descriptor = os.open(scratch, _NEW, mode, dir_fd=folder.number)
        with open(descriptor, "w+b") as file:
            place.belongs_here(descriptor, os.fstat(descriptor))
            os.fchmod(descriptor, mode)
            yield file
            file.flush()
            os.fsync(descriptor)
        _refuse_link(folder, name)
        os.rename(scratch, name, src_dir_fd=folder.number, dst_dir_fd=folder.number)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(scratch, dir_fd=folder.number)
        raise
    try:
        os.fsync(folder.number)
    except OSError as error:
        raise NotConfirmed(error.errno, error.strerror) from error


def _refuse_link(folder: Held, name: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        if stat.S_ISLNK(os.stat(name, dir_fd=folder.number, follow_symlinks=False).st_mode):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def write_fully(descriptor: int, content: bytes) -> None:
    """os.write may take less than it was given."""
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


def sync_folder(folder: Where) -> None:
    """Make a new name in a folder as durable as the file behind it."""
    named_folder(folder).sync()


def make_folder(folder: Where, modes: Modes) -> None:
    """Make one folder where it is missing, never through a symlink."""
    named(folder).make_folder(modes.folder)


def exists(where: Where) -> bool:
    """Whether there is something of that name, a link included."""
    return facts_of(where) is not None


def is_folder(where: Where) -> bool:
    """A folder itself; a link to one is none."""
    facts = facts_of(where)
    return facts is not None and stat.S_ISDIR(facts.st_mode)


def matching(folder: Path, pattern: str) -> list[Path]:
    """What is in a folder under a name that fits, in order; nothing where there is no folder."""
    return [folder / place.name for place in named_folder(folder).glob(pattern)]


def everything_in(folder: Path, leaving_out: Container[str] = ()) -> Iterator[tuple[Path, os.stat_result]]:
    """Also in the folders in it, in order; links are not followed. `leaving_out` are names."""
    with os_errors_about(folder):
        try:
            entries = sorted(named_folder(folder).entries(), key=lambda entry: entry[0])
        except FileNotFoundError:
            return
    for name, facts in entries:
        if name not in leaving_out:
            yield folder / name, facts
            if stat.S_ISDIR(facts.st_mode):
                yield from everything_in(folder / name, leaving_out)


def remove(where: Where, *, missing_ok: bool = False) -> None:
    """A file, or a link itself."""
    try:
        named(where).unlink()
    except FileNotFoundError:
        if not missing_ok:
            raise


def second_name(where: Where, second: Where) -> None:
    """The same file under another name too."""
    named(where).link_to(named(second))


def move(where: Where, to: Where) -> None:
    """Also over a file that is there."""
    named(where).rename(named(to))


def sweep_scratch(folder: Where, name: str) -> None:
    """Remove what a killed writer of `name` left behind. Only under that file's lock: a live writer has one too."""
    place, scratch = named_folder(folder), f"{name}{SCRATCH}-"
    for left in place.names():
        if left.startswith(scratch):
            with contextlib.suppress(OSError):
                (place / left).unlink()
