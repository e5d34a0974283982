"""A program that is run for what it prints: read as it comes, no more of it kept than wanted, and no longer than it may run."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress

STEP = 0.05
PIECE = 65_536


class Watched:
    """A process with a pipe on its standard output, in a session of its own. It is waited for by whoever began it."""

    def __init__(self, process: subprocess.Popen[bytes], most: int) -> None:
        """`most`: bytes of what it prints that are kept; the rest is read and thrown away."""
        self._process, self._most = process, most
        self.output = b""
        self.is_cut = False

    def attend(self, until: float, is_stopped: Callable[[], bool] = lambda: False) -> bool:
        """Read what it prints until it ends; False where its time was over first (`until`, of time.monotonic)."""
        assert self._process.stdout is not None  # noqa: S101
        pipe = self._process.stdout
        os.set_blocking(pipe.fileno(), False)
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            while not _has_ended(self._process.pid):
                if time.monotonic() >= until or is_stopped():
                    return False
                if selector.get_map() and selector.select(STEP) and not self._read():
                    selector.unregister(pipe)
                if not selector.get_map():
                    time.sleep(STEP / 10)
        return True

    def _read(self) -> bool:
        """Whether there may be more."""
        assert self._process.stdout is not None  # noqa: S101
        try:
            piece = os.read(self._process.stdout.fileno(), PIECE)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self.is_cut = self.is_cut or len(self.output) + len(piece) > self._most
        self.output = (self.output + piece)[: self._most]
        return bool(piece)

    def read_rest(self) -> None:
        """What is in the pipe already: a child of it may hold that open for ever."""
        while len(self.output) < self._most:
            before = len(self.output)
            if not self._read() or len(self.output) == before:
                return

    def end_group(self) -> None:
        """All of its group. Before it is waited for: until then its group cannot be another one."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)


def _has_ended(pid: int) -> bool:
    """Without taking its end from whoever waits for it."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None
