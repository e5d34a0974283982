"""Archived work that a screen shows is read in a thread, and shown when it is there: it takes too long for the event loop."""

from __future__ import annotations

from collections.abc import Callable
from threading import get_ident
from typing import Any

from screens.commands.host import Host

SHOWN_BY = {"calls", "tickets", "runs"}
"""The collections whose screens show archived work."""


class PastReader:
    """Made on the event loop."""

    def __init__(self, host: Host, show: Callable[[set[str]], None]) -> None:
        self._host, self._show = host, show
        self._loop_thread, self._is_reading = get_ident(), False

    def is_left_for_later(self) -> bool:
        """On the event loop: the reading begins in a thread, and what is known already has to do until then."""
        if get_ident() != self._loop_thread:
            return False
        if not self._is_reading:
            self._is_reading = True
            self._host.run_worker(self._read, thread=True, group="past", exit_on_error=False)
        return True

    def _read(self) -> None:
        """In the thread; what follows is on the event loop again."""
        try:
            result: bool | Exception = self._host.workspace.facts.read_past()
        except Exception as error:
            result = error
        self._host.call_from_thread(self._finish, result)

    def _finish(self, result: Any) -> None:
        self._is_reading = False
        if isinstance(result, Exception):
            self._host.report(result, "reading the archive")
        elif result:
            self._show(SHOWN_BY)
