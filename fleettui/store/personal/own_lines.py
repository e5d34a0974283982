"""A private file of one person: lines of a key and a value, only ever appended, so that several sessions need no lock."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import quote

from fleettui.errors import Unusable
from fleettui.places import Place, Where, in_workspace, of_mine
from fleettui.store import files

Pair = tuple[str, str]
LONGEST_NAME = 200


class OwnLines:
    """The file, followed from where it has been read."""

    def __init__(self, folder: Place, name: str, modes: files.Modes) -> None:
        self.folder, self._modes = folder, modes
        self._file = folder.of_mine(name)
        self._offset, self._inode = 0, 0

    @classmethod
    def in_workspace(cls, home: Where, login: str, ending: str, modes: files.Modes) -> OwnLines:
        """Beside those of the others; each is its owner's alone."""
        return cls(in_workspace(home) / "seen", f"{quote(login, safe='')}.{ending}", modes)

    @classmethod
    def of_state(cls, state: Path, kind: str, home: Path) -> OwnLines:
        """In the person's own folder for state, about that workspace."""
        return cls(of_mine(state) / kind, f"{quote(str(home), safe='')[-LONGEST_NAME:]}.lines", files.PRIVATE)

    def follow(self, forget: Callable[[], object], take_in: Callable[[list[Pair]], object]) -> bool:
        """Take in what my other sessions wrote; whether there was something. A file that was written anew is read anew."""
        try:
            facts = self._file.stat()
        except (OSError, Unusable):
            return False
        if facts.st_ino != self._inode or facts.st_size < self._offset:
            forget()
            self._offset, self._inode = 0, facts.st_ino
        if facts.st_size == self._offset:
            return False
        with (
            contextlib.suppress(OSError, Unusable),
            open(files.open_file(self._file, os.O_RDONLY, 0), "rb") as file,
        ):
            file.seek(self._offset)
            content = file.read()
            whole = content[: content.rfind(b"\n") + 1]
            self._offset += len(whole)
            rows = (line.partition(" ") for line in whole.decode("utf-8", "replace").splitlines())
            take_in([(key, value) for key, _, value in rows])
        return True

    def append(self, pairs: Iterable[Pair]) -> int:
        """The size of the file with them."""
        files.make_folder(self.folder, self._modes)
        descriptor = files.open_file(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, files.PRIVATE.file)
        try:
            files.write_fully(descriptor, _written(pairs))
            return os.fstat(descriptor).st_size
        finally:
            os.close(descriptor)

    def write_anew(self, pairs: Iterable[Pair]) -> None:
        """Only the last line of each key."""
        files.write_atomic(self._file, _written(pairs), files.PRIVATE.file)


def _written(pairs: Iterable[Pair]) -> bytes:
    return "".join(f"{key} {value}\n" for key, value in pairs).encode()
