"""How many rows each view of a list shows, counted beside the event loop and without holding up a key."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.timer import Timer

SETTLES = 0.2
"""Seconds after a change until it is counted: several changes are counted once."""
REST = 0.001
"""Seconds that the counting thread gives to the others after each piece of its work."""

Rests = Callable[[], bool]
"""Called by a count now and then; whether it goes on."""
Counting = Callable[[Rests], Mapping[str, int] | None]
"""Counts, by the keys of the views; None where it was not wanted any more."""


class ViewCounts:
    """For one list: the last counts are shown until there are new ones."""

    def __init__(
        self, board: Screen[Any], prepare: Callable[[], Counting], then: Callable[[], object]
    ) -> None:
        """`prepare` takes on the event loop what is to be counted; `then`: there are new counts."""
        self._board, self._prepare, self._then = board, prepare, then
        self.counts: Mapping[str, int] = {}
        self._timer: Timer | None = None
        self._is_under_way = self._is_stale = False

    def ask(self) -> None:
        """What is counted may be otherwise now."""
        if self._is_under_way:
            self._is_stale = True
            return
        if self._timer is None:
            self._timer = self._board.set_timer(SETTLES, self._begin)

    def _begin(self) -> None:
        self._timer = None
        self._is_under_way, self._is_stale = True, False
        counting = self._prepare()
        self._board.run_worker(lambda: self._run(counting), group="views", thread=True, exit_on_error=False)

    def _run(self, counting: Counting) -> None:
        counts: Mapping[str, int] | None = None
        try:
            counts = counting(self._rests)
        finally:
            if self._board.is_running:
                self._board.call_later(self._done, counts)

    def _rests(self) -> bool:
        time.sleep(REST)
        return self._board.is_running

    def _done(self, counts: Mapping[str, int] | None) -> None:
        self._is_under_way = False
        if counts is not None and counts != self.counts:
            self.counts = counts
            self._then()
        if self._is_stale:
            self.ask()
