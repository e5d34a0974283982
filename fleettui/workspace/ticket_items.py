"""What tickets put into Today's list: the answers that are owed, and the words that are owed about closed issues."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from fleettui.domain.agenda import FIXED, Item, State
from fleettui.domain.tickets.debt import GLYPHS
from fleettui.domain.tickets.linked_issues import word_words

if TYPE_CHECKING:
    from fleettui.domain.tickets.model import Ticket
    from fleettui.workspace.tickets.issues import Owed
    from fleettui.workspace.tickets.queue import Queue

TICKET_STATES: dict[str, State] = {"breached": "late", "urgent": "soon"}
"""How an answer that is owed stands in the list, by its state in the queue; any other is open."""


def answers(queue: Queue, is_mine: Callable[[Ticket], bool], now: datetime) -> Iterator[Item]:
    """SLA-15."""
    for entry in (*queue.queue().entries, *queue.queue("department").entries):
        ticket = entry.ticket
        if entry.owed is None:
            continue
        stands = queue.state(entry, now)
        yield Item(
            kind="ticket",
            id=ticket.id,
            title=_title_of(ticket),
            about=entry.shown,
            due=entry.due,
            state=TICKET_STATES.get(stands, "open"),
            own_sign=GLYPHS[stands],
            mine=is_mine(ticket),
            who=ticket.assignee,
            does="answer",
        )


def _title_of(ticket: Ticket) -> str:
    kind = f"{ticket.tier}: " if ticket.is_for_department else ""
    return f"{ticket.priority_shown} {kind}{ticket.subject}".strip()


def words(
    owed: Iterable[Owed], is_mine: Callable[[Ticket], bool], shown: Callable[[str], str]
) -> Iterator[Item]:
    """SUP-11: each ticket once. Nothing promises a time."""
    for issue, _, ticket in owed:
        yield Item(
            kind="ticket",
            id=ticket.id,
            title=f"{word_words(issue)}: {ticket.subject}",
            about=shown(ticket.customer_id) if ticket.customer_id else ticket.customer,
            mine=is_mine(ticket),
            who=ticket.assignee,
            does="tick",
            step=FIXED,
        )
