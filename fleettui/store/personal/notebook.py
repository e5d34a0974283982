"""What one person notes for themselves about the inbox: what they have seen, what they follow, how they want to be told.

A private file like the read marks: lines of a key and a value, only ever appended; the last line of a key counts.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from threading import RLock
from urllib.parse import quote

from fleettui.errors import Unusable
from fleettui.places import Where, in_workspace
from fleettui.store import files

LONGEST = 1 << 18
"""When the file has grown to this, only the last line of each key is kept."""


class Notebook:
    """Over all sessions of one person."""

    def __init__(self, home: Where, login: str, modes: files.Modes) -> None:
        self._folder, self.modes = in_workspace(home) / "seen", modes
        self._file = self._folder.of_mine(f"{quote(login, safe='')}.inbox")
        self._values: dict[str, str] = {}
        self._offset, self._inode = 0, 0
        self._lock = RLock()
        """An app asks in one thread and notes in another."""
        self.version = 0
        """Higher after every change, here or in another session."""

    def follow(self) -> bool:
        """Take in what my other sessions wrote; whether there was something."""
        with self._lock:
            return self._follow()

    def _follow(self) -> bool:
        try:
            facts = self._file.stat()
        except (OSError, Unusable):
            return False
        if facts.st_ino != self._inode or facts.st_size < self._offset:
            self._values, self._offset, self._inode = {}, 0, facts.st_ino
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
            key, _, value = line.partition(" ")
            self._set(key, value)

    def _set(self, key: str, value: str) -> None:
        self._values.pop(key, None)
        if value:
            self._values[key] = value

    def get(self, key: str) -> str:
        """Empty where nothing is noted."""
        return self._values.get(key, "")

    def keys(self, beginning: str) -> list[str]:
        """What stands behind that beginning, in the order in which it was noted."""
        with self._lock:
            return [key[len(beginning) :] for key in self._values if key.startswith(beginning)]

    def note(self, values: Iterable[tuple[str, str]]) -> None:
        """An empty value takes a key off. Where it cannot be written this says so."""
        lines = "".join(f"{key} {value}\n" for key, value in values)
        if not lines:
            return
        with self._lock, files.os_errors_about(self._folder):
            files.make_folder(self._folder, self.modes)
            size = self._append(lines.encode())
        self.follow()
        if size > LONGEST:
            kept = "".join(f"{key} {value}\n" for key, value in self._values.items())
            with contextlib.suppress(OSError, Unusable):
                files.write_atomic(self._file, kept.encode(), files.PRIVATE.file)

    def _append(self, lines: bytes) -> int:
        descriptor = files.open_file(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, files.PRIVATE.file)
        try:
            files.write_fully(descriptor, lines)
            return os.fstat(descriptor).st_size
        finally:
            os.close(descriptor)
