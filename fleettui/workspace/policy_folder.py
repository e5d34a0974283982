"""The `handbook/` folder of a workspace as the source of its policy."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from fleettui.policy.handbook import Handbook
    from fleettui.time.business import Calendar

LOOK_EVERY = 2.0
"""In seconds: a look costs a stat of many files, which are seldom edited."""


class PolicyFolder:
    """Read when it is first asked for, since many commands do without it, and again once it was edited."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._handbook: Handbook | None = None
        self._looked = 0.0

    @property
    def handbook(self) -> Handbook:
        if self._handbook is None:
            from fleettui.policy.handbook import load

            self._handbook = load(self._folder)
        return self._handbook

    @property
    def zone(self) -> ZoneInfo:
        return self.handbook.zone

    @property
    def calendar(self) -> Calendar:
        return self.handbook.calendar

    def refresh(self) -> bool:
        """Whether a file was edited since it was read; then the next access reads it again."""
        if self._handbook is None or time.monotonic() < self._looked + LOOK_EVERY:
            return False
        self._looked = time.monotonic()
        if not self._handbook.changed():
            return False
        self._handbook = None
        return True
