"""How a command ends: commit first, then talk.

Once a change is on disk the command has succeeded. What fails after that (a rule of a second step, a broken policy, a full
pipe) is a warning on stderr, and JSON that can still be written says what was kept. Nobody is told "refused" who would then
do it twice.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, TextIO

import msgspec

from fleettui.store import committed
from fleettui.text.cleaning import harmless, harmless_json

MOST_OF_AN_ERROR = 10_000
"""Characters."""


class Output(io.TextIOBase):
    """stdout while a command runs. Nothing that a terminal would obey gets through it.

    `held`: all of it is kept until the end, so that warnings can still join the JSON. `is_done`: what is printed is about
    something that was done long ago.
    """

    def __init__(self, stream: TextIO, *, held: bool, is_done: bool = False) -> None:
        self._stream, self._held, self._is_done = stream, held, is_done
        self._parts: list[str] = []
        self._failure: OSError | None = None

    @property
    def text(self) -> str:
        """What is held."""
        return "".join(self._parts)

    @property
    def buffer(self) -> Any:
        return self._stream.buffer

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._stream.encoding

    def fileno(self) -> int:
        return self._stream.fileno()

    def isatty(self) -> bool:
        return self._stream.isatty()

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self._held:
            self._parts.append(text)
        else:
            self._print(harmless(text))
        return len(text)

    def _print(self, text: str) -> None:
        self._talk(lambda: self._stream.write(text))

    def flush(self) -> None:
        if not self._held and not self.closed:
            self._talk(self._stream.flush)

    def _talk(self, talk: Callable[[], object]) -> None:
        """A reader who went away, or a full disk, does not stop a command that has changed something already."""
        if self._failure is not None:
            return
        try:
            talk()
        except OSError as error:
            if not (self._is_done or committed.commits()):
                raise
            self._failure = error
            silence(self._stream, 1)

    def join(self, warnings: Sequence[str]) -> None:
        """Put the warnings into the JSON that is held."""
        self._parts = [with_warnings(self.text, warnings)]

    def end(self) -> None:
        """Print what was held."""
        if self._held:
            self._held = False
            self._print(harmless_json(self.text))
        self.flush()

    def complaints(self) -> list[str]:
        """Why the result could not be printed. Nothing about a reader who went away: that is how pipes end."""
        if self._failure is None or isinstance(self._failure, BrokenPipeError):
            return []
        why = self._failure.strerror or self._failure
        return [f"{what_was_kept()} is done and on disk; its result could not be printed ({why})."]


def with_warnings(text: str, warnings: Sequence[str]) -> str:
    """A printed JSON object with `warnings`; an array has no place for them, and stays."""
    if not warnings:
        return text
    if not text:
        value: Any = {"kept": [commit._asdict() for commit in committed.commits()]}
    else:
        value = msgspec.json.decode(text)
        if not isinstance(value, dict):
            return text
    value["warnings"] = [*(value.get("warnings") or ()), *warnings]
    return as_json_text(value)


def as_json_text(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def what_was_kept() -> str:
    """The commits of this command in words."""
    commits = committed.commits()
    if not commits:
        return "what was asked for"
    last = commits[-1]
    others = len({commit.id for commit in commits}) - 1
    more = f" and {others} more" if others else ""
    return f"{last.id}{more} ({last.verb})"


def late_warning(error: BaseException, *, resumes: bool) -> str:
    """For what failed after the commit. `resumes`: the command is made to be given again, and takes nothing twice."""
    what = "it was interrupted" if isinstance(error, KeyboardInterrupt) else words_of(error)
    if resumes:
        return f"{what} Until then {what_was_kept()} was kept; give it again, nothing is taken in twice."
    return f"{what_was_kept()} is done and on disk; do not repeat it. What came after failed: {what}"


def words_of(error: BaseException) -> str:
    from fleettui.text import cleaning

    text = str(error)
    if "postgres" in text or "password" in text:
        from fleettui.database_addresses import without_addresses  # late: hardly any error is about one

        text = without_addresses(text)
    # What was typed, or the name of a file, may hold what a terminal would obey.
    return cleaning.line(text, MOST_OF_AN_ERROR)


def say(text: str) -> None:
    """One line on stderr, as every error and warning of the program."""
    print_aside(f"fleettui: {text}")


def print_aside(text: str) -> None:
    """On stderr. Where that cannot be written, there is nobody left to tell, and what is done stays done."""
    try:
        print(harmless(text), file=sys.stderr, flush=True)
    except OSError:
        silence(sys.stderr, 2)


def silence(stream: Any, descriptor: int) -> None:
    """What is still in the buffer would fail again when the interpreter ends, and change the exit code."""
    try:
        if stream.fileno() == descriptor:
            os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
        stream.flush()
    except (OSError, ValueError):
        return


def open_closed_streams() -> None:
    """A closed descriptor below 3 would be given to a file of the workspace, and `print` to a missing stderr goes to stdout."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            # Not for writing: what is printed there fails, as it should. It gets the lowest free number: this one.
            os.open(os.devnull, os.O_RDONLY)
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
