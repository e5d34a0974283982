"""When something fails: one line for the person, the rest into a file, and the app goes on."""

from __future__ import annotations

import io
import traceback
from datetime import datetime
from pathlib import Path

from fleettui import config
from fleettui.errors import FleettuiError
from screens.terminal.text import one_line

LOG = "errors.log"
LOG_LIMIT = 1_000_000


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
