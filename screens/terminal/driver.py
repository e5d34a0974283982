"""Textual's driver for a terminal, sending only what changed (wire.py)."""

from __future__ import annotations

import os

from textual.drivers.linux_driver import LinuxDriver

from screens.terminal.wire import Wire


class LeanDriver(LinuxDriver):
    """Textual's driver with a `Wire` before the terminal."""

    wire = Wire()
    """One for the process, as there is one terminal."""

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
