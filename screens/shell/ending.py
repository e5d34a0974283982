"""The end of a session: in order where it can be, and soon in any case.

A thread may read a file that never ends, the terminal may take nothing any more, the event loop may be waiting for either. So
from the moment when the app is to end, a thread of its own has a short time after which it saves what was typed, puts the
terminal right and ends the process. Where not even that thread is let run, the kernel ends the process.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import sys
import termios
import time
from collections.abc import Callable
from contextvars import copy_context
from threading import Event, Thread, current_thread, main_thread
from typing import Any

from screens.terminal.driver import TITLE_OF_BEFORE, LeanDriver

ORDERLY = 1.4
"""Seconds in which the app may end in order."""
DRAFTS_BY = 0.7
"""Seconds after which what is typed is saved from here, if the event loop has not done it."""
BY_THE_KERNEL = 1.9
HUNG_UP = 128 + signal.SIGHUP
TOLD_TO = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
"""After these the app leaves in order. No key sends them: the terminal is in raw mode."""
TERMINAL_AS_BEFORE = (
    b"\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?2004l\x1b[?1004l\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h"
)
"""No mouse, no bracketed paste, no reports of focus; lines wrap, keys are as before, the first screen and its cursor are back."""
CUT_SHORT = (
    b"fleettui: left while work was still under way. What was saved is kept, what was typed is a draft.\r\n"
)


class Ending:
    """`keep` saves what is being typed. Without `watch_over` nothing is ever cut short: tests have no terminal."""

    def __init__(self, keep: Callable[[], object]) -> None:
        self._keep = keep
        self._surroundings = copy_context()
        self._is_kept = Event()
        self._is_watching = self._is_begun = False
        self._attributes: list[Any] | None = None

    def watch_over(self) -> None:
        """Before the app takes the terminal."""
        self._is_watching = True
        with contextlib.suppress(OSError, termios.error):
            self._attributes = termios.tcgetattr(0)

    def remember_surroundings(self) -> None:
        """On the event loop: drafts are read in them, should the loop hang."""
        self._surroundings = copy_context()

    def keep(self) -> None:
        """On the event loop: save what is being typed."""
        self._keep()
        self._is_kept.set()

    def begin(self, code: int) -> None:
        """From now on the process has a short time to end; with that exit code, where it does not do so itself. May be called
        more than once, and from the handler of a signal."""
        if not self._is_watching or self._is_begun:
            return
        self._is_begun = True
        if current_thread() is main_thread():
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, BY_THE_KERNEL)
        Thread(target=self._end, args=(code, time.monotonic()), name="fleettui-end", daemon=True).start()

    def over(self, code: int) -> None:
        """Everything is written and the terminal is as before. What Python does after that, taking thousands of objects apart and
        waiting for threads that only read, was three quarters of an ordinary end, and on a busy machine so long that the kernel
        ended it: our own thread is not let run any more by then."""
        if not self._is_watching:
            return
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)

    def _end(self, code: int, begun: float) -> None:
        if not self._is_kept.wait(DRAFTS_BY):
            with contextlib.suppress(Exception):
                self._surroundings.run(self._keep)
        time.sleep(max(0.0, begun + ORDERLY - time.monotonic()))
        if code != HUNG_UP:
            with contextlib.suppress(OSError, ValueError, termios.error):
                self._take_leave()
        os._exit(code)

    def _take_leave(self) -> None:
        """The terminal as it was before, and a line; without waiting for a terminal that takes nothing."""
        if LeanDriver.is_drawing and self._attributes is not None:
            termios.tcsetattr(0, termios.TCSANOW, self._attributes)
        _, ready, _ = select.select([], [2], [], 0)
        if ready:
            os.write(2, self._as_before() + CUT_SHORT)

    def _as_before(self) -> bytes:
        """What puts the terminal right."""
        if not LeanDriver.is_drawing:
            return b""
        if LeanDriver.in_front is not None and LeanDriver.in_front.is_linear:
            return b"\r\n"
        return (TITLE_OF_BEFORE.encode() if LeanDriver.has_titled else b"") + TERMINAL_AS_BEFORE


def catch_signals(ending: Ending, close: Callable[[], None], leave: Callable[[int], object]) -> None:
    """When the SSH connection drops, what is typed is kept and `close` called: there is no terminal to put right, and waiting
    for one would leave a process behind. When the process is told to end, `leave` is called with the exit code. Both on the
    event loop, if it still turns. The handlers are Python's own: they run even while the loop waits for a lock."""
    loop = asyncio.get_running_loop()
    ending.remember_surroundings()

    def hung_up() -> None:
        ending.keep()
        close()
        os._exit(HUNG_UP)

    def handle(number: int, _frame: object) -> None:
        code = 128 + number
        ending.begin(code)
        act = hung_up if number == signal.SIGHUP else lambda: leave(code)
        with contextlib.suppress(RuntimeError):  # the loop is closed: the app has ended already
            loop.call_soon_threadsafe(act)

    for number in (signal.SIGHUP, *TOLD_TO):
        signal.signal(number, handle)
