"""The feed of events: what concerned whom since a position, in order. The same for whoever asks, and each event once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING

import msgspec

from fleettui.domain.events.deadlines import BEGINNING, Stand, deadlines
from fleettui.domain.events.derive import BY_COLLECTION, of_change, of_commit
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
        commits = self._store.since(start.store, COLLECTIONS)
        derived = self._derived(commits, start.at, now, team)
        promises = [event for event in derived.promises if (event.at, event.key) > (start.at, start.last)]
        placed = list(_in_order(start, commits, derived.of_commits(team), promises, now))
        store = commits[-1].cursor if commits else start.store
        return Look(placed, Position(store, now, ALL), _taken_back(commits))

    def _derived(self, commits: Sequence[Commit], after: datetime, now: datetime, team: Team) -> _Derived:
        """One document after the other, each of which is let go before the next: thousands may have changed."""
        derived, tickets = _Derived([[] for _ in commits], []), set()
        for changes in self._versions.changes(commits):
            for place, change in changes:
                derived.of_changes[place].append(((change.collection, change.id), of_change(change, team)))
                if change.collection == "tickets":
                    tickets.add(change.id)
            derived.promises.extend(deadlines(_stands(change for _, change in changes), after, now, team))
        derived.promises.extend(self._schedule.events(after, now, team, without=tickets))
        derived.promises.sort(key=lambda event: (event.at, event.key))
        return derived


class _Derived(msgspec.Struct):
    """What follows from commits and from the time."""

    of_changes: list[list[tuple[tuple[str, str], list[Event]]]]
    """Of each commit, by the collection and the id of what was changed."""
    promises: list[Event]
    """In order, also of promises that were kept late since."""

    def of_commits(self, team: Team) -> Iterator[list[Event]]:
        for changes in self.of_changes:
            in_order = sorted(changes, key=itemgetter(0))
            yield of_commit(chain.from_iterable(events for _, events in in_order), team)


def _taken_back(commits: Sequence[Commit]) -> frozenset[str]:
    return frozenset(
        f"{happening.collection}/{happening.id}/{happening.entry.undoes}/"
        for commit in commits
        for happening in commit.happenings
        if happening.entry.undoes is not None
    )


def _stands(changes: Iterable[Changed]) -> list[Stand]:
    """How a ticket was, the oldest first; nothing of what is no ticket."""
    stands: list[Stand] = []
    for change in changes:
        if change.collection != "tickets":
            continue
        if not stands and isinstance(change.before, Ticket):
            stands.append(Stand(BEGINNING, change.before))
        if isinstance(change.after, Ticket):
            since = max(change.at, stands[-1].since) if stands else change.at
            stands.append(Stand(since, change.after))
        else:
            stands.clear()
    return stands


def _in_order(
    start: Position,
    commits: Sequence[Commit],
    news: Iterable[list[Event]],
    promises: Sequence[Event],
    now: datetime,
) -> Iterator[Placed]:
    """What time brought before a commit, then the commit. `news`: of each commit."""
    position, waiting = start, list(promises)
    for commit, events in zip(commits, news, strict=True):
        at = commit.happenings[0].entry.at
        while waiting and waiting[0].at <= at:
            event = waiting.pop(0)
            position = Position(position.store, event.at, event.key, position.of_next)
            yield Placed(event, position)
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
