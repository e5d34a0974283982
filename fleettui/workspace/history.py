"""The history of documents, undo and redo."""

from __future__ import annotations

import heapq
import os
import sys
from collections.abc import Container, Iterator
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from fleettui.errors import Refused
from fleettui.store.protocol import Collection, Happening
from fleettui.store.protocol import Entry as Entry  # also for screens, which know no store
from fleettui.time.clock import machine_microseconds
from fleettui.workspace.collections import ALL, BY_NAME
from fleettui.workspace.session import Session

if TYPE_CHECKING:
    from fleettui.workspace.undoing import Step

PAGE = 200
"""As many of my entries are looked at first for one to take back; then four times as many."""


class Undone(msgspec.Struct, frozen=True):
    """What an undo or redo did."""

    id: str
    verb: str
    fields: tuple[str, ...]
    text: str
    """The result in one sentence."""
    together: int = 1
    """How many documents the change was about; all of them were reverted."""
    subject: str = ""
    ids: tuple[str, ...] = ()
    """Of all that was reverted."""


class History:
    """Reads the history and reverts changes.

    A bare undo takes back what I did in this session, newest first in the order in which it was written, over all collections.
    What goes further is a step with doubts: `undo` and `redo` raise `Unsure` with it, and `take_back` does it once somebody
    has said yes.
    """

    def __init__(self, session: Session) -> None:
        self._session, self._store = session, session.store

    def happenings(self, id_: str | None = None, limit: int = 50) -> list[Happening]:
        """Newest first: of one document, or of the whole workspace, however long ago."""
        if id_ is None:
            return self._store.latest(ALL, limit, archived=True)
        collection, entries = self._find(id_)
        return [Happening(collection.name, id_, entry) for entry in reversed(entries)][:limit]

    def lately(self, limit: int) -> list[Happening]:
        """Newest first, of what is not archived: cheap at any time, and everything of the last two weeks."""
        return self._store.latest(ALL, limit)

    def undo(
        self, id_: str | None = None, *, sure: bool = False, here: Container[str] | None = None
    ) -> Undone:
        """Revert my newest change, or the newest one of a document; what others changed since then stays. A document that was
        removed comes back. `here`: the collections and actions of the screen in front."""
        from fleettui.workspace.undoing import newest_undoable

        if id_ is None:
            return self._take(self._newest_of_mine(), sure, here)
        collection, entries = self._find(id_)
        return self._take(Happening(collection.name, id_, newest_undoable(id_, entries)), sure, None)

    def redo(
        self, id_: str | None = None, *, sure: bool = False, here: Container[str] | None = None
    ) -> Undone:
        """Do again what my last undo took back, or the last undo of a document. A new change of mine ends that."""
        from fleettui.workspace.undoing import newest_redoable

        if id_ is None:
            return self._take(self._newest_undo_of_mine(), sure, here)
        collection, entries = self._find(id_)
        return self._take(Happening(collection.name, id_, newest_redoable(id_, entries)), sure, None)

    def take_back(self, step: Step) -> Undone:
        """Without asking: somebody was asked, or nothing speaks against it."""
        from fleettui.workspace.undoing import refuse_left

        refuse_left(step, self._session)
        stamp = self._session.stamp("redo" if step.is_redo else "undo")
        if step.others:
            self._refuse_overtaken(step)
            stamp = replace(stamp, act=os.urandom(6).hex())
        try:
            for commit in (step, *step.others):
                self._store.revert(commit.collection, commit.id, commit.entry.rev, stamp)
        except Refused:
            refuse_left(step, self._session)  # it left between our look and our change
            raise
        ids = tuple(part.id for commit in (step, *step.others) for part in commit.parts)
        return Undone(step.id, step.root.verb, step.fields, step.result, step.count, step.subject, ids)

    def _refuse_overtaken(self, step: Step) -> None:
        """An act that was several commits is taken back as a whole or not at all."""
        from fleettui.store.conflicts import refuse_overtaken

        for commit in (step, *step.others):
            for part in commit.parts:
                refuse_overtaken(part.id, part.entry, self._store.history(commit.collection, part.id))

    def _take(self, happening: Happening, sure: bool, here: Container[str] | None) -> Undone:
        from fleettui.workspace.undoing import Unsure, refuse_left

        step = self._step(happening, here)
        refuse_left(step, self._session)
        if step.doubts and not sure:
            raise Unsure(step)
        return self.take_back(step)

    def _step(self, happening: Happening, here: Container[str] | None) -> Step:
        from fleettui.workspace.undoing import doubts

        step = self._commit(happening)
        if happening.entry.act:
            step = replace(step, others=tuple(self._others_of(happening, step)))
        return replace(step, doubts=tuple(doubts(step, self._session, here)))

    def _commit(self, happening: Happening) -> Step:
        from fleettui.workspace.subjects import subject_of
        from fleettui.workspace.undoing import Step, root_of

        collection, id_, entry = BY_NAME[happening.collection], happening.id, happening.entry
        parts = self._store.together(collection, id_, entry.rev)
        root, _ = root_of(entry, self._store.history(collection, id_))
        subject = subject_of(self._store, collection.name, id_, entry)
        return Step(collection, parts, root, subject, self._session.policy.zone, self._session.now())

    def _others_of(self, happening: Happening, step: Step) -> Iterator[Step]:
        """The other commits of the same act, which stand close to it in the history."""
        from fleettui.workspace.undoing import LONGEST_ACT

        act, order = happening.entry.act, happening.entry.order
        known = {(step.collection.name, part.id, part.entry.rev) for part in step.parts}
        for collection in ALL:
            for other in self._by(happening.entry.by, collection):
                if other.entry.order < order - LONGEST_ACT:
                    break
                if other.entry.act == act and (collection.name, other.id, other.entry.rev) not in known:
                    commit = self._commit(other)
                    known |= {(collection.name, part.id, part.entry.rev) for part in commit.parts}
                    yield commit

    def _find(self, id_: str) -> tuple[Collection[Any], list[Entry]]:
        history = self._store.find_history(ALL, id_)
        if history is None:
            raise Refused(f"There is no {id_} in this workspace.")
        return history

    def _newest_of_mine(self) -> Happening:
        """Of this session; where it has nothing left, the newest from before it or beside it, and last what has a time that has
        not come yet."""
        from fleettui.store.conflicts import live
        from fleettui.workspace.undoing import is_ahead, is_mine_now

        since, now = self._session.since(), self._session.now()
        outside = ahead = None
        for happening in self._mine():
            entry = happening.entry
            later = is_ahead(entry, now)
            is_inside = not later and (not self._session.id or is_mine_now(entry, self._session))
            if entry.undoes is None and (is_inside or not (ahead if later else outside)):
                if entry.rev not in live(self._history_of(happening)):
                    continue
                if is_inside:
                    return happening
                outside, ahead = (outside, happening) if later else (happening, ahead)
            if outside and entry.order < since:
                break
        chosen = outside or ahead
        if chosen is None:
            raise Refused("There is nothing of yours to take back.")
        return chosen

    def _newest_undo_of_mine(self) -> Happening:
        from fleettui.workspace.undoing import is_ahead, is_mine_now, is_undo

        since, now = self._session.since(), self._session.now()
        for happening in self._mine():
            entry = happening.entry
            if is_ahead(entry, now):
                continue
            if self._session.id and not is_mine_now(entry, self._session):
                if entry.order < since:
                    break
                continue
            if entry.undoes is None:
                break
            if is_undo(entry, self._history_of(happening)):
                return happening
        raise Refused("There is nothing to do again: you took nothing back since your last change.")

    def _history_of(self, happening: Happening) -> list[Entry]:
        return self._store.history(BY_NAME[happening.collection], happening.id)

    def _mine(self) -> Iterator[Happening]:
        """My changes, newest first as they were written, one for each commit; without what came from outside."""
        from fleettui.workspace.session import FOUNDING, is_arrival

        commits = set[tuple[str, str]]()
        for happening in self._all_of_mine():
            entry = happening.entry
            commit = ("", entry.act) if entry.act else (happening.collection, entry.batch)
            if entry.verb in FOUNDING or is_arrival(entry) or (commit[1] and commit in commits):
                continue
            commits.add(commit)
            yield happening

    def _all_of_mine(self) -> Iterator[Happening]:
        """The archive is only read when somebody goes further back than to what is outside it as a whole."""
        since, known = self._store.whole_since(ALL), set[tuple[str, str, int]]()
        for archived in (False, True):
            for happening in self._merged(archived):
                if since is not None and not archived and happening.entry.at < since:
                    break
                key = happening.collection, happening.id, happening.entry.rev
                if key not in known:
                    known.add(key)
                    yield happening
            if since is None:
                return

    def _merged(self, archived: bool) -> Iterator[Happening]:
        from fleettui.workspace.undoing import recency

        machine_now = machine_microseconds()
        each = [self._by(self._session.login, collection, archived) for collection in ALL]
        return heapq.merge(*each, key=lambda happening: recency(happening.entry, machine_now), reverse=True)

    def _by(self, login: str, collection: Collection[Any], archived: bool = False) -> Iterator[Happening]:
        """All of theirs in one collection: there the order in which they were written is always right."""
        limit, looked_at = sys.maxsize if archived else PAGE, 0
        while True:
            page = self._store.latest([collection], limit, by=login, as_recorded=True, archived=archived)
            yield from page[looked_at:]
            if len(page) < limit:
                return
            looked_at, limit = len(page), limit * 4
