"""Which session of a person rings: each event once, however many sessions there are."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from fleettui.domain.events.model import Event
from fleettui.errors import Unusable

if TYPE_CHECKING:
    from fleettui.store.beside_documents import Notebook

RUNG = "first:rung:"


class Ringing:
    """One session. What rang is noted: of several notes of the same ring the first counts, so the others are silent."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook, self._me = notebook, os.urandom(4).hex()

    def rings_here(self, events: Sequence[Event], unseen: Sequence[Event]) -> list[Event]:
        """Of new events those that no other session rings for. What was seen elsewhere rings nowhere."""
        open_ = {event.key for event in unseen}
        self._forget(open_)
        return [event for event in events if event.key in open_ and self._is_mine(event, 1)]

    def rings_again(self, unseen: Sequence[Event], now: datetime) -> bool:
        """One, two, four, eight minutes after each event, and so on: ever more rarely, until it is seen."""
        due = [(event, 1 + (int((now - event.at).total_seconds()) // 60).bit_length()) for event in unseen]
        mine = [event for event, number in due if number > 1 and self._is_mine(event, number)]
        return bool(mine)

    def _is_mine(self, event: Event, number: int) -> bool:
        name = f"{RUNG}{event.key}"
        if _number(self._notebook.get(name)) >= number:
            return False
        mine = f"{number}:{self._me}"
        try:
            self._notebook.note([(name, mine)])
        except Unusable:
            return True  # twice is better than never
        return self._notebook.get(name) == mine

    def _forget(self, open_: set[str]) -> None:
        old = [key for key in self._notebook.keys(RUNG) if key not in open_]
        try:
            self._notebook.note([(f"{RUNG}{key}", "") for key in old])
        except Unusable:
            return


def _number(noted: str) -> int:
    number = noted.partition(":")[0]
    return int(number) if number.isdecimal() else 0
