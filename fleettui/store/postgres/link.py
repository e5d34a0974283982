"""The one connection of a session: opened when it is first needed, opened again when it was lost, its errors told in one line."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg import Connection, errors, sql
from psycopg.rows import TupleRow

from fleettui.errors import Unusable
from fleettui.store.postgres.address import Address

Statement = LiteralString
Query = LiteralString | sql.Composed
CONNECT_SECONDS = 3
SETTINGS = "-c timezone=UTC -c client_min_messages=warning"
LOST = (psycopg.OperationalError, psycopg.InterfaceError)


class Lost(Unusable):
    """The server does not answer, or has closed the connection."""


class Link:
    """Used by the thread that writes and the one that watches: one at a time."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._turn = threading.RLock()
        self._connection: Connection[TupleRow] | None = None

    @contextmanager
    def connected(self) -> Iterator[Connection[TupleRow]]:
        """For as long as the block lasts nobody else uses it."""
        with self._turn:
            try:
                yield self._open()
            except LOST as error:
                if isinstance(error, errors.LockNotAvailable | errors.QueryCanceled):
                    raise Unusable(
                        f"{self.address}: others were in the way for too long; try again."
                    ) from None
                self.close()
                raise Lost(f"{self.address}: no connection ({_line(error)}).") from None
            except psycopg.Error as error:
                raise explained(error, self.address) from None

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
        except Lost:
            with self.connected() as connection:
                return connection.execute(statement, values).fetchall()

    def _open(self) -> Connection[TupleRow]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                self.address.conninfo, autocommit=True, options=SETTINGS, connect_timeout=CONNECT_SECONDS
            )
            path = sql.SQL("set search_path to {}, pg_temp").format(sql.Identifier(self.address.schema))
            self._connection.execute(path)
            self._connection.execute("set lock_timeout = '5s'; set statement_timeout = '15s'")
        return self._connection

    def close(self) -> None:
        with self._turn:
            connection, self._connection = self._connection, None
            if connection is not None:
                connection.close()


def explained(error: psycopg.Error, address: Address) -> Exception:
    """In one line what to do; what is not known is a mistake of ours and stays as it is."""
    if isinstance(error, errors.InsufficientPrivilege):
        return Unusable(f"{address}: your role may not do this; ask whoever looks after the database.")
    if isinstance(error, errors.UndefinedTable | errors.InvalidSchemaName | errors.UndefinedFunction):
        return Unusable(f"{address}: there is no workspace; `fleettui init --at ADDRESS` makes one.")
    if isinstance(error, errors.DiskFull):
        return Unusable(f"{address}: the server's disk is full; nothing was changed.")
    return error


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
