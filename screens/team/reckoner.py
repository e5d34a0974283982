"""The figures of a week, reckoned beside the event loop when a row that shows them is looked at. The old ones stand until the new
ones are there."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from textual.timer import Timer

    from fleettui.domain.tickets.report_series import Trend
    from fleettui.workspace.reports import DocumentationWork, LookBack
    from screens.commands.host import Host

WEEKS = 8
"""How many are drawn."""
REST = 20
"""After reckoning, so many times as long as it took nothing is reckoned again: others' keys come first."""


class Figures(NamedTuple):
    """What was reckoned of one week."""

    day: date
    """In the week that they are about."""
    look: LookBack
    work: DocumentationWork
    trend: Trend


class Reckoner:
    """Reckons in a thread of its own, one week at a time, and not too often."""

    def __init__(self, host: Host, ready: Callable[[], None]) -> None:
        self._host, self._ready = host, ready
        self._newest: Figures | None = None
        self._outdated, self._running, self._again_at = True, False, 0.0
        self._waiting: Timer | None = None

    def outdated(self) -> None:
        self._outdated = True

    def known(self, day: date) -> Figures | None:
        """Those of that day's week, if they are there; nothing is begun."""
        return self._newest if self._newest is not None and self._newest.day == day else None

    def figures(self, day: date) -> Figures | None:
        """As far as they are known; what is missing or outdated is begun."""
        known = self.known(day)
        if self._running or (known is not None and not self._outdated):
            return known
        wait = self._again_at - time.monotonic()
        if known is None or wait <= 0:
            self._begin(day)
        elif self._waiting is None:
            self._waiting = self._host.set_timer(wait, lambda: self._begin(day))
        return known

    def _begin(self, day: date) -> None:
        if self._waiting is not None:
            self._waiting.stop()
        self._waiting, self._outdated, self._running = None, False, True
        self._host.run_worker(partial(self._reckon, day), thread=True, group="week", exit_on_error=False)

    def _reckon(self, day: date) -> None:
        """In the thread."""
        begun = time.monotonic()
        result: Figures | Exception
        try:
            reports = self._host.workspace.reports
            result = Figures(
                day, reports.look_back(day), reports.documentation(day), reports.trend(WEEKS, day)
            )
        except Exception as error:
            result = error
        took = time.monotonic() - begun
        self._host.call_from_thread(self._done, result, took)

    def _done(self, result: Figures | Exception, took: float) -> None:
        self._running, self._again_at = False, time.monotonic() + REST * took
        if isinstance(result, Exception):
            self._host.report(result, "reckoning the week")
            return
        self._newest = result
        self._ready()
