"""What somebody chose lately, and how often: kept for that person alone, shared by all their sessions without a lock."""

from __future__ import annotations

import contextlib
from collections import deque
from datetime import datetime
from pathlib import Path

from fleettui.errors import Unusable
from fleettui.store.personal.own_lines import OwnLines, Pair

HALF_AFTER = 7 * 24 * 3600.0
"""Seconds after which a choice counts half."""
MOST = 500
"""So many choices are remembered, the newest."""
LONGEST = 1 << 16
"""When the file has grown to this, what is no longer remembered goes."""


class Chosen:
    """The choices in one workspace. A courtesy to oneself: where it cannot be written, the session remembers it alone."""

    def __init__(self, state: Path, home: Path) -> None:
        self._state = state
        self._lines = OwnLines.of_state(state, "chosen", home)
        self._choices: deque[tuple[str, int]] = deque(maxlen=MOST)

    def follow(self) -> None:
        """Take in what my other sessions wrote."""
        self._lines.follow(self._choices.clear, self._take_in)

    def _take_in(self, pairs: list[Pair]) -> None:
        self._choices.extend((key, int(at)) for key, at in pairs if at.isdecimal())

    def choose(self, key: str, now: datetime) -> None:
        """`key` has no blanks."""
        choice = key, int(now.timestamp())
        try:
            self._state.mkdir(mode=0o700, parents=True, exist_ok=True)
            size = self._lines.append([(key, str(choice[1]))])
        except (OSError, Unusable):
            self._choices.append(choice)
            return
        self.follow()
        if size > LONGEST:
            with contextlib.suppress(OSError, Unusable):
                self._lines.write_anew((name, str(at)) for name, at in self._choices)

    def used(self, now: datetime) -> dict[str, float]:
        """How much each was chosen, by its key: a choice of today counts 1, an older one less."""
        used: dict[str, float] = {}
        for key, at in self._choices:
            age = max(0.0, now.timestamp() - at)
            used[key] = used.get(key, 0.0) + 0.5 ** (age / HALF_AFTER)
        return used
