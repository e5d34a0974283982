"""By what people know a document, beside its id."""

from __future__ import annotations

from fleettui.store.diff import rewind
from fleettui.store.protocol import Entry, Store
from fleettui.workspace.collections import BY_NAME, RITUALS

NAMED_BY = {
    "tickets": "subject",
    "calls": "title",
    "runs": "name",
    "rituals": "name",
    "customers": "name",
    "people": "name",
}
"""The field that says it, by collection. What is in no such collection is part of something else: a tick, an answer, a view."""


def subject_of(store: Store, collection: str, id_: str, removal: Entry | None = None) -> str:
    """Of a ticket its subject, of a call its title, else a name; empty where the id says it all. Where the document is gone,
    what its removal says of it."""
    if collection == "ticks":
        return subject_of(store, RITUALS.name, id_.partition("@")[0])
    field = NAMED_BY.get(collection)
    if field is None:
        return ""
    document = store.get(BY_NAME[collection], id_)
    if document is not None:
        return name_of(collection, document)
    gone = rewind(None, [removal]) if removal is not None and removal.kind == "removed" else None
    return str((gone or {}).get(field, ""))


def name_of(collection: str, document: object) -> str:
    field = NAMED_BY.get(collection)
    return str(getattr(document, field, "")) if field else ""
