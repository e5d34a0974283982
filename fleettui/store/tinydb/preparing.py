"""A change before it is written: from the document as it is, and as it is to be, to the entry that its history gets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any, Generic, TypeVar

import msgspec

from fleettui.documents import Document
from fleettui.errors import Refused
from fleettui.store import conflicts, diff
from fleettui.store.protocol import Entry, NoSuchDocument, Stamp
from fleettui.store.tinydb import journal
from fleettui.store.tinydb.archive import Archived
from fleettui.store.tinydb.collection import LoadedCollection
from fleettui.store.tinydb.damage import readable
from fleettui.time.clock import machine_microseconds

T = TypeVar("T", bound=Document)


class Located(msgspec.Struct, Generic[T], dict=True):
    """A document as a writer meets it, in the collection's file or in the archive."""

    id: str
    document: T | None
    read_history: Callable[[], list[Entry]]
    archived: Archived[T] | None = None

    @cached_property
    def history(self) -> list[Entry]:
        """Read only where it is needed: most changes do without, however long it is."""
        return self.read_history()


class Prepared(msgspec.Struct, Generic[T], frozen=True):
    """A change before it is written, and the document that it makes."""

    record: journal.Record
    document: T | None


def prepare(
    loaded: LoadedCollection[T],
    located: Located[T],
    new: T | None,
    stamp: Stamp,
    *,
    seen: int | None = None,
    undoes: int | None = None,
) -> Prepared[T] | None:
    """The change record that leads from the document to `new`; None where they do not differ."""
    old, id_ = located.document, located.id
    if old is None and new is None:
        raise NoSuchDocument(loaded.collection.name, id_)
    before, after = diff.fields_of(old), diff.fields_of(new)
    changes = () if old is None else diff.difference(before, after)
    if old is not None and new is not None and not changes:
        return None
    rev = 1 + (old.rev if old is not None else max((e.rev for e in located.history), default=0))
    kind = diff.kind(old, new)
    recorded = max(machine_microseconds(), loaded.meta.recorded + 1)
    at = _lifted(loaded, located, stamp.at)
    entry = Entry(
        rev, at, stamp.by, stamp.verb, kind, changes, stamp.why, undoes,
        session=stamp.session, recorded=recorded, request=stamp.request,
        act=stamp.act, clock=stamp.at if stamp.at < at else None,
    )  # fmt: skip
    if seen is not None:
        conflicts.refuse_stale(id_, entry, [later for later in located.history if later.rev > seen])
    full = after if kind != "removed" and (old is None or located.archived) else None
    key = located.archived.key if located.archived else loaded.key_of(id_) or loaded.meta.next
    past = tuple(located.archived.history) if located.archived else ()
    record = journal.Record(key, id_, entry, full, past)
    return Prepared(record, None if new is None else _validated(loaded, id_, rev, after))


def _lifted(loaded: LoadedCollection[Any], located: Located[Any], at: datetime) -> datetime:
    """The time, or that of the document's last entry where it is later: clocks differ, and `as_of` goes back by time. Its history
    is only read for it when something in the collection is later."""
    latest = loaded.meta.latest
    if latest is not None and at >= latest and not located.archived:
        return at
    return max([at, *(entry.at for entry in located.history[-1:])])


def reverted(
    loaded: LoadedCollection[T], located: Located[T], target: Entry, stamp: Stamp
) -> Prepared[T] | None:
    """The change that takes back an earlier one."""
    conflicts.refuse_overtaken(located.id, target, located.history)
    old = located.document
    fields = diff.rewind(None if old is None else diff.fields_of(old), [target])
    new = None if fields is None else _validated(loaded, located.id, target.rev, fields)
    return prepare(loaded, located, new, stamp, undoes=target.rev)


def _validated(loaded: LoadedCollection[T], id_: str, rev: int, fields: diff.Fields) -> T:
    """The document that will be read back: refused here if it could not be."""
    try:
        return loaded.build(id_, rev, fields)
    except msgspec.ValidationError as error:
        raise Refused(f"{id_}: {readable(error)}.") from None
