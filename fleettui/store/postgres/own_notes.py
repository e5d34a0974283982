"""What a person noted, as those who ask for it know it: each a view of the same notes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress

from fleettui.store.postgres.link import Link
from fleettui.store.postgres.notes import FOLLOWS, SEARCHED, SEEN, Notes
from fleettui.text import cleaning

MOST_SEARCHES = 30
ALL_FOLLOWED = "select login, key, value from note where kind = 'follows' and value <> '' order by login, key"
FOLLOWED_STAMP = "select count(*), max(at) from note where kind = 'follows'"


class ReadMarks:
    """Implements `beside_documents.ReadMarks`."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._followed = -1

    @property
    def version(self) -> int:
        return self._notes.version(SEEN)

    def follow(self) -> bool:
        self._notes.of(SEEN)
        before, self._followed = self._followed, self.version
        return before != self._followed

    def rev(self, id_: str) -> int:
        noted = self._notes.of(SEEN).get(id_)
        return int(noted.text) if noted and noted.text.isdecimal() else 0

    def look(self, id_: str, rev: int) -> None:
        if rev > self.rev(id_):
            self._notes.note_later(SEEN, id_, str(rev))


class Notebook:
    """Implements `beside_documents.Notebook`."""

    def __init__(self, notes: Notes, about: str) -> None:
        self._notes, self._about = notes, about
        self._followed = -1

    @property
    def version(self) -> int:
        return self._notes.version(self._about)

    def follow(self) -> bool:
        self._notes.of(self._about)
        before, self._followed = self._followed, self.version
        return before != self._followed

    def get(self, key: str) -> str:
        noted = self._notes.of(self._about).get(key)
        return noted.text if noted else ""

    def keys(self, beginning: str) -> list[str]:
        noted = list(self._notes.of(self._about).items())
        return [key[len(beginning) :] for key, each in noted if each.text and key.startswith(beginning)]

    def note(self, values: Iterable[tuple[str, str]]) -> None:
        self._notes.note(self._about, values)


class PastSearches:
    """Implements `beside_documents.PastSearches`. A note is a list's name, a blank, and the search."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def of(self, name: str) -> list[str]:
        beginning, noted = f"{name} ", list(self._notes.of(SEARCHED).items())
        kept = [key[len(beginning) :] for key, each in noted if each.text and key.startswith(beginning)]
        return kept[: -MOST_SEARCHES - 1 : -1]

    def keep(self, name: str, typed: str) -> None:
        search = cleaning.line(typed)
        if not search or self.of(name)[:1] == [search]:
            return
        others = [each for each in self.of(name) if each != search]
        for old in others[MOST_SEARCHES - 1 :]:
            self._notes.note_later(SEARCHED, f"{name} {old}", "")
        self._notes.note_later(SEARCHED, f"{name} {search}", "1")


class FollowLists:
    """Implements `beside_documents.FollowLists`."""

    def __init__(self, link: Link, notes: Notes, login: str) -> None:
        self._link, self._notes, self._login = link, notes, login
        self._lock = threading.Lock()
        self._stamp: object = None
        self._all: dict[str, dict[str, int]] = {}

    def publish(self, login: str, followed: Mapping[str, int]) -> None:
        text = json.dumps(dict(followed))
        known = self._notes.of(FOLLOWS).get("")
        if login == self._login and (known is None or known.text != text):
            self._notes.note_later(FOLLOWS, "", text)

    def all(self) -> dict[str, dict[str, int]]:
        with self._lock:
            stamp = self._link.rows(FOLLOWED_STAMP)
            if stamp != self._stamp:
                rows = self._link.rows(ALL_FOLLOWED)
                self._stamp, self._all = stamp, {login: _read(text) for login, _, text in rows}
            return self._all


def _read(text: str) -> dict[str, int]:
    with suppress(ValueError, AttributeError):
        return {str(id_): int(since) for id_, since in json.loads(text).items()}
    return {}
