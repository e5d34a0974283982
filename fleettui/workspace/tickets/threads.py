"""Which ticket a conversation belongs to: by its thread, or by any message of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from fleettui.domain.tickets.model import Ticket

READ_AGAIN = timedelta(hours=1)
"""What is finished stays for days before it is archived: so nothing goes there unseen meanwhile."""


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
                _take_in(self._by_key, ticket)
        self._read = now
        ids = (self._by_key.get(key) for key in keys if key)
        return next((id_ for id_ in ids if id_ is not None), None)


class ArchivedThreads:
    """With those of archived tickets. Reading them costs, and replies to threads without a ticket come by the hundred."""

    def __init__(self, read: Callable[[], Iterable[Ticket]]) -> None:
        self._tickets = read
        self._read_at: datetime | None = None
        self._by_key: dict[str, str] = {}

    def find(self, keys: Iterable[str], now: datetime) -> str | None:
        """The id of the ticket to which one of the keys belongs."""
        if self._read_at is None or abs(now - self._read_at) > READ_AGAIN:
            self._read_at, self._by_key = now, {}
            for ticket in self._tickets():
                _take_in(self._by_key, ticket)
        return next((self._by_key[key] for key in keys if key in self._by_key), None)


def _take_in(by_key: dict[str, str], ticket: Ticket) -> None:
    for key in (ticket.thread, *(message.external for message in ticket.messages)):
        if key:
            # The older ticket keeps its thread; a merged one leads to the ticket that continues it.
            by_key.setdefault(key, ticket.id)
