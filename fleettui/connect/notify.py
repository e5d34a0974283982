"""Tells systemd how the service stands (sd_notify): a datagram to the socket that it names."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Mapping


class Systemd:
    """Says nothing where the service was not started by it."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        microseconds = environment.get("WATCHDOG_USEC", "")
        is_meant = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        self.watchdog = int(microseconds) / 1_000_000 if microseconds.isdigit() and is_meant else 0.0
        """Seconds within which it wants to hear of us; 0: never."""

    def say(self, *lines: str) -> None:
        """READY=1, STOPPING=1, WATCHDOG=1, STATUS=text."""
        if self._address[:1] not in ("/", "@"):
            return
        address = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as datagrams:
            datagrams.sendto("\n".join(lines).encode(), address)
