"""The newest entries of a collection at hand, in the order in which they were written."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from msgspec.structs import replace

from fleettui.store.protocol import Change, Entry

KEPT = 200
"""What was written longer ago than these is read from the histories. A session that runs all day has each of them in memory, with
what they changed: several kilobytes."""
BEGINNING = -(1 << 62)
"""Before everything, also before what was written when entries had no numbers yet."""

Numbered = tuple[int, str, Entry]
"""An entry with its number in the order of writing, and its document's id."""


class Recent:
    """All entries with numbers behind `floor`."""

    def __init__(self, floor: int = BEGINNING, kept: int = KEPT) -> None:
        self._floor, self._kept = floor, kept
        self._entries: deque[Numbered] = deque()

    def add(self, id_: str, entry: Entry) -> None:
        if not entry.recorded:
            self._floor = max(
                self._floor, 0
            )  # written by a fleettui of before: only the histories tell of it
            return
        if self._is_repeated(id_, entry):
            return
        self._entries.append((entry.recorded, id_, entry))
        if len(self._entries) > self._kept:
            self._floor = max(self._floor, self._entries.popleft()[0])

    def shared(self, id_: str, entry: Entry) -> Entry:
        """The same entry. A document that is removed and made again all day loses the same each time: that is in memory once."""
        if entry.kind != "removed":
            return entry
        for _, known_id, known in reversed(self._entries):
            if known_id == id_ and known.kind == "removed":
                earlier = {change.path: change for change in known.changes}
                return replace(entry, changes=tuple(_same(earlier, change) for change in entry.changes))
        return entry

    def _is_repeated(self, id_: str, entry: Entry) -> bool:
        """Some network filesystems repeat an append whose answer was lost."""
        for number, known_id, known in reversed(self._entries):
            if not entry.batch or known.batch != entry.batch:
                return entry.recorded <= number
            if (known_id, known.rev) == (id_, entry.rev):
                return True
        return False

    def behind(self, number: int) -> list[Numbered] | None:
        """The entries behind that number; None where they reach further back than what is at hand."""
        if number < self._floor:
            return None
        later: list[Numbered] = []
        for numbered in reversed(self._entries):
            if numbered[0] <= number:
                break
            later.append(numbered)
        return later[::-1]


def _same(earlier: Mapping[tuple[str, ...], Change], change: Change) -> Change:
    known = earlier.get(change.path)
    return known if known is not None and known == change else change
