"""The difference between two versions of a document, forwards and backwards. Pure functions over plain JSON values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from fleettui.store.protocol import Change, Entry

Fields = dict[str, Any]
UNSET = msgspec.UNSET
BOOKKEEPING = ("id", "rev")


def fields_of(document: msgspec.Struct | None) -> Fields:
    if document is None:
        return {}
    # Through JSON, as it will be read back: tuples become lists, times become text.
    fields: Fields = msgspec.json.decode(msgspec.json.encode(document))
    for name in BOOKKEEPING:
        fields.pop(name, None)
    return fields


def difference(before: Fields, after: Fields) -> tuple[Change, ...]:
    return tuple(_differences((), before, after))


def _differences(path: tuple[str, ...], before: Fields, after: Fields) -> Iterator[Change]:
    for key in {**before, **after}:
        here = (*path, key)
        old, new = before.get(key, UNSET), after.get(key, UNSET)
        if _same(old, new):
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _differences(here, old, new)
        elif isinstance(old, list) and isinstance(new, list):
            yield _splice(here, old, new)
        else:
            yield Change(here, old, new)


def _same(old: Any, new: Any) -> bool:
    """To a file: Python takes 1, 1.0 and True for equal, and 0.0 and -0.0, however deep they lie."""
    if old != new or type(old) is not type(new):
        return False
    return not isinstance(old, (list, dict, float)) or _as_written(old) == _as_written(new)


def _as_written(value: Any) -> bytes:
    return msgspec.json.encode(value, order="deterministic")


def _splice(path: tuple[str, ...], old: list[Any], new: list[Any]) -> Change:
    """What lies between the common beginning and the common end."""
    shorter = min(len(old), len(new))
    start = 0
    while start < shorter and _same(old[start], new[start]):
        start += 1
    tail = 0
    while tail < shorter - start and _same(old[-1 - tail], new[-1 - tail]):
        tail += 1
    return Change(path, old[start : len(old) - tail], new[start : len(new) - tail], start)


def apply(fields: Fields, changes: Iterable[Change]) -> Fields:
    for change in changes:
        _put(fields, change, change.before, change.after)
    return fields


def unapply(fields: Fields, changes: Iterable[Change]) -> Fields:
    for change in changes:
        _put(fields, change, change.after, change.before)
    return fields


def _put(fields: Fields, change: Change, old: Any, new: Any) -> None:
    """Edits `fields` itself, but copies what is nested in it: that may belong to an entry of the history."""
    place = fields
    for key in change.path[:-1]:
        place[key] = dict(place.get(key, {}))
        place = place[key]
    last = change.path[-1]
    if change.at is not None:
        there = place.get(last, [])
        place[last] = [*there[: change.at], *new, *there[change.at + len(old) :]]
    elif new is UNSET:
        place.pop(last, None)
    else:
        place[last] = new


def value_at(fields: Fields, path: tuple[str, ...]) -> Any:
    place: Any = fields
    for key in path:
        if not isinstance(place, dict) or key not in place:
            return UNSET
        place = place[key]
    return place


def overlap(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Two paths touch the same place when one leads through the other."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


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
