"""What one person notes for themselves about the inbox: what they have seen, what they follow, how they want to be told.

A private file like the read marks: lines of a key and a value, only ever appended; the last line of a key counts.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from threading import RLock

from fleettui.errors import Unusable
from fleettui.places import Where
from fleettui.store import files
from fleettui.store.personal.own_lines import OwnLines, Pair

FIRST = "first:"
"""Of a key that begins so the first of several lines with the same number counts ("2:who"), so that of sessions that write at
the same time all know whose it is."""
LONGEST = 1 << 18
"""When the file has grown to this, only the last line of each key is kept."""


class Notebook:
    """Over all sessions of one person."""

    def __init__(self, home: Where, login: str, modes: files.Modes, ending: str = "inbox") -> None:
        self._lines = OwnLines.in_workspace(home, login, ending, modes)
        self._values: dict[str, str] = {}
        self._lock = RLock()
        """An app asks in one thread and notes in another."""
        self.version = 0
        """Higher after every change, here or in another session."""

    def follow(self) -> bool:
        """Take in what my other sessions wrote; whether there was something."""
        with self._lock:
            return self._lines.follow(self._values.clear, self._take_in)

    def _take_in(self, pairs: list[Pair]) -> None:
        self.version += 1
        for key, value in pairs:
            self._set(key, value)

    def _set(self, key: str, value: str) -> None:
        before = self._values.get(key, "")
        if key.startswith(FIRST) and value and value.partition(":")[0] == before.partition(":")[0]:
            return
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
        pairs = list(values)
        if not pairs:
            return
        with self._lock, files.os_errors_about(self._lines.folder):
            size = self._lines.append(pairs)
        self.follow()
        if size > LONGEST:
            with contextlib.suppress(OSError, Unusable):
                self._lines.write_anew(self._values.items())
