"""Textual's driver for a terminal, sending only what changed (wire.py)."""

from __future__ import annotations

import os
import select
import signal
from threading import Thread
from typing import ClassVar

from textual.drivers.linux_driver import LinuxDriver

from screens.terminal.wire import Wire

LINE_EVERY = 500
"""Milliseconds between two looks, where the kernel does not tell."""


class LeanDriver(LinuxDriver):
    """Textual's driver with a `Wire` before the terminal."""

    wire = Wire()
    """One for the process, as there is one terminal."""

    is_drawing: ClassVar[bool] = False
    """Whether the terminal is the app's now: no echo, its second screen, no cursor."""

    def start_application_mode(self) -> None:
        LeanDriver.is_drawing = True
        super().start_application_mode()  # type: ignore[no-untyped-call]
        Thread(target=self._watch_the_line, name="fleettui-line", daemon=True).start()

    def stop_application_mode(self) -> None:
        super().stop_application_mode()
        LeanDriver.is_drawing = False

    def _watch_the_line(self) -> None:
        """A terminal that is gone is a connection that dropped, whether somebody tells us so or not. Textual would read its end
        over and over."""
        line = select.poll()
        line.register(self.fileno, 0)  # nothing but its end
        while LeanDriver.is_drawing:
            if line.poll(LINE_EVERY):
                os.kill(os.getpid(), signal.SIGHUP)
                return

    def write(self, data: str) -> None:
        thinned = self.wire.thin(data, self._terminal())
        if thinned:
            super().write(thinned)

    def _terminal(self) -> tuple[int, int]:
        """Asked each time: after a change of size nothing that was known holds."""
        try:
            columns, lines = os.get_terminal_size(self.fileno)
        except OSError:
            return (0, 0)
        return columns, lines
