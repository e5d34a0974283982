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
    return [
        *([f"? {untriaged_words(ticket, 'somebody')}"] if ticket.untriaged else []),
        *([f"suggested: {suggestion.shown}"] if suggestion else []),
        *duplicate_lines(queue, queue.duplicates(ticket)),
    ]


def untriaged_words(ticket: Ticket, who: str) -> str:
    """`who` is to choose. What the department has promised does not go by priorities (SUP-20)."""
    counts = (
        "" if ticket.is_for_department else f": counts as {ticket.priority} until {who} chooses a priority"
    )
    return f"{NOT_TRIAGED}{counts}"


def duplicate_lines(queue: Queue, duplicates: Duplicates) -> list[str]:
    """ "perhaps the same as T-1042: Live query fails (Acme)"; of an outage one line with all."""
    lines: list[str] = []
    if duplicates.customers:
        ids = ", ".join(row.ticket.id for row in duplicates.tickets if not row.same_customer)
        lines.append(
            f"perhaps an outage: {duplicates.customers} customers wrote alike within the hour: {ids}"
        )
    for row in duplicates.tickets:
        if row.same_customer or not duplicates.customers:
            whose = "" if row.same_customer else f" ({queue.of(row.ticket).shown})"
            lines.append(
                f"perhaps the same as {row.ticket.id}: {fit(line(row.ticket.subject), SUBJECT)}{whose}"
            )
    return lines
