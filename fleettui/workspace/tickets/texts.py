"""The words of many tickets, for searches at every letter. In memory alone: a file of it would be as secret as the workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from threading import Lock

from fleettui.domain.searching.text_index import TextIndex
from fleettui.domain.tickets.entry import QueueEntry

BEGUN_ANEW = 1000


class TicketTexts:
    """Filled beside the event loop; what is not in it yet is read."""

    def __init__(self) -> None:
        self._index, self._lock = TextIndex(), Lock()
        self._is_filling = False

    def take_in(self, entries: Iterable[QueueEntry]) -> None:
        """Slow for many: an app calls it beside its event loop. Begun anew where most of what it knows is gone."""
        with self._lock:
            self._is_filling = True
            wanted = list(entries)
            if self._index.count > 2 * len(wanted) + BEGUN_ANEW:
                self._index = TextIndex()
            for entry in wanted:
                if entry.indexed is None or entry.indexed[0] is not self._index:
                    entry.indexed = (self._index, self._index.add(_texts_of(entry)))
            self._is_filling = False

    def having(self, needle: str) -> Callable[[QueueEntry], bool]:
        """As `QueueEntry.has`."""
        if self._is_filling or not self._index.count:
            return lambda entry: entry.has(needle)
        with self._lock:
            index, marks = self._index, self._index.having(needle)
        has_blanks = len(needle.split()) != 1 or needle != needle.strip()

        def test(entry: QueueEntry) -> bool:
            indexed = entry.indexed
            if indexed is None or indexed[0] is not index or indexed[1] >= len(marks):
                return entry.has(needle)
            return bool(marks[indexed[1]]) and (not has_blanks or entry.has(needle))

        return test


def _texts_of(entry: QueueEntry) -> Iterator[str]:
    yield entry.search_text
    for message in entry.ticket.messages:
        yield message.body
