"""One run of a hook: its event on stdin, a limit of time, and of what it prints. Nothing it does can hold up the service."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from threading import Event as Flag

from fleettui.connect.trust import clean_environment
from fleettui.store import files
from fleettui.text import cleaning

KEPT_OUTPUT = 2_000
"""Bytes of what it prints that are looked at; the rest is read and thrown away."""
SHOWN = 300
STEP = 0.05
PIECE = 65_536


class HookProcess:
    def __init__(self, folder: int, path: Path, kind: str, line: bytes) -> None:
        """`folder`: the open folder of the hook, in which nobody else can swap a name. The hook runs in it."""
        self._folder, self._path, self._kind, self._line = folder, path, kind, line
        self._output = b""

    def run(self, seconds: float, stop: Flag) -> str | None:
        """What the log should say: why it failed, or what it printed; None where it was ended because the service ends."""
        given = self._stdin()
        try:
            process = subprocess.Popen(
                [str(self._path), self._kind],
                executable=f"./{self._path.name}",
                cwd=f"/proc/self/fd/{self._folder}",
                env=clean_environment(),
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            return f"cannot be run ({error.strerror or error})"
        finally:
            os.close(given)
        with process:
            is_over = self._attend(process, time.monotonic() + seconds, stop)
            # Before it is waited for: until then its group cannot be another one. What it left behind ends, too.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            self._read_rest(process)
        if not is_over:
            return None if stop.is_set() else self._in_words(f"was ended after {seconds:g} seconds")
        code = process.returncode
        return self._in_words(f"ended with {code}" if code else "")

    def _stdin(self) -> int:
        """All of the event, before it begins: should the service be killed meanwhile, it has read no half of it."""
        given = os.memfd_create("event")
        files.write_fully(given, self._line)
        os.lseek(given, 0, os.SEEK_SET)
        return given

    def _attend(self, process: subprocess.Popen[bytes], until: float, stop: Flag) -> bool:
        """Read what it prints; whether it ended by itself."""
        assert process.stdout is not None  # noqa: S101
        os.set_blocking(process.stdout.fileno(), False)
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while not _has_ended(process.pid):
                if time.monotonic() >= until or stop.is_set():
                    return False
                if selector.get_map() and selector.select(STEP) and not self._read(process):
                    selector.unregister(process.stdout)
                if not selector.get_map():
                    time.sleep(STEP / 10)
        return True

    def _read(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether there may be more."""
        assert process.stdout is not None  # noqa: S101
        try:
            piece = os.read(process.stdout.fileno(), PIECE)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self._output = (self._output + piece)[:KEPT_OUTPUT]
        return bool(piece)

    def _read_rest(self, process: subprocess.Popen[bytes]) -> None:
        """What is in the pipe already."""
        if len(self._output) < KEPT_OUTPUT:
            self._read(process)

    def _in_words(self, what: str) -> str:
        output = cleaning.line(self._output.decode("utf-8", "replace"), SHOWN)
        return ": ".join(filter(None, (what, output)))


def _has_ended(pid: int) -> bool:
    """Without taking its end from whoever waits for it."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None
