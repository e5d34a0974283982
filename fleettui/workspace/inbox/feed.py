"""The feed of events: what concerned whom since a position, in order. The same for whoever asks, and each event once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from fleettui.domain.events.deadlines import BEGINNING, Stand, deadlines
from fleettui.domain.events.derive import BY_COLLECTION, of_commit
from fleettui.domain.events.model import Changed, Event
from fleettui.domain.tickets.model import Ticket
from fleettui.store.protocol import Commit
from fleettui.workspace.collections import BY_NAME
from fleettui.workspace.inbox.position import ALL, EPOCH, Position
from fleettui.workspace.inbox.results import Look, Placed
from fleettui.workspace.inbox.schedule import Schedule
from fleettui.workspace.inbox.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Callable

    from fleettui.domain.events.team import Team
    from fleettui.store.protocol import Happening
    from fleettui.workspace.session import Session

COLLECTIONS = tuple(BY_NAME[name] for name in BY_COLLECTION)
TRIES = 3
"""Somebody always writes at the busiest moment of an import; its last events may then be told by how it is a moment later."""


class EventFeed:
    def __init__(self, session: Session, team: Callable[[], Team], done: Callable[[Happening], str]) -> None:
        self._session, self._store, self._team = session, session.store, team
        self._versions = Versions(session.store, BY_COLLECTION, done)
        self._schedule = Schedule(session)

    def here(self) -> Position:
        """Behind all that has happened until now."""
        return Position(self._store.cursor(COLLECTIONS), self._session.now(), ALL)

    def beginning(self) -> Position:
        """Before everything that is known."""
        return Position("", EPOCH)

    def at(self, moment: datetime, machine: datetime) -> Position:
        """`machine`: the same moment by the machine's own clock, by which the store counts."""
        return Position(self._store.cursor(COLLECTIONS, machine), moment)

    def wakes_at(self) -> datetime | None:
        """When something becomes news by itself the next time."""
        return self._schedule.next_after(self._session.now(), self._team())

    def meant_without_owner(self, at: datetime) -> tuple[str, ...]:
        """Whose the tickets without an owner are: whoever is on call, and where nobody is, everybody here."""
        return self._team().meant_by("owner", "", at)

    def look(self, start: Position) -> Look:
        """Cheap where nothing is new. What was taken back since it was done is not told."""
        now, team = max(self._session.now(), start.at), self._team()
        commits, changes = self._commits_and_changes(start)
        promises = [
            event
            for event in self._promises(changes, start.at, now, team)
            if (event.at, event.key) > (start.at, start.last)
        ]
        placed = list(_in_order(start, commits, changes, promises, team, now))
        store = commits[-1].cursor if commits else start.store
        return Look(placed, Position(store, now, ALL), _taken_back(commits))

    def _commits_and_changes(self, start: Position) -> tuple[list[Commit], list[list[Changed]]]:
        """A change is read by walking back from how its document is now: where somebody wrote between, both are read again."""
        commits: list[Commit] = []
        changes: list[list[Changed]] = []
        for _ in range(TRIES):
            commits = self._store.since(start.store, COLLECTIONS)
            changes = self._versions.changes(commits)
            if not commits or not self._store.since(commits[-1].cursor, COLLECTIONS, 1):
                break
        return commits, changes

    def _promises(
        self, changes: Sequence[Sequence[Changed]], after: datetime, now: datetime, team: Team
    ) -> list[Event]:
        """In order, also of promises that were kept late since."""
        stands = _stands(changes)
        events = list(self._schedule.events(after, now, team, without=stands.keys()))
        for known in stands.values():
            events += deadlines(known, after, now, team)
        return sorted(events, key=lambda event: (event.at, event.key))


def _taken_back(commits: Sequence[Commit]) -> frozenset[str]:
    return frozenset(
        f"{happening.collection}/{happening.id}/{happening.entry.undoes}/"
        for commit in commits
        for happening in commit.happenings
        if happening.entry.undoes is not None
    )


def _stands(changes: Sequence[Sequence[Changed]]) -> dict[str, list[Stand]]:
    """How each changed ticket was, the oldest first."""
    stands: dict[str, list[Stand]] = {}
    for commit in changes:
        for change in commit:
            if change.collection != "tickets":
                continue
            known = stands.setdefault(change.id, [])
            if not known and isinstance(change.before, Ticket):
                known.append(Stand(BEGINNING, change.before))
            if isinstance(change.after, Ticket):
                since = max(change.at, known[-1].since) if known else change.at
                known.append(Stand(since, change.after))
            else:
                known.clear()
    return stands


def _in_order(
    start: Position,
    commits: Sequence[Commit],
    changes: Sequence[Sequence[Changed]],
    promises: Sequence[Event],
    team: Team,
    now: datetime,
) -> Iterator[Placed]:
    """What time brought before a commit, then the commit."""
    position, waiting = start, list(promises)
    for commit, changed in zip(commits, changes, strict=True):
        at = commit.happenings[0].entry.at
        while waiting and waiting[0].at <= at:
            event = waiting.pop(0)
            position = Position(position.store, event.at, event.key, position.of_next)
            yield Placed(event, position)
        events = of_commit(changed, team)
        if min(at, now) >= position.at:
            position = Position(position.store, min(at, now), ALL, position.of_next)
        behind = Position(commit.cursor, position.at, position.last)
        for place, event in enumerate(events, 1):
            if place > position.of_next:
                is_last = place == len(events)
                inside = Position(position.store, position.at, position.last, place)
                yield Placed(event, behind if is_last else inside)
        position = behind
    for event in waiting:
        position = Position(position.store, event.at, event.key)
        yield Placed(event, position)
