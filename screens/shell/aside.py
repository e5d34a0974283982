"""Stepping aside: the terminal is the shell's (Ctrl+Z) or another program's for a while, and the app's again after that.

The event loop goes on meanwhile, so what others change is there at once when the person comes back; nothing of it is sent to the
terminal (driver.py). Whatever that program left behind there, when it was killed for instance, is put right.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.actions import SkipAction
from textual.app import App

from fleettui import access
from screens.commands.effective import with_keys

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

NO_SHELL = "This account has no shell, so [app.suspend] stops nothing; [app.leave] leaves."
NOBODY_BELOW = "No shell waits below that could bring fleettui back; [app.leave] leaves."
WHILE_WRITING = (
    "[app.suspend] goes to the shell from a list only: [form.close] closes this first and keeps your text."
)
COMES_BACK = b"fleettui: fg brings it back\r\n"
KILLED_BY = 128
"""What a shell adds to the number of the signal that ended a program."""
WOKEN_BY = 0.3
"""Seconds after which a process that should have been stopped never was."""
AS_IT_WAS = (
    b"\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?1004l"
    b"\x1b[?1l\x1b>\x1b[r\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l"
)
"""No mouse, no pasting in brackets, no reports of focus, ordinary arrow keys, no margins, no colours; lines wrap, the cursor is
there, and it is the first screen."""


class StepsAside(App[int]):
    """An app that can give the terminal away and take it back."""

    PUTS_RIGHT: ClassVar[bytes] = AS_IT_WAS
    """What is sent to the terminal after another program had it."""

    def say(self, text: str, tone: SeverityLevel = "information", seconds: float = 5) -> None:
        """Show one line in the corner."""
        raise NotImplementedError

    def do_suspend(self) -> None:
        """Where somebody writes, Ctrl+Z takes back what was typed, as it does in every text."""
        from textual.widgets import TextArea  # late: no list needs them

        from screens.shell.leaving import HasDraft

        if isinstance(self.focused, TextArea):
            raise SkipAction
        if access.current().restricted:
            self.say(with_keys(NO_SHELL), "warning")
        elif isinstance(self.screen, HasDraft):
            self.say(with_keys(WHILE_WRITING), "warning")
        elif not self.is_headless:
            with aside(self, clears=False):
                os.write(2, COMES_BACK)
                was_stopped = stop_job()
            if not was_stopped:
                self.say(with_keys(NOBODY_BELOW), "warning")


def stop_job() -> bool:
    """Stop this process and all others of its job, a script around it included; whether that came about. The system stops no
    job that no shell could wake again."""
    woken: list[int] = []
    before = {
        signal.SIGTSTP: signal.signal(signal.SIGTSTP, signal.SIG_DFL),
        signal.SIGCONT: signal.signal(signal.SIGCONT, lambda number, _: woken.append(number)),
    }
    try:
        os.kill(0, signal.SIGTSTP)
        until = time.monotonic() + WOKEN_BY
        while not woken and time.monotonic() < until:
            time.sleep(0.01)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return bool(woken)


@contextlib.contextmanager
def aside(app: App[Any], *, clears: bool = True) -> Iterator[None]:
    """The terminal is not ours until the end of the block. An exception out of it means that the app ends: the terminal is not
    taken back then. `clears`: what runs in it may leave the terminal in any state."""
    if app.is_headless:
        yield
        return
    with app.suspend():
        attributes = _attributes()
        # Ctrl+C in the other program reaches us, too. A handler and not SIG_IGN, which that program would inherit.
        before = {number: signal.signal(number, _nothing) for number in (signal.SIGINT, signal.SIGQUIT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        if clears:
            _put_right(attributes, app.PUTS_RIGHT if isinstance(app, StepsAside) else AS_IT_WAS)


def _nothing(_number: int, _frame: object) -> None: ...


def _attributes() -> list[Any] | None:
    try:
        return termios.tcgetattr(0)
    except (OSError, termios.error):
        return None


def _put_right(attributes: list[Any] | None, codes: bytes) -> None:
    with contextlib.suppress(OSError, termios.error):
        if attributes is not None:
            termios.tcsetattr(0, termios.TCSADRAIN, attributes)
        if codes:
            os.write(2, codes)


async def run_aside(
    app: App[Any],
    argv: Sequence[str],
    *,
    stdin: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> int:
    """Run a program that has the terminal to itself, without a shell; the exit code, or 128 and the signal that ended it.
    OSError where it cannot be started."""
    failure: OSError | None = None
    code = 0
    with aside(app):
        try:
            code = await _run(argv, stdin, environment, is_silent=app.is_headless)
        except OSError as error:
            failure = error
    if failure is not None:
        raise failure
    return KILLED_BY - code if code < 0 else code


async def _run(
    argv: Sequence[str], stdin: int | None, environment: Mapping[str, str] | None, *, is_silent: bool
) -> int:
    quiet = asyncio.subprocess.DEVNULL if is_silent else None
    process = await asyncio.create_subprocess_exec(
        *argv, stdin=quiet if stdin is None else stdin, stdout=quiet, stderr=quiet, env=environment
    )
    try:
        return await process.wait()
    except asyncio.CancelledError:  # the app ends: nobody is left to come back to
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        raise
