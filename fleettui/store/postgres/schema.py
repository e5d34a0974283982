"""Makes and removes the schema of a workspace."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from psycopg import Connection, sql

FORMAT = 1


def create(connection: Connection[Any], schema: str) -> None:
    """All of it or nothing."""
    text = files("fleettui.store.postgres").joinpath("schema.sql").read_text(encoding="utf-8")
    quoted = sql.Identifier(schema).as_string(connection)
    with connection.transaction():
        connection.execute(text.replace("__SCHEMA__", quoted).encode())


def drop(connection: Connection[Any], schema: str) -> None:
    connection.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(schema)))
