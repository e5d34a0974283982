"""One run of a hook: its event on stdin, a limit of time, and of what it prints. Nothing it does can hold up the service."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from threading import Event as Flag

from fleettui.connect.trust import clean_environment
from fleettui.processes import Watched
from fleettui.store import files
from fleettui.text import cleaning

KEPT_OUTPUT = 2_000
"""Bytes of what it prints that are looked at; the rest is read and thrown away."""
SHOWN = 300


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
            watched = Watched(process, KEPT_OUTPUT)
            is_over = watched.attend(time.monotonic() + seconds, stop.is_set)
            watched.end_group()  # what it left behind, too
            watched.read_rest()
        self._output = watched.output
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

    def _in_words(self, what: str) -> str:
        output = cleaning.line(self._output.decode("utf-8", "replace"), SHOWN)
        return ": ".join(filter(None, (what, output)))
