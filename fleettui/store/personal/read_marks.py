"""Up to which revision somebody has seen each document: a small file for each person, in no one's history.

Lines are only ever appended, so that several sessions of one person need no lock; the last line of an id counts.
"""

from __future__ import annotations

import contextlib
import os
from urllib.parse import quote

from fleettui.errors import Unusable
from fleettui.places import Where, in_workspace
from fleettui.store import files

LONGEST = 1 << 20
"""When the file has grown to this, only the last line of each id is kept."""


class ReadMarks:
    """The read revisions of one person, over all sessions of that person."""

    def __init__(self, home: Where, login: str, modes: files.Modes) -> None:
        self._folder, self.modes = in_workspace(home) / "seen", modes
        self._file = self._folder.of_mine(f"{quote(login, safe='')}.txt")
        self._revs: dict[str, int] = {}
        self._offset, self._inode = 0, 0
        self.version = 0
        """Higher after every look, here or in another session."""

    def follow(self) -> bool:
        """Take in what my other sessions wrote; whether there was something."""
        try:
            facts = self._file.stat()
        except (OSError, Unusable):
            return False
        if facts.st_ino != self._inode or facts.st_size < self._offset:
            self._revs, self._offset, self._inode = {}, 0, facts.st_ino
        if facts.st_size == self._offset:
            return False
        with (
            contextlib.suppress(OSError, Unusable),
            open(files.open_file(self._file, os.O_RDONLY, 0), "rb") as file,
        ):
            file.seek(self._offset)
            content = file.read()
            whole = content[: content.rfind(b"\n") + 1]
            self._offset += len(whole)
            self._take_in(whole.decode("utf-8", "replace"))
        return True

    def _take_in(self, lines: str) -> None:
        self.version += 1
        for line in lines.splitlines():
            id_, _, rev = line.partition(" ")
            if rev.isdecimal():
                self._revs[id_] = max(int(rev), self._revs.get(id_, 0))

    def rev(self, id_: str) -> int:
        return self._revs.get(id_, 0)

    def look(self, id_: str, rev: int) -> None:
        """A courtesy to oneself: where it cannot be written, the session remembers it alone."""
        if rev <= self.rev(id_):
            return
        self._revs[id_] = rev
        self.version += 1
        with contextlib.suppress(OSError, Unusable):
            files.make_folder(self._folder, self.modes)
            self._append(f"{id_} {rev}\n".encode())

    def _append(self, line: bytes) -> None:
        descriptor = files.open_file(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, files.PRIVATE.file)
        try:
            os.write(descriptor, line)
            size = os.fstat(descriptor).st_size
        finally:
            os.close(descriptor)
        if size > LONGEST:
            self.follow()
            kept = "".join(f"{id_} {rev}\n" for id_, rev in self._revs.items())
            files.write_atomic(self._file, kept.encode(), files.PRIVATE.file)
