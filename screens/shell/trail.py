"""Where one was: screens, rows, opened pages; back through them and forward again. Pure: places.py asks the screens.

A place is noted when the next command begins: what opens a page or another screen need not know of it.
"""

from __future__ import annotations

from screens.commands.place import Place

LONGEST = 100


class Trail:
    """The stops behind and ahead of where one is."""

    def __init__(self) -> None:
        self._behind: list[Place] = []
        self._ahead: list[Place] = []
        self._here: Place | None = None
        self._arrives = False

    def note(self, place: Place) -> None:
        """One is here now."""
        before, self._here = self._here, place
        if self._arrives or before is None or before.stop == place.stop:
            self._arrives = False
            return
        self._ahead.clear()
        if not self._is_only_between(before, place):
            self._behind = [*self._behind, before][-LONGEST:]

    def _is_only_between(self, place: Place, following: Place) -> bool:
        """The list between two pages of a screen: from a page, back is the page before."""
        last = self._behind[-1] if self._behind else None
        return (
            last is not None
            and not place.is_page
            and last.is_page
            and following.is_page
            and last.screen == place.screen == following.screen
        )

    def back(self, here: Place) -> Place | None:
        """The stop before; nothing at the first."""
        self.note(here)
        return self._go(here, self._behind, self._ahead)

    def forward(self, here: Place) -> Place | None:
        """The stop from which one went back; nothing where one did not."""
        self.note(here)
        return self._go(here, self._ahead, self._behind)

    def _go(self, here: Place, taken: list[Place], left: list[Place]) -> Place | None:
        if not taken:
            return None
        left.append(here)
        self._here, self._arrives = taken.pop(), True
        return self._here
