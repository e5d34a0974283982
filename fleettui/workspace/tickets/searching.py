"""What the search of the queue has to know of the workspace: the team's names, who searches, and when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from fleettui.domain.searching import completion, language
from fleettui.domain.searching.completion import Completion, Named
from fleettui.domain.searching.language import Mistake, Search
from fleettui.domain.tickets import search as ticket_search
from fleettui.domain.tickets import sla
from fleettui.domain.tickets.entry import QueueEntry
from fleettui.domain.tickets.model import TicketRow
from fleettui.workspace.collections import CUSTOMERS, PEOPLE, TICKETS
from fleettui.workspace.session import Session
from fleettui.workspace.tickets.texts import TicketTexts

if TYPE_CHECKING:
    from fleettui.domain.views import View

FEW = 200
"""So few are read as quickly as looked up."""


LooksElsewhere = Callable[[Sequence[QueueEntry], Callable[[], bool]], tuple[Sequence[QueueEntry], str]]
"""Adds to what was found outside the archive what is found in it; and what is to be said where that is not all."""


class TicketSearch:
    """Reads searches and carries them out."""

    def __init__(self, session: Session, is_unread: Callable[[TicketRow], bool]) -> None:
        self._session, self._store, self._is_unread = session, session.store, is_unread
        self.texts = TicketTexts()
        self._asked_for: tuple[Sequence[QueueEntry], tuple[bool, bool], list[QueueEntry]] | None = None

    def parse(self, typed: str) -> Search:
        return ticket_search.parse(typed, self._vocabulary)

    def complete(self, typed: str, cursor: int) -> Completion:
        return completion.complete(ticket_search.LANGUAGE, typed, cursor, self.known)

    def mistakes(self, typed: str) -> Sequence[Mistake]:
        return self.parse(typed).mistakes

    def find(
        self,
        search: Search,
        among: Sequence[QueueEntry],
        context: ticket_search.TicketContext,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Sequence[QueueEntry]:
        context.having = self.texts.having if len(among) >= FEW else None
        return language.find(ticket_search.LANGUAGE, search, among, context, is_cancelled)

    def asked_for(
        self, search: Search, entries: Sequence[QueueEntry], *, resolved: bool
    ) -> Sequence[QueueEntry]:
        """As the function, which looks at each ticket; its last answer is kept, since it is the same for most letters."""
        key, known = (search.asks_for(("department",)), resolved), self._asked_for
        if known is None or known[0] is not entries or known[1] != key:
            known = self._asked_for = entries, key, asked_for(search, entries, resolved=resolved)
        return known[2]

    def context(self, as_of: datetime | None = None) -> ticket_search.TicketContext:
        """As of a moment, or of now."""
        now = as_of or self._session.now()
        calendar = self._session.policy.calendar
        opening = now if calendar.never_opens else calendar.next_opening(now)
        return ticket_search.TicketContext(
            me=self._session.login,
            now=now,
            zone=self._session.policy.zone,
            logins={person.name.casefold(): person.login for person in self._store.all(PEOPLE)},
            closing=calendar.open_until(opening) or now,
            unread=self._is_unread,
        )

    def known(self, field: str) -> Sequence[str]:
        """The values that there are for a field, for whoever types one."""
        handbook = self._session.policy.handbook
        match field:
            case "tier":
                return sla.tiers(handbook.sla)
            case "group":
                return [group.key for group in handbook.groups.groups]
            case "assignee" | "whose" | "from":
                return [Named(row.login, row.name) for row in self._store.all(PEOPLE) if row.active]
            case "customer":
                return [customer.name for customer in self._store.all(CUSTOMERS) if customer.active]
            case "label" | "way" | "issue":
                return _used(field, self._store.rows(TICKETS))
            case "incident":
                return [row.id for row in self._store.rows(TICKETS) if row.incident]
            case _:
                return self._vocabulary.known(field)

    @property
    def _vocabulary(self) -> ticket_search.Vocabulary:
        handbook = self._session.policy.handbook
        return ticket_search.Vocabulary(
            priorities=tuple(priority.key for priority in handbook.sla.priorities),
            levels=tuple(level.key for level in handbook.levels.levels),
        )


class TicketQuery:
    """A search that was read, with all that it needs: `run` may be called beside the event loop."""

    def __init__(
        self,
        search: TicketSearch,
        wanted: Search,
        among: Sequence[QueueEntry],
        context: ticket_search.TicketContext,
        *,
        is_narrowed: bool,
        with_resolved: bool,
        archive: LooksElsewhere | None = None,
    ) -> None:
        """`is_narrowed`: `among` is what the search with a letter less found. `archive`: where else is looked."""
        self.wanted, self.among = wanted, among
        self._search, self._context = search, context
        self._is_narrowed, self.with_resolved = is_narrowed, with_resolved
        self._archive = archive
        self.found_here: Sequence[QueueEntry] = ()
        """What was found outside the archive."""
        self.note = ""
        """What a list has to say that does not have all of it."""

    def run(self, is_cancelled: Callable[[], bool] = lambda: False) -> Sequence[QueueEntry]:
        among = self.among
        if not self._is_narrowed:
            among = self._search.asked_for(self.wanted, among, resolved=self.with_resolved)
        self.found_here = here = self._search.find(self.wanted, among, self._context, is_cancelled)
        if self._archive is None:
            return here
        entries, self.note = self._archive(here, is_cancelled)
        return entries

    @property
    def reads_archive(self) -> bool:
        return self._archive is not None


def _used(field: str, among: Sequence[TicketRow]) -> list[str]:
    """What stands in that field of any ticket, the most frequent first."""
    counted: dict[str, int] = {}
    for ticket in among:
        for value in ticket.labels if field == "label" else (getattr(ticket, field),):
            if value:
                counted[value] = counted.get(value, 0) + 1
    return sorted(counted, key=lambda value: (-counted[value], value))


def asked_for(search: Search, entries: Sequence[QueueEntry], *, resolved: bool) -> list[QueueEntry]:
    """Customers' tickets; requests to the department only where they are asked for (SUP-20)."""
    department = search.asks_for(("department",))
    return [
        entry
        for entry in entries
        if entry.ticket.is_for_department is department and (resolved or entry.ticket.status != "resolved")
    ]


class AskedQueue(msgspec.Struct, frozen=True):
    """A question to the queue, and what its answer is put together with."""

    view: View
    search: str
    query: TicketQuery
    among: Sequence[QueueEntry]
    now: datetime
    lacks_archive: bool


class LastQuery(msgspec.Struct, frozen=True):
    """The last query and its result: the query with one more letter is answered from it."""

    now: datetime
    view: View
    search: Search
    among: Sequence[QueueEntry]
    entries: Sequence[QueueEntry]
    with_resolved: bool

    def about(self, view: View, among: Sequence[QueueEntry], now: datetime, *, with_resolved: bool) -> bool:
        return (
            self.view == view
            and self.among is among
            and _minute(self.now) == _minute(now)
            and self.with_resolved is with_resolved
        )


def _minute(now: datetime) -> datetime:
    """Due times pass."""
    return now.replace(second=0, microsecond=0)
