"""What somebody has typed and not sent: a file for each person and subject, for that person's eyes."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

from fleettui.errors import FleettuiError
from fleettui.store import files


class _Kept(NamedTuple):
    changed_at: int
    text: str


def _changed_at(path: Path) -> int:
    """In nanoseconds; 0 where there is nothing."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


class Drafts:
    """`elsewhere` is the folder for drafts that the workspace cannot take: it is full, or may not be written."""

    def __init__(self, home: Path, login: str, elsewhere: Path) -> None:
        self._folders = (home / "drafts" / quote(login, safe=""), elsewhere / "drafts")
        self._texts: dict[Path, _Kept] = {}

    def get(self, about: str) -> str | None:
        paths = [path for path in self._paths(about) if path.exists()]
        if not paths:
            return None
        newest = max(paths, key=lambda path: path.stat().st_mtime_ns)
        with files.os_errors_about(newest):
            return files.read_file(newest).decode("utf-8", "replace")

    def keep(self, about: str, text: str) -> None:
        """In the workspace, else in the person's own folder; only when both refuse it is an error."""
        content = text.encode("utf-8", "replace")
        first, second = self._paths(about)
        try:
            self._write(first, content)
        except OSError:
            with files.os_errors_about(second):
                second.parent.mkdir(parents=True, exist_ok=True)
                self._write(second, content)

    def _write(self, path: Path, content: bytes) -> None:
        if path.parent.parent.is_dir():
            path.parent.mkdir(mode=0o700, exist_ok=True)
        files.write_atomic(path, content, files.PRIVATE.file)

    def drop(self, about: str) -> None:
        for path in self._paths(about):
            with contextlib.suppress(OSError):
                path.unlink()

    def texts(self) -> dict[str, str]:
        """All drafts by what they are about. Costs a look at two small folders; only what has changed is read."""
        self._texts = {path: self._as_kept(path) for path in self._files()}
        # An older one, which the workspace could not take, gives way to a newer one.
        by_age = sorted(self._texts.items(), key=lambda pair: pair[1].changed_at)
        return {unquote(path.stem): kept.text for path, kept in by_age}

    def _as_kept(self, path: Path) -> _Kept:
        changed_at = _changed_at(path)
        known = self._texts.get(path)
        if known is not None and known.changed_at == changed_at:
            return known
        try:
            return _Kept(changed_at, files.read_file(path).decode("utf-8", "replace"))
        except (OSError, FleettuiError):
            return _Kept(0, "")

    def _files(self) -> list[Path]:
        return [path for folder in self._folders for path in folder.glob("*.txt")]

    def all(self) -> list[tuple[str, datetime]]:
        """What there are drafts of, and from when."""
        drafts = {
            unquote(path.stem): datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in self._files()
        }
        return sorted(drafts.items())

    def _paths(self, about: str) -> tuple[Path, Path]:
        name = f"{quote(about, safe='')}.txt"
        return self._folders[0] / name, self._folders[1] / name
