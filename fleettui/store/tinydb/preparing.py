"""A change before it is written to the journal: what it leads to, its number in the file, and what it brings from the archive."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from fleettui.documents import Document
from fleettui.store import preparing
from fleettui.store.protocol import Entry, Stamp
from fleettui.store.tinydb import journal
from fleettui.store.tinydb.archive import Archived
from fleettui.store.tinydb.collection import LoadedCollection
from fleettui.time.clock import machine_microseconds

T = TypeVar("T", bound=Document)


class Located(preparing.Located[T], Generic[T], dict=True):
    """In the collection's file, or in the archive."""

    archived: Archived[T] | None = None


class Prepared(NamedTuple, Generic[T]):
    """A change, and the document that it makes."""

    record: journal.Record
    document: T | None


def prepare(
    loaded: LoadedCollection[T], located: Located[T], new: T | None, stamp: Stamp, *, seen: int | None = None
) -> Prepared[T] | None:
    """The change record that leads from the document to `new`; None where they do not differ."""
    moment = _moment(loaded, located, stamp.at)
    return _recorded(
        loaded, located, preparing.prepare(loaded.collection, located, new, stamp, moment, seen=seen)
    )


def reverted(
    loaded: LoadedCollection[T], located: Located[T], target: Entry, stamp: Stamp
) -> Prepared[T] | None:
    """The change that takes back an earlier one."""
    moment = _moment(loaded, located, stamp.at)
    return _recorded(loaded, located, preparing.taken_back(loaded.collection, located, target, stamp, moment))


def _moment(loaded: LoadedCollection[T], located: Located[T], at: datetime) -> preparing.Moment:
    recorded = max(machine_microseconds(), loaded.meta.recorded + 1)
    return preparing.Moment(_lifted(loaded, located, at), recorded)


def _lifted(loaded: LoadedCollection[Any], located: Located[Any], at: datetime) -> datetime:
    """The time, or that of the document's last entry where it is later: clocks differ, and `as_of` goes back by time. Its history
    is only read for it when something in the collection is later."""
    latest = loaded.meta.latest
    if latest is not None and at >= latest and not located.archived:
        return at
    return max([at, *(entry.at for entry in located.history[-1:])])


def _recorded(
    loaded: LoadedCollection[T], located: Located[T], change: preparing.Prepared[T] | None
) -> Prepared[T] | None:
    if change is None:
        return None
    archived, id_ = located.archived, located.id
    is_whole = change.entry.kind != "removed" and (located.document is None or archived is not None)
    key = archived.key if archived else loaded.key_of(id_) or loaded.meta.next
    past = tuple(archived.history) if archived else ()
    record = journal.Record(key, id_, change.entry, change.fields if is_whole else None, past)
    return Prepared(record, change.document)
