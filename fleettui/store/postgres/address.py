"""Where a workspace on PostgreSQL is: a server's address, and the schema in it."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from fleettui.database_addresses import refuse_password
from fleettui.errors import WrongUsage

SCHEMA = "fleettui"
NAME = re.compile(r"[a-z_][a-z0-9_]{0,40}\Z")


class Address(NamedTuple):
    """What psycopg connects to, and the schema that the workspace is in. Neither has a secret in it."""

    conninfo: str
    schema: str

    @classmethod
    def of(cls, typed: str) -> Address:
        """`postgresql://USER@HOST/DATABASE?schema=NAME`, or `service=NAME`."""
        refuse_password(typed, "home")
        if typed.startswith("service="):
            return cls(typed, SCHEMA)
        parts = urlsplit(typed)
        if parts.scheme not in ("postgresql", "postgres"):
            raise WrongUsage("an address begins with postgresql://, or is service=NAME", field="home")
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        schema = options.pop("schema", SCHEMA)
        if not NAME.match(schema):
            raise WrongUsage("a schema's name has small letters, digits and _ only", field="home")
        return cls(urlunsplit(parts._replace(query=urlencode(options))), schema)

    def __str__(self) -> str:
        """For people; a password in it was refused."""
        return f"{self.conninfo} ({self.schema})"
