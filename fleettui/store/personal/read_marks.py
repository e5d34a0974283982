"""Up to which revision somebody has seen each document: a small file for each person, in no one's history. The last line of an
id counts."""

from __future__ import annotations

import contextlib

from fleettui.errors import Unusable
from fleettui.places import Where
from fleettui.store import files
from fleettui.store.personal.own_lines import OwnLines, Pair

LONGEST = 1 << 20
"""When the file has grown to this, only the last line of each id is kept."""


class ReadMarks:
    """The read revisions of one person, over all sessions of that person."""

    def __init__(self, home: Where, login: str, modes: files.Modes) -> None:
        self._lines = OwnLines.in_workspace(home, login, "txt", modes)
        self._revs: dict[str, int] = {}
        self.version = 0
        """Higher after every look, here or in another session."""

    def follow(self) -> bool:
        """Take in what my other sessions wrote; whether there was something."""
        return self._lines.follow(self._revs.clear, self._take_in)

    def _take_in(self, pairs: list[Pair]) -> None:
        self.version += 1
        for id_, rev in pairs:
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
            if self._lines.append([(id_, str(rev))]) > LONGEST:
                self.follow()
                self._lines.write_anew((id_, str(rev)) for id_, rev in self._revs.items())
