"""Real processes that write to one home at the same time, and can be killed.

They are forked, so that hundreds start in seconds; each opens the store for itself, as a session of its own does.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fleettui.store.tinydb.store import TinyDBStore
from tests.support.things import THINGS, noting, stamp


@dataclass
class Child:
    pid: int
    output: int
    """A pipe with the child's lines."""

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def lines(self) -> list[str]:
        """All until its end; what a kill cut in the middle does not count."""
        with os.fdopen(self.output, "rb") as pipe:
            content = pipe.read()
        return content[: content.rfind(b"\n") + 1].decode().splitlines()

    def code(self) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def start(work: Callable[[Callable[[str], None]], None]) -> Child:
    """Run `work(say)` in a process of its own."""
    reading, writing = os.pipe()

    def say(line: str) -> None:
        os.write(writing, line.encode() + b"\n")

    sys.stdout.flush()
    pid = os.fork()
    if pid:
        os.close(writing)
        return Child(pid, reading)
    code = 1
    try:
        os.close(reading)
        work(say)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def keep_noting(home: Path, name: str, ids: list[str], times: int) -> Callable[[Callable[[str], None]], None]:
    """Add a note of its own to each document in turn; say which once it is acknowledged."""

    def work(say: Callable[[str], None]) -> None:
        store = TinyDBStore(home, name, patience=30)
        for turn in range(times):
            id_ = ids[turn % len(ids)]
            note = f"{name}-{turn}"
            store.change(THINGS, id_, noting(note), stamp("note", name))
            say(f"{id_} {note}")

    return work
