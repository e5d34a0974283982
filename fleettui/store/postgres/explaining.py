"""What the database says, in one line that says what to do. Server and database are named as `DatabaseAddress.shown` has them."""

from __future__ import annotations

import psycopg
from psycopg import errors

from fleettui.database_addresses import DatabaseAddress, without_addresses
from fleettui.errors import Unusable

LOST = (psycopg.OperationalError, psycopg.InterfaceError)
_WORDS: tuple[tuple[type[psycopg.Error] | tuple[type[psycopg.Error], ...], str], ...] = (
    (errors.InsufficientPrivilege, "your role may not do this; ask whoever looks after the database."),
    (
        (errors.UndefinedTable, errors.InvalidSchemaName, errors.UndefinedFunction),
        "there is no workspace; `fleettui init --at ADDRESS` makes one.",
    ),
    (errors.DiskFull, "the server's disk is full; nothing was changed."),
    (errors.ReadOnlySqlTransaction, "the server takes no changes now (read only); nothing was changed."),
    ((errors.SerializationFailure, errors.DeadlockDetected), "busy; try again."),
)
_REFUSALS = (
    ("authentication failed", "the server refuses the login: {why}. Look at ~/.pgpass, or at the server's pg_hba.conf"),
    ("no pg_hba.conf entry", "the server lets nobody in from here: {why}"),
    ("too many c", "the server has no connection left: {why}. Try again later"),
    ("remaining connection slots", "the server has no connection left: {why}. Try again later"),
)  # fmt: skip


def explained(error: psycopg.Error, address: DatabaseAddress) -> Exception:
    """What is not known is a mistake of ours and stays as it is."""
    for kind, words in _WORDS:
        if isinstance(error, kind):
            return Unusable(f"{address.shown}: {words}")
    return error


def why_not_connected(error: Exception) -> str:
    """Of several servers of one address, what the last one said."""
    text = line_of(error)
    why = text.rpartition("FATAL:")[2].strip() if "FATAL:" in text else text
    if "is the server running" in why.casefold() or "connection refused" in why.casefold():
        return "the server is not running, or not there"
    if "timeout" in why.casefold():
        return "it does not answer"
    return next((words.format(why=why) for part, words in _REFUSALS if part in why), why)


def line_of(error: Exception) -> str:
    return without_addresses(" ".join(str(error).split()))[:200]
