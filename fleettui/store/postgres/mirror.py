"""What a session has in memory of one collection: every document that is not archived, or where it has rows those of them.
Reading that asks no server."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping, Sequence
from datetime import datetime
from typing import Any, Generic, LiteralString, TypeVar

import msgspec

from fleettui.documents import Document
from fleettui.store.postgres.bodies import Bodies
from fleettui.store.postgres.link import Link
from fleettui.store.postgres.rows import SELECTED, RowReader
from fleettui.store.preparing import Prepared
from fleettui.store.protocol import AT_HAND, UNARCHIVED_FOR, Collection, RowCollection

T = TypeVar("T", bound=Document)
R = TypeVar("R")

LOAD = """
select h.seq, h.next, d.id, d.body::text from head h
left join document d on d.collection = h.collection and d.body is not null
    and (d.finished is null or d.finished >= %(cutoff)s or d.changed >= %(cutoff)s)
where h.collection = %(collection)s order by d.key
"""
FOLLOW = """
select h.seq, h.next, d.id, d.body::text from head h
left join document d on d.collection = h.collection and d.seq > %(seq)s
where h.collection = %(collection)s order by d.seq, d.key
"""
LOAD_ROWS: LiteralString = f"""
select h.seq, h.next, {SELECTED} from head h
left join row r on r.collection = h.collection and r.last >= %(cutoff)s
where h.collection = %(collection)s order by r.key
"""  # noqa: S608
FOLLOW_ROWS: LiteralString = f"""
select h.seq, h.next, c.id, {SELECTED} from head h
left join document c on c.collection = h.collection and c.seq > %(seq)s
left join row r on (r.collection, r.id) = (c.collection, c.id)
where h.collection = %(collection)s order by c.seq, c.key
"""  # noqa: S608


class Mirror(Generic[T]):
    """Changed only by whoever has the turn of the link."""

    def __init__(self, collection: Collection[T], now: datetime, link: Link) -> None:
        self.collection, self.cutoff = collection, now - UNARCHIVED_FOR
        self._bodies: Bodies[T] | None = None
        self._reader: RowReader[T, Any] | None = None
        if isinstance(collection, RowCollection):
            self._bodies, self._reader = Bodies(collection, link), RowReader(collection)
        self.documents: MutableMapping[str, T] = {} if self._bodies is None else self._bodies
        """Those of a collection that has rows are read when somebody asks for them."""
        self._rows: dict[str, Any] = {}
        self.past: dict[str, T] = {}
        """What was read last of what is archived."""
        self.removed: set[str] = set()
        """Since it was loaded: nobody need ask the server for them."""
        self.seq = 0
        """Of the last commit that is in it."""
        self.next = collection.first
        self.changed: set[str] = set()
        self._decoder = msgspec.json.Decoder(collection.type)

    def rows(self) -> list[Any]:
        return list(self._rows.values())

    def several(self, ids: Iterable[str]) -> dict[str, T]:
        """Those that are there, in the order of the ids, read together."""
        if self._bodies is not None:
            return self._bodies.several(ids)
        return {id_: document for id_ in ids if (document := self.documents.get(id_)) is not None}

    def load(self, link: Link) -> None:
        """Everything anew."""
        self.removed, self.past, self.seq, self.changed = set(), {}, 0, set()
        if self._bodies is not None and self._reader is not None:
            self._load_rows(link, self._bodies, self._reader)
            return
        before, self.documents = self.documents, {}
        rows = link.rows_named(LOAD, cutoff=self.cutoff, collection=self.collection.name)
        self._take(rows)
        same = {id_ for id_ in before.keys() & self.documents.keys() if before[id_] == self.documents[id_]}
        self.documents.update((id_, before[id_]) for id_ in same)
        self.changed = (before.keys() | self.documents.keys()) - same

    def _load_rows(self, link: Link, bodies: Bodies[T], reader: RowReader[T, Any]) -> None:
        before, self._rows = self._rows, {}
        at_hand = bodies.anew()
        read = link.rows_named(
            LOAD_ROWS, version=reader.version, cutoff=self.cutoff, collection=self.collection.name
        )
        self._take_rows((*row[:3], *row[2:]) for row in read)
        same = {id_ for id_, row in self._rows.items() if before.get(id_) == row}
        self._rows.update((id_, before[id_]) for id_ in same)
        self.changed = (before.keys() | self._rows.keys()) - same
        for id_ in at_hand.keys() & same:
            bodies[id_] = at_hand[id_]
        bodies.several(list(self._rows)[-AT_HAND:])

    def follow(self, link: Link) -> None:
        """Costs what changed, not what exists."""
        with link.connected():
            asked = {"seq": self.seq, "collection": self.collection.name}
            rows = (
                link.rows_named(FOLLOW, **asked)
                if self._reader is None
                else link.rows_named(FOLLOW_ROWS, version=self._reader.version, **asked)
            )
            if rows and rows[0][0] < self.seq:
                self.load(link)  # the database was restored from a backup
            elif self._reader is None:
                self._take(rows)
            else:
                self._take_rows(rows)

    def _take(self, rows: Iterable[Sequence[Any]]) -> None:
        for seq, following, id_, body in rows:
            self.seq, self.next = seq, following
            if id_ is not None:
                self.changed.add(id_)
                self._put(id_, None if body is None else self.decoded(body))

    def _take_rows(self, rows: Iterable[Sequence[Any]]) -> None:
        """Of each the id, and where it is there the id of its row with what that is made of."""
        assert self._reader is not None and self._bodies is not None, "it has rows"  # noqa: S101
        for seq, following, id_, _, facts, body in rows:
            self.seq, self.next = seq, following
            if id_ is None:
                continue
            self.changed.add(id_)
            row = self._reader.read(facts, body)
            if row is None:
                self._put(id_, None)
            else:
                self._rows[id_] = row
                self._bodies.put_aside(id_)
                self.past.pop(id_, None)
                self.removed.discard(id_)

    def _put(self, id_: str, document: T | None) -> None:
        self.past.pop(id_, None)
        if document is None:
            self.documents.pop(id_, None)
            self._rows.pop(id_, None)
            self.removed.add(id_)
            return
        self.documents[id_] = document
        self.removed.discard(id_)
        if isinstance(self.collection, RowCollection):
            self._rows[id_] = self.collection.row.of(document)

    def keyed(self, keys: Iterable[str]) -> str | None:
        """Of several documents with the same key, the oldest; of a collection without rows."""
        by_key: dict[str, str] = {}
        for id_, document in list(self.documents.items()):
            for key in self.collection.keys(document):
                by_key.setdefault(key, id_)
        return next((by_key[key] for key in keys if key in by_key), None)

    def decoded(self, body: str) -> T:
        return self._decoder.decode(body)

    def apply(self, changes: Iterable[Prepared[T]], seq: int, following: int) -> None:
        """What this session has written, where nobody else wrote in between."""
        for change in changes:
            self.changed.add(change.id)
            self._put(change.id, change.document)
        self.seq, self.next = seq, following
