"""The difference between two versions of a document, forwards and backwards. Pure functions over plain JSON values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal, TypeVar

import msgspec

from fleettui.documents import Document
from fleettui.store.protocol import Change, Entry

D = TypeVar("D", bound=Document)
Fields = dict[str, Any]
UNSET = msgspec.UNSET
BOOKKEEPING = ("id", "rev")
UNREADABLE = "restore"
"""The verb of an entry that stands for one that was lost."""


def fields_of(document: msgspec.Struct | None) -> Fields:
    """Its content without id and revision."""
    if document is None:
        return {}
    # Through JSON, as it will be read back: tuples become lists, times become text.
    fields: Fields = msgspec.json.decode(msgspec.json.encode(document))
    for name in BOOKKEEPING:
        fields.pop(name, None)
    return fields


def typed(type_: type[D], id_: str, rev: int, fields: Fields) -> D:
    """The document of this content; a wrong type is a msgspec.ValidationError."""
    return msgspec.convert({**fields, "id": id_, "rev": rev}, type_)


def difference(before: Fields, after: Fields) -> tuple[Change, ...]:
    """What leads from one version to the other."""
    return tuple(_differences((), before, after))


def _differences(path: tuple[str, ...], before: Fields, after: Fields) -> Iterator[Change]:
    for key in {**before, **after}:
        old, new = before.get(key, UNSET), after.get(key, UNSET)
        if _same(old, new):
            continue
        here = (*path, key)
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _differences(here, old, new)
        elif isinstance(old, list) and isinstance(new, list):
            yield _splice(here, old, new)
        else:
            yield Change(here, old, new)


def _same(old: Any, new: Any) -> bool:
    """As a file has them: Python takes 1, 1.0 and True for equal, and 0.0 and -0.0, however deep they lie."""
    if old is new:
        return True
    if old != new or type(old) is not type(new):
        return False
    return not isinstance(old, (list, dict, float)) or _as_written(old) == _as_written(new)


def _as_written(value: Any) -> bytes:
    return msgspec.json.encode(value, order="deterministic")


def _splice(path: tuple[str, ...], old: list[Any], new: list[Any]) -> Change:
    """The part between the common beginning and the common end."""
    shorter = min(len(old), len(new))
    start = 0
    while start < shorter and _same(old[start], new[start]):
        start += 1
    tail = 0
    while tail < shorter - start and _same(old[-1 - tail], new[-1 - tail]):
        tail += 1
    return Change(path, old[start : len(old) - tail], new[start : len(new) - tail], start)


def apply(fields: Fields, changes: Iterable[Change]) -> Fields:
    """Forwards; changes `fields` itself."""
    for change in changes:
        _put(fields, change, change.before, change.after)
    return fields


def fits(fields: Fields, change: Change) -> bool:
    """Whether what the change found is what is there."""
    table: Any = fields
    for key in change.path[:-1]:
        table = table.get(key, {})
        if not isinstance(table, dict):
            return False
    there = table.get(change.path[-1], UNSET)
    if change.at is None:
        return there is change.before if UNSET in (there, change.before) else _same(there, change.before)
    items = [] if there is UNSET else there
    old = [] if change.before is UNSET else change.before
    return isinstance(items, list) and _same(items[change.at : change.at + len(old)], old)


def contradiction(fields: Fields, entries: Iterable[Entry]) -> tuple[Entry, Change] | None:
    """Walked back from the present through `entries`, newest first: the first change that did not lead to what is there.
    Where one was lost nothing can be said: those behind it were made on something else."""
    entries = list(entries)
    if any(entry.verb == UNREADABLE for entry in entries):
        return None
    for entry in entries:
        for change in entry.changes:
            if not _led_to(fields, change):
                return entry, change
        fields = {} if entry.kind == "made" else unapply(dict(fields), entry.changes)
    return None


def _led_to(fields: Fields, change: Change) -> bool:
    """A later version of fleettui may have given new fields to what was written."""
    table: Any = fields
    for key in change.path[:-1]:
        table = table.get(key, {})
    there = table.get(change.path[-1], UNSET)
    if change.at is not None:
        new = [] if change.after is UNSET else change.after
        items = [] if there is UNSET else there
        return _has_all_of(items[change.at : change.at + len(new)], new)
    if change.after is UNSET:
        return there is UNSET or len(change.path) == 1
    return there is not UNSET and _has_all_of(there, change.after)


def _has_all_of(there: Any, written: Any) -> bool:
    if isinstance(written, dict) and isinstance(there, dict):
        return all(key not in there or _has_all_of(there[key], value) for key, value in written.items())
    if isinstance(written, list) and isinstance(there, list):
        return len(written) == len(there) and all(map(_has_all_of, there, written))
    return _same(there, written)


def unapply(fields: Fields, changes: Iterable[Change]) -> Fields:
    """Backwards; changes `fields` itself."""
    for change in changes:
        _put(fields, change, change.after, change.before)
    return fields


def _put(fields: Fields, change: Change, old: Any, new: Any) -> None:
    """Edits `fields` itself, but copies what is nested in it: that may belong to an entry of the history."""
    table = fields
    for key in change.path[:-1]:
        table[key] = dict(table.get(key, {}))
        table = table[key]
    last = change.path[-1]
    if change.at is not None:
        items = table.get(last, [])
        table[last] = [*items[: change.at], *new, *items[change.at + len(old) :]]
    elif new is UNSET:
        table.pop(last, None)
    else:
        table[last] = new


def overlap(path: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two paths touch the same value: one leads through the other."""
    shorter = min(len(path), len(other))
    return path[:shorter] == other[:shorter]


def rewind(fields: Fields | None, entries: Iterable[Entry]) -> Fields | None:
    """Walk back from the present through `entries`, newest first; None is "there was no such document"."""
    for entry in entries:
        if entry.kind == "made":
            fields = None
        elif fields is None or entry.kind == "removed":
            fields = unapply({}, entry.changes)
        else:
            fields = unapply(fields, entry.changes)
    return fields


def kind(old: Document | None, new: Document | None) -> Literal["made", "changed", "removed"]:
    """What an entry says of a change."""
    if old is None:
        return "made"
    return "removed" if new is None else "changed"
