"""Writing to PostgreSQL: edit what is in memory, and one statement that refuses where that has moved meanwhile.

Then follow and edit again; the third time while everybody else waits. A commit whose answer was lost is looked for.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec
import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from fleettui.database_addresses import DatabaseAddress, moved_away
from fleettui.documents import Document
from fleettui.errors import Unusable
from fleettui.store import committed
from fleettui.store.postgres import rows
from fleettui.store.postgres.link import Link, Lost
from fleettui.store.postgres.mirror import Mirror
from fleettui.store.preparing import Prepared
from fleettui.store.protocol import UNARCHIVED_FOR, Collection, RepeatedRequest, Stamp
from fleettui.time.clock import Clock, machine_microseconds

T = TypeVar("T", bound=Document)
Edit = Callable[[Mirror[T]], "Edited"]

PATIENCE = 20.0
"""Seconds in which it is found out what became of a change whose answer was lost."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
KEPT = "select 1 from change where commit = %s limit 1"
HOPEFUL = 2
"""So often a change is tried on what is in memory, before everybody else has to wait for it."""

APPEND = """select * from append(
    %s::text, %s::uuid, %s::bigint, %s::bigint, %s::bigint,
    %s::text[], %s::bigint[], %s::text[], %s::text[], %s::timestamptz[], %s::text[], %s::bigint[],
    %s::timestamptz, %s::text, %s::text, %s::text, %s::text, %s::text, %s::text, %s::text, %s::bigint, %s::uuid[],
    %s::timestamptz, %s::json)"""
REPEATED, MOVED = "FT001", "FT002"
"""What `append` raises: another session has carried out the same request; the workspace has moved to what the message says."""
LOCK = "select stand_in_line(%s::text, %s::bigint, %s::boolean)"


class Edited:
    """What an edit leads to: for each document a change, or None where it changes nothing. `number`: of the one that is added."""

    def __init__(self, results: Sequence[Prepared[Any] | None], number: int | None = None) -> None:
        self.results, self.number = results, number
        self.changes = [change for change in results if change is not None]
        self.commit = uuid.uuid4()


def in_line(collection: Collection[Any]) -> tuple[str, int, bool]:
    """The values of `LOCK`."""
    return collection.name, collection.first, collection.forgotten


class OutcomeUnknown(Unusable):
    """The connection was lost before the server confirmed a change, and did not come back."""

    def __init__(self, address: DatabaseAddress) -> None:
        super().__init__(
            f"{address.shown}: the outcome is unknown. The connection was lost before the server confirmed the change, and "
            "did not come back: look whether it is there before you do it again."
        )


class _Looks(threading.local):
    """Whether the edit that runs now has looked at other documents of its collection."""

    collection = ""
    happened = False


