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
from typing import NamedTuple

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
    line = msgspec.json.encode(Holder(os.getpid(), user, system_clock()))
    with contextlib.suppress(OSError):
        os.pwrite(descriptor, line.ljust(200), 0)


def _complaint(descriptor: int, path: Place) -> str:
    return (
        f"{path.stem}: {held_by(descriptor).words}. Try again in a moment, or ask them to close that session."
    )


class HeldBy(NamedTuple):
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
