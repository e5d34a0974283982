"""The figures of a week. They are computed in a thread when a row that shows them is looked at; the old ones are shown until the
new ones are ready."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from textual.timer import Timer

    from fleettui.domain.calls.weekly import WeekCall
    from fleettui.domain.tickets.report_series import Trend
    from fleettui.workspace.reports import DocumentationWork, LookBack
    from screens.commands.host import Host

WEEKS = 8
"""How many are drawn."""
REST = 20
"""Times as long as computing took, nothing is computed again, so that it takes no time from the keys."""


class Figures(NamedTuple):
    """Of one week."""

    day: date
    """Any day of the week."""
    look: LookBack
    work: DocumentationWork
    trend: Trend
    calls: list[WeekCall]


class FiguresCache:
    """Has the figures of the week that was looked at last; computes one week at a time, and not too often."""

    def __init__(self, host: Host, ready: Callable[[], None]) -> None:
        self._host, self._ready = host, ready
        self._newest: Figures | None = None
        self._outdated, self._running, self._again_at = True, False, 0.0
        self._waiting: Timer | None = None

    def invalidate(self) -> None:
        self._outdated = True

    def known(self, day: date) -> Figures | None:
        """Those of that day's week, if they are ready. Starts nothing."""
        return self._newest if self._newest is not None and self._newest.day == day else None

    def get(self, day: date) -> Figures | None:
        """Those of that day's week, if they are ready. Starts to compute them where they are missing or outdated."""
        known = self.known(day)
        if self._running or (known is not None and not self._outdated):
            return known
        wait = self._again_at - time.monotonic()
        if known is None or wait <= 0:
            self._start(day)
        elif self._waiting is None:
            self._waiting = self._host.set_timer(wait, lambda: self._start(day))
        return known

    def _start(self, day: date) -> None:
        if self._waiting is not None:
            self._waiting.stop()
        self._waiting, self._outdated, self._running = None, False, True
        self._host.run_worker(partial(self._compute, day), thread=True, group="week", exit_on_error=False)

    def _compute(self, day: date) -> None:
        """In the thread."""
        started = time.monotonic()
        result: Figures | Exception
        try:
            reports = self._host.workspace.reports
            result = Figures(
                day,
                reports.look_back(day),
                reports.documentation(day),
                reports.trend(WEEKS, day),
                reports.calls(day),
            )
        except Exception as error:
            result = error
        took = time.monotonic() - started
        self._host.call_from_thread(self._done, result, took)

    def _done(self, result: Figures | Exception, took: float) -> None:
        self._running, self._again_at = False, time.monotonic() + REST * took
        if isinstance(result, Exception):
            self._host.report(result, "computing the week")
            return
        self._newest = result
        self._ready()
