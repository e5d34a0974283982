"""The slow, obvious store: every version of every document is kept whole. What the real one is compared with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast

import msgspec
from msgspec.structs import replace

from fleettui.documents import Document
from fleettui.errors import Refused
from fleettui.store.protocol import (
    Collection,
    Commit,
    Entry,
    Happening,
    Kept,
    Narrow,
    NoSuchDocument,
    StaleWrite,
    Stamp,
)

FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass
class Version:
    stamp: Stamp
    document: Any
    rev: int
    batch: int
    undoes: int | None = None
    recorded: int = 0


@dataclass
class MemoryStore:
    versions: dict[str, list[Version]] = field(default_factory=dict)
    next: int = 0
    batches: int = 0
    recorded: int = 0
    collections: dict[str, str] = field(default_factory=dict)
    """The name of each document's."""
    made: dict[int, tuple[Any, Any]] = field(default_factory=dict)

    def load(self, collections: Any) -> None:
        """It is in memory."""

    def get(self, collection: Collection[Any], id_: str) -> Any:
        kept = self.versions.get(id_)
        return kept[-1].document if kept else None

    def all(self, collection: Collection[Any], *, archived: bool = False, since: Any = None) -> list[Any]:
        return [kept[-1].document for kept in self.versions.values() if kept[-1].document is not None]

    def rows(self, collection: Any) -> list[Any]:
        """The same object while it is the same document."""
        made = {id(document): self.made.get(id(document)) for document in self.all(collection)}
        for document in self.all(collection):
            made[id(document)] = made[id(document)] or (document, collection.row.of(document))
        self.made = cast(dict[int, tuple[Any, Any]], made)
        return [row for _, row in self.made.values()]

    def select(self, collection: Any, narrow: Narrow, limit: int) -> list[Any]:
        """Nothing is archived."""
        keys = {id_: key for key, id_ in enumerate(self.versions)}
        ordered = sorted(
            self.all(collection),
            key=lambda document: (collection.finished(document) or FOREVER, keys[document.id]),
            reverse=True,
        )
        if narrow.after:
            ids = [document.id for document in ordered]
            ordered = ordered[ids.index(narrow.after) + 1 :]
        fitting = [
            document
            for document in ordered
            if not narrow.only_archived and _fits(collection, narrow, document)
        ]
        return [collection.row.of(document) for document in fitting[:limit]]

    def prepare_select(self, collection: Any) -> None:
        """It stays slow."""

    def count(self, collection: Any) -> int:
        return len(self.all(collection))

    def bodies(self, collection: Collection[Any], ids: Any) -> dict[str, Any]:
        kept = self.several(collection, set(ids))
        return {id_: kept[id_] for id_ in ids if id_ in kept}

    def keyed(self, collection: Collection[Any], keys: Any) -> str | None:
        its = [(key, document.id) for document in self.all(collection) for key in collection.keys(document)]
        return next((id_ for wanted in keys for key, id_ in its if key == wanted), None)

    def several(self, collection: Collection[Any], ids: Any) -> dict[str, Any]:
        return {document.id: document for document in self.all(collection) if document.id in ids}

    def add(self, collection: Collection[Any], make: Callable[[str], Any], stamp: Stamp) -> Any:
        self.next = max(self.next, collection.first)
        id_ = f"{collection.prefix}-{self.next}"
        self.next += 1
        self.collections[id_] = collection.name
        return self._keep(id_, make(id_), stamp)

    def change(self, collection: Any, id_: str, edit: Any, stamp: Stamp, *, seen: int | None = None) -> Any:
        old = self.get(collection, id_)
        new = edit(old)
        if old is None and new is None:
            raise NoSuchDocument(collection.name, id_)
        self.collections[id_] = collection.name
        if seen is not None and old is not None:
            self._refuse_stale(id_, seen, old, new)
        return self._keep(id_, new, stamp)

    def change_many(self, collection: Any, edits: Mapping[str, Any], stamp: Stamp) -> list[Any]:
        edited = {id_: edit(self.get(collection, id_)) for id_, edit in edits.items()}
        self.batches += 1
        self.collections |= dict.fromkeys(edited, collection.name)
        return [self._keep(id_, new, stamp, self.batches) for id_, new in edited.items()]

    def revert(self, collection: Any, id_: str, rev: int, stamp: Stamp) -> list[Any]:
        target = next(v for v in self.versions[id_] if v.rev == rev)
        if self.versions[id_][-1] is not target:
            raise Refused("the slow store only takes back the newest change")
        ids = [i for i, kept in self.versions.items() if target.batch and kept[-1].batch == target.batch]
        self.batches += 1
        return [self._back(other, stamp, self.batches if ids else 0) for other in ids or [id_]]

    def _back(self, id_: str, stamp: Stamp, batch: int) -> Any:
        kept = self.versions[id_]
        before = kept[-2].document if len(kept) > 1 else None
        return self._keep(id_, before, stamp, batch, undoes=kept[-1].rev)

    def _keep(self, id_: str, new: Any, stamp: Stamp, batch: int = 0, undoes: int | None = None) -> Any:
        kept = self.versions.setdefault(id_, [])
        old = kept[-1].document if kept else None
        if old is not None and new is not None and _fields(old) == _fields(new):
            return old
        rev = kept[-1].rev + 1 if kept else 1
        document = None if new is None else replace(new, rev=rev)
        self.recorded += 1
        if kept and stamp.at < kept[-1].stamp.at:
            stamp = replace(stamp, at=kept[-1].stamp.at)
        kept.append(Version(stamp, document, rev, batch, undoes, self.recorded))
        return document

    def _refuse_stale(self, id_: str, seen: int, old: Any, new: Any) -> None:
        base = next(v.document for v in self.versions[id_] if v.rev == seen)
        for name, value in _fields(new).items():
            if value != _fields(old)[name] != _fields(base)[name]:
                raise StaleWrite(id_, [])

    def history(self, collection: Any, id_: str) -> list[Any]:
        return [_entry(version) for version in self.versions.get(id_, [])]

    def histories(self, collection: Any, ids: Any) -> dict[str, list[Any]]:
        return {id_: entries for id_ in ids if (entries := self.history(collection, id_))}

    def find_history(self, collections: Any, id_: str) -> tuple[Any, list[Any]] | None:
        searched = {collection.name: collection for collection in collections}
        name = self.collections.get(id_, "")
        return (searched[name], self.history(searched[name], id_)) if name in searched else None

    def everything(self, collection: Any) -> Iterator[Kept[Any]]:
        ids = [id_ for id_, name in self.collections.items() if name == collection.name]
        for key, id_ in enumerate(ids, start=1):
            yield Kept(key, id_, self.get(collection, id_), partial(self.history, collection, id_))

    def take_in(self, collection: Any, kept: Any, now: datetime) -> None:
        raise Refused("nobody moves into memory")

    def as_of(self, collection: Any, when: datetime) -> list[Any]:
        documents = []
        for kept in self.versions.values():
            until = [v for v in kept if v.stamp.at <= when]
            if until and until[-1].document is not None:
                documents.append(until[-1].document)
        return documents

    def together(self, collection: Any, id_: str, rev: int) -> list[Happening]:
        target = next(v for v in self.versions[id_] if v.rev == rev)
        return [
            Happening(collection.name, other, cast(Entry, _entry(version)))
            for other, kept in self.versions.items()
            for version in kept
            if version is target or (target.batch and version.batch == target.batch)
        ]

    def latest(
        self,
        collections: Any,
        limit: int,
        by: str | None = None,
        *,
        as_recorded: bool = False,
        archived: bool = False,
    ) -> list[Happening]:
        entries = [
            (id_, _entry(version))
            for id_, kept in self.versions.items()
            for version in kept
            if by in (None, version.stamp.by)
        ]
        entries.sort(key=lambda owned: owned[1].recorded if as_recorded else owned[1].at, reverse=True)
        name = next(iter(collections)).name
        return [Happening(name, id_, cast(Entry, entry)) for id_, entry in entries[:limit]]

    def whole_since(self, collections: Any) -> None:
        """Nothing is archived."""

    def requested(self, collections: Any, request_id: str) -> list[Happening]:
        everything = self.latest(collections, len(self.versions) * 1000)
        return [happening for happening in everything if happening.entry.request.startswith(f"{request_id} ")]

    def since(self, cursor: str, collections: Any, limit: int | None = None) -> list[Commit]:
        name, after = next(iter(collections)).name, int(cursor or -1)
        later = sorted(
            ((version.recorded, version.batch, Happening(name, id_, cast(Entry, _entry(version))))
            for id_, kept in self.versions.items() for version in kept if version.recorded > after),
            key=lambda each: each[0],
        )  # fmt: skip
        commits: list[Commit] = []
        for recorded, batch, happening in later:
            if batch and commits and batch == self._batch_of(commits[-1]):
                commits[-1] = Commit((*commits[-1].happenings, happening), str(recorded))
            else:
                commits.append(Commit((happening,), str(recorded)))
        return commits[:limit]

    def _batch_of(self, commit: Commit) -> int:
        last = commit.happenings[-1]
        return next(v.batch for v in self.versions[last.id] if v.rev == last.entry.rev)

    def cursor(self, collections: Any, at: Any = None) -> str:
        return str(self.recorded)

    def watch(self) -> dict[str, set[str]]:
        return {}


