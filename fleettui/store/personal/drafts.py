"""What somebody has typed and not sent: a file for each person and subject, for that person's eyes."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, unquote

from fleettui.store import files


class Drafts:
    """`elsewhere` is the folder for drafts that the workspace cannot take: it is full, or may not be written."""

    def __init__(self, home: Path, login: str, elsewhere: Path) -> None:
        self._folders = (home / "drafts" / quote(login, safe=""), elsewhere / "drafts")

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

    def all(self) -> list[tuple[str, datetime]]:
        """What there are drafts of, and from when."""
        drafts = {
            unquote(path.stem): datetime.fromtimestamp(path.stat().st_mtime, UTC)
            for folder in self._folders
            for path in folder.glob("*.txt")
        }
        return sorted(drafts.items())

    def _paths(self, about: str) -> tuple[Path, Path]:
        name = f"{quote(about, safe='')}.txt"
        return self._folders[0] / name, self._folders[1] / name
