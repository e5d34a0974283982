"""A real terminal for tests: a program in a pseudo-terminal of a given size, its screen read with pyte.

    with Terminal([python, "-m", "fleettui"], columns=80, rows=24) as terminal:
        terminal.wait_for("Today")
        terminal.send("6")
        terminal.wait_for(lambda screen: "Team" in screen[0])

Nothing here sleeps for a fixed time: it reads until what was waited for is there, or the time is up and the last
screen is in the error.
"""

from __future__ import annotations

import os
import re
import select
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pyte
from ptyprocess import PtyProcess

Wanted = str | Callable[[list[str]], object]

KEYS = {
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "backspace": "\x7f",
    "ctrl+p": "\x10",
    "ctrl+s": "\x13",
    "ctrl+t": "\x14",
    "ctrl+c": "\x03",
    "wheel-up": "\x1b[<64;10;10M",
    "wheel-down": "\x1b[<65;10;10M",
}

# What pyte would take for text or for another command: private modes asked for ("?2026$p"), kitty's keyboard (">29u",
# "<u"), and strings to the terminal (OSC, DCS) in 7 bit form.
NOT_FOR_PYTE = re.compile(
    rb"\x1b\[[?<>=][0-9;]*\$?[pu]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP[^\x1b]*\x1b\\"
)
UNFINISHED = re.compile(rb"\x1b(?:\[[?<>=0-9;$]*|\][^\x07\x1b]*\x1b?|P[^\x1b]*\x1b?)?$")
OSC_52 = re.compile(rb"\x1b\]52;[a-z]?;([^\x07\x1b]*)(?:\x07|\x1b\\)")


class EndedError(AssertionError):
    """The program ended while something was still waited for."""


PATIENCE = 120.0
"""Seconds that anything may take on a machine with ten times as much to do as it has processors."""

NOT_PASSED_ON = ("COLORTERM", "NO_COLOR", "TMUX", "STY", "COLUMNS", "LINES")
"""What a test's own terminal says of itself. readline sets the last two, and the app would believe them."""


class Terminal:
    def __init__(
        self,
        argv: Sequence[str],
        *,
        columns: int = 80,
        rows: int = 24,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.columns, self.rows = columns, rows
        self.raw = bytearray()
        """Every byte that the program sent."""
        self._unfed = b""
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        surroundings = {key: value for key, value in os.environ.items() if key not in NOT_PASSED_ON}
        surroundings |= {"TERM": "xterm-256color", "LANG": "C.UTF-8", **(env or {})}
        self.started = time.perf_counter()
        self.process = PtyProcess.spawn(
            list(argv), dimensions=(rows, columns), env=surroundings, cwd=str(cwd) if cwd else None
        )
        self.descriptor = self.process.fd
        os.set_blocking(self.descriptor, False)
        self._poll = select.poll()  # select() itself knows no descriptor above 1023
        self._poll.register(self.descriptor, select.POLLIN)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    # What the person does

    def send(self, *keys: str) -> None:
        """Type: names of KEYS are pressed, anything else goes through as it is."""
        for key in keys:
            os.write(self.descriptor, KEYS.get(key, key).encode("utf-8", "surrogateescape"))

    def resize(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self._screen.resize(rows, columns)
        self.process.setwinsize(rows, columns)

    def hang_up(self) -> None:
        """The SSH connection drops: the terminal is no more."""
        self.process.close(force=False)

    def kill(self, sign: int = signal.SIGKILL) -> None:
        if self.process.isalive():
            self.process.kill(sign)
        self.process.close(force=True)

    # What the person sees

    def read(self, timeout: float = 0.0) -> bytes:
        """What has come since the last read, waiting at most `timeout` for the first of it."""
        if not self._poll.poll(timeout * 1000):
            return b""
        came = bytearray()
        while True:
            try:
                chunk = os.read(self.descriptor, 65536)
            except BlockingIOError:
                break
            except OSError:  # on Linux, how a pseudo-terminal says that nobody holds the other end
                chunk = b""
            if not chunk:
                self._take(bytes(came))
                if came:
                    return bytes(came)
                raise EndedError(f"the program ended\n{self.picture()}")
            came += chunk
        self._take(bytes(came))
        return bytes(came)

    def _take(self, came: bytes) -> None:
        self.raw += came
        data = self._unfed + came
        tail = UNFINISHED.search(data)
        self._unfed = tail.group() if tail else b""
        whole = data[: len(data) - len(self._unfed)]
        self._stream.feed(NOT_FOR_PYTE.sub(b"", whole))

    def screen(self) -> list[str]:
        """The lines as they stand, after reading what has come."""
        self.read()
        return [line.rstrip() for line in self._lines()]

    def _lines(self) -> list[str]:
        """As pyte's `display`, which fails where half of a wide character was written over."""
        cells = range(self.columns)
        return [
            "".join(self._screen.buffer[row][column].data for column in cells) for row in range(self.rows)
        ]

    def cursor(self) -> tuple[int, int]:
        """The column and the line where it stands, hidden or not."""
        return self._screen.cursor.x, self._screen.cursor.y

    def picture(self) -> str:
        edge = "+" + "-" * self.columns + "+"
        return "\n".join([edge, *(f"|{line}|" for line in self._lines()), edge])

    def style_at(self, x: int, y: int) -> pyte.screens.Char:
        """The character on a cell with its colours and attributes."""
        return self._screen.buffer[y][x]

    def colours(self) -> set[str]:
        """Every colour on the screen, foreground or background, but the terminal's own."""
        cells = [self._screen.buffer[y][x] for y in range(self.rows) for x in range(self.columns)]
        return ({cell.fg for cell in cells} | {cell.bg for cell in cells}) - {"default"}

    def copied(self) -> list[str]:
        """What was put on the terminal's clipboard with OSC 52."""
        from base64 import b64decode

        return [b64decode(encoded).decode() for encoded in OSC_52.findall(bytes(self.raw))]

    # Waiting

    def wait_for(self, wanted: Wanted, timeout: float = PATIENCE) -> list[str]:
        """Read until a text is on the screen, or a condition on its lines holds; then the screen."""
        end = time.perf_counter() + timeout
        while True:
            lines = self.screen()
            if any(wanted in line for line in lines) if isinstance(wanted, str) else wanted(lines):
                return lines
            left = end - time.perf_counter()
            if left <= 0:
                raise AssertionError(f"not on the screen in {timeout} s: {wanted!r}\n{self.picture()}")
            self.read(min(left, 0.25))

    def wait_gone(self, unwanted: str, timeout: float = PATIENCE) -> list[str]:
        return self.wait_for(lambda lines: not any(unwanted in line for line in lines), timeout)

    def wait_exit(self, timeout: float = PATIENCE) -> int:
        """Read until the program has ended; its exit code (minus the signal, if one ended it)."""
        end = time.perf_counter() + timeout
        while time.perf_counter() < end:
            try:
                self.read(0.1)
            except EndedError:
                break
        else:
            raise AssertionError(f"still running after {timeout} s\n{self.picture()}")
        self.process.wait()
        status = self.process.exitstatus
        return status if status is not None else -(self.process.signalstatus or 0)

    def quiet(self, still: float = 0.06, timeout: float = PATIENCE) -> None:
        """Read until nothing has come for `still` seconds."""
        end = time.perf_counter() + timeout
        while self.read(still):
            if time.perf_counter() > end:
                raise AssertionError(f"never quiet in {timeout} s\n{self.picture()}")
