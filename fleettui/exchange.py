"""The one folder in which a restricted account may name files.

Others may write there too, and put links: so every step from the folder down is opened from the one before, and no link is
followed. A file that also has a name elsewhere is not read. What is written takes the place of what was there, whole; it is for
the person alone, or, where the folder is setgid, for its group.

`places.py` does alike for a workspace, and is not used here: it holds folders open for a session and looks at owners, where this
opens a file once, whoever put it there, and must look at second names; and what is wrong here is a field that somebody typed.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fleettui.errors import Refused

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NOCTTY
_MAKE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
DEEPEST = 8


def _is_of_group(folder: int) -> bool:
    return bool(os.fstat(folder).st_mode & stat.S_ISGID)


def _open_folder(name: str, above: int, *, make: bool) -> int:
    """`make`: where it is missing; in the folder of a group for the group, else for the person alone."""
    is_new = False
    if make:
        with contextlib.suppress(FileExistsError):
            os.mkdir(name, 0o700, dir_fd=above)
            is_new = True
    folder = os.open(name, _FOLDER, dir_fd=above)
    if is_new and _is_of_group(above):
        os.fchmod(folder, 0o2770)
    return folder


class Exchange:
    """A folder that is never left. A name is meant from there, or is a whole path that begins with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self, path: Path, field: str = "") -> int:
        """The descriptor of whatever has that name, for reading; OSError where there is nothing."""
        *folders, name = self._steps(path, field)
        with self._below(folders) as parent:
            descriptor = os.open(name, _READ, dir_fd=parent)
        facts = os.fstat(descriptor)
        if stat.S_ISREG(facts.st_mode) and facts.st_nlink > 1:
            os.close(descriptor)
            raise Refused(f"{path}: has another name somewhere else, so it is not read", field=field)
        return descriptor

    def write(self, path: Path, content: bytes, field: str = "") -> Path:
        """Folders on the way are made. Returns the whole path."""
        *folders, name = self._steps(path, field)
        coming = f".{os.getpid()}.{name}"[:255]
        with self._below(folders, make=True) as parent:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(coming, dir_fd=parent)
            try:
                with os.fdopen(os.open(coming, _MAKE, 0o600, dir_fd=parent), "wb") as file:
                    os.fchmod(file.fileno(), 0o660 if _is_of_group(parent) else 0o600)
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                os.rename(coming, name, src_dir_fd=parent, dst_dir_fd=parent)
            except OSError:
                with contextlib.suppress(OSError):
                    os.unlink(coming, dir_fd=parent)
                raise
        return self.folder.joinpath(*folders, name)

    def _steps(self, path: Path, field: str) -> list[str]:
        """The names from the folder to the file. None begins with a dot: `..` leads out, and hidden files steer programs."""
        outside = Refused(f"{path}: only files in {self.folder} can be named here", field=field)
        if path.is_absolute() and not path.is_relative_to(self.folder):
            raise outside
        steps = (path.relative_to(self.folder) if path.is_absolute() else path).parts
        if not steps or len(steps) > DEEPEST or any(step.startswith(".") for step in steps):
            raise outside
        return list(steps)

    @contextmanager
    def _below(self, folders: list[str], *, make: bool = False) -> Iterator[int]:
        descriptor = self._own(make=make)
        try:
            for name in folders:
                deeper = _open_folder(name, descriptor, make=make)
                os.close(descriptor)
                descriptor = deeper
            yield descriptor
        finally:
            os.close(descriptor)

    def _own(self, *, make: bool) -> int:
        """It is made too: in a shared account it is one for each person. The way to it is the administrator's."""
        try:
            above = os.open(self.folder.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except FileNotFoundError:
            raise self._is_missing() from None
        try:
            return _open_folder(self.folder.name, above, make=make)
        except PermissionError:
            raise self._is_missing() from None
        finally:
            os.close(above)

    def _is_missing(self) -> Refused:
        return Refused(
            f"{self.folder}: there is no such folder, or not for this account; its administrator makes it"
        )
