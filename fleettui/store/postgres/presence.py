"""Who is here: a row for each session, written anew every quarter of a minute. A session that was killed, or whose
box has lost the server, is gone when its row has grown old."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
import uuid
from collections.abc import Sequence
from datetime import datetime

import msgspec

from fleettui.errors import Unusable
from fleettui.store.postgres.link import Link

WRITTEN_EVERY = 15.0
GONE_AFTER = 45
WRITE = """
insert into presence (session, login, name, box, screen, looking_at, typing, since) values (%s, %s, %s, %s, %s, %s, %s, %s)
on conflict (session) do update set screen = excluded.screen, looking_at = excluded.looking_at, typing = excluded.typing,
    at = clock_timestamp()
"""
OTHERS = """
select session::text, login, name, since, screen, looking_at, typing, box from presence
where at > clock_timestamp() - make_interval(secs => %s) and session <> %s order by since, session
"""
LEAVE = """
delete from presence where session = %s or (login = %s and at < clock_timestamp() - interval '1 day') returning session::text
"""


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """Implements `beside_documents.Visitor`."""

    key: str
    login: str
    name: str
    since: datetime
    screen: str = ""
    looking_at: str | None = None
    typing: bool = False
    box: str = ""


class Presence:
    """Implements `beside_documents.Presence`. Only `changed` and `leave` wait for the server."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._lock = threading.Lock()
        self._mine: Visitor | None = None
        self._written: Visitor | None = None
        self._written_at = 0.0
        self._others: Sequence[Visitor] | None = None
        self._key = uuid.uuid4()

    def enter(self, login: str, name: str, now: datetime) -> None:
        self._mine = Visitor(key=str(self._key), login=login, name=name, since=now, box=socket.gethostname())

    def show(self, screen: str, looking_at: str | None = None, typing: bool = False) -> None:
        if self._mine is not None:
            self._mine = msgspec.structs.replace(
                self._mine, screen=screen, looking_at=looking_at, typing=typing
            )

    def changed(self) -> bool:
        """A courtesy to others: where it cannot be shown, the work goes on without it."""
        before = self._others
        with contextlib.suppress(Unusable):
            self._write()
            self._others = self._read()
        return self._others != before

    def others(self) -> Sequence[Visitor]:
        if self._others is None:
            with contextlib.suppress(Unusable):
                self._others = self._read()
        return self._others or ()

    def leave(self) -> None:
        mine, self._mine = self._mine, None
        if mine is not None and self._written is not None:
            with contextlib.suppress(Unusable):
                self._link.rows(LEAVE, self._key, mine.login)

    def _write(self) -> None:
        with self._lock:
            mine = self._mine
            is_due = time.monotonic() > self._written_at + WRITTEN_EVERY
            if mine is None or (mine == self._written and not is_due):
                return
            shown = mine.screen, mine.looking_at, mine.typing, mine.since
            with self._link.connected() as connection:
                connection.execute(WRITE, (self._key, mine.login, mine.name, mine.box, *shown))
            self._written, self._written_at = mine, time.monotonic()

    def _read(self) -> Sequence[Visitor]:
        rows = self._link.rows(OTHERS, GONE_AFTER, self._key)
        return [
            Visitor(
                key=key,
                login=login,
                name=name,
                since=since,
                screen=screen,
                looking_at=about,
                typing=typing,
                box=box,
            )
            for key, login, name, since, screen, about, typing, box in rows
        ]
