"""What a session has in memory of one collection: every document that is not archived. Reading it asks no server."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from fleettui.documents import Document
from fleettui.store.postgres.link import Link
from fleettui.store.preparing import Prepared
from fleettui.store.protocol import UNARCHIVED_FOR, Collection, RowKind

T = TypeVar("T", bound=Document)
R = TypeVar("R")

LOAD = """
select h.seq, h.next, d.id, d.body::text from head h
left join document d on d.collection = h.collection and d.body is not null
    and (d.finished is null or d.finished >= %s or d.changed >= %s)
where h.collection = %s order by d.key
"""
FOLLOW = """
select h.seq, h.next, d.id, d.body::text from head h
left join document d on d.collection = h.collection and d.seq > %s
where h.collection = %s order by d.seq, d.key
"""


class Mirror(Generic[T]):
    """Changed only by whoever has the turn of the link."""

    def __init__(self, collection: Collection[T], now: datetime) -> None:
        self.collection, self._began = collection, now
        self.documents: dict[str, T] = {}
        self.past: dict[str, T] = {}
        """What was read last of what is archived."""
        self.removed: set[str] = set()
        """Since it was loaded: nobody need ask the server for them."""
        self.seq = 0
        """Of the last commit that is in it."""
        self.next = collection.first
        self.changed: set[str] = set()
        self._rows: dict[str, tuple[T, Any]] = {}
        self._decoder = msgspec.json.Decoder(collection.type)

    def rows(self, kind: RowKind[T, R]) -> list[R]:
        """Each is made again only when its document has changed."""
        known = self._rows
        self._rows = {
            id_: known[id_] if id_ in known and known[id_][0] is document else (document, kind.of(document))
            for id_, document in list(self.documents.items())
        }
        return [row for _, row in self._rows.values()]

    def keyed(self, keys: Iterable[str]) -> str | None:
        """Of several documents with the same key, the oldest."""
        by_key: dict[str, str] = {}
        for id_, document in list(self.documents.items()):
            for key in self.collection.keys(document):
                by_key.setdefault(key, id_)
        return next((by_key[key] for key in keys if key in by_key), None)

    def load(self, link: Link) -> None:
        """Everything anew."""
        cutoff = self._began - UNARCHIVED_FOR
        rows = link.rows(LOAD, cutoff, cutoff, self.collection.name)
        before, self.documents, self.seq, self.changed = self.documents, {}, 0, set()
        self.removed, self.past = set(), {}
        self._take(rows)
        same = {id_ for id_ in before.keys() & self.documents.keys() if before[id_] == self.documents[id_]}
        self.documents.update((id_, before[id_]) for id_ in same)
        self.changed = (before.keys() | self.documents.keys()) - same

    def follow(self, link: Link) -> None:
        """Costs what changed, not what exists."""
        with link.connected():
            rows = link.rows(FOLLOW, self.seq, self.collection.name)
            if rows and rows[0][0] < self.seq:
                self.load(link)  # the database was restored from a backup
            else:
                self._take(rows)

    def _take(self, rows: Iterable[tuple[int, int, str | None, str | None]]) -> None:
        for seq, following, id_, body in rows:
            self.seq, self.next = seq, following
            if id_ is None:
                continue
            self.changed.add(id_)
            self._put(id_, None if body is None else self.decoded(body))

    def _put(self, id_: str, document: T | None) -> None:
        self.past.pop(id_, None)
        if document is None:
            self.documents.pop(id_, None)
            self.removed.add(id_)
        else:
            self.documents[id_] = document
            self.removed.discard(id_)

    def decoded(self, body: str) -> T:
        return self._decoder.decode(body)

    def apply(self, changes: Iterable[Prepared[T]], seq: int, following: int) -> None:
        """What this session has written, where nobody else wrote in between."""
        for change in changes:
            self.changed.add(change.id)
            self._put(change.id, change.document)
        self.seq, self.next = seq, following
