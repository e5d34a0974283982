"""What helps to triage a ticket, in words: on its page and on the command line (SUP-19)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleettui.domain.tickets.model import NOT_TRIAGED
from fleettui.text.cleaning import fit, line

if TYPE_CHECKING:
    from fleettui.domain.tickets.duplicates import Duplicates
    from fleettui.domain.tickets.model import Ticket
    from fleettui.workspace.tickets.queue import Queue

SUBJECT = 60


def triaging_lines(queue: Queue, ticket: Ticket) -> list[str]:
    """That nobody has triaged it; the suggested priority with its reason; which tickets may be about the same."""
    suggestion = queue.suggestion(ticket)
    counts = f"? {NOT_TRIAGED}: counts as {ticket.priority} until somebody chooses a priority"
    return [
        *([counts] if ticket.untriaged else []),
        *([f"suggested: {suggestion.shown}"] if suggestion else []),
        *duplicate_lines(queue, queue.duplicates(ticket)),
    ]


def duplicate_lines(queue: Queue, duplicates: Duplicates) -> list[str]:
    """ "perhaps the same as T-1042: Live query fails (Acme)"."""
    outage = (
        f"perhaps an outage: {duplicates.customers} customers wrote the same words at about the same time"
    )
    lines = [outage] if duplicates.customers else []
    for duplicate in duplicates.tickets:
        other = duplicate.ticket
        whose = "" if duplicate.same_customer else f" ({queue.of(other).shown})"
        lines.append(f"perhaps the same as {other.id}: {fit(line(other.subject), SUBJECT)}{whose}")
    return lines
