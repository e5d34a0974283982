"""A store that keeps changes to itself until all of them are made at once.

The actions of a workspace write into it as into any other (together.py). What they changed is read back from it; the store
behind it, the other sessions and the disk know nothing before `commit`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from msgspec.structs import replace

from fleettui.documents import Document
from fleettui.errors import FleettuiError, Refused
from fleettui.store.protocol import (
    Collection,
    Commit,
    Editor,
    Entry,
    Happening,
    Kept,
    NoSuchDocument,
    Stamp,
    Store,
)

T = TypeVar("T", bound=Document)


_NOTHING = object()


@dataclass
class _Changes:
    """Those of one collection, by id."""

    collection: Collection[Any]
    edits: dict[str, Editor[Any]] = field(default_factory=dict)
    made: dict[str, Callable[[str], Any]] = field(default_factory=dict)
    """What makes new documents of their ids: those that they get with the commit. By the ids that they have until then."""
    documents: dict[str, Any] = field(default_factory=dict)
    """As they are to be; None: removed."""
    stamp: Stamp | None = None
    """Of what was done last."""


class GatheringStore:
    """Implements protocol.Store over another one."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changes: dict[str, _Changes] = {}
        self._puts: list[tuple[dict[str, Any], str, Any]] = []
        """Where something was put, and what stood there before."""

    # -- gathering

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """What is gathered inside is forgotten when it ends with an error."""
        before = len(self._puts)
        try:
            yield
        except BaseException:
            while len(self._puts) > before:
                table, key, known = self._puts.pop()
                if known is _NOTHING:
                    del table[key]
                else:
                    table[key] = known
            raise

    def _put(self, table: dict[str, Any], key: str, value: Any) -> None:
        self._puts.append((table, key, table.get(key, _NOTHING)))
        table[key] = value

    def commit(self, verbs: Mapping[str, str], why: str = "") -> dict[str, Document]:
        """Make all changes: one commit for each collection, and what is made anew, tied together for undo. The verb is that of
        `verbs`, by the collection's name, else of what was done last there. The documents that were made anew, by their ids
        until then."""
        commits = sum(bool(changes.edits) + len(changes.made) for changes in self._changes.values())
        act = os.urandom(6).hex() if commits > 1 else ""
        made: dict[str, Document] = {}
        reverting: list[tuple[Collection[Any], str, int, Stamp]] = []
        try:
            for changes in self._changes.values():
                if changes.stamp is None:
                    continue
                known = changes.stamp
                verb = verbs.get(changes.collection.name, known.verb)
                stamp = replace(known, act=act, verb=verb, why=why or known.why)
                for provisional, make in changes.made.items():
                    document = self._store.add(changes.collection, make, stamp)
                    made[provisional] = document
                    reverting.append((changes.collection, document.id, document.rev, stamp))
                if changes.edits:
                    done = self._store.change_many(changes.collection, changes.edits, stamp)
                    kept = next((document for document in done if document is not None), None)
                    if kept is not None:
                        reverting.append((changes.collection, kept.id, kept.rev, stamp))
        except FleettuiError:
            for collection, id_, rev, stamp in reversed(reverting):
                with suppress(FleettuiError):
                    self._store.revert(collection, id_, rev, replace(stamp, verb="undo"))
            raise
        self._changes = {}
        return made

    # -- reading

    def load(self, collections: Iterable[Collection[Any]]) -> None:
        self._store.load(collections)

    def get(self, collection: Collection[T], id_: str) -> T | None:
        documents = self._documents(collection)
        return documents[id_] if id_ in documents else self._store.get(collection, id_)

    def several(self, collection: Collection[T], ids: Set[str]) -> dict[str, T]:
        known = {**self._store.several(collection, ids), **self._documents(collection)}
        return {id_: document for id_, document in known.items() if id_ in ids and document is not None}

    def all(self, collection: Collection[T], *, archived: bool = False, since: date | None = None) -> list[T]:
        kept = self._store.all(collection, archived=archived, since=since)
        changed = dict(self._documents(collection))
        if not changed:
            return kept
        now = [changed.pop(document.id, document) for document in kept]
        return [document for document in (*now, *changed.values()) if document is not None]

    def _documents(self, collection: Collection[T]) -> Mapping[str, T | None]:
        changes = self._changes.get(collection.name)
        return changes.documents if changes else {}

    # -- writing

    def add(self, collection: Collection[T], make: Callable[[str], T], stamp: Stamp) -> T:
        changes = self._of(collection, stamp)
        id_ = f"{collection.prefix}-NEW{len(changes.made) + 1}"
        document = make(id_)
        self._put(changes.made, id_, make)
        self._put(changes.documents, id_, document)
        return document

    def change(
        self, collection: Collection[T], id_: str, edit: Editor[T], stamp: Stamp, *, seen: int | None = None
    ) -> T | None:
        before = self.get(collection, id_)
        if seen is not None and before is not None and before.rev != seen:
            raise Refused(f"{id_} changed since you opened it; look again")
        return self.change_many(collection, {id_: edit}, stamp)[0]

    def change_many(
        self, collection: Collection[T], edits: Mapping[str, Editor[T]], stamp: Stamp
    ) -> list[T | None]:
        after = {id_: edit(self.get(collection, id_)) for id_, edit in edits.items()}
        for id_, document in after.items():
            if document is None and self.get(collection, id_) is None:
                raise NoSuchDocument(collection.name, id_)
        changes = self._of(collection, stamp)
        for id_, edit in edits.items():
            if id_ in changes.made:
                self._put(changes.made, id_, _made_and_edited(changes.made[id_], edit))
            else:
                self._put(changes.edits, id_, _both(changes.edits.get(id_), edit))
            self._put(changes.documents, id_, after[id_])
        return list(after.values())

    def _of(self, collection: Collection[Any], stamp: Stamp) -> _Changes:
        changes = self._changes.setdefault(collection.name, _Changes(collection))
        changes.stamp = stamp
        return changes

    # -- what is only known behind it

    def history(self, collection: Collection[T], id_: str) -> list[Entry]:
        return self._store.history(collection, id_)

    def histories(self, collection: Collection[T], ids: Set[str]) -> dict[str, list[Entry]]:
        return self._store.histories(collection, ids)

    def find_history(
        self, collections: Iterable[Collection[Any]], id_: str
    ) -> tuple[Collection[Any], list[Entry]] | None:
        return self._store.find_history(collections, id_)

    def everything(self, collection: Collection[T]) -> Iterator[Kept[T]]:
        return self._store.everything(collection)

    def take_in(self, collection: Collection[T], kept: Iterable[Kept[T]], now: datetime) -> None:
        raise Refused("Nothing is taken in while changes are gathered.")

    def as_of(self, collection: Collection[T], when: datetime) -> list[T]:
        return self._store.as_of(collection, when)

    def revert(self, collection: Collection[T], id_: str, rev: int, stamp: Stamp) -> list[T | None]:
        raise Refused("Nothing is taken back while changes are gathered.")

    def together(self, collection: Collection[T], id_: str, rev: int) -> list[Happening]:
        return self._store.together(collection, id_, rev)

    def latest(
        self,
        collections: Iterable[Collection[Any]],
        limit: int,
        by: str | None = None,
        *,
        as_recorded: bool = False,
        archived: bool = False,
    ) -> list[Happening]:
        return self._store.latest(collections, limit, by, as_recorded=as_recorded, archived=archived)

    def whole_since(self, collections: Iterable[Collection[Any]]) -> datetime | None:
        return self._store.whole_since(collections)

    def since(
        self, cursor: str, collections: Iterable[Collection[Any]], limit: int | None = None
    ) -> list[Commit]:
        return self._store.since(cursor, collections, limit)

    def cursor(self, collections: Iterable[Collection[Any]], at: datetime | None = None) -> str:
        return self._store.cursor(collections, at)

    def requested(self, collections: Iterable[Collection[Any]], request_id: str) -> list[Happening]:
        return self._store.requested(collections, request_id)

    def watch(self) -> dict[str, set[str]]:
        return {}


def _both(first: Editor[T] | None, second: Editor[T]) -> Editor[T]:
    return second if first is None else lambda document: second(first(document))


def _made_and_edited(make: Callable[[str], Any], edit: Editor[Any]) -> Callable[[str], Any]:
    return lambda id_: edit(make(id_))
