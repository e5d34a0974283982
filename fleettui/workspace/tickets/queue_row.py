"""A row of the queue."""

from __future__ import annotations

from datetime import datetime

import msgspec

from fleettui.domain.tickets import debt as ticket_debt
from fleettui.domain.tickets import model as tickets


class QueueRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a list shows of a ticket. `state`, `glyph` and `words` tell how urgent it is."""

    id: str
    revision: int
    state: ticket_debt.State
    glyph: str
    left: str
    words: str
    priority: str
    """With a question mark while nobody has chosen it (SUP-19)."""
    triaged: bool
    tier: str
    customer: str
    subject: str
    assignee: str
    level: str
    status: tickets.Status
    labels: tuple[str, ...]
    unread: bool
    incident: str
    """The ticket that is its incident, which may be itself; empty where there is none."""
    due: datetime | None
    still_owed: ticket_debt.StillOwed | None
    """It waits or sleeps, and an answer is owed all the same."""
