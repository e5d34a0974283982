"""The one connection of a session: opened when it is first needed, opened again when it was lost, its errors told in one line."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg import Connection, errors, sql
from psycopg.rows import TupleRow

from fleettui.database_addresses import DatabaseAddress
from fleettui.errors import Away, Unusable
from fleettui.store.beside_documents import Standing
from fleettui.store.postgres.explaining import LOST, explained, line_of, why_not_connected
from fleettui.store.postgres.watchdog import Watchdog
from fleettui.time.clock import Clock, system_clock

Statement = LiteralString
Query = LiteralString | sql.Composed
CONNECT_SECONDS = 3
SETTINGS = "-c timezone=UTC -c client_min_messages=warning"
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 1.5
"""Seconds between two attempts to connect again. People are back soon after the server is: hundreds of sessions that ask it every
other second are nothing to it."""


class Lost(Away):
    """The connection was closed, or the server does not answer."""


class NotConnected(Lost):
    """Nothing was sent: nothing can have happened."""


class Link:
    """Used by the thread that writes and the one that watches: one at a time."""

    def __init__(self, address: DatabaseAddress, clock: Clock = system_clock) -> None:
        self.address = address
        self.standing = Standing()
        self._clock = clock
        self._turn = threading.RLock()
        self._depth = 0
        self._connection: Connection[TupleRow] | None = None
        self._watchdog = Watchdog(address)
        self._pause, self._next_try = 0.0, 0.0

    @contextmanager
    def connected(self) -> Iterator[Connection[TupleRow]]:
        """For as long as the block lasts nobody else uses it."""
        if not self._turn.acquire(blocking=self.standing.away_since is None):
            raise self._not_connected()
        self._depth += 1
        try:
            connection = self._open()
            if self._depth == 1:
                self._watchdog.watch(connection)
            yield connection
        except NotConnected:
            raise
        except LOST as error:
            if isinstance(error, errors.LockNotAvailable | errors.QueryCanceled):
                raise Unusable(
                    f"{self.address.shown}: others were in the way for too long; try again."
                ) from None
            self._drop()
            if self._watchdog.has_given_up:
                self._note_failure("it does not answer")
            raise Lost(f"{self.address.shown}: no connection ({line_of(error)}).") from None
        except psycopg.Error as error:
            raise explained(error, self.address) from None
        finally:
            self._depth -= 1
            if not self._depth:
                self._watchdog.rest()
            self._turn.release()

    def rows(self, statement: Statement, *values: Any) -> list[TupleRow]:
        """Asked once more where the connection had been closed meanwhile: only for statements that change nothing."""
        return self._asked(statement, values)

    def rows_named(self, statement: Query, **values: Any) -> list[TupleRow]:
        """The same, for a statement with names."""
        return self._asked(statement, values)

    def _asked(self, statement: Query, values: Sequence[Any] | Mapping[str, Any]) -> list[TupleRow]:
        try:
            with self.connected() as connection:
                return connection.execute(statement, values).fetchall()
        except NotConnected:
            raise
        except Lost:
            with self.connected() as connection:
                return connection.execute(statement, values).fetchall()

    def _open(self) -> Connection[TupleRow]:
        if self._connection is None or self._connection.closed:
            if time.monotonic() < self._next_try:
                raise self._not_connected()
            try:
                self._connection = self._connect()
            except psycopg.Error as error:
                why = why_not_connected(error)
                self._note_failure(why)
                raise NotConnected(f"{self.address.shown}: no connection ({why}).") from None
            self._pause, self._next_try = 0.0, 0.0
            self.standing = Standing(is_read_only=_is_read_only(self._connection))
        return self._connection

    def _connect(self) -> Connection[TupleRow]:
        connection = psycopg.connect(
            self.address.conninfo, autocommit=True, options=SETTINGS, connect_timeout=CONNECT_SECONDS
        )
        path = sql.SQL("set search_path to {}, pg_temp").format(sql.Identifier(self.address.schema))
        connection.execute(path)
        connection.execute("set lock_timeout = '5s'; set statement_timeout = '15s'")
        return connection

    def _note_failure(self, why: str) -> None:
        self._pause = min(2 * self._pause or FIRST_PAUSE, LONGEST_PAUSE)
        wait = self._pause * random.uniform(0.8, 1.2)  # noqa: S311  so that all sessions do not come at once
        self._next_try = time.monotonic() + wait
        since = self.standing.away_since or self._clock()
        self.standing = Standing(self.address.shown, since, self._pause, why)

    def _not_connected(self) -> NotConnected:
        return NotConnected(
            f"{self.address.shown}: no connection ({self.standing.why}); nothing was changed. "
            "It is tried again all the time."
        )

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def close(self) -> None:
        """Not waited for where somebody still waits for an answer: the end of the process ends that."""
        self._watchdog.stop()
        if self._turn.acquire(timeout=1):
            try:
                self._drop()
            finally:
                self._turn.release()


def _is_read_only(connection: Connection[Any]) -> bool:
    """A standby, or a server that was told so. The server says it by itself, from version 14 on."""
    named = ("in_hot_standby", "default_transaction_read_only")
    return any(connection.info.parameter_status(name) == "on" for name in named)
