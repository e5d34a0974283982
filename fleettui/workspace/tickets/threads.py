"""Which ticket a conversation belongs to: by its thread, or by any message of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from fleettui.domain.tickets.model import Ticket
from fleettui.domain.tickets.row import keys_of

READ_AGAIN = timedelta(hours=1)
"""What is finished stays for days before it is archived: so nothing goes there unseen meanwhile."""


class ArchivedThreads:
    """Those of all tickets, archived ones too. Reading them costs; replies to threads without a ticket come by the hundred."""

    def __init__(self, read: Callable[[], Iterable[Ticket]]) -> None:
        self._tickets = read
        self._read_at: datetime | None = None
        self._by_key: dict[str, str] = {}

    def find(self, keys: Iterable[str], now: datetime) -> str | None:
        """The id of the ticket to which one of the keys belongs."""
        if self._read_at is None or abs(now - self._read_at) > READ_AGAIN:
            self._read_at, self._by_key = now, {}
            for ticket in self._tickets():
                for key in keys_of(ticket):
                    # The older ticket keeps its thread; a merged one leads to the ticket that continues it.
                    self._by_key.setdefault(key, ticket.id)
        return next((self._by_key[key] for key in keys if key in self._by_key), None)
