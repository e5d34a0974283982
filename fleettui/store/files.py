"""Files that several people write: never through a symlink, with the workspace's own permissions, whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from fleettui.errors import Unusable

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
SCRATCH = ".scratch"
FORMAT = 1
"""The version of the files of a workspace. A file of a higher one is refused."""


class DiskFull(Unusable):
    """Nothing was changed."""


class NotPermitted(Unusable):
    """The operating system does not let this account read or write."""


class Uncertain(Unusable):
    """Nobody can say whether a change was kept: the disk neither confirmed it nor let it be taken back."""

    def __init__(self, path: Path, error: BaseException) -> None:
        why = error.strerror if isinstance(error, OSError) else type(error).__name__
        super().__init__(
            f"{path}: the outcome is unknown. The disk did not confirm the change ({why}), and it could not be taken back. "
            "`fleettui history` shows whether it is there: look before you repeat it."
        )


def explain(error: OSError, path: Path | str) -> Unusable:
    """The operating system's refusal as one line that says what to do."""
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


@contextlib.contextmanager
def os_errors_about(path: Path | str) -> Iterator[None]:
    """Errors of the operating system in the block become one line about `path` (`explain`)."""
    try:
        yield
    except OSError as error:
        raise explain(error, path) from error


@dataclass(frozen=True)
class Modes:
    """The permissions of what is made in a workspace, whatever the umask of who makes it."""

    folder: int
    file: int

    @classmethod
    def of(cls, home: Path) -> Modes:
        """A setgid folder is a shared one: its group may write, nobody else may read."""
        return SHARED if home.stat().st_mode & stat.S_ISGID else PRIVATE


PRIVATE = Modes(0o700, 0o600)
SHARED = Modes(0o2770, 0o660)


def open_file(path: Path, flags: int, mode: int) -> int:
    """A descriptor of a regular file; made with exactly `mode` when it is new."""
    flags |= os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
    try:
        descriptor = os.open(path, flags & ~os.O_CREAT)
    except FileNotFoundError:
        if not flags & os.O_CREAT:
            raise
        descriptor = os.open(path, flags, mode)
        # Another process may have made it between the two calls: only its owner may, and need, set the mode.
        with contextlib.suppress(PermissionError):
            os.fchmod(descriptor, mode)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Unusable(f"{path}: is not a regular file, so it is not opened.")
    return descriptor


def facts_of(path: Path) -> os.stat_result | None:
    """What the system knows of a name, of a symlink itself; None when the name does not exist."""
    try:
        return os.lstat(path)
    except FileNotFoundError:
        return None


def read_file(path: Path) -> bytes:
    """All of a regular file that is no link."""
    descriptor = open_file(path, os.O_RDONLY, 0)
    with open(descriptor, "rb") as file:
        return file.read()


class ChangedUnderneath(Unusable):
    """A file that is held open is no longer what was read of it."""


class FileSlice:
    """A part of a file, held open to be read later, when another file may have taken the name."""

    def __init__(self, path: Path, descriptor: int, start: int, length: int) -> None:
        self._path, self._start, self._length = path, start, length
        self._descriptor = os.dup(descriptor)
        self._stamp = self._time_and_size()
        weakref.finalize(self, os.close, self._descriptor)

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        """Some of it, or all."""
        wanted = self._length - start if length is None else length
        try:
            content = os.pread(self._descriptor, wanted, self._start + start)
            unchanged = self._time_and_size() == self._stamp and len(content) == wanted
        except OSError:  # the network file system lost it
            unchanged = False
        if not unchanged:
            what = "another program has just changed it, or what was its backup"
            raise ChangedUnderneath(f"{self._path}: {what}. Try again: it will be read anew.")
        return content

    def _time_and_size(self) -> tuple[int, int]:
        facts = os.fstat(self._descriptor)
        return facts.st_mtime_ns, facts.st_size


def write_atomic(path: Path, content: bytes, mode: int) -> None:
    """Replace a file so that every moment, a crash included, shows either the old content or the new."""
    with replaced_atomically(path, mode) as file:
        file.write(content)


@contextlib.contextmanager
def replaced_atomically(path: Path, mode: int) -> Iterator[BinaryIO]:
    """As `write_atomic`, for what is written in parts: the name is given to it when the block ends without an error."""
    scratch = path.with_name(f"{path.name}{SCRATCH}-{os.getpid()}-{os.urandom(3).hex()}")
    try:
        descriptor = os.open(scratch, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
        with open(descriptor, "w+b") as file:
            os.fchmod(descriptor, mode)
            yield file
            file.flush()
            os.fsync(descriptor)
        if path.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        os.rename(scratch, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(scratch)
        raise
    sync_folder(path.parent)


def write_fully(descriptor: int, content: bytes) -> None:
    """os.write may take less than it was given."""
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder as durable as the file behind it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path, modes: Modes) -> None:
    """Make one folder where it is missing, never through a symlink."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        folder.chmod(modes.folder)
    if folder.is_symlink() or not folder.is_dir():
        raise Unusable(f"{folder}: is not a folder. Move it away, then try again.")


def sweep_scratch(folder: Path, name: str) -> None:
    """Remove what a killed writer of `name` left behind. Only under that file's lock: a live writer has one too."""
    for left in folder.glob(f"{name}{SCRATCH}-*"):
        with contextlib.suppress(OSError):
            left.unlink()
