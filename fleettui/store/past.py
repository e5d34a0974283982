"""What a checkpoint tells of the past: the history of every document, of removed ones too.

It grows with every change ever made, and a day needs next to nothing of it. So it stays in the file, which is held open: a newer
checkpoint may take its name, and this one can still be read.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator

from fleettui.store import sheet
from fleettui.store.files import Passage
from fleettui.store.protocol import Entry

KEPT = 200
"""How many of the newest entries are kept at hand: what a screen shows of them, and undo looks through."""

Row = tuple[int, bytes]
"""A document's number in the file, and its encoded HistoryRow."""


class Past:
    def __init__(self, table: bytes | Passage) -> None:
        self._table = table
        self._gone: set[str] = set()
        self._newest: dict[str | None, list[tuple[str, Entry]]] = {}

    def row(self, id_: str) -> Row | None:
        if id_ in self._gone:
            return None
        table = self._read()
        if sheet.has_lines(table):
            return sheet.find_row_of(table, id_)
        return sheet.decode_histories(table).get(id_)

    def rows(self) -> dict[str, Row]:
        """All of them: made anew each time, for who needs all does so rarely."""
        return {
            id_: row for id_, row in sheet.decode_histories(self._read()).items() if id_ not in self._gone
        }

    def newest(self, limit: int, by: str | None) -> list[tuple[str, Entry]]:
        """The newest entries with their documents' ids, newest first: all, or one person's."""
        found = self._newest.get(by, [])
        if by not in self._newest or limit > max(KEPT, len(found)):
            found = heapq.nlargest(max(KEPT, limit), self._entries(by), key=lambda one: one[1].at)
            self._newest[by] = found
        return [one for one in found if one[0] not in self._gone][:limit]

    def _entries(self, by: str | None) -> Iterator[tuple[str, Entry]]:
        for row in sheet.histories_in(self._read()):
            known = sheet.decode_row(row)
            for entry in known.entries:
                if by is None or entry.by == by:
                    yield known.of, entry

    def forget(self, ids: Iterable[str]) -> None:
        self._gone.update(ids)

    def _read(self) -> bytes:
        return self._table if isinstance(self._table, bytes) else self._table.read()
