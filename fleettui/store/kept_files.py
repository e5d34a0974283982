"""Files that documents name, each kept once, under the sha256 of its content. It knows no subject."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Set
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from fleettui.errors import Unusable
from fleettui.places import Place, Where, in_workspace
from fleettui.store import files, locks

FOLDER = "files"
_NAME = re.compile(r"[0-9a-f]{64}")


class KeptFiles:
    """The folder `files` of a workspace."""

    def __init__(self, home: Where, user: str, modes: files.Modes, patience: float = locks.PATIENCE) -> None:
        self._home = in_workspace(home)
        self._folder = self._home / FOLDER
        self._user, self._modes, self._patience = user, modes, patience

    def path(self, name: str) -> Path:
        """Where the file of this sha256 is, or would be: to be shown."""
        return self._folder.path / name

    def keep(self, content: bytes) -> str:
        """On disk when this returns; the same content twice is one file. Returns its sha256, by which it is found again."""
        name = sha256(content).hexdigest()
        with files.os_errors_about(self._folder), self._locked():
            if self._folder.make_folder(self._modes.folder):
                self._home.sync()
            file = self._folder / name
            if self.trouble(name):
                facts = file.facts()
                if facts and stat.S_ISLNK(facts.st_mode):
                    file.unlink()
                files.write_atomic(file, content, self._modes.file)
            else:
                # Nobody names it yet: `sweep` must take it for a new one.
                with contextlib.suppress(PermissionError):
                    folder = self._folder.held()
                    os.utime(name, dir_fd=folder.number, follow_symlinks=False)
        return name

    def read(self, name: str) -> bytes:
        """The content of a file; refused where it is missing or no regular file."""
        file = self._place(name)
        with files.os_errors_about(file):
            return files.read_file(file)

    def size(self, name: str) -> int:
        """In bytes; 0 where it is missing."""
        file = self._place(name)
        with files.os_errors_about(file):
            facts = file.facts()
        return facts.st_size if facts else 0

    def trouble(self, name: str) -> str:
        """What is wrong with a file: "is missing", "is damaged"; empty where it is as it was kept."""
        try:
            content = files.read_file(self._place(name))
        except FileNotFoundError:
            return "is missing"
        except (OSError, Unusable):
            return "cannot be opened"
        return "" if sha256(content).hexdigest() == name else "is damaged"

    def names(self) -> list[str]:
        """The sha256 of every file that is kept."""
        with files.os_errors_about(self._folder):
            try:
                return [name for name in self._folder.names() if _NAME.fullmatch(name)]
            except FileNotFoundError:
                return []

    def sweep(self, unnamed: Set[str], before: datetime) -> int:
        """Remove those of `unnamed` that were kept before a moment; what is newer may still be named. Returns how many went."""
        gone = 0
        with files.os_errors_about(self._folder), self._locked():
            if not self._folder.exists():
                return 0
            for name, facts in self._folder.entries():
                left = name in unnamed or files.SCRATCH in name
                if left and facts.st_mtime < before.timestamp():
                    (self._folder / name).unlink()
                    gone += name in unnamed
        return gone

    # -- inside

    def _locked(self) -> contextlib.AbstractContextManager[None]:
        return locks.exclusive(
            locks.path_of(self._home, FOLDER), self._user, self._modes.file, self._patience
        )

    def _place(self, name: str) -> Place:
        if not _NAME.fullmatch(name):
            raise Unusable(f"{self._folder}: {name!r} is no sha256 of a file.")
        return self._folder / name