class Writing:
    """Of one session."""

    def __init__(self, link: Link, clock: Clock) -> None:
        self._link, self._clock = link, clock
        self._looks = _Looks()
        self._mine: list[uuid.UUID] = []
        """The commits of this session that were made for requests of scripts."""

    def write(self, mirror: Mirror[T], edit: Edit[T], stamp: Stamp) -> Sequence[Prepared[T] | None]:
        """What an edit says on an older state does not count, a refusal as little as a change."""
        for _ in range(HOPEFUL):
            seq = mirror.seq
            try:
                edited, looked = self._edited(mirror, edit)
            except Exception:
                if self._is_newest(mirror, seq):
                    raise
                continue
            if not edited.changes:
                if self._is_newest(mirror, seq):
                    return edited.results
                continue
            is_sent = False
            try:
                with self._link.connected() as connection:
                    is_sent = True
                    appended = self._append(connection, mirror, edited, stamp, looked=seq if looked else None)
                    if appended:
                        self._settle(mirror, edited, stamp, appended)
                        return edited.results
            except Lost:
                if not is_sent:
                    raise
                return self.write_alone(mirror, edit, stamp, maybe=edited)
            mirror.follow(self._link)
        return self.write_alone(mirror, edit, stamp)

    def write_alone(
        self,
        mirror: Mirror[T],
        edit: Edit[T],
        stamp: Stamp,
        maybe: Edited | None = None,
    ) -> Sequence[Prepared[T] | None]:
        """While all other writers of the collection wait. `maybe`: changes whose answer was lost. They are looked for here, where
        they cannot come in behind: they were kept, or will be refused, because what they were made on has moved."""
        pause, give_up = FIRST_PAUSE, time.monotonic() + PATIENCE
        while True:
            try:
                with self._link.connected() as connection:
                    with connection.transaction():
                        connection.execute(LOCK, in_line(mirror.collection))
                        mirror.follow(self._link)
                        if maybe is not None and self._link.rows(KEPT, maybe.commit):
                            self._note(maybe, stamp)
                            return maybe.results
                        edited, _ = self._edited(mirror, edit)
                        if not edited.changes:
                            return edited.results
                        maybe = edited
                        appended = self._append(connection, mirror, edited, stamp, looked=None)
                        assert appended, "nobody else can have changed it"  # noqa: S101
                    self._settle(mirror, edited, stamp, appended)
                    return edited.results
            except Lost as lost:
                if maybe is None:
                    raise
                if time.monotonic() > give_up:
                    raise OutcomeUnknown(self._link.address) from lost
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _edited(self, mirror: Mirror[T], edit: Edit[T]) -> tuple[Edited, bool]:
        """And whether it looked at other documents of its collection: then it is only accepted at the state that it saw."""
        looks = self._looks
        looks.collection, looks.happened = mirror.collection.name, False
        try:
            edited = edit(mirror)
        finally:
            looks.collection = ""
        return edited, looks.happened

    def _is_newest(self, mirror: Mirror[Any], seq: int) -> bool:
        mirror.follow(self._link)
        return mirror.seq == seq

    def _append(
        self,
        connection: Connection[TupleRow],
        mirror: Mirror[T],
        edited: Edited,
        stamp: Stamp,
        *,
        looked: int | None,
    ) -> TupleRow | None:
        """None where something has moved."""
        try:
            return connection.execute(
                APPEND, self._values(mirror.collection, edited, stamp, looked)
            ).fetchone()
        except psycopg.DatabaseError as error:
            if error.sqlstate == REPEATED:
                raise RepeatedRequest(stamp.request) from None
            if error.sqlstate == MOVED:
                moved_to = error.diag.message_primary or ""
                raise Unusable(moved_away(self._link.address.shown, moved_to)) from None
            raise

    def _settle(self, mirror: Mirror[T], edited: Edited, stamp: Stamp, appended: TupleRow) -> None:
        """After the commit."""
        seq, _, following = appended
        self._note(edited, stamp)
        if seq == mirror.seq + 1:
            mirror.apply(edited.changes, seq, following)
        else:
            mirror.follow(self._link)

    def _note(self, edited: Edited, stamp: Stamp) -> None:
        if stamp.request:
            self._mine.append(edited.commit)
        for change in edited.changes:
            committed.note(change.id, change.entry.rev, stamp.verb)

    def _values(
        self, collection: Collection[T], edited: Edited, stamp: Stamp, looked: int | None
    ) -> tuple[Any, ...]:
        changes = edited.changes
        entries = [each.entry for each in changes]
        documents = [each.document for each in changes]
        return (
            collection.name, edited.commit, looked, collection.first, edited.number,
            [each.id for each in changes],
            [entry.rev for entry in entries],
            [entry.kind for entry in entries],
            [document and msgspec.json.encode(document).decode() for document in documents],
            [document and collection.finished(document) for document in documents],
            [msgspec.json.encode(entry.changes).decode() for entry in entries],
            [entry.undoes for entry in entries],
            stamp.at, stamp.by, stamp.verb, stamp.why, stamp.session, stamp.request, stamp.act,
            str(edited.commit) if len(changes) > 1 else "",
            machine_microseconds(), self._mine,
            self._clock() - UNARCHIVED_FOR if collection.forgotten else None,
            rows.kept(collection, [each for each in documents if each is not None]),
        )  # fmt: skip

    def look(self, collection: Collection[Any]) -> None:
        if self._looks.collection == collection.name:
            self._looks.happened = True
