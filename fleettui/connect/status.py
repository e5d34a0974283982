"""How each connection stands, as the service writes it for everybody else."""

from __future__ import annotations

import os
import threading
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from fleettui.errors import FleettuiError
from fleettui.store.service_files import ServiceFiles
from fleettui.text import cleaning
from fleettui.time.clock import Clock
from fleettui.workspace.connections import Connection, State, Status

LATEST = timedelta(seconds=30)
"""So old may the time of the last success be that others read."""


class StatusBoard:
    """Every thread of the service tells it; one writes it down."""

    def __init__(self, service: ServiceFiles, login: str, clock: Clock) -> None:
        self._service, self._clock = service, clock
        self._lock = threading.Lock()
        self._status = Status(pid=os.getpid(), login=login, started=clock())
        self._rows: dict[str, Connection] = {}
        self._is_news = True
        self._written_at: datetime | None = None

    def begin(self, names: list[str]) -> None:
        """These connections there are, and no others."""
        with self._lock:
            self._rows = {
                name: self._rows.get(name) or Connection(name=name, state="starting") for name in names
            }
            self._is_news = True

    def ok(self, name: str) -> bool:
        """It works; whether that is news."""
        now = self._clock()
        with self._lock:
            row = self._row(name)
            is_news = row.state != "ok"
            self._rows[name] = replace(
                row,
                state="ok",
                last_ok=now,
                since=now if is_news else row.since,
                why="" if is_news else row.why,
            )
            self._is_news |= is_news
        return is_news

    def down(self, name: str, why: str) -> bool:
        """It does not work; whether that, or the reason, is news."""
        return self._set(name, "down", cleaning.line(why, 300))

    def remark(self, name: str, why: str) -> bool:
        """Something to know of a connection that works; empty takes it away."""
        with self._lock:
            row = self._row(name)
            is_news = row.why != why
            self._rows[name] = replace(row, why=why)
            self._is_news |= is_news
        return is_news

    def off(self) -> None:
        """The service ends."""
        with self._lock:
            self._rows = {name: replace(row, state="off", why="") for name, row in self._rows.items()}
            self._is_news = True

    def _row(self, name: str) -> Connection:
        return self._rows.get(name) or Connection(name=name, state="starting")

    def _set(self, name: str, state: State, why: str) -> bool:
        now = self._clock()
        with self._lock:
            row = self._row(name)
            is_news = (row.state, row.why) != (state, why)
            since = row.since if row.state == state else now
            self._rows[name] = replace(row, state=state, why=why, since=since)
            self._is_news |= is_news
        return is_news

    def write(self) -> None:
        """Where there is news, or the last successes have become old."""
        now = self._clock()
        with self._lock:
            is_old = self._written_at is None or now - self._written_at >= LATEST
            rows = tuple(self._rows.values())
            if not self._is_news and not (is_old and rows != self._status.connections):
                return
            self._status, self._is_news, self._written_at = (
                replace(self._status, connections=rows),
                False,
                now,
            )
        try:
            self._service.write_status(msgspec.json.encode(self._status))
        except (OSError, FleettuiError):
            with self._lock:
                self._is_news = True
