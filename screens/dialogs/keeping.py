"""When the draft of a dialog is kept: while somebody types, at the end, and not any more once what was typed is saved."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from textual.screen import Screen
from textual.timer import Timer

T = TypeVar("T")
Keep = Callable[[], None]

LATEST = 1.5
"""Seconds after which what was typed is kept, however fast somebody goes on typing. With what the disk needs, less than two."""


class DraftKeeping:
    """`keeper` gives what keeps, or drops, the draft as it is now; `quietly` runs it beside the event loop, `after` so many
    seconds after the last key."""

    def __init__(
        self,
        dialog: Screen[None],
        keeper: Callable[[], Keep],
        quietly: Callable[[Keep], None],
        after: float,
    ) -> None:
        self._dialog, self._keeper, self._quietly, self._after = dialog, keeper, quietly, after
        self._timer: Timer | None = None
        self._since: float | None = None
        """When the first key came that is not kept yet."""
        self._lock = Lock()
        self._is_saved = False

    def soon(self) -> None:
        """Something was typed."""
        now = asyncio.get_running_loop().time()
        if self._since is None:
            self._since = now
        self.stop()
        wait = min(self._after, self._since + LATEST - now)
        self._timer = self._dialog.set_timer(max(wait, 0.01), self._keep_quietly)

    def _keep_quietly(self) -> None:
        self._since = None
        keep = self._keeper()
        self._quietly(lambda: self._unless_saved(keep))

    def now(self) -> None:
        """There may be no later. Also while it is being saved: nobody knows yet how that ends."""
        self._unless_saved(self._keeper())

    def _unless_saved(self, keep: Keep) -> None:
        with self._lock:
            if not self._is_saved:
                keep()

    def until(self, save: Callable[[], T], drop: Callable[[T], Keep | None]) -> T:
        """In the writing thread: save, and drop the draft in the same breath, so that an end in between leaves no text behind
        that is saved already. `drop` says by the result what does so; None leaves the draft to others."""
        result = save()
        last = drop(result)
        with self._lock:
            self._is_saved = True
            if last is not None:
                last()
        return result

    def stop(self) -> None:
        """The dialog is closed."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = None
