"""Tickets in the order of urgency. What was reckoned of one is kept until it, its customer or the policy changes, so that a
key costs what it shows and not what there is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from fleettui.domain.customers.model import Customer
from fleettui.domain.tickets import debt
from fleettui.domain.tickets import model as tickets
from fleettui.domain.tickets.debt import DebtPolicy
from fleettui.domain.tickets.model import Ticket
from fleettui.domain.tickets.search import QueueEntry
from fleettui.domain.tickets.sla import Due
from fleettui.time.timeline import moment_of
from fleettui.workspace.collections import CUSTOMERS, TICKETS
from fleettui.workspace.session import Session

_RANKS = {"open": 2, "waiting": 3, "snoozed": 4, "resolved": 5}


class _ArchivedEntries(NamedTuple):
    """What lay in the archive while these were the hot ones. Tickets get there, and back, only by way of them."""

    hot: frozenset[str]
    tickets: list[Ticket]


class _Everything(NamedTuple):
    hot: list[QueueEntry]
    archive: _ArchivedEntries
    order: list[QueueEntry]


class QueueOrder:
    def __init__(self, session: Session) -> None:
        self._session, self._store = session, session.store
        self._found: dict[str, QueueEntry] = {}
        self._tickets: list[Ticket] = []
        self._customers: dict[str, Customer] = {}
        self._groups: dict[str, str] = {}
        self._terms: DebtPolicy | None = None
        self._known_terms: DebtPolicy | None = None
        self._order: list[QueueEntry] = []
        self._wakes: datetime | None = None
        self._archive: _ArchivedEntries | None = None
        self._everything: _Everything | None = None
        self._reckoned_by = self._reckon  # one for all: asking for a method makes a new object each time

    def hot(self) -> list[QueueEntry]:
        """Everything that is not archived; the same list for as long as it is the same. Costs a look where nothing has
        changed."""
        now, current = self._session.now(), self._store.all(TICKETS)
        fresh_policy = self._refresh_policy()
        awake = self._wakes is not None and self._wakes <= now
        if not fresh_policy and not awake and current == self._tickets:
            return self._order
        known = {} if fresh_policy or awake else self._found
        self._found = {
            ticket.id: one if (one := known.get(ticket.id)) and one.ticket is ticket else self._make(ticket)
            for ticket in current
        }
        self._tickets = current
        sleeping = [one.snooze_until for one in current if one.status == "snoozed" and one.snooze_until]
        self._wakes = min((until for until in sleeping if until > now), default=None)
        self._order = self._ordered(self._found.values(), now)
        return self._order

    def everything(self) -> list[QueueEntry]:
        """What is archived, too; the same list for as long as it is the same."""
        hot = self.hot()
        if self._archive is None or not self._archive.hot <= self._found.keys():
            self.read_archive()
        archive, known = self._archive, self._everything
        assert archive is not None, "it was read just now"  # noqa: S101
        if known is None or known.hot is not hot or known.archive is not archive:
            told = {} if known is None else {one.ticket.id: one for one in known.order}
            old = [
                one if (one := told.get(ticket.id)) and one.ticket is ticket else self._make(ticket)
                for ticket in archive.tickets
                if ticket.id not in self._found
            ]
            order = self._ordered([*hot, *old], self._session.now())
            known = self._everything = _Everything(hot, archive, order)
        return known.order

    def read_archive(self) -> None:
        """Takes time where there is much of it: an app does it beside its event loop, before it asks for everything."""
        hot = frozenset(ticket.id for ticket in self._store.all(TICKETS))
        every = self._store.all(TICKETS, archived=True)
        self._archive = _ArchivedEntries(hot, [ticket for ticket in every if ticket.id not in hot])

    def forget_archive(self) -> None:
        self._archive = self._everything = None

    def as_of(self, when: datetime) -> list[QueueEntry]:
        """As it all stood then."""
        self.hot()
        return self._ordered([self._make(one) for one in self._store.as_of(TICKETS, when)], when)

    def of(self, ticket: Ticket) -> QueueEntry:
        self.hot()
        known = self._found.get(ticket.id)
        return known if known and known.ticket is ticket else self._make(ticket)

    @property
    def terms(self) -> DebtPolicy:
        """The same ones for as long as the handbook is the same."""
        handbook, known = self._session.policy.handbook, self._terms
        if known is None or known.policy is not handbook.sla or known.calendars is not handbook.calendars:
            known = self._terms = DebtPolicy(handbook.sla, handbook.calendars, handbook.labels.waiting_prefix)
        return known

    def _refresh_policy(self) -> bool:
        """Whether what debts are reckoned with, or who the customers are, is new."""
        terms, customers = self.terms, self._store.all(CUSTOMERS)
        if terms is self._known_terms and customers == list(self._customers.values()):
            return False
        groups = self._session.policy.handbook.groups
        self._known_terms, self._everything = terms, None
        self._customers = {one.id: one for one in customers}
        self._groups = {one.id: group.key for one in customers if (group := groups.of(one.hosts))}
        return True

    def _make(self, ticket: Ticket) -> QueueEntry:
        customer = self._customers.get(ticket.customer_id)
        return QueueEntry(ticket, customer, self._groups.get(ticket.customer_id, ""), self._reckoned_by)

    def _reckon(self, ticket: Ticket) -> Due | None:
        return debt.due_of(ticket, self.terms)

    def _ordered(self, found: Iterable[QueueEntry], now: datetime) -> list[QueueEntry]:
        priorities = [one.key for one in self._session.policy.handbook.sla.priorities]
        places = {key: place for place, key in enumerate(priorities)}
        rows = list(found)
        for one in rows:
            if one.place is None:
                one.place = _urgency(one, now, places)
        return sorted(rows, key=_place)


_place = attrgetter("place")


def _urgency(one: QueueEntry, now: datetime, places: dict[str, int]) -> int:
    """One number and not four: of ten thousand tickets those would take a megabyte more, and longer to compare."""
    rank, moment = _rank(one, now)
    place = places.get(one.ticket.priority, len(places))
    return (((rank << 58) + moment << 8) + min(place, 255) << 40) + min(_number(one.ticket.id), (1 << 40) - 1)


def _rank(one: QueueEntry, now: datetime) -> tuple[int, int]:
    """What breaches first comes first; then what is owed without a promise; what owes nothing comes last."""
    ticket, owed = one.ticket, one.owed
    if owed is not None:
        return (0, moment_of(owed.due)) if owed.due else (1, moment_of(owed.since))
    status = tickets.status_at(ticket, now)
    if status == "resolved" and ticket.resolved_at is not None:
        return _RANKS[status], -moment_of(ticket.resolved_at)
    return _RANKS[status], 0


def _number(id_: str) -> int:
    digits = id_.rpartition("-")[2]
    return int(digits) if digits.isdecimal() else 0
