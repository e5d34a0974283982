"""What is in force while a file of the handbook has a mistake: the file as it was when it was last read without one.

Each session remembers what it has read. For sessions and commands that begin while a file is broken, copies stand beside
`handbook/`. Whoever reads a changed file without mistakes writes its copy.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec

from fleettui.ownership import NotOpened
from fleettui.places import Place, in_workspace
from fleettui.policy import files
from fleettui.policy.files import Mistake, Stamp

FOLDER = "handbook-last-good"
"""In the workspace."""
LAST_GOOD, SHIPPED = "the last good version", "the version that fleettui came with"


class Trouble(msgspec.Struct, frozen=True):
    """A mistake in a file of the handbook, and what counts until it is mended."""

    mistake: Mistake
    instead: str
    """Empty: nothing; the file is left out."""

    @property
    def in_words(self) -> str:
        counts = f"{self.instead} counts" if self.instead else "it is left out"
        return f"{self.mistake}; {counts} until it is mended"


class LastGood:
    """The last good version of each file. `home` is the workspace; without it nothing is kept on disk."""

    def __init__(self, home: Path | None = None) -> None:
        self._home = in_workspace(home) if home else None
        self._folder = self._home / FOLDER if self._home else None
        self._read: dict[str, tuple[int, bytes]] = {}
        """By name: when the file was changed, and its content."""

    @property
    def is_kept(self) -> bool:
        """Whether there are copies: an older workspace has none before somebody has opened it."""
        return self._folder is not None and self._folder.is_folder()

    def keep(self, name: str, content: bytes, changed_ns: int) -> None:
        """This version was read without a mistake."""
        self._read[name] = changed_ns, content
        if self._folder is not None and self._copied(name) != (changed_ns, len(content)):
            with contextlib.suppress(
                OSError, NotOpened
            ):  # another person's folder, or a full disk: this session remembers it
                self._write(self._folder / name, content, changed_ns)

    def versions(self, name: str) -> Iterator[bytes]:
        """The newest first: what this session has read, and the copy."""
        known = [self._read[name]] if name in self._read else []
        if self._folder is not None:
            with contextlib.suppress(OSError, NotOpened, Mistake):
                content, changed = files.read_plain(self._folder / name, name)
                known.append((changed, content))
        for _, content in sorted(known, key=lambda version: version[0], reverse=True):
            yield content

    def names(self, inside: str, ending: str) -> list[str]:
        """The files of a subfolder of which there is a copy."""
        folder = self._folder / inside if self._folder else None
        if folder is None or not folder.is_folder():
            return []
        return [f"{inside}/{name}" for name in folder.names() if name.endswith(ending)]

    def unchecked(self, stamp: Stamp) -> list[str]:
        """The files that were changed since they were last read without a mistake, by anybody."""
        if self._folder is None:
            copies: set[tuple[str, int, int]] = set()
        else:  # one look at each folder: a look at each file would be felt at sign-in
            copies = {row[:3] for row in files.stamp(self._folder.path)}
        return [row[0].lstrip("/") for row in stamp if row[:3] not in copies and is_read(row[0].lstrip("/"))]

    def _copied(self, name: str) -> tuple[int, int] | None:
        if self._folder is None:
            return None
        try:
            facts = (self._folder / name).stat()
        except (OSError, NotOpened):
            return None
        return facts.st_mtime_ns, facts.st_size

    def _write(self, place: Place, content: bytes, changed_ns: int) -> None:
        """Whole or not at all. Not waited for until the disk has it: a copy that is lost or cut is made again."""
        assert self._home is not None  # noqa: S101
        mode = stat.S_IMODE(self._home.stat().st_mode)
        for depth in range(1, len(place.parts)):
            (self._home / "/".join(place.parts[:depth])).make_folder(mode)
        scratch = place.with_name(f".{place.name}-{os.getpid()}")
        handle = scratch.open(os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fchmod(handle, mode & 0o666)
                os.utime(handle, ns=(changed_ns, changed_ns))
            scratch.rename(place)
        except OSError:
            with contextlib.suppress(OSError):
                scratch.unlink()
            raise


def is_read(name: str) -> bool:
    """Whether a file of that name in the folder is a part of the handbook."""
    folder, _, file = name.rpartition("/")
    if file.startswith("."):
        return False
    endings = {files.PLAYBOOKS: ".json", files.TEMPLATES: ".j2"}
    return name in files.TOP_FILES or (folder in endings and file.endswith(endings[folder]))
