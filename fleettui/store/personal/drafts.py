"""What somebody has typed and not sent: a file for each person and subject, for that person's eyes."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, unquote

import msgspec

from fleettui.errors import FleettuiError, Unusable
from fleettui.places import Place, Where, in_workspace, of_mine
from fleettui.store import files


class _Kept(msgspec.Struct, frozen=True):
    changed_at: int
    text: str


class Drafts:
    """`elsewhere` is the folder for drafts that the workspace cannot take: it is full, or may not be written."""

    def __init__(self, home: Where, login: str, elsewhere: Path) -> None:
        mine = (in_workspace(home) / "drafts").of_mine(quote(login, safe=""))
        self._elsewhere = elsewhere
        self._folders = (mine, of_mine(elsewhere) / "drafts")
        self._texts: dict[Place, _Kept] = {}

    def get(self, about: str) -> str | None:
        name = self._name(about)
        versions = [(changed_at, file) for file, changed_at in self._files() if file.name == name]
        if not versions:
            return None
        newest = max(versions)[1]
        with files.os_errors_about(newest):
            return files.read_file(newest).decode("utf-8", "replace")

    def keep(self, about: str, text: str) -> None:
        """In the workspace, else in the person's own folder; only when both refuse it is an error."""
        content, name = text.encode("utf-8", "replace"), self._name(about)
        first, second = self._folders
        try:
            self._write(first, name, content)
        except (OSError, Unusable):
            with files.os_errors_about(second):
                self._elsewhere.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._write(second, name, content)

    def _write(self, folder: Place, name: str, content: bytes) -> None:
        files.make_folder(folder, files.PRIVATE)
        files.write_atomic(folder / name, content, files.PRIVATE.file)

    def drop(self, about: str) -> None:
        for folder in self._folders:
            with contextlib.suppress(OSError, Unusable):
                (folder / self._name(about)).unlink()

    def texts(self) -> dict[str, str]:
        """All drafts by what they are about. Costs a look at two small folders; only what has changed is read."""
        self._texts = {file: self._as_kept(file, changed_at) for file, changed_at in self._files()}
        # An older one, which the workspace could not take, gives way to a newer one.
        by_age = sorted(self._texts.items(), key=lambda pair: pair[1].changed_at)
        return {unquote(file.stem): kept.text for file, kept in by_age}

    def _as_kept(self, file: Place, changed_at: int) -> _Kept:
        known = self._texts.get(file)
        if known is not None and known.changed_at == changed_at:
            return known
        try:
            return _Kept(changed_at, files.read_file(file).decode("utf-8", "replace"))
        except (OSError, FleettuiError):
            return _Kept(0, "")

    def _files(self) -> list[tuple[Place, int]]:
        """Each with when it was changed, in nanoseconds. A folder that is not mine has none."""
        listed: list[tuple[Place, int]] = []
        for folder in self._folders:
            with contextlib.suppress(OSError, Unusable):
                listed += [
                    (folder / name, facts.st_mtime_ns)
                    for name, facts in folder.entries()
                    if name.endswith(".txt")
                ]
        return listed

    def all(self) -> list[tuple[str, datetime]]:
        """What there are drafts of, and from when."""
        drafts = {
            unquote(file.stem): datetime.fromtimestamp(changed_at / 1e9, UTC)
            for file, changed_at in self._files()
        }
        return sorted(drafts.items())

    @staticmethod
    def _name(about: str) -> str:
        return f"{quote(about, safe='')}.txt"
