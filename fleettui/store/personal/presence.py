"""Who is here. A session holds the lock of its own file; when it dies, however it dies, the lock goes with it."""

from __future__ import annotations

import contextlib
import fcntl
import os
from datetime import datetime

import msgspec

from fleettui.documents import UNREADABLE
from fleettui.errors import Unusable
from fleettui.places import Place, Where, in_workspace
from fleettui.store import files


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """A session of somebody, and what it shows of itself."""

    login: str
    name: str
    pid: int
    since: datetime
    screen: str = ""
    looking_at: str | None = None
    typing: bool = False

    @property
    def key(self) -> str:
        return str(self.pid)


class Presence:
    """My own session's file, and those of others."""

    def __init__(self, home: Where, modes: files.Modes) -> None:
        self._folder, self.modes = in_workspace(home) / "presence", modes
        self._mine: Visitor | None = None
        self._held: int | None = None
        self._stamp: tuple[tuple[str, int], ...] = ()

    @property
    def _file(self) -> Place:
        return self._folder / f"{os.getpid()}.json"

    def enter(self, login: str, name: str, now: datetime) -> None:
        """A courtesy to others: where it cannot be written, the work goes on without it."""
        self._mine = Visitor(login=login, name=name, pid=os.getpid(), since=now)
        with contextlib.suppress(OSError, Unusable):
            files.make_folder(self._folder, self.modes)
            # Locked before it has its name: a file without a holder is swept by whoever sees it.
            coming = self._folder / f"{os.getpid()}.coming"
            self._held = files.open_file(coming, os.O_RDWR | os.O_CREAT, self.modes.file)
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._write()
            coming.rename(self._file)

    def show(self, screen: str, looking_at: str | None = None, typing: bool = False) -> None:
        if self._mine is None:
            return
        shown = msgspec.structs.replace(self._mine, screen=screen, looking_at=looking_at, typing=typing)
        if shown != self._mine:
            self._mine = shown
            with contextlib.suppress(OSError):
                self._write()

    def _write(self) -> None:
        if self._held is None or self._mine is None:
            return
        content = msgspec.json.encode(self._mine)
        os.pwrite(self._held, content.ljust(512), 0)
        os.ftruncate(self._held, max(512, len(content)))

    def leave(self) -> None:
        if self._held is not None:
            with contextlib.suppress(OSError, Unusable):
                self._file.unlink()
            os.close(self._held)
            self._held = None

    def changed(self) -> bool:
        """Whether somebody came, went or moved since the last call: one look at a small folder."""
        stamp = tuple(sorted(self._files()))
        was, self._stamp = self._stamp, stamp
        return stamp != was

    def _files(self) -> list[tuple[str, int]]:
        """Of every session: its name, and when it was written."""
        try:
            entries = self._folder.entries()
        except (OSError, Unusable):
            return []
        return [(name, facts.st_mtime_ns) for name, facts in entries if name.endswith(".json")]

    def others(self) -> list[Visitor]:
        """Everybody else, the longest here first."""
        mine = self._file.name if self._held is not None else ""
        visitors = [self._alive(self._folder / name) for name, _ in self._files() if name != mine]
        return sorted((visitor for visitor in visitors if visitor), key=lambda visitor: visitor.since)

    def _alive(self, file: Place) -> Visitor | None:
        """The session behind a file, or None when it is dead: then its file goes too."""
        with contextlib.suppress(OSError, Unusable, *UNREADABLE):
            descriptor = files.open_file(file, os.O_RDONLY, 0)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
                file.unlink()
            except BlockingIOError:
                return msgspec.json.decode(os.pread(descriptor, 4096, 0), type=Visitor)
            finally:
                os.close(descriptor)
        return None
