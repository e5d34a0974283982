"""A ticket as the search and the queue see it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from fleettui.domain.customers.model import Customer
from fleettui.domain.tickets.model import Message, Ticket, TicketRow
from fleettui.domain.tickets.row import names_in
from fleettui.domain.tickets.sla import Debt


class QueueEntry:
    """A ticket as the search and the queue see it. What few tests need is worked out on first use."""

    __slots__ = (
        "_find_debt",
        "_owed",
        "_read",
        "_search_text",
        "customer",
        "group",
        "indexed",
        "place",
        "ticket",
    )

    def __init__(
        self,
        ticket: TicketRow,
        customer: Customer | None,
        group: str,
        find_debt: Callable[[TicketRow], Debt | None],
        read: Ticket | Callable[[str], Ticket | None],
    ) -> None:
        """`read`: the ticket itself, or how it is found by its id."""
        self.ticket, self.customer, self.group, self._read = ticket, customer, group, read
        self.place: int | None = None
        """Where it stands in the queue: set by whoever orders it."""
        self.indexed: tuple[object, int] | None = None
        """By which index of texts, and its place there."""
        self._find_debt = find_debt
        self._search_text: str | None = None
        self._owed: Debt | bool | None = False

    @property
    def body(self) -> Ticket | None:
        """All of the ticket; None where it was taken back meanwhile. Read from the disk, so not for a list."""
        return self._read if isinstance(self._read, Ticket) else self._read(self.ticket.id)

    @property
    def messages(self) -> Sequence[Message]:
        """What was written in it; of what was taken back meanwhile nothing."""
        body = self.body
        return body.messages if body is not None else ()

    @property
    def owed(self) -> Debt | None:
        """The answer that is owed; None where nothing is."""
        if isinstance(self._owed, bool):
            self._owed = self._find_debt(self.ticket)
        return self._owed

    @property
    def due(self) -> datetime | None:
        """When that answer is due."""
        owed = self.owed
        return owed.due if owed is not None else None

    @property
    def shown(self) -> str:
        """The customer, or their codename (SUP-13)."""
        return self.customer.shown if self.customer else self.ticket.customer

    @property
    def search_text(self) -> str:
        """Its title, names and labels, in small letters."""
        if self._search_text is None:
            names = (self.customer.name, self.customer.codename) if self.customer else ()
            self._search_text = "\n".join((*names_in(self.ticket), *names)).casefold()
        return self._search_text

    def has(self, needle: str) -> bool:
        """In its title, names and labels, or in what was written."""
        if needle in self.search_text:
            return True
        for message in self.messages:  # noqa: SIM110  # of thousands, at every letter: no generator
            if needle in message.body or needle in message.body.casefold():
                return True
        return False
