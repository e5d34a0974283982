"""The files that documents name, in a table; on this box copies of those that somebody looks at."""

from __future__ import annotations

import contextlib
import re
from hashlib import sha256
from pathlib import Path

from fleettui.errors import Refused, Unusable
from fleettui.places import of_mine
from fleettui.store import files
from fleettui.store.postgres.link import Link

_NAME = re.compile(r"[0-9a-f]{64}")
KEEP = "insert into file (name, content) values (%s, %s) on conflict do nothing"
READ = "select content from file where name = %s"
COUNT = "select count(*), coalesce(sum(length(content)), 0)::bigint from file"


class KeptFiles:
    """Implements `beside_documents.KeptFiles`."""

    def __init__(self, link: Link, folder: Path) -> None:
        """Copies are in `folder`."""
        self._link, self.folder = link, folder
        self._wanted: set[str] = set()

    def keep(self, content: bytes) -> str:
        name = sha256(content).hexdigest()
        with self._link.connected() as connection:
            connection.execute(KEEP, (name, content))
        return name

    def read(self, name: str) -> bytes:
        if not _NAME.fullmatch(name):
            raise Unusable(f"{name!r} is no sha256 of a file.")
        rows = self._link.rows(READ, name)
        if not rows:
            raise Refused(f"The file {name} is not kept in this workspace.")
        return bytes(rows[0][0])

    def path(self, name: str) -> Path:
        """Asks nobody: the copy is made by the next `fetch`."""
        copy = self.folder / name
        if _NAME.fullmatch(name) and not copy.exists():
            self._wanted.add(name)
        return copy

    def fetch(self) -> None:
        """Make the copies that were named since."""
        while self._wanted:
            name = self._wanted.pop()
            with contextlib.suppress(Refused, OSError):
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                files.write_atomic(of_mine(self.folder) / name, self.read(name), files.PRIVATE.file)

    def names(self) -> list[str]:
        return [name for (name,) in self._link.rows("select name from file order by name")]

    def count(self) -> tuple[int, int]:
        """How many there are, and their bytes together."""
        number, size = self._link.rows(COUNT)[0]
        return number, size
