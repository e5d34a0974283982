"""Who goes along with the tour: looks what was done, and says what comes next."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from screens.commands.effective import with_keys
from screens.tour.steps import NEXT, STEPS, State
from screens.widgets.rows import Rows

if TYPE_CHECKING:
    from screens.app import FleettuiApp

RECENT = 60
"""Entries of the history: more than the steps need."""


class Guide:
    """For one app. It looks at the app and at the history of the workspace, and at nothing else."""

    def __init__(self, app: FleettuiApp, show: Callable[[str], None]) -> None:
        """`show` is called again and again with the words of the step that it is at."""
        self._app, self._show = app, show
        self.at = 0
        """How many steps are behind."""
        self._first_row: object = None
        self._known: frozenset[str] = frozenset()
        """What of the history was there when the step began."""
        self._seen: frozenset[str] = frozenset()

    @property
    def _is_ready(self) -> bool:
        """A screen that is only now being made has no list yet."""
        return (
            self._app.has_screens
            and self._app.base_screen.is_mounted
            and bool(self._app.base_screen.query(Rows))
        )

    def look(self) -> None:
        """The history is read beside the event loop."""
        if self._is_ready:
            self._show(self.words)
            self._app.run_worker(self._read, thread=True, exclusive=True, group="tour")

    def _read(self) -> None:
        me = self._app.workspace.session.login
        entries = [
            happening for happening in self._app.workspace.history.lately(RECENT) if happening.entry.by == me
        ]
        seen = frozenset(
            f"{happening.id}/{happening.entry.rev} {'undo' if happening.entry.undoes is not None else happening.entry.verb}"
            for happening in entries
        )
        self._app.call_from_thread(self._compare, seen)

    def _compare(self, seen: frozenset[str]) -> None:
        is_first, self._seen = not self._seen, seen
        if is_first:
            self._begin_step()
        elif self.at < len(STEPS) and self._is_ready and STEPS[self.at].is_done(self._state()):
            self.skip()

    def _state(self) -> State:
        base, over = self._app.base_screen, self._app.screen
        row = base.rows.key
        self._first_row = self._first_row or row
        done = frozenset(name.rpartition(" ")[2] for name in self._seen - self._known)
        return State(base.NAME, row, self._first_row, "" if over is base else type(over).__name__, done)

    def _begin_step(self) -> None:
        self._known = self._seen
        self._first_row = self._app.base_screen.rows.key if self._is_ready else None
        if self._is_ready:
            self._show(self.words)

    @property
    def words(self) -> str:
        """Of the step that it is at."""
        if self.at >= len(STEPS):
            return with_keys(NEXT)
        ways = with_keys("([tour.next] skips this, [app.leave] leaves)")
        return f"{self.at + 1} of {len(STEPS)}: {STEPS[self.at].words()} {ways}"

    def skip(self) -> None:
        self.at = min(self.at + 1, len(STEPS))
        self._begin_step()
