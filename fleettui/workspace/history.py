"""The history of documents, and undo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fleettui.errors import Refused
from fleettui.store.protocol import Collection, Happening
from fleettui.store.protocol import Entry as Entry  # also for screens, which know no store
from fleettui.workspace.collections import ALL, BY_NAME
from fleettui.workspace.session import Session

RECENT = 200
FOUNDING = ("init",)
"""The documents of a new workspace are nobody's change, so undo leaves them."""


@dataclass(frozen=True)
class Undone:
    """What an undo reverted."""

    id: str
    verb: str
    fields: tuple[str, ...]
    together: int = 1
    """How many documents the change was about; all of them were reverted."""

    @property
    def text(self) -> str:
        """The result in one sentence."""
        from fleettui.workspace.done_wording import CHANGED, done_words

        done, others = done_words(self.verb), self.together - 1
        more = f" and {others} more" if others > 0 else ""
        fields = ", ".join(field.replace("_", " ") for field in self.fields)
        what = f" ({fields})" if done == CHANGED and fields else ""
        return f"Took back “{done}” on {self.id.partition('@')[0]}{more}{what}."


class History:
    """Reads the history and reverts changes."""

    def __init__(self, session: Session) -> None:
        self._session, self._store = session, session.store

    def happenings(self, id_: str | None = None, limit: int = 50) -> list[Happening]:
        """Newest first: of one document, or of the whole workspace."""
        if id_ is None:
            return self._store.latest(ALL, limit)
        collection, entries = self._find(id_)
        return [Happening(collection.name, id_, entry) for entry in reversed(entries)][:limit]

    def undo(self, id_: str | None = None) -> Undone:
        """Revert my newest change, or the newest one of a document; what others changed since then stays."""
        collection, id_, entry = self._newest_of_mine() if id_ is None else self._newest_of(id_)
        reverted = self._store.revert(collection, id_, entry.rev, self._session.stamp("undo"))
        fields = tuple(dict.fromkeys(change.field for change in entry.changes))
        return Undone(id_, entry.verb, fields, len(reverted))

    def _find(self, id_: str) -> tuple[Collection[Any], list[Entry]]:
        for collection in ALL:
            entries = self._store.history(collection, id_)
            if entries:
                return collection, entries
        raise Refused(f"There is no {id_} in this workspace.")

    def _newest_of(self, id_: str) -> tuple[Collection[Any], str, Entry]:
        from fleettui.store.conflicts import live

        collection, entries = self._find(id_)
        in_force = live(entries)
        for entry in reversed(entries):
            if entry.rev in in_force and entry.undoes is None:
                return collection, id_, entry
        raise Refused(f"Nothing of {id_} is left to take back.")

    def _newest_of_mine(self) -> tuple[Collection[Any], str, Entry]:
        from fleettui.store.conflicts import live

        for happening in self._store.latest(ALL, RECENT, by=self._session.login):
            entry = happening.entry
            if entry.verb in FOUNDING or entry.undoes is not None:
                continue
            collection = BY_NAME[happening.collection]
            if entry.rev in live(self._store.history(collection, happening.id)):
                return collection, happening.id, entry
        raise Refused("There is nothing of yours to take back.")
