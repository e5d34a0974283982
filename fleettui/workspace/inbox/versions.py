"""The documents before and after each change of some commits: walked back from how they are now."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any

import msgspec
from msgspec.structs import FieldInfo, replace
from msgspec.structs import fields as fields_of_struct

from fleettui.documents import Document
from fleettui.domain.events.model import Changed
from fleettui.store import diff
from fleettui.store.protocol import Change, Commit, Entry, Happening, Store
from fleettui.workspace.collections import BY_NAME
from fleettui.workspace.session import FOUNDING, INTAKE, is_arrival

SERVICE = "connect"
"""The session of what the service does by itself: it is nobody's doing."""

Key = tuple[str, str]


def is_news(entry: Entry) -> bool:
    """Whether it can be news at all: an undo takes news back and is none itself."""
    return entry.verb not in FOUNDING and (entry.undoes is None or entry.verb == "redo")


class Versions:
    """All that is to be told of some commits, which reach up to now."""

    def __init__(self, store: Store, collections: Collection[str], done: Callable[[Happening], str]) -> None:
        self._store, self._collections, self._done = store, collections, done

    def changes(self, commits: Sequence[Commit]) -> list[list[Changed]]:
        """Of each commit; of what was taken back since, and of what takes it back, only that it is no news."""
        fields: dict[Key, diff.Fields | None] = {}
        documents = self._present(commits)
        taken_back: set[tuple[str, str, int]] = set()
        every: list[list[Changed]] = []
        for commit in reversed(commits):
            changes = []
            for happening in reversed(commit.happenings):
                key, entry = (happening.collection, happening.id), happening.entry
                if key not in documents:
                    continue
                after = documents[key]
                if key not in fields:
                    fields[key] = None if after is None else diff.fields_of(after)
                before = self._before(key, entry, fields, documents)
                if entry.undoes is not None:
                    taken_back.add((*key, entry.undoes))
                if key in documents:
                    is_live = is_news(entry) and (*key, entry.rev) not in taken_back
                    changes.append(self._changed(happening, before, after, is_live))
            every.append(changes[::-1])
        return every[::-1]

    def _before(
        self,
        key: Key,
        entry: Entry,
        fields: dict[Key, diff.Fields | None],
        documents: dict[Key, Document | None],
    ) -> Document | None:
        """One step back. Where what is kept does not fit together nothing more can be told of the document."""
        try:
            after = documents[key]
            earlier = fields[key] = diff.rewind(fields[key], [entry])
            if earlier is None:
                built = None
            elif after is None:
                built = diff.typed(BY_NAME[key[0]].type, key[1], entry.rev - 1, earlier)
            else:
                built = _rebuilt(after, entry, earlier)
        except (msgspec.ValidationError, LookupError, TypeError, ValueError):
            del documents[key]
            return None
        documents[key] = built
        return built

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

    def _present(self, commits: Sequence[Commit]) -> dict[Key, Document | None]:
        """How the documents are now; None for those that were removed."""
        wanted: dict[str, set[str]] = {}
        for commit in commits:
            for happening in commit.happenings:
                if happening.collection in self._collections:
                    wanted.setdefault(happening.collection, set()).add(happening.id)
        present: dict[Key, Document | None] = {}
        for name, ids in wanted.items():
            for id_, document in self._get(name, ids).items():
                present[name, id_] = document
        return present

    def _get(self, name: str, ids: set[str]) -> dict[str, Any]:
        kept = self._store.several(BY_NAME[name], ids)
        return {id_: kept.get(id_) for id_ in ids}


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
