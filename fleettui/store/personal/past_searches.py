"""What one person searched for, for that person's eyes: a private file like the read marks, a line for each search."""

from __future__ import annotations

import contextlib

from fleettui.errors import Unusable
from fleettui.places import Where
from fleettui.store import files
from fleettui.store.personal.own_lines import OwnLines, Pair
from fleettui.text import cleaning

MOST = 30
"""So many of each list are kept."""
LONGEST = 1 << 16
"""When the file has grown to this, only those are written anew."""


class PastSearches:
    """Over all sessions of one person, by the name of the list."""

    def __init__(self, home: Where, login: str, modes: files.Modes) -> None:
        self._lines = OwnLines.in_workspace(home, login, "searches", modes)
        self._kept: dict[str, list[str]] = {}

    def of(self, name: str) -> list[str]:
        """The last one first, each once."""
        self._lines.follow(self._kept.clear, self._take_in)
        return list(reversed(self._kept.get(name, [])))

    def keep(self, name: str, typed: str) -> None:
        """A courtesy to oneself: where it cannot be written, the session remembers it alone."""
        search = cleaning.line(typed)
        if not search or self.of(name)[:1] == [search]:
            return
        self._take_in([(name, search)])
        with contextlib.suppress(OSError, Unusable):
            if self._lines.append([(name, search)]) > LONGEST:
                self._lines.write_anew(
                    (name, search) for name, searches in self._kept.items() for search in searches
                )

    def _take_in(self, pairs: list[Pair]) -> None:
        for name, search in pairs:
            searches = self._kept.setdefault(name, [])
            if search in searches:
                searches.remove(search)
            searches.append(search)
            del searches[:-MOST]
