"""Which ticket a conversation belongs to: by its thread, or by any message of it."""

from __future__ import annotations

from collections.abc import Iterable

from fleettui.domain.tickets.model import Ticket


class Threads:
    """Reads a ticket again only when it has changed."""

    def __init__(self) -> None:
        self._read: dict[str, Ticket] = {}
        self._by_key: dict[str, str] = {}

    def find(self, tickets: Iterable[Ticket], keys: Iterable[str]) -> str | None:
        """The id of the ticket to which one of the keys belongs."""
        now = {ticket.id: ticket for ticket in tickets}
        if self._read.keys() - now.keys():
            # A ticket was undone, or archived.
            self._read, self._by_key = {}, {}
        for id_, ticket in now.items():
            if self._read.get(id_) is not ticket:
                self._take_in(ticket)
        self._read = now
        ids = (self._by_key.get(key) for key in keys if key)
        return next((id_ for id_ in ids if id_ is not None), None)

    def _take_in(self, ticket: Ticket) -> None:
        for key in (ticket.thread, *(message.external for message in ticket.messages)):
            if key:
                # The older ticket keeps its thread; a merged one leads to the ticket that continues it.
                self._by_key.setdefault(key, ticket.id)
