"""Makes and removes the schema of a workspace, and the roles of those who work in it."""

from __future__ import annotations

import contextlib
from importlib.resources import files
from typing import Any

from psycopg import Connection, Error, sql

FORMAT = 1
OLDEST_SERVER = 140_000
PARTS = ("schema.sql", "schema_rows.sql", "schema_beside.sql")
WORDS_INDEX = "words_by_parts"
"""There is one where the server has the extension pg_trgm: else no text is looked for in the archive."""
TEAM = (
    "grant usage on schema {schema} to {team}",
    "grant select on all tables in schema {schema} to {team}",
    "grant insert, update, delete on {schema}.note, {schema}.presence to {team}",
    "grant insert on {schema}.file to {team}",
    "revoke execute on all functions in schema {schema} from public",
    "grant execute on all functions in schema {schema} to {team}",
)


def create(connection: Connection[Any], schema: str, *, with_roles: bool = False) -> None:
    """All of it or nothing. `with_roles`: it belongs to a role that nobody is, and the team's role may do what people do."""
    with connection.transaction():
        with contextlib.suppress(Error), connection.transaction():
            connection.execute("create extension if not exists pg_trgm")
        if with_roles:
            _make_roles(connection, schema)
            _run(
                connection,
                "create schema if not exists {schema} authorization {owner}",
                "set local role {owner}",
                schema=schema,
            )
        else:
            _run(connection, "create schema if not exists {schema}", schema=schema)
        for part in PARTS:
            text = files("fleettui.store.postgres").joinpath(part).read_text(encoding="utf-8")
            quoted = sql.Identifier(schema).as_string(connection)
            service = sql.Literal(f"{schema}_service").as_string(connection)
            connection.execute(text.replace("__SCHEMA__", quoted).replace("__SERVICE__", service).encode())
        index_words(connection, schema)
        if with_roles:
            _run(connection, *TEAM, schema=schema)
            connection.execute("reset role")
            _run(connection, "grant {team} to {service}", schema=schema)


def index_words(connection: Connection[Any], schema: str) -> None:
    """Where the extension is there."""
    place = connection.execute(
        "select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm'"
    ).fetchone()
    if place is not None:
        statement = sql.SQL("create index if not exists {} on {} using gin (hay {})").format(
            sql.Identifier(WORDS_INDEX),
            sql.Identifier(schema, "words"),
            sql.Identifier(place[0], "gin_trgm_ops"),
        )
        connection.execute(statement)


def _make_roles(connection: Connection[Any], schema: str) -> None:
    for role in roles_of(schema):
        known = connection.execute("select 1 from pg_roles where rolname = %s", (role,)).fetchone()
        if known is None:
            connection.execute(sql.SQL("create role {} nologin").format(sql.Identifier(role)))
    is_all = connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchone()
    if is_all is None or not is_all[0]:
        _run(connection, "grant {owner}, {service} to current_user", schema=schema)


def _run(connection: Connection[Any], *statements: str, schema: str) -> None:
    owner, team, service = (sql.Identifier(role) for role in roles_of(schema))
    for statement in statements:
        filled = sql.SQL(statement).format(
            schema=sql.Identifier(schema), owner=owner, team=team, service=service
        )
        connection.execute(filled)


def roles_of(schema: str) -> tuple[str, str, str]:
    """Whom it belongs to, who works in it, who may write for others."""
    return f"{schema}_owner", f"{schema}_team", f"{schema}_service"


def may_make_roles(connection: Connection[Any]) -> bool:
    facts = connection.execute(
        "select rolcreaterole or rolsuper from pg_roles where rolname = current_user"
    ).fetchone()
    return facts is not None and bool(facts[0])


def drop(connection: Connection[Any], schema: str) -> None:
    connection.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(schema)))


def drop_unfinished(connection: Connection[Any], schema: str) -> None:
    """Of a workspace whose making was interrupted, where there is one."""
    known = "select 1 from pg_class where relnamespace = to_regnamespace(%s) and relname = 'meta'"
    quoted = sql.Identifier(schema).as_string(connection)
    if connection.execute(known, (quoted,)).fetchone():
        drop(connection, schema)
