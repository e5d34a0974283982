"""System calls that fail on purpose: counted in a clean run, then one of them fails in each run.

The calls are caught at the boundary of Python (`os`, `fcntl`, `open`), and only those about one folder count. A `close` that
fails has closed all the same, as on Linux; every other call that fails has done nothing. Instead of a failing call the process
may be killed there: whatever it tries afterwards, the folder stays as it was at that moment.
"""

from __future__ import annotations

import builtins
import fcntl
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

BY_PATH = (
    "open",
    "rename",
    "replace",
    "link",
    "unlink",
    "mkdir",
    "rmdir",
    "chmod",
    "stat",
    "lstat",
    "listdir",
    "scandir",
)
BY_DESCRIPTOR = ("write", "pwrite", "read", "pread", "fsync", "ftruncate", "fchmod", "fstat", "close", "dup")


WRITES = (
    "write",
    "pwrite",
    "fsync",
    "ftruncate",
    "rename",
    "replace",
    "link",
    "unlink",
    "mkdir",
    "rmdir",
    "flock",
)
LOOKS = ("stat", "lstat", "fstat", "listdir", "scandir", "close")
"""What never makes, locks or reads anything: the system answers these with fewer errors."""


class Killed(BaseException):
    """What a killed process would have done next."""


class Call(NamedTuple):
    name: str
    file: str
    """Below the folder; numbers that differ from run to run are left out."""


class Moment(NamedTuple):
    """One of several equal calls. No number among all calls: how often a folder is looked at depends on what was open before."""

    call: Call
    nth: int


@dataclass
class Faults:
    """`at` is the call that fails with `errno`, or where the process is killed (0); without it all are only counted.
    With `after`, equal calls are counted from that one on: how often a folder is looked at before differs from run to run.
    """

    folder: Path
    at: Moment | None = None
    errno: int = 0
    after: Call | None = None
    calls: list[Call] = field(default_factory=list)
    is_dead: bool = False
    _open: dict[int, str] = field(default_factory=dict)

    def moments(self) -> list[Moment]:
        return [Moment(call, self.calls[:at].count(call)) for at, call in enumerate(self.calls)]

    def by_path(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def called(path: Any = ".", *more: Any, **options: Any) -> Any:
            if isinstance(path, int):
                return self._called(name, self._open.get(path), real, path, *more, **options)
            given = options.get("dir_fd", options.get("src_dir_fd"))
            base = self._open.get(given) if given is not None else ""
            where = None if base is None else Path(base, os.fspath(path))
            result = self._called(name, where, real, path, *more, **options)
            if name == "open" and isinstance(result, int):
                self._open[result] = str(where)
            return result

        return called

    def by_descriptor(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def called(descriptor: Any, *more: Any, **options: Any) -> Any:
            number = descriptor if isinstance(descriptor, int) else descriptor.fileno()
            where = self._open.pop(number, None) if name == "close" else self._open.get(number)
            return self._called(name, where, real, descriptor, *more, **options)

        return called

    def _called(self, name: str, where: Any, real: Callable[..., Any], *words: Any, **options: Any) -> Any:
        if where is None or not str(where).startswith(str(self.folder)):
            return real(*words, **options)
        call = Call(name, os.path.relpath(where, self.folder).partition(".scratch")[0])
        self.calls.append(call)
        is_now = self.at is not None and call == self.at.call and self.counted(call) == self.at.nth + 1
        self.is_dead = self.is_dead or (is_now and not self.errno)
        if not (is_now or self.is_dead):
            return real(*words, **options)
        if name == "close":
            real(*words, **options)
        if self.is_dead:
            if name == "close":
                return None  # a dead process has no open files, and nobody to tell
            raise Killed
        raise OSError(self.errno, os.strerror(self.errno), str(where))

    def counted(self, call: Call) -> int:
        if self.after is None:
            return self.calls.count(call)
        return self.calls[self.calls.index(self.after) :].count(call) if self.after in self.calls else 0

    @contextmanager
    def active(self) -> Iterator[Faults]:
        patches = [mock.patch.object(os, name, self.by_path(name, getattr(os, name))) for name in BY_PATH]
        patches += [
            mock.patch.object(os, name, self.by_descriptor(name, getattr(os, name))) for name in BY_DESCRIPTOR
        ]
        patches += [
            mock.patch.object(fcntl, name, self.by_descriptor(name, getattr(fcntl, name)))
            for name in ("flock", "lockf")
        ]
        opened = self.by_path("open()", builtins.open)
        patches += [mock.patch.object(builtins, "open", opened), mock.patch.object(io, "open", opened)]
        for patch in patches:
            patch.start()
        try:
            yield self
        finally:
            for patch in patches:
                patch.stop()
