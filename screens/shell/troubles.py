"""When something fails: one line for the person, the rest into a file, and the app goes on."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from fleettui import config
from fleettui.errors import FleettuiError
from screens.terminal.text import one_line

LOG = "errors.log"
LOG_LIMIT = 1_000_000
HUNG_UP = 128 + signal.SIGHUP
ENDED = 128 + signal.SIGTERM


def log_file() -> Path:
    """Where what went wrong is written down, for each person on each machine."""
    return config.state_folder() / LOG


def line_about(error: Exception, doing: str, now: datetime) -> str:
    """What the person reads. Errors that are meant for people say what to do; others are written into the log file."""
    if isinstance(error, FleettuiError):
        return one_line(str(error))
    logged = write_down("".join(traceback.format_exception(error)), doing, now)
    where = f"; written down in {log_file()}" if logged else ""
    return one_line(f"Something went wrong with “{doing}” ({type(error).__name__}: {error}){where}.")


def write_down(text: str, doing: str, now: datetime) -> bool:
    """Into the log file; whether that worked."""
    file = log_file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and file.stat().st_size > LOG_LIMIT:
            file.replace(file.with_suffix(".old.log"))
        with file.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{now.isoformat()} {doing}\n{text}\n")
    except OSError:
        return False
    return True


class LogStream(io.StringIO):
    """What Textual itself prints when it ends on an exception; kept for the log file, instead of printed over the terminal."""

    def keep(self, now: datetime) -> bool:
        """Write it into the log file; whether there was anything."""
        text = self.getvalue().strip()
        return bool(text) and write_down(text, "the app ended", now)


def catch_signals(keep: Callable[[], None], leave: Callable[[int], None]) -> None:
    """When the SSH connection drops, `keep` saves what was typed, and the process ends; when the box shuts down, the app
    leaves in order with that exit code."""
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, _hung_up, keep)
    loop.add_signal_handler(signal.SIGTERM, leave, ENDED)


def _hung_up(keep: Callable[[], None]) -> None:
    """There is no terminal to restore, and waiting for one would leave a process behind."""
    keep()
    os._exit(HUNG_UP)
