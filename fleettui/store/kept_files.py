"""Files that documents name, each kept once, under the sha256 of its content. It knows no subject.

Everything is opened relative to the workspace's folder, and no link is followed: whoever may write in a shared workspace
cannot make another person's process write or read elsewhere.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Iterator, Set
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from fleettui.errors import Unusable
from fleettui.store import files, locks

FOLDER = "files"
_NAME = re.compile(r"[0-9a-f]{64}")
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_MAKE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class KeptFiles:
    """The folder `files` of a workspace."""

    def __init__(self, home: Path, user: str, modes: files.Modes, patience: float = locks.PATIENCE) -> None:
        self.home, self.folder = home, home / FOLDER
        self._user, self._modes, self._patience = user, modes, patience

    def path(self, name: str) -> Path:
        """Where the file of this sha256 is, or would be."""
        return self.folder / name

    def keep(self, content: bytes) -> str:
        """On disk when this returns; the same content twice is one file. Returns its sha256, by which it is found again."""
        name = sha256(content).hexdigest()
        with files.os_errors_about(self.folder), self._locked(), self._opened(make=True) as folder:
            if self._trouble(folder, name):
                self._write(folder, name, content)
            else:
                # Nobody names it yet: `sweep` must take it for a new one.
                with contextlib.suppress(PermissionError):
                    os.utime(name, dir_fd=folder, follow_symlinks=False)
        return name

    def read(self, name: str) -> bytes:
        """The content of a file; refused where it is missing or no regular file."""
        with files.os_errors_about(self.path(name)), self._opened() as folder:
            return self._content(folder, name)

    def trouble(self, name: str) -> str:
        """What is wrong with a file: "is missing", "is damaged"; empty where it is as it was kept."""
        try:
            with files.os_errors_about(self.path(name)), self._opened() as folder:
                return self._trouble(folder, name)
        except Unusable:
            return "cannot be opened" if os.path.lexists(self.path(name)) else "is missing"

    def names(self) -> list[str]:
        """The sha256 of every file that is kept."""
        with files.os_errors_about(self.folder):
            try:
                with self._opened() as folder:
                    return sorted(name for name in os.listdir(folder) if _NAME.fullmatch(name))
            except FileNotFoundError:
                return []

    def sweep(self, unnamed: Set[str], before: datetime) -> int:
        """Remove those of `unnamed` that were kept before a moment; what is newer may still be named. Returns how many went."""
        gone = 0
        with files.os_errors_about(self.folder), self._locked(), self._opened() as folder:
            for name in os.listdir(folder):
                left = name in unnamed or files.SCRATCH in name
                if left and os.lstat(name, dir_fd=folder).st_mtime < before.timestamp():
                    os.unlink(name, dir_fd=folder)
                    gone += name in unnamed
        return gone

    # -- inside

    def _locked(self) -> contextlib.AbstractContextManager[None]:
        return locks.exclusive(locks.path_of(self.home, FOLDER), self._user, self._modes.file, self._patience)

    @contextlib.contextmanager
    def _opened(self, *, make: bool = False) -> Iterator[int]:
        """The folder's descriptor."""
        with contextlib.ExitStack() as closing:
            home = os.open(self.home, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            closing.callback(os.close, home)
            is_new = make and self._made(home)
            try:
                folder = os.open(
                    FOLDER, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=home
                )
            except NotADirectoryError:
                raise Unusable(f"{self.folder}: is not a folder. Move it away, then try again.") from None
            closing.callback(os.close, folder)
            if is_new:
                os.fchmod(folder, self._modes.folder)
                os.fsync(home)
            yield folder

    @staticmethod
    def _made(home: int) -> bool:
        try:
            os.mkdir(FOLDER, 0o700, dir_fd=home)
        except FileExistsError:
            return False
        return True

    def _write(self, folder: int, name: str, content: bytes) -> None:
        scratch = f"{name}{files.SCRATCH}-{os.getpid()}-{os.urandom(3).hex()}"
        try:
            descriptor = os.open(scratch, _MAKE, self._modes.file, dir_fd=folder)
            with open(descriptor, "wb") as file:
                os.fchmod(descriptor, self._modes.file)
                file.write(content)
                file.flush()
                os.fsync(descriptor)
            os.rename(scratch, name, src_dir_fd=folder, dst_dir_fd=folder)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(scratch, dir_fd=folder)
            raise
        os.fsync(folder)

    def _trouble(self, folder: int, name: str) -> str:
        try:
            content = self._content(folder, name)
        except FileNotFoundError:
            return "is missing"
        except (OSError, Unusable):
            return "cannot be opened"
        return "" if sha256(content).hexdigest() == name else "is damaged"

    def _content(self, folder: int, name: str) -> bytes:
        if not _NAME.fullmatch(name):
            raise Unusable(f"{self.folder}: {name!r} is no sha256 of a file.")
        descriptor = os.open(name, _READ, dir_fd=folder)
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise Unusable(f"{self.path(name)}: is not a regular file, so it is not opened.")
            return file.read()
