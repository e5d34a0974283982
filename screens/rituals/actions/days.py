"""Which day is shown."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screens.rituals.actions.asking import RitualBoard


class DayActions:
    def __init__(self, board: RitualBoard) -> None:
        self._board = board

    def do_earlier(self) -> None:
        self._go_by(-1)

    def do_later(self) -> None:
        self._go_by(1)

    def do_now(self) -> None:
        self._board.show_view_named("")

    def _go_by(self, days: int) -> None:
        today = self._board.workspace.rituals.today()
        day = (self._board.day or today) + timedelta(days=days)
        self._board.show_view_named("" if day == today else day.isoformat())
