"""The documents before and after each change of some commits: walked back from how they are now."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from itertools import islice
from typing import Any

import msgspec
from msgspec.structs import FieldInfo, replace
from msgspec.structs import fields as fields_of_struct

from fleettui.documents import Document, number_in
from fleettui.domain.events.model import Changed
from fleettui.store import diff
from fleettui.store.protocol import Change, Commit, Entry, Happening, Store
from fleettui.store.protocol import Collection as StoreCollection
from fleettui.workspace.collections import BY_NAME
from fleettui.workspace.session import FOUNDING, INTAKE, is_arrival

SERVICE = "connect"
"""The session of what the service does by itself: it is nobody's doing."""

TOGETHER = 300
"""So many documents are looked at together. Where a store is asked for so many, those that somebody looked at stay at hand."""

Happened = tuple[int, Happening]
"""With the place of its commit among all."""
Told = tuple[int, Changed]
"""As what happened has it."""
Version = tuple[Document | None, diff.Fields | None]
"""A document, and its content where that is known."""


def is_news(entry: Entry) -> bool:
    """Whether it can be news at all: an undo takes news back and is none itself."""
    return entry.verb not in FOUNDING and (entry.undoes is None or entry.verb == "redo")


class Versions:
    """All that is to be told of some commits, which reach up to now."""

    def __init__(self, store: Store, collections: Collection[str], done: Callable[[Happening], str]) -> None:
        self._store, self._collections, self._done = store, collections, done

    def changes(self, commits: Sequence[Commit]) -> Iterator[list[Told]]:
        """Of each document, oldest first; of what was taken back since, and of what takes it back, only that it is no news.
        A backlog may be about tens of thousands of documents: only some of them are in memory at a time."""
        for collection, happenings in self._by_document(commits).items():
            for id_, document in self._present(BY_NAME[collection], happenings):
                yield self._walked_back(document, happenings[id_])

    def _by_document(self, commits: Sequence[Commit]) -> dict[str, dict[str, list[Happened]]]:
        """What happened to each, by collection and id."""
        by_document: dict[str, dict[str, list[Happened]]] = {}
        for place, commit in enumerate(commits):
            for happening in commit.happenings:
                if happening.collection in self._collections:
                    of_collection = by_document.setdefault(happening.collection, {})
                    of_collection.setdefault(happening.id, []).append((place, happening))
        return by_document

    def _present(
        self, collection: StoreCollection[Any], ids: Iterable[str]
    ) -> Iterator[tuple[str, Document | None]]:
        """How the documents are now; None for those that were removed. By their numbers, the order in which a file has them."""
        waiting = iter(sorted(ids, key=lambda id_: (number_in(id_) or 0, id_)))
        elsewhere: set[str] = set()
        while piece := list(islice(waiting, TOGETHER)):
            here = self._store.bodies(collection, piece)
            elsewhere.update(id_ for id_ in piece if id_ not in here)
            yield from here.items()
        kept = self._store.several(collection, elsewhere) if elsewhere else {}
        for id_ in elsewhere:
            yield id_, kept.get(id_)

    def _walked_back(self, document: Document | None, happenings: Sequence[Happened]) -> list[Told]:
        """Where what is kept does not fit together nothing more can be told of the document."""
        changes: list[Told] = []
        taken_back: set[int] = set()
        with suppress(msgspec.ValidationError, LookupError, TypeError, ValueError):
            after, fields = self._without_later(document, happenings[-1][1])
            for place, happening in reversed(happenings):
                entry = happening.entry
                before, fields = _step_back(happening, after, fields)
                if entry.undoes is not None:
                    taken_back.add(entry.undoes)
                is_live = is_news(entry) and entry.rev not in taken_back
                changes.append((place, self._changed(happening, before, after, is_live)))
                after = before
        return changes[::-1]

    def _without_later(self, document: Document | None, newest: Happening) -> Version:
        """As it was behind the newest change that is to be told: somebody may have written since the commits were read."""
        entry = newest.entry
        if entry.kind == "removed" if document is None else document.rev <= entry.rev:
            return document, None
        history = self._store.history(BY_NAME[newest.collection], newest.id)
        later = [
            each
            for each in history
            if each.rev > entry.rev and (document is None or each.rev <= document.rev)
        ]
        version: Version = document, None
        for each in reversed(later):
            version = _step_back(Happening(newest.collection, newest.id, each), *version)
        return version

    def _changed(
        self, happening: Happening, before: Document | None, after: Document | None, is_live: bool
    ) -> Changed:
        entry = happening.entry
        return Changed(
            collection=happening.collection,
            id=happening.id,
            rev=entry.rev,
            at=entry.at,
            by=entry.by,
            verb=entry.verb,
            before=before,
            after=after,
            done=lambda: self._done(happening),
            is_news=is_live,
            arrived=is_arrival(entry) or entry.session in (INTAKE, SERVICE),
        )


def _step_back(happening: Happening, after: Document | None, fields: diff.Fields | None) -> Version:
    """The document before the change, and its content where that had to be looked at; `fields`: that of the one after it."""
    entry = happening.entry
    if entry.kind == "made":
        return None, None
    known = diff.fields_of(after) if fields is None and after is not None else fields
    earlier = diff.rewind(known, [entry])
    assert earlier is not None, "it was not made by this entry"  # noqa: S101
    if after is None:
        return diff.typed(BY_NAME[happening.collection].type, happening.id, entry.rev - 1, earlier), earlier
    return _rebuilt(after, entry, earlier), earlier


def _rebuilt(after: Document, entry: Entry, earlier: diff.Fields) -> Document:
    """The document before the entry. It shares with the one after it all that the entry did not change: a conversation of some
    hundred messages is not made anew for each of them."""
    rebuilt: dict[str, Any] = {}
    for encoded in {change.field for change in entry.changes}:
        field = _fields(type(after))[encoded]
        changes = [change for change in entry.changes if change.field == encoded]
        items = getattr(after, field.name)
        if isinstance(items, tuple) and len(changes) == 1 and changes[0].at is not None:
            rebuilt[field.name] = _spliced(items, changes[0], field)
        elif encoded in earlier:
            rebuilt[field.name] = msgspec.convert(earlier[encoded], field.type)
        else:
            rebuilt[field.name] = _default(field)
    return replace(after, **rebuilt, rev=entry.rev - 1)


@cache
def _fields(type_: type[Document]) -> dict[str, FieldInfo]:
    return {field.encode_name: field for field in fields_of_struct(type_)}


def _spliced(items: tuple[Any, ...], change: Change, field: FieldInfo) -> tuple[Any, ...]:
    at = change.at or 0
    before: tuple[Any, ...] = msgspec.convert(change.before, field.type)
    return (*items[:at], *before, *items[at + len(change.after) :])


def _default(field: FieldInfo) -> Any:
    if field.required:
        raise LookupError(field.name)
    return field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
