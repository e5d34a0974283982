"""A change before it is written, whatever place it is written to. Pure functions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

import msgspec

from fleettui.documents import Document, readable
from fleettui.errors import Refused
from fleettui.store import diff
from fleettui.store.protocol import Collection, Entry, NoSuchDocument, Stamp

T = TypeVar("T", bound=Document)


class Located(msgspec.Struct, Generic[T], dict=True):
    """A document as a writer meets it."""

    id: str
    document: T | None
    read_history: Callable[[], list[Entry]]

    @cached_property
    def history(self) -> list[Entry]:
        """Read only where it is needed: most changes do without, however long it is."""
        return self.read_history()


class Prepared(msgspec.Struct, Generic[T], frozen=True):
    """The entry of a change, and the document that it makes: None where it removes it."""

    id: str
    entry: Entry
    document: T | None
    fields: diff.Fields


class Moment(NamedTuple):
    """When a change is written."""

    at: datetime
    """Never before the entry before it."""
    recorded: int
    """`Entry.recorded`."""


def prepare(
    collection: Collection[T],
    located: Located[T],
    new: T | None,
    stamp: Stamp,
    moment: Moment,
    *,
    seen: int | None = None,
    undoes: int | None = None,
) -> Prepared[T] | None:
    """What leads from the document to `new`; None where they do not differ."""
    old, id_ = located.document, located.id
    if old is None and new is None:
        raise NoSuchDocument(collection.name, id_)
    before, after = diff.fields_of(old), diff.fields_of(new)
    changes = () if old is None else diff.difference(before, after)
    if old is not None and new is not None and not changes:
        return None
    rev = 1 + (old.rev if old is not None else max((e.rev for e in located.history), default=0))
    entry = Entry(
        rev, moment.at, stamp.by, stamp.verb, diff.kind(old, new), changes, stamp.why, undoes,
        session=stamp.session, recorded=moment.recorded, request=stamp.request, act=stamp.act,
        clock=stamp.at if stamp.at < moment.at else None,
    )  # fmt: skip
    if seen is not None:
        from fleettui.store import conflicts  # late: a start writes nothing

        conflicts.refuse_stale(id_, entry, [later for later in located.history if later.rev > seen])
    return Prepared(id_, entry, None if new is None else validated(collection, id_, rev, after), after)


def taken_back(
    collection: Collection[T], located: Located[T], target: Entry, stamp: Stamp, moment: Moment
) -> Prepared[T] | None:
    """What takes one change back."""
    from fleettui.store import conflicts

    conflicts.refuse_overtaken(located.id, target, located.history)
    old = located.document
    fields = diff.rewind(None if old is None else diff.fields_of(old), [target])
    new = None if fields is None else validated(collection, located.id, target.rev, fields)
    return prepare(collection, located, new, stamp, moment, undoes=target.rev)


def change_of(located: Located[T], rev: int) -> Entry:
    """The entry that is to be taken back."""
    target = next((entry for entry in located.history if entry.rev == rev), None)
    if target is None:
        raise Refused(f"{located.id} has no change {rev} to take back.")
    return target


def validated(collection: Collection[T], id_: str, rev: int, fields: diff.Fields) -> T:
    """The document that will be read back: refused here if it could not be."""
    try:
        return diff.typed(collection.type, id_, rev, fields)
    except msgspec.ValidationError as error:
        raise Refused(f"{id_}: {readable(error)}.") from None


def as_of(collection: Collection[T], id_: str, current: T | None, later: list[Entry]) -> T | None:
    """A document as it stood before the entries in `later`, oldest first."""
    if not later:
        return current
    fields = diff.rewind(None if current is None else diff.fields_of(current), reversed(later))
    return None if fields is None else diff.typed(collection.type, id_, later[0].rev - 1, fields)
