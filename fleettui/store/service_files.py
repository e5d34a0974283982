"""The files of a workspace's service (`fleettui connect`): what it writes of itself for everybody, what it keeps for its next
start, and the files of the administrator by which it works.

The service alone writes in the folder `service`, and holds the lock in it as long as it lives.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat

from fleettui.errors import Unusable
from fleettui.places import Where, in_workspace
from fleettui.store import files, locks

FOLDER, STATUS, LOCK = "service", "status.json", "lock"


class ServiceFiles:
    """Those in the folder of a workspace."""

    def __init__(self, home: Where, modes: files.Modes) -> None:
        top = in_workspace(home)
        self._folder = top / FOLDER
        self.own = top.of_mine(FOLDER)
        """The service's own folder, for the service. What is in it is safe to lose."""
        self.connections = top.path / "handbook" / "connections.json"
        """The policy that names servers and programs: whoever may change it decides who gets the secrets."""
        self.hooks = top.path / "hooks"
        """Programs of the administrator, run for every event."""
        self.modes = modes

    @property
    def file_mode(self) -> int:
        """Of what everybody may read and the service alone writes."""
        return self.modes.file & ~stat.S_IWGRP

    def stamp(self) -> object:
        """Another one after each change of its status; None where it has never run. One look at one file."""
        try:
            facts = (self._folder / STATUS).facts()
        except (OSError, Unusable):
            return None
        return (facts.st_mtime_ns, facts.st_ino) if facts else None

    def status(self) -> bytes | None:
        """What it last wrote of itself."""
        with contextlib.suppress(OSError, Unusable):
            return files.read_file(self._folder / STATUS)
        return None

    def write_status(self, content: bytes) -> None:
        files.write_atomic(self.own / STATUS, content, self.file_mode)

    def is_running(self) -> bool:
        """Whether a service holds the lock."""
        try:
            descriptor = files.open_file(self._folder / LOCK, os.O_RDONLY, 0)
        except (OSError, Unusable):
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(descriptor)
        return False

    def alone(self, login: str, patience: float) -> contextlib.AbstractContextManager[None]:
        """For the service: as long as the block runs no other one does. `locks.Locked` where one runs already."""
        with files.os_errors_about(self.own):
            self.own.make_folder(self.modes.folder & ~stat.S_IWGRP)
        return locks.exclusive(self.own / LOCK, login, self.file_mode, patience)
