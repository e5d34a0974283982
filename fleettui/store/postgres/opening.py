"""What makes a schema a workspace: one row, which is written last. Making, looking and opening."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

import psycopg
from psycopg import Connection, errors, sql

from fleettui.database_addresses import DatabaseAddress, moved_away
from fleettui.errors import Refused, Unusable
from fleettui.store.postgres import schema
from fleettui.store.postgres.explaining import LOST, explained, why_not_connected
from fleettui.store.postgres.link import CONNECT_SECONDS, SETTINGS, Link

META = "select format, id::text, name, moved_to from meta"
RIGHTS = "select session_user::text, may_write_for(%s)"


class Facts(NamedTuple):
    """Of a workspace."""

    id: str
    name: str


def opened(link: Link, login: str) -> Facts:
    """Refused where there is no workspace, one of a newer format, or one that knows this person by another name."""
    shown = link.address.shown
    with link.connected() as connection:
        if connection.info.server_version < schema.OLDEST_SERVER:
            raise Unusable(f"{shown}: the server is older than PostgreSQL 14; update it.")
        row = _meta(connection, link.address)
        if row is None:
            raise Unusable(f"{shown}: there is no workspace; `fleettui init --at ADDRESS` makes one.")
        format_, id_, name, moved_to = row
        if format_ > schema.FORMAT:
            raise Unusable(
                f"{shown}: is of format {format_}, this fleettui reads up to {schema.FORMAT}. Update fleettui on this machine."
            )
        if moved_to is not None:
            raise Unusable(moved_away(shown, moved_to))
        rights = connection.execute(RIGHTS, (login,)).fetchone()
        assert rights is not None  # noqa: S101
        if not rights[1]:
            raise Unusable(f"{shown}: you are {login} here, the database knows you as {rights[0]}.")
    return Facts(id_, name)


def _meta(connection: Connection[Any], address: DatabaseAddress) -> tuple[Any, ...] | None:
    try:
        return connection.execute(META).fetchone()
    except (errors.UndefinedTable, errors.InvalidSchemaName):
        query = "select has_schema_privilege(nspname, 'usage') from pg_namespace where nspname = %s"
        rights = connection.execute(query, (address.schema,)).fetchone()
        if rights is None or rights[0]:
            raise
        raise Unusable(
            f"{address.shown}: your role may not look into it; ask whoever looks after the database."
        ) from None


def is_made(link: Link) -> bool:
    """Where nobody answers, nobody can say: that is an error."""
    with link.connected() as connection:
        try:
            return bool(connection.execute("select 1 from meta").fetchall())
        except (errors.UndefinedTable, errors.InvalidSchemaName):
            return False


def make(address: DatabaseAddress, name: str, made: datetime, fill: Callable[[], None]) -> None:
    """Its row is there when all of it is: what was interrupted is no workspace, and can be made again."""
    try:
        with psycopg.connect(
            address.conninfo, autocommit=True, options=SETTINGS, connect_timeout=CONNECT_SECONDS
        ) as connection:
            connection.execute("set lock_timeout = '5s'")
            _refuse_occupied(connection, address)
            schema.drop_unfinished(connection, address.schema)
            schema.create(connection, address.schema, with_roles=schema.may_make_roles(connection))
            with connection.transaction():
                insert = sql.SQL("insert into {} (format, name, made) values (%s, %s, %s)")
                connection.execute(
                    insert.format(sql.Identifier(address.schema, "meta")), (schema.FORMAT, name, made)
                )
                fill()
    except LOST as error:
        if isinstance(error, errors.LockNotAvailable):
            raise Unusable(f"{address.shown}: somebody else makes a workspace there now.") from None
        raise Unusable(f"{address.shown}: no connection ({why_not_connected(error)}).") from None
    except psycopg.Error as error:
        raise explained(error, address) from None


def _refuse_occupied(connection: Connection[Any], address: DatabaseAddress) -> None:
    if connection.info.server_version < schema.OLDEST_SERVER:
        raise Unusable(f"{address.shown}: the server is older than PostgreSQL 14; update it.")
    named = "select relname from pg_class where relnamespace = to_regnamespace(%s) and relkind = 'r'"
    quoted = sql.Identifier(address.schema).as_string(connection)
    tables = {row[0] for row in connection.execute(named, (quoted,)).fetchall()}
    if not tables:
        return
    if "meta" not in tables or "head" not in tables:
        raise Refused(
            f"{address.shown}: the schema {address.schema} has other tables; name another with ?schema=NAME"
        )
    meta = sql.SQL("select 1 from {}").format(sql.Identifier(address.schema, "meta"))
    if connection.execute(meta).fetchone():
        raise Refused(f"There is a workspace in {address.shown} already.")
