"""A change and what others have changed since: what is stale, and what can still be undone. Pure functions over entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from fleettui.errors import Refused
from fleettui.store.diff import overlap
from fleettui.store.protocol import Change, Conflict, Entry, StaleWrite


def refuse_stale(id_: str, mine: Entry, since: Sequence[Entry]) -> None:
    """Different fields may change side by side; the same one only by somebody who has seen its newest value."""
    conflicts = [
        Conflict(".".join(change.path), theirs.before, theirs.after, change.after, entry.by, entry.at)
        for change in mine.changes
        for entry, theirs in _newest_touching(change, since)
    ]
    if conflicts:
        raise StaleWrite(id_, conflicts)


def _newest_touching(change: Change, entries: Sequence[Entry]) -> Iterator[tuple[Entry, Change]]:
    for entry in reversed(entries):
        for other in entry.changes:
            if overlap(change.path, other.path):
                yield entry, other
                return


def live(entries: Sequence[Entry]) -> set[int]:
    """The revisions that are in force: an undone change is not, unless the undo was itself undone."""
    in_force: set[int] = set()
    undone: set[int] = set()
    for entry in reversed(entries):
        if entry.rev in undone:
            continue
        in_force.add(entry.rev)
        if entry.undoes is not None:
            undone.add(entry.undoes)
    return in_force


def refuse_overtaken(id_: str, target: Entry, entries: Sequence[Entry]) -> None:
    """`target` can be taken back as long as no change in force was built on it."""
    in_force = live(entries)
    if target.rev not in in_force:
        raise Refused(f"{id_}: that change ({target.verb}) is already taken back.")
    for entry in entries:
        if entry.rev <= target.rev or entry.rev not in in_force:
            continue
        if entry.undoes is not None and entry.undoes > target.rev:
            continue
        if _builds_on(entry, target):
            is_undo = target.undoes is not None
            what = (
                "what was taken back cannot be done again"
                if is_undo
                else f"{target.verb!r} cannot be taken back alone"
            )
            raise Refused(f"{id_}: {entry.by} changed it later ({entry.verb}), so {what}.")


def _builds_on(entry: Entry, target: Entry) -> bool:
    if entry.kind != "changed" or target.kind != "changed":
        return True
    return any(_touches(mine, theirs) for mine in target.changes for theirs in entry.changes)


def _touches(mine: Change, later: Change) -> bool:
    """Whether the later change was made to the same value, or moved it."""
    if not overlap(mine.path, later.path):
        return False
    if mine.at is None or later.at is None or mine.path != later.path:
        return True
    return not _is_beside(mine, later)


def _is_beside(mine: Change, later: Change) -> bool:
    """Of two parts of a list: the later one leaves the other where it is. Parts with a key of their own, such as messages, may
    also be added behind it."""
    start, end = mine.at or 0, (mine.at or 0) + _length(mine.after)
    first, length = later.at or 0, _length(later.before)
    if length == _length(later.after):
        return first >= end or first + length <= start
    return first >= end and all(map(_has_key, (*_parts(mine), *_parts(later))))


def _length(part: Any) -> int:
    return len(part) if isinstance(part, list) else 0


def _parts(change: Change) -> Iterator[Any]:
    for part in (change.before, change.after):
        yield from part if isinstance(part, list) else ()


def _has_key(part: Any) -> bool:
    return isinstance(part, dict) and "key" in part
