"""What one person notes for themselves, in one table: drafts, read marks, the inbox, the views, past searches, what they follow.

What is asked is in memory. `look` takes in what the person's other sessions noted, and writes what could not be written before:
it waits for the server, so that nobody else has to.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from fleettui.errors import Unusable
from fleettui.store import beside_documents
from fleettui.store.postgres.link import Link
from fleettui.time.clock import system_clock

DRAFT, SEEN, SEARCHED, FOLLOWS = "draft", "seen", "searched", "follows"
LOAD = "select key, value, at, number from note where login = %s and kind = %s and number > %s order by number, at, key"
FOLLOW = (
    "select kind, key, value, at, number from note where login = %s and number > %s order by number, at, key"
)
LAST = "select coalesce(max(number), 0) from note where login = %s and kind = 'last'"
INBOX, VIEWS = "inbox", "views"
KINDS = (DRAFT, SEEN, SEARCHED, FOLLOWS, INBOX, VIEWS)
NOTE = """
with last as (
    insert into note as l (login, kind, key, number) values (%(login)s, 'last', '', 1)
    on conflict (login, kind, key) do update set number = l.number + 1 returning number
)
insert into note as n (login, kind, key, value, at, number)
select %(login)s, u.kind, u.key, u.value, u.at, last.number
from last, unnest(%(kinds)s::text[], %(keys)s::text[], %(texts)s::text[], %(ats)s::timestamptz[]) as u(kind, key, value, at)
on conflict (login, kind, key) do update set value = excluded.value, at = excluded.at, number = excluded.number
where case
    when n.kind = 'seen' then n.value = '' or excluded.value = '' or n.value::bigint < excluded.value::bigint
    when n.kind = 'draft' then n.at <= excluded.at
    when n.key like 'first:%%' then excluded.value = '' or split_part(n.value, ':', 1) <> split_part(excluded.value, ':', 1)
    else true
end
"""


class Noted(NamedTuple):
    text: str
    """Empty where it was taken off."""
    at: datetime


ALL = "select login, kind, key, value from note where kind = any(%s) and value <> '' order by login, kind, number, at, key"


def everybodys(link: Link) -> list[beside_documents.Noted]:
    """All that those who may see it can move with the workspace: the schema's owner sees everybody's."""
    return [beside_documents.Noted(*row) for row in link.rows(ALL, [SEEN, INBOX, VIEWS])]


def take_in(link: Link, noted: Iterable[beside_documents.Noted]) -> None:
    """As `everybodys`."""
    now = system_clock()
    for login, its in groupby(sorted(noted, key=attrgetter("login")), attrgetter("login")):
        values = {(each.kind, each.key): Noted(each.value, now) for each in its}
        Notes(link, login).write(values)


class Notes:
    """Of one login, over all sessions and boxes."""

    def __init__(self, link: Link, login: str) -> None:
        self._link, self._login = link, login
        self._lock = threading.RLock()
        self._kinds: dict[str, dict[str, Noted]] = {}
        self._upto: dict[str, int] = {}
        """By kind: the number up to which it has been read."""
        self._versions: dict[str, int] = {}
        self._waiting: dict[tuple[str, str], Noted] = {}

    def of(self, kind: str) -> Mapping[str, Noted]:
        """What is noted, in the order in which it was; asks the server the first time."""
        with self._lock:
            if kind not in self._kinds:
                self._load(kind)
            return self._kinds[kind]

    def load(self) -> None:
        """All of them at once."""
        with self._lock:
            if self._kinds:
                return
            self._kinds = {kind: {} for kind in KINDS}
            self._upto = dict.fromkeys(KINDS, -1)
            try:
                self._follow()
            except Unusable:
                self._kinds, self._upto = {}, {}
                raise

    def _load(self, kind: str) -> None:
        upto = self._link.rows(LAST, self._login)[0][0]
        self._kinds[kind], self._upto[kind] = {}, upto
        for key, text, at, number in self._link.rows(LOAD, self._login, kind, -1):
            self._take_in(kind, key, Noted(text, at))
            self._upto[kind] = max(self._upto[kind], number)

    def _take_in(self, kind: str, key: str, noted: Noted) -> None:
        known = self._kinds[kind]
        if known.get(key) == noted:
            return
        known.pop(key, None)
        known[key] = noted
        self._versions[kind] = self.version(kind) + 1

    def version(self, kind: str) -> int:
        return self._versions.get(kind, 0)

    def note(self, kind: str, values: Iterable[tuple[str, str]]) -> None:
        """Now; where it cannot be written this says so."""
        now = system_clock()
        noted = {(kind, key): Noted(text, now) for key, text in values}
        if noted:
            self.of(kind)
            self.write(noted)
            self._follow()

    def note_later(self, kind: str, key: str, text: str, at: datetime | None = None) -> None:
        """In memory now, on the server with the next look."""
        noted = Noted(text, at or system_clock())
        with self._lock:
            self._waiting[kind, key] = noted
            if kind in self._kinds:
                self._take_in(kind, key, noted)

    def look(self) -> None:
        """Take in what the person's other sessions wrote."""
        self.write_waiting()
        if self._kinds:
            self._follow()

    def write_waiting(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        if not waiting:
            return
        try:
            self.write(waiting)
        except Unusable:
            with self._lock:
                self._waiting = {**waiting, **self._waiting}
            raise

    def write(self, noted: Mapping[tuple[str, str], Noted]) -> None:
        values: dict[str, Any] = {
            "login": self._login,
            "kinds": [kind for kind, _ in noted],
            "keys": [key for _, key in noted],
            "texts": [each.text.replace("\0", "") for each in noted.values()],
            "ats": [each.at for each in noted.values()],
        }
        with self._link.connected() as connection:
            connection.execute(NOTE, values)

    def _follow(self) -> None:
        rows = self._link.rows(FOLLOW, self._login, min(self._upto.values()))
        with self._lock:
            for kind, key, text, at, number in rows:
                for each in self._upto if kind == "last" else ():
                    self._upto[each] = max(self._upto[each], number)
                if kind in self._kinds and (kind, key) not in self._waiting:
                    self._take_in(kind, key, Noted(text, at))
