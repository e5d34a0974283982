"""Moving a workspace to another place: all of it or nothing.

The new place is filled and compared while nobody writes. What makes it a workspace is written after that, and then the old one
says where it is. Killed before, nothing has happened; killed between the two, moving it again finds equal contents.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import msgspec

from fleettui.errors import Refused, Unusable
from fleettui.policy.last_good import is_read
from fleettui.store import committed
from fleettui.workspace.collections import KEPT
from fleettui.workspace.place import NewPlace

if TYPE_CHECKING:
    from fleettui.store.protocol import Kept
    from fleettui.time.clock import Clock
    from fleettui.workspace.place import Services, WorkspacePlace


class Moved(msgspec.Struct, frozen=True):
    """What is in the new place. `hidden`: whose read marks and notebook stayed behind, because they are private."""

    documents: int = 0
    changes: int = 0
    files: int = 0
    hidden: tuple[str, ...] = ()


def count(source: Services) -> Moved:
    """What would move. Reads all of it, so damage is found before anything is begun."""
    documents = changes = 0
    for collection in KEPT:
        for kept in source.store.everything(collection):
            documents += kept.document is not None
            changes += len(kept.history)
    _, hidden = source.removal().notes()
    return Moved(documents, changes, len(source.kept_files.names()), tuple(hidden))


def refuse_taken(source: Services, target: WorkspacePlace) -> None:
    if str(target) == str(source.place):
        raise Refused("the workspace is there already", field="to")
    if target.is_made():
        raise Refused(f"there is a workspace in {target} already", field="to")


def move(source: Services, target: WorkspacePlace, login: str, clock: Clock, group: str | None) -> Moved:
    removal = source.removal()
    with removal.standing_still():
        moved = count(source)
        if str(target) != str(source.place) and target.is_made() and _is_same(source, target, login, clock):
            removal.leave(target.address)
            return moved
        refuse_taken(source, target)
        hidden: list[str] = []
        new = NewPlace(source.name, login, clock, group, _policy_files(source))
        target.make(new, lambda services: hidden.extend(_fill(source, services, clock)))
        removal.leave(target.address)
    committed.note(str(target), 0, "move")
    return msgspec.structs.replace(moved, hidden=tuple(sorted({*moved.hidden, *hidden})))


def _fill(source: Services, target: Services, clock: Clock) -> list[str]:
    for collection in KEPT:
        target.store.take_in(collection, source.store.everything(collection), clock())
    for name in source.kept_files.names():
        target.kept_files.keep(source.kept_files.read(name))
    noted, _ = source.removal().notes()
    hidden = target.removal().take_notes(noted)
    for about, text in source.drafts.texts().items():
        target.drafts.keep(about, text)
    for what in _differences(source, target):
        raise Unusable(f"{target.place}: {what} did not come over as it was. Nothing was moved.")
    return hidden


def _is_same(source: Services, target: WorkspacePlace, login: str, clock: Clock) -> bool:
    services = target.open(login, clock)
    try:
        return next(_differences(source, services), None) is None
    finally:
        services.close()


def _differences(source: Services, target: Services) -> Iterator[str]:
    for collection in KEPT:
        pairs = zip_longest(source.store.everything(collection), target.store.everything(collection))
        for ours, theirs in pairs:
            if _contents(ours) != _contents(theirs):
                each = ours or theirs
                yield f"{collection.name}/{each.id if each else ''}"
    missing = set(source.kept_files.names()) - set(target.kept_files.names())
    yield from (f"the file {name}" for name in sorted(missing))


def _contents(kept: Kept[Any] | None) -> object:
    return None if kept is None else (kept.key, kept.id, kept.document, kept.history)


def _policy_files(source: Services) -> Iterator[tuple[str, bytes]]:
    """The handbook as it stands there, also where somebody has just made a mistake in it."""
    folder = source.policy.handbook.folder
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and is_read(name):
            yield name, path.read_bytes()