@dataclass(frozen=True)
class PlainEntry:
    rev: int
    at: datetime
    by: str
    verb: str
    session: str
    recorded: int
    request: str


def _entry(version: Version) -> PlainEntry:
    stamp = version.stamp
    return PlainEntry(
        version.rev, stamp.at, stamp.by, stamp.verb, stamp.session, version.recorded, stamp.request
    )


def _fits(collection: Any, narrow: Narrow, document: Any) -> bool:
    row, finished = collection.row.of(document), collection.finished(document)
    opened = collection.row.opened(row)
    hay = "\n".join(collection.row.words(document)).casefold()
    return (
        all(
            (needle.text in hay or getattr(row, needle.fact, None) in needle.among) is not needle.negative
            for needle in narrow.needles
        )
        and all(getattr(row, name) in values for name, values in narrow.among.items())
        and (narrow.finished_from is None or (finished is not None and narrow.finished_from <= finished))
        and (narrow.finished_before is None or (finished is not None and finished < narrow.finished_before))
        and (narrow.opened_from is None or (opened is not None and narrow.opened_from <= opened))
        and (narrow.opened_before is None or (opened is not None and opened < narrow.opened_before))
    )


def _fields(document: Document) -> dict[str, Any]:
    fields = msgspec.to_builtins(document)
    del fields["rev"]
    return dict(fields)
