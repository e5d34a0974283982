"""Tickets in the order of urgency. What was computed for a ticket is kept until the ticket, its customer or the policy
changes, so that a key costs what it shows and not what exists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter

from fleettui.documents import number_in
from fleettui.domain.customers.model import Customer
from fleettui.domain.tickets import debt
from fleettui.domain.tickets import model as tickets
from fleettui.domain.tickets.debt import DebtPolicy
from fleettui.domain.tickets.entry import QueueEntry
from fleettui.domain.tickets.model import Ticket, TicketRow
from fleettui.domain.tickets.row import row_of
from fleettui.domain.tickets.sla import Debt
from fleettui.store.protocol import AT_HAND, Store
from fleettui.time.timeline import moment_of
from fleettui.workspace.collections import CUSTOMERS, TICKETS
from fleettui.workspace.session import Session

_RANKS = {"open": 2, "waiting": 3, "snoozed": 4, "resolved": 5}


_Read = Ticket | Callable[[str], Ticket | None]
"""A ticket, or how it is read."""


class QueueOrder:
    """The tickets as entries of the queue, in the order of urgency."""

    def __init__(self, session: Session) -> None:
        self._session, self._store = session, session.store
        self._entries: dict[str, QueueEntry] = {}
        self._rows: list[TicketRow] = []
        self._customers: dict[str, Customer] = {}
        self._groups: dict[str, str] = {}
        self._debt_policy: DebtPolicy | None = None
        self._known_debt_policy: DebtPolicy | None = None
        self._order: list[QueueEntry] = []
        self._wakes: datetime | None = None
        self.terms = object()
        """Another one whenever the policy of debts or a customer has changed: entries of before say what was true then."""
        self._debt_of, self._read = self._debt, self._body
        """One for all entries: asking for a method makes a new object each time."""

    def unarchived(self) -> list[QueueEntry]:
        """All tickets that are not archived. The same list object while nothing has changed, which is cheap to see."""
        now, current = self._session.now(), self._store.rows(TICKETS)
        fresh_policy = self._refresh_policy()
        awake = self._wakes is not None and self._wakes <= now
        if not fresh_policy and not awake and current == self._rows:
            return self._order
        known = {} if fresh_policy or awake else self._entries
        self._entries = {row.id: self._entry(row, known, self._read) for row in current}
        self._rows = current
        snoozed = [row.snooze_until for row in current if row.status == "snoozed" and row.snooze_until]
        self._wakes = min((until for until in snoozed if until > now), default=None)
        self._order = self._ordered(self._entries.values(), now)
        return self._order

    def with_archived(
        self, entries: Iterable[QueueEntry], archived: Iterable[QueueEntry]
    ) -> list[QueueEntry]:
        """What was found outside the archive and in it; a ticket that has come back from there counts once."""
        here = list(entries)
        old = [entry for entry in archived if entry.ticket.id not in self._entries]
        return self._ordered([*here, *old], self._session.now()) if old else here

    def as_of(self, when: datetime) -> list[QueueEntry]:
        """The tickets as they were at that moment."""
        self.unarchived()
        return self._ordered(
            [self._make(row_of(ticket), ticket) for ticket in self._store.as_of(TICKETS, when)], when
        )

    def of(self, ticket: Ticket) -> QueueEntry:
        self.unarchived()
        row, known = row_of(ticket), self._entries.get(ticket.id)
        return known if known is not None and known.ticket == row else self._make(row, ticket)

    @property
    def debt_policy(self) -> DebtPolicy:
        """The same object while the handbook is the same."""
        handbook, known = self._session.policy.handbook, self._debt_policy
        if known is None or known.policy is not handbook.sla or known.calendars is not handbook.calendars:
            known = self._debt_policy = DebtPolicy(
                handbook.sla,
                handbook.calendars,
                handbook.labels.waiting_prefix,
                lambda: handbook.department.promise,
            )
        return known

    def _refresh_policy(self) -> bool:
        """Whether the policy of debts or the customers have changed."""
        debt_policy, customers = self.debt_policy, self._store.all(CUSTOMERS)
        if debt_policy is self._known_debt_policy and customers == list(self._customers.values()):
            return False
        groups = self._session.policy.handbook.groups
        self._known_debt_policy, self.terms = debt_policy, object()
        self._customers = {customer.id: customer for customer in customers}
        self._groups = {
            customer.id: group.key for customer in customers if (group := groups.of(customer.hosts))
        }
        return True

    def entry(self, row: TicketRow, read: Callable[[str], Ticket | None] | None = None) -> QueueEntry:
        """Of a ticket that is archived. `read`: how its words are found where they were read just now."""
        return self._make(row, read or self._read)

    def _entry(self, row: TicketRow, known: Mapping[str, QueueEntry], read: _Read) -> QueueEntry:
        entry = known.get(row.id)
        return entry if entry is not None and entry.ticket is row else self._make(row, read)

    def _make(self, row: TicketRow, read: _Read) -> QueueEntry:
        customer, group = self._customers.get(row.customer_id), self._groups.get(row.customer_id, "")
        return QueueEntry(row, customer, group, self._debt_of, read)

    def _body(self, id_: str) -> Ticket | None:
        return self._store.get(TICKETS, id_)

    def _debt(self, row: TicketRow) -> Debt | None:
        return debt.debt_of(row, self._known_debt_policy or self.debt_policy)

    def _ordered(self, entries: Iterable[QueueEntry], now: datetime) -> list[QueueEntry]:
        policy = self._session.policy.handbook.sla
        priorities = {priority.key: number for number, priority in enumerate(policy.priorities)}
        rows = list(entries)
        for entry in rows:
            if entry.place is None:
                entry.place = _place_of(entry, priorities.get(entry.ticket.priority, len(priorities)), now)
        return sorted(rows, key=_place)


class ReadAhead:
    """Many tickets are read together that are then asked for one after the other."""

    def __init__(self, store: Store, entries: Sequence[QueueEntry]) -> None:
        self._store, self._ids = store, [entry.ticket.id for entry in entries]
        self._places = {id_: place for place, id_ in enumerate(self._ids)}
        self._read = 0

    def __call__(self, entry: QueueEntry) -> QueueEntry:
        place = self._places[entry.ticket.id]
        if place >= self._read:
            self._read = place + AT_HAND
            self._store.several(TICKETS, set(self._ids[place : self._read]))
        return entry


_place = attrgetter("place")
_FAR = 1 << 62
"""Microseconds: further from 1970 than any year that can be written."""


def _place_of(entry: QueueEntry, priority: int, now: datetime) -> int:
    """By rank, then by its moment, the priority, and the number: in one integer, of which fifty thousand take little room."""
    rank, moment = _rank(entry, now)
    return ((rank << 64 | moment + _FAR) << 8 | min(priority, 255)) << 64 | (number_in(entry.ticket.id) or 0)


def _rank(entry: QueueEntry, now: datetime) -> tuple[int, int]:
    """First by the due time, then what is owed without a promise; what owes nothing comes last."""
    ticket, owed = entry.ticket, entry.owed
    if owed is not None:
        return (0, moment_of(owed.due)) if owed.due else (1, moment_of(owed.since))
    status = tickets.status_at(ticket, now)
    if status == "resolved" and ticket.resolved_at is not None:
        return _RANKS[status], -moment_of(ticket.resolved_at)
    return _RANKS[status], 0
