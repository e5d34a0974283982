"""When something fails: one line for the person, the rest into a file, and the app goes on."""

from __future__ import annotations

import io
import os
import sys
import traceback
from datetime import datetime
from pathlib import Path

from fleettui import config
from fleettui.errors import FleettuiError
from fleettui.ownership import NotOpened
from fleettui.places import Place, of_mine
from screens.terminal.text import one_line

LOG, OLD_LOG = "errors.log", "errors.old.log"
LOG_LIMIT = 1_000_000
LONGEST_TRACE = 20_000
MOST_PARTS = 5
FOR_ME = 0o600


def log_file() -> Path:
    """Where what went wrong is written down, for each person on each machine."""
    return config.state_folder() / LOG


def line_about(error: Exception, doing: str, now: datetime) -> str:
    """What the person reads. Errors that are meant for people say what to do; others are written into the log file."""
    if isinstance(error, FleettuiError):
        return one_line(str(error))
    logged = write_down(error, doing, now)
    where = f"; written down in {log_file()}" if logged else ""
    return one_line(f"Something went wrong with “{doing}” ({type(error).__name__}: {error}){where}.")


def write_down(error: BaseException, doing: str, now: datetime) -> bool:
    """Into the log file; whether that worked. It is for this account's eyes, and can be sent to whoever mends the program."""
    return _write(trace_of(error), doing, now)


def _write(trace: str, doing: str, now: datetime) -> bool:
    text = f"{now.isoformat()} {one_line(doing)}\n{trace}\n"
    try:
        config.state_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        log = of_mine(config.state_folder()) / LOG
        _make_way(log)
        descriptor = log.open(os.O_WRONLY | os.O_APPEND | os.O_CREAT, FOR_ME)
        with os.fdopen(descriptor, "ab") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
    except (OSError, NotOpened):
        return False
    return True


def _make_way(log: Place) -> None:
    """One that has grown gets another name. Those of before were open to others."""
    old = log.with_name(OLD_LOG)
    for file in (log, old):
        facts = file.facts()
        if facts and facts.st_mode & 0o077:
            descriptor = file.open(os.O_RDONLY)
            os.fchmod(descriptor, FOR_ME)
            os.close(descriptor)
    facts = log.facts()
    if facts and facts.st_size > LOG_LIMIT:
        log.rename(old)


def trace_of(error: BaseException) -> str:
    """Where it happened, in lines of the program, and of what kind each error was. Neither their messages nor any values: they
    are often what a customer wrote. The system's own words for its errors stay."""
    parts: list[str] = []
    current: BaseException | None = error
    seen: set[int] = set()
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        parts.append(f"{''.join(traceback.format_tb(current.__traceback__))}{_kind(current)}\n")
        if isinstance(current, BaseExceptionGroup):
            parts += [f"(one of several) {trace_of(part)}" for part in current.exceptions[:MOST_PARTS]]
        current = current.__cause__ or current.__context__
    return "Traceback (most recent call last):\n" + "which came from:\n".join(parts)[:LONGEST_TRACE]


def _kind(error: BaseException) -> str:
    kind = type(error)
    name = f"{kind.__module__}.{kind.__qualname__}"
    return f"{name}: {os.strerror(error.errno)}" if isinstance(error, OSError) and error.errno else name


class LastWords(io.StringIO):
    """What Textual prints when it ends on an exception. It would show the values of all variables over the terminal: the
    exception itself is written down in its place."""

    def __init__(self) -> None:
        super().__init__()
        self._trace = ""

    def note(self) -> None:
        """To be called while the exception is handled."""
        error = sys.exc_info()[1]
        if error is not None:
            self._trace = trace_of(error)

    def keep(self, now: datetime) -> bool:
        """Write it into the log file; whether the app ended on one."""
        return bool(self.getvalue().strip()) and _write(self._trace, "the app ended", now)
