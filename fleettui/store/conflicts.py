"""A change and what others have changed since: what is stale, and what can still be undone. Pure functions over entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    return any(overlap(mine.path, theirs.path) for mine in target.changes for theirs in entry.changes)
