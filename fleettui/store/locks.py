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
    descriptor = files.open_file(path, os.O_RDWR | os.O_CREAT, mode)
    try:
        _acquire(descriptor, path, patience)
        _sign(descriptor, user)
        yield
    finally:
        # What was done under the lock is done, even where the disk complains about the lock's own file.
        with contextlib.suppress(OSError):
            os.close(descriptor)


def _acquire(descriptor: int, path: Place, patience: float) -> None:
    deadline = time.monotonic() + patience
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
    try:
        holder = msgspec.json.decode(os.pread(descriptor, 400, 0), type=Holder)
    except msgspec.DecodeError:
        return f"{path.stem}: somebody else has been writing for too long. Try again in a moment."
    since = holder.since.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return (
        f"{path.stem}: locked by {holder.user} (process {holder.pid}) since {since}. "
        "Try again in a moment, or ask them to close that session."
    )
