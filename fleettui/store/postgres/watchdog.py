"""Finds out that a server does not answer any more. One that was stopped still answers what the network asks of it, so nothing
below us ever notices."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from typing import Any

import psycopg
from psycopg import Connection

from fleettui.database_addresses import DatabaseAddress

LOOK_EVERY = 0.5
DOUBT_AFTER = 2.0
"""Seconds without an answer, after which another connection is tried: a slow question is one thing, a dead server another."""
PROBE_SECONDS = 2
"""The least that libpq waits."""
LONGEST = 45.0
"""Seconds that no question takes: the server ends each after 15."""


class Watchdog:
    """Of one connection: whoever waits for its answer is freed when there will be none."""

    def __init__(self, address: DatabaseAddress) -> None:
        self._address = address
        self._connection: Connection[Any] | None = None
        self._began = 0.0
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self.has_given_up = False

    def watch(self, connection: Connection[Any]) -> None:
        self.has_given_up = False
        self._connection, self._began = connection, time.monotonic()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="fleettui-watchdog", daemon=True)
            self._thread.start()

    def rest(self) -> None:
        self._began = 0.0

    def stop(self) -> None:
        self._ended.set()

    def _run(self) -> None:
        answered = 0.0
        while not self._ended.wait(LOOK_EVERY):
            began = self._began
            if not began or time.monotonic() - began < DOUBT_AFTER or self._is_answering(began, answered):
                continue
            if self._answers():
                answered = began
            elif self._began == began:
                self._give_up()

    def _is_answering(self, began: float, answered: float) -> bool:
        """It did when this question was doubted, and the question is not too old."""
        return began == answered and time.monotonic() - began < LONGEST

    def _answers(self) -> bool:
        if time.monotonic() - self._began > LONGEST:
            return False
        try:
            with psycopg.connect(self._address.conninfo, connect_timeout=PROBE_SECONDS):
                return True
        except psycopg.Error as error:
            return "FATAL" in str(error)  # "too many connections" is an answer, too

    def _give_up(self) -> None:
        """The socket is shut, not closed: whoever waits on it wakes up."""
        connection = self._connection
        if connection is None or connection.closed:
            return
        self.has_given_up = True
        with contextlib.suppress(OSError, psycopg.Error):
            descriptor = os.dup(connection.fileno())
            with socket.socket(fileno=descriptor) as held:
                held.shutdown(socket.SHUT_RDWR)
