"""What the texts of rituals say of issues: which touch most, and which a release fixes (RIT-7, RIT-8, RIT-10)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from fleettui.domain.tickets.issue_ranking import RankedIssue, touches_words
from fleettui.domain.tickets.linked_issues import issue_id

if TYPE_CHECKING:
    from fleettui.domain.tickets.model import Ticket

NONE_LINKED = "No ticket is linked to an issue."
MOST_TICKETS = 5

Holds = Callable[[datetime | None], bool]
"""Whether a moment is within the days of the text."""


def wanted_rows(ranked: Iterable[RankedIssue]) -> list[str]:
    """The open ones, what touches most first: "3 customers (2 Ultimate, 1 Premium), 1,200 hosts: …"."""
    rows = [
        f"{touches_words(row)}: {row.title}; {row.link}; {_named(row.tickets)}"
        for row in ranked
        if not row.is_closed
    ]
    return rows or [NONE_LINKED]


def _named(ids: tuple[str, ...]) -> str:
    more = len(ids) - MOST_TICKETS
    return ", ".join(ids[:MOST_TICKETS]) + (f" and {more} more" if more > 0 else "")


def by_issue(tickets: Iterable[Ticket]) -> dict[str, list[Ticket]]:
    """The tickets that are linked to an issue, by its id."""
    linked: dict[str, list[Ticket]] = {}
    for ticket in tickets:
        if ticket.issue:
            linked.setdefault(issue_id(ticket.issue), []).append(ticket)
    return linked


def is_fixed(row: RankedIssue, tickets: Iterable[Ticket], holds: Holds) -> bool:
    """Closed in these days, and not only given up; of an issue of which nobody says how it stands, all tickets are resolved."""
    issue = row.document
    if issue is not None:
        return issue.is_closed and issue.outcome == "done" and holds(issue.closed_at)
    return all(ticket.status == "resolved" for ticket in tickets)
