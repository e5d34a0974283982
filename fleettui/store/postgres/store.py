"""The store on PostgreSQL. Documents that are not archived are in memory: reading them asks no server.

`watch` takes in what other sessions wrote."""

from __future__ import annotations

import contextlib
import heapq
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Any, TypeVar, cast

from fleettui.database_addresses import DatabaseAddress
from fleettui.documents import Document
from fleettui.errors import Unusable
from fleettui.store import cursors, preparing
from fleettui.store.postgres import histories, selecting
from fleettui.store.postgres.link import Link
from fleettui.store.postgres.mirror import Mirror
from fleettui.store.postgres.writing import Edited, Writing
from fleettui.store.preparing import Located
from fleettui.store.protocol import (
    AT_HAND,
    Collection,
    Commit,
    Editor,
    Entry,
    Happening,
    Kept,
    Narrow,
    RowCollection,
    Stamp,
    keep_at_hand,
    never_finished,
)
from fleettui.time.clock import Clock

T = TypeVar("T", bound=Document)
R = TypeVar("R")

EVERYTHING = """select key, id, rev, body::text from document where collection = %s and key > %s order by key limit %s"""


class PostgresStore:
    """Implements protocol.Store."""

    def __init__(self, address: DatabaseAddress, user: str, clock: Clock, link: Link | None = None) -> None:
        """`link`: where the session has its connection already."""
        self.user, self._clock = user, clock
        self._link = link or Link(address)
        self._mirrors: dict[str, Mirror[Any]] = {}
        self._loading = threading.Lock()
        self._writing = Writing(self._link, clock)

    # -- reading

    def load(self, collections: Iterable[Collection[Any]]) -> None:
        for collection in collections:
            with contextlib.suppress(Unusable):
                self._mirror(collection)

    def get(self, collection: Collection[T], id_: str) -> T | None:
        self._writing.look(collection)
        mirror = self._mirror(collection)
        return mirror.documents.get(id_) or self._archived(mirror, {id_}).get(id_)

    def several(self, collection: Collection[T], ids: Set[str]) -> dict[str, T]:
        self._writing.look(collection)
        mirror = self._mirror(collection)
        here = mirror.several(ids)
        missing = ids - here.keys()
        return {**here, **self._archived(mirror, missing)} if missing else here

    def all(self, collection: Collection[T], *, archived: bool = False, since: date | None = None) -> list[T]:
        self._writing.look(collection)
        mirror = self._mirror(collection)
        here = list(mirror.several(list(mirror.documents)).values())
        if not archived:
            return here
        # A day of slack is for time zones.
        first = date(1, 1, 1) if since is None else since - timedelta(days=1)
        rows = self._link.rows(
            "select id, body::text from document where collection = %s and body is not null and finished >= %s order by key",
            collection.name,
            first,
        )
        past = [mirror.decoded(body) for id_, body in rows if id_ not in mirror.documents]
        keep_at_hand(mirror.past, past[-AT_HAND:])
        return here + past

    def rows(self, collection: RowCollection[T, R]) -> list[R]:
        self._writing.look(collection)
        return self._mirror(collection).rows()

    def select(self, collection: RowCollection[T, R], narrow: Narrow, limit: int) -> list[R]:
        self._writing.look(collection)
        return selecting.select(self._link, self._mirror(collection), collection, narrow, limit)

    def prepare_select(self, collection: RowCollection[Any, Any]) -> None:
        """The server has indexes."""

    def count(self, collection: RowCollection[Any, Any]) -> int:
        self._writing.look(collection)
        return selecting.count(self._link, self._mirror(collection))

    def bodies(self, collection: Collection[T], ids: Iterable[str]) -> dict[str, T]:
        self._writing.look(collection)
        return self._mirror(collection).several(ids)

    def keyed(self, collection: Collection[T], keys: Iterable[str]) -> str | None:
        self._writing.look(collection)
        mirror = self._mirror(collection)
        is_kept = isinstance(collection, RowCollection)
        return selecting.keyed(self._link, mirror, keys) if is_kept else mirror.keyed(keys)

    def _archived(self, mirror: Mirror[T], ids: Set[str]) -> dict[str, T]:
        known = {id_: mirror.past[id_] for id_ in ids if id_ in mirror.past}
        ids = ids - mirror.removed - known.keys()
        if mirror.collection.forgotten or mirror.collection.finished is never_finished or not ids:
            return known
        rows = self._link.rows(
            "select id, body::text from document where collection = %s and id = any(%s) and body is not null",
            mirror.collection.name,
            [id_ for id_ in ids if "\0" not in id_],
        )
        read = {id_: mirror.decoded(body) for id_, body in rows}
        keep_at_hand(mirror.past, read.values())
        return {**known, **read}

    def history(self, collection: Collection[T], id_: str) -> list[Entry]:
        return self.histories(collection, {id_}).get(id_, [])

    def histories(self, collection: Collection[T], ids: Set[str]) -> dict[str, list[Entry]]:
        self._writing.look(collection)
        return histories.of_some(self._link, collection, ids)

    def find_history(
        self, collections: Iterable[Collection[Any]], id_: str
    ) -> tuple[Collection[Any], list[Entry]] | None:
        searched = list(collections)
        histories_of_it = histories.of_any(self._link, [each.name for each in searched], id_)
        return next(
            ((each, histories_of_it[each.name]) for each in searched if each.name in histories_of_it), None
        )

    def everything(self, collection: Collection[T]) -> Iterator[Kept[T]]:
        mirror, last = self._mirror(collection), -1
        while page := self._link.rows(EVERYTHING, collection.name, last, histories.PAGE):
            ids = [id_ for _, id_, _, _ in page]
            read = cache(partial(histories.of_some, self._link, collection, ids))
            for key, id_, rev, body in page:
                document = None if body is None else mirror.decoded(body)
                yield Kept(key, id_, document, partial(_until, read, id_, rev))
            last = page[-1][0]

    def take_in(self, collection: Collection[T], kept: Iterable[Kept[T]], now: datetime) -> None:
        from fleettui.store.postgres.taking_in import take_in  # hardly ever needed

        mirror = self._mirror(collection)
        take_in(self._link, collection, kept)
        mirror.load(self._link)

    def as_of(self, collection: Collection[T], when: datetime) -> list[T]:
        mirror = self._mirror(collection)
        with self._link.connected() as connection, connection.transaction():
            connection.execute("set transaction isolation level repeatable read")
            later = histories.later(self._link, collection, when)
            rows = self._link.rows(
                "select id, body::text from document where collection = %s order by key", collection.name
            )
        past = (
            preparing.as_of(collection, id_, body and mirror.decoded(body), later.get(id_, []))
            for id_, body in rows
        )
        return [document for document in past if document is not None]

    def latest(
        self,
        collections: Iterable[Collection[Any]],
        limit: int,
        by: str | None = None,
        *,
        as_recorded: bool = False,
        archived: bool = False,
    ) -> list[Happening]:
        names = [collection.name for collection in collections]
        return histories.latest(self._link, names, limit, by, as_recorded=as_recorded)

    def whole_since(self, collections: Iterable[Collection[Any]]) -> datetime | None:
        """`latest` always shows what is archived, too."""
        return None

    def requested(self, collections: Iterable[Collection[Any]], request_id: str) -> list[Happening]:
        return histories.of_request(self._link, [collection.name for collection in collections], request_id)

    def together(self, collection: Collection[T], id_: str, rev: int) -> list[Happening]:
        target = preparing.change_of(Located(id_, None, lambda: self.history(collection, id_)), rev)
        if target.batch:
            return histories.of_batch(self._link, collection, target.batch)
        return [Happening(collection.name, id_, target)]

    def since(
        self, cursor: str, collections: Iterable[Collection[Any]], limit: int | None = None
    ) -> list[Commit]:
        numbers = cursors.decoded(cursor)
        known = self._recorded()
        streams = [
            histories.commits_since(self._link, each, numbers.get(each.name, -1))
            for each in collections
            if known.get(each.name, 0) != numbers.get(each.name)
        ]
        merged: list[Commit] = []
        for happenings in heapq.merge(*streams, key=lambda commit: commit[0].entry.order):
            if limit is not None and len(merged) >= limit:
                break
            numbers[happenings[0].collection] = happenings[0].entry.recorded
            merged.append(Commit(tuple(happenings), cursors.encoded(numbers)))
        return merged

    def cursor(self, collections: Iterable[Collection[Any]], at: datetime | None = None) -> str:
        if at:
            return cursors.until(collections, at)
        known = self._recorded()
        return cursors.encoded({each.name: known.get(each.name, 0) for each in collections})

    def _recorded(self) -> dict[str, int]:
        return dict(self._link.rows("select collection, recorded from head"))

    def watch(self) -> dict[str, set[str]]:
        heads: dict[str, int] = dict(self._link.rows("select collection, seq from head"))
        news: dict[str, set[str]] = {}
        for name, mirror in list(self._mirrors.items()):
            if heads.get(name, 0) != mirror.seq:
                mirror.follow(self._link)
            if mirror.changed:
                news[name], mirror.changed = mirror.changed, set()
        return news

    def _mirror(self, collection: Collection[T]) -> Mirror[T]:
        """Loaded at first use; after that `watch` and writes keep it fresh."""
        mirror = self._mirrors.get(collection.name)
        if mirror is None:
            with self._loading:
                mirror = self._mirrors.get(collection.name)
                if mirror is None:
                    mirror = Mirror(collection, self._clock(), self._link)
                    mirror.load(self._link)
                    mirror.changed = set()
                    self._mirrors[collection.name] = mirror
        return cast(Mirror[T], mirror)

    # -- writing

    def add(self, collection: Collection[T], make: Callable[[str], T], stamp: Stamp) -> T:
        def edit(mirror: Mirror[T]) -> Edited:
            id_ = f"{collection.prefix}-{mirror.next}"
            made = preparing.prepare(collection, Located(id_, None, list), make(id_), stamp, _moment(stamp))
            return Edited([made], mirror.next)

        (added,) = self._writing.write(self._mirror(collection), edit, stamp)
        assert added is not None and added.document is not None, "what is added is there"  # noqa: S101
        return added.document

    def change(
        self, collection: Collection[T], id_: str, edit: Editor[T], stamp: Stamp, *, seen: int | None = None
    ) -> T | None:
        (changed,) = self._change(collection, {id_: edit}, stamp, seen)
        return changed

    def change_many(
        self, collection: Collection[T], edits: Mapping[str, Editor[T]], stamp: Stamp
    ) -> list[T | None]:
        return self._change(collection, edits, stamp, None)

    def _change(
        self, collection: Collection[T], edits: Mapping[str, Editor[T]], stamp: Stamp, seen: int | None
    ) -> list[T | None]:
        before: list[T | None] = []

        def edit(mirror: Mirror[T]) -> Edited:
            located = self._located(mirror, edits)
            before[:] = [each.document for each in located]
            edited = [(each, edits[each.id](each.document)) for each in located]
            return Edited(
                [
                    preparing.prepare(collection, each, new, stamp, _moment(stamp), seen=seen)
                    for each, new in edited
                ]
            )

        changes = self._writing.write(self._mirror(collection), edit, stamp)
        return [
            old if change is None else change.document for old, change in zip(before, changes, strict=True)
        ]

    def revert(self, collection: Collection[T], id_: str, rev: int, stamp: Stamp) -> list[T | None]:
        def edit(mirror: Mirror[T]) -> Edited:
            (first,) = self._located(mirror, [id_])
            target = preparing.change_of(first, rev)
            targets = [(first, target)]
            if target.batch:
                others = {
                    each.id: each.entry for each in histories.of_batch(self._link, collection, target.batch)
                }
                others.pop(id_)
                targets += [(each, others[each.id]) for each in self._located(mirror, others)]
            return Edited(
                [preparing.taken_back(collection, *each, stamp, _moment(stamp)) for each in targets]
            )

        changes = self._writing.write_alone(self._mirror(collection), edit, stamp)
        return [change.document for change in changes if change is not None]

    def _located(self, mirror: Mirror[T], ids: Iterable[str]) -> list[Located[T]]:
        """The documents that are to be changed, also archived ones, with the way to their histories."""
        wanted = list(ids)
        here = mirror.several(wanted)
        missing = {id_ for id_ in wanted if id_ not in here}
        archived = self._archived(mirror, missing) if missing else {}

        def history_of(id_: str) -> Callable[[], list[Entry]]:
            return lambda: histories.of_some(self._link, mirror.collection, [id_]).get(id_, [])

        return [Located(id_, here.get(id_) or archived.get(id_), history_of(id_)) for id_ in wanted]

    def close(self) -> None:
        self._link.close()


def _until(read: Callable[[], dict[str, list[Entry]]], id_: str, rev: int) -> list[Entry]:
    """The history of a document as it was read: somebody may have changed it since."""
    return [entry for entry in read().get(id_, []) if entry.rev <= rev]


def _moment(stamp: Stamp) -> preparing.Moment:
    """The server lifts both where they are behind."""
    return preparing.Moment(stamp.at, 0)
