"""The addresses of workspaces in databases: known as such, and read.

Nothing of an address that is refused is ever repeated: it may hold a password, also where it is written wrongly.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from fleettui.errors import WrongUsage

SCHEMES = ("postgresql", "postgres")
SCHEMA = "fleettui"
"""The schema of a workspace whose address names none."""
_SCHEMA_NAME = re.compile(r"[a-z_][a-z0-9_]{0,40}")
_SERVICE = re.compile(r"service=[\w.-]+")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://|(postgres(?:ql)?):")
_PAIRS = re.compile(
    r"(service|host|hostaddr|port|dbname|user|password|passfile|options|application_name|connect_timeout"
    r"|ssl[a-z]+|target_session_attrs)\s*="
)
_PASSWORD = re.compile(r"password\s*=|://[^@]*:[^@]+@")
_TO_HIDE = re.compile(
    r"(postgres(?:ql)?:(?=\S)(?!//HOST/DATABASE\b)|(?<![-\w])password\s*=).*", re.IGNORECASE | re.DOTALL
)


class DatabaseAddress(NamedTuple):
    """Where a workspace on PostgreSQL is: what its driver connects to, and a schema there. Neither has a secret in it."""

    conninfo: str
    schema: str

    @classmethod
    def of(cls, typed: str, field: str = "home") -> DatabaseAddress:
        """`postgresql://USER@HOST/DATABASE?schema=NAME`, or `service=NAME`. `field`: where it was named."""
        refuse_password(typed, field)
        if _SERVICE.fullmatch(typed):
            return cls(typed, SCHEMA)
        front, _, query = typed.partition("?")
        if not front.startswith(tuple(f"{scheme}://" for scheme in SCHEMES)) or _split(typed) is None:
            raise WrongUsage(
                "write the address of a database as postgresql://HOST/DATABASE, or as service=NAME",
                field=field,
            )
        options = [option for option in query.split("&") if option]
        named = [option.removeprefix("schema=") for option in options if option.startswith("schema=")]
        schema = named[-1] if named else SCHEMA
        if not _SCHEMA_NAME.fullmatch(schema):
            raise WrongUsage("the name of a schema has small letters, digits and _ only", field=field)
        rest = "&".join(option for option in options if not option.startswith("schema="))
        return cls(f"{front}?{rest}" if rest else front, schema)

    def __str__(self) -> str:
        """As people give it to `--home`."""
        if self.schema == SCHEMA:
            return self.conninfo
        return f"{self.conninfo}{'&' if '?' in self.conninfo else '?'}schema={self.schema}"

    @property
    def shown(self) -> str:
        """For errors: server and database, and nothing else of it."""
        parts = _split(self.conninfo)
        if parts is None:
            where = f"the service {self.conninfo.partition('=')[2]}"
        else:
            options = dict(option.partition("=")[::2] for option in parts.query.split("&"))
            host = parts.netloc.rpartition("@")[2] or unquote(options.get("host", "")) or "this machine"
            name = unquote(parts.path.strip("/") or options.get("dbname", ""))
            where = f"{host}/{name}" if name else host
        return where if self.schema == SCHEMA else f"{where} ({self.schema})"


def _split(address: str) -> SplitResult | None:
    """None where it is no URL."""
    if "://" not in address:
        return None
    try:
        return urlsplit(address)
    except ValueError:  # half of an IPv6 address
        return None


def database_named(text: str, field: str) -> DatabaseAddress | None:
    """None where it is the name of a folder. `field`: where it was named."""
    plain = unquote(text).strip().casefold()
    scheme = _SCHEME.match(plain)
    if scheme is None and _PAIRS.match(plain) is None:
        return None
    refuse_password(plain, field)
    name = (scheme[1] or scheme[2]) if scheme else ""
    if scheme and name not in SCHEMES:
        raise WrongUsage(f"a workspace is in a folder or on PostgreSQL, not at {name}://", field=field)
    return DatabaseAddress.of(text.strip(), field)


def refuse_password(text: str, field: str) -> None:
    """Before anything else reads it: what reads addresses repeats them in its errors, and `ps` shows them."""
    if _PASSWORD.search(unquote(text).strip().casefold()):
        raise WrongUsage(
            "there is a password in it, which others may have read by now: take it out, and change it",
            field=field,
        )


def without_addresses(text: str) -> str:
    """A message that may repeat what was typed: where an address or a password begins in it, it ends."""
    return _TO_HIDE.sub(r"\1…", text)


def moved_away(where: str, to: str) -> str:
    """What everybody is told who looks for a workspace where it was."""
    database = database_named(to, "home")
    return f"{where}: this workspace is at {database.shown if database else to} now. Name that with --home, or in FLEETTUI_HOME."
