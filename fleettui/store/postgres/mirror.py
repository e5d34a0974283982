"""What a session has in memory of one collection: every document that is not archived. Reading it asks no server."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import msgspec

from fleettui.documents import Document
from fleettui.store.postgres.link import Link
from fleettui.store.preparing import Prepared
from fleettui.store.protocol import Collection

T = TypeVar("T", bound=Document)

UNARCHIVED_FOR = timedelta(days=14)
"""How long a document that is finished stays in memory after its last change."""

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
        self.seq = 0
        """Of the last commit that is in it."""
        self.next = collection.first
        self.changed: set[str] = set()
        self._decoder = msgspec.json.Decoder(collection.type)

    def load(self, link: Link) -> None:
        """Everything anew."""
        cutoff = self._began - UNARCHIVED_FOR
        rows = link.rows(LOAD, cutoff, cutoff, self.collection.name)
        before, self.documents, self.seq, self.changed = self.documents, {}, 0, set()
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
            if body is None:
                self.documents.pop(id_, None)
            else:
                self.documents[id_] = self.decoded(body)

    def decoded(self, body: str) -> T:
        return self._decoder.decode(body)

    def apply(self, changes: Iterable[Prepared[T]], seq: int, following: int) -> None:
        """What this session has written, where nobody else wrote in between."""
        for change in changes:
            self.changed.add(change.id)
            if change.document is None:
                self.documents.pop(change.id, None)
            else:
                self.documents[change.id] = change.document
        self.seq, self.next = seq, following
