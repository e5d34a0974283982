"""One writer at a time, over processes: a kernel lock, which the kernel frees when its holder dies.

Hand-made: the libraries (filelock, portalocker) do not say who holds a lock, which is what somebody who waits wants to know,
and they wait in steps of a fixed length (50 and 250 ms), where a change takes half a millisecond.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from fleettui.documents import UNREADABLE
from fleettui.errors import Unusable
from fleettui.places import Place, Where, in_workspace
from fleettui.store import files
from fleettui.time.clock import system_clock

PATIENCE = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 0.0005, 0.02


class Locked(Unusable):
    """Somebody else has held the lock for too long; the text says who."""


class Holder(msgspec.Struct):
    """What is written into a lock's file."""

    pid: int
    user: str
    since: datetime


def path_of(home: Where, collection: str) -> Place:
    """The lock of a collection."""
    return in_workspace(home) / f"locks/{collection}.lock"


@contextlib.contextmanager
def exclusive(path: Place, user: str, mode: int, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock of `path` for the block; after `patience` seconds in vain, say who has it."""
    descriptor = _locked(path, mode, patience)
    try:
        _sign(descriptor, user)
        yield
    finally:
        # What was done under the lock is done, even where the disk complains about the lock's own file.
        with contextlib.suppress(OSError):
            os.close(descriptor)


class Lock:
    """A lock that is taken for one change after another, never twice at once: its file stays open in between, which saves a
    third of what taking it costs. When another file has got the name, that one is opened."""

    __slots__ = ("_file", "_is_held", "_mode", "_number", "_opened_by", "_path", "_patience", "_user")

    def __init__(self, path: Place, user: str, mode: int, patience: float) -> None:
        self._path, self._user, self._mode, self._patience = path, user, mode, patience
        self._number, self._opened_by, self._is_held = -1, 0, False
        self._file = (0, 0)

    def __enter__(self) -> None:
        if self._opened_by != os.getpid():
            self.close()  # after a fork both processes would have the same lock
            self._is_held = False
        if self._is_held:
            raise Locked(_complaint(self._number, self._path))
        try:
            if self._number < 0 or not self._is_taken_again():
                self._open()
            _sign(self._number, self._user)
        except BaseException:
            self.close()  # so that it is free
            raise
        self._is_held = True

    def _is_taken_again(self) -> bool:
        _acquire(self._number, self._path, time.monotonic() + self._patience)
        there = self._path.facts()
        return there is not None and (there.st_dev, there.st_ino) == self._file

    def _open(self) -> None:
        self.close()
        self._number = _locked(self._path, self._mode, self._patience)
        facts = os.fstat(self._number)
        self._file, self._opened_by = (facts.st_dev, facts.st_ino), os.getpid()

    def __exit__(self, *_: object) -> None:
        self._is_held = False
        try:
            fcntl.flock(self._number, fcntl.LOCK_UN)
        except OSError:  # what was done under the lock is done; without its file it is free
            self.close()

    def close(self) -> None:
        number, self._number = self._number, -1
        if number >= 0:
            with contextlib.suppress(OSError):
                os.close(number)

    def __del__(self) -> None:
        with contextlib.suppress(AttributeError):
            self.close()


def _locked(path: Place, mode: int, patience: float) -> int:
    """The lock's file, open and ours. Whoever waited may have got the lock of a file that was removed or replaced meanwhile:
    others would take the one that has the name now."""
    deadline = time.monotonic() + patience
    while True:
        descriptor = files.open_file(path, os.O_RDWR | os.O_CREAT, mode)
        try:
            _acquire(descriptor, path, deadline)
            if _has_its_name(descriptor, path):
                return descriptor
            if time.monotonic() > deadline:
                raise Locked(f"{path}: is replaced again and again. Ask whoever looks after this workspace.")
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _has_its_name(descriptor: int, path: Place) -> bool:
    there = path.facts()
    return there is not None and os.path.samestat(there, os.fstat(descriptor))


def _acquire(descriptor: int, path: Place, deadline: float) -> None:
    pause = FIRST_PAUSE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Locked(_complaint(descriptor, path)) from None
            time.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE)
        else:
            return


def _sign(descriptor: int, user: str) -> None:
    """Leave a name for whoever has to wait. A courtesy: a full disk must not stop the work for it."""
    line = msgspec.json.encode(Holder(os.getpid(), user, system_clock())).ljust(200)
    try:
        os.pwrite(descriptor, line, 0)
    except OSError:
        return


def _complaint(descriptor: int, path: Place) -> str:
    return (
        f"{path.stem}: {held_by(descriptor).words}. Try again in a moment, or ask them to close that session."
    )


class HeldBy(msgspec.Struct, frozen=True):
    """Who has a lock. `pid` is 0 where nobody can say."""

    pid: int
    words: str


def held_by(descriptor: int) -> HeldBy:
    """Who holds the lock of an open file. Who signed it last is only named where nothing speaks against it."""
    from fleettui.store.lock_holders import holder_of

    signed, process = _signed(descriptor), holder_of(descriptor)
    if process is not None and (signed is None or process.pid != signed.pid):
        return HeldBy(process.pid, f"locked by {process.in_words}")
    if signed is None or (process is None and not _is_alive(signed.pid)):
        return HeldBy(0, "locked by somebody who has left no name, perhaps on another machine")
    since = signed.since.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    command = f" with `{process.command}`" if process and process.command else ""
    return HeldBy(signed.pid, f"locked by {signed.user} (process {signed.pid}) since {since}{command}")


def _signed(descriptor: int) -> Holder | None:
    try:
        return msgspec.json.decode(os.pread(descriptor, 400, 0), type=Holder)
    except UNREADABLE:
        return None


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def long_held(path: Place, patience: float) -> HeldBy | None:
    """Who holds a lock for longer than that; None where nobody does."""
    descriptor = files.open_file(path, os.O_RDONLY, 0)
    try:
        _acquire(descriptor, path, time.monotonic() + patience)
    except Locked:
        return held_by(descriptor)
    finally:
        os.close(descriptor)
    return None
