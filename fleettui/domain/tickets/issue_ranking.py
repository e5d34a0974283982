"""Wishes and bugs by how many they touch: customers first, then tiers, then hosts (RIT-7, RIT-8, RIT-10). Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fleettui.domain.tickets.linked_issues import LinkedIssue, issue_id

if TYPE_CHECKING:
    from fleettui.domain.customers.model import Customer
    from fleettui.domain.tickets.model import Ticket


@dataclass(frozen=True)
class RankedIssue:
    """An issue, with whom it touches."""

    id: str
    link: str
    title: str
    """The subject of the oldest ticket: what customers call it."""
    tickets: tuple[str, ...]
    unresolved: int
    customers: tuple[str, ...]
    """As they are shown: an anonymous one by the codename (SUP-13)."""
    tiers: tuple[tuple[str, int], ...]
    """How many customers of each tier, the best tier first."""
    hosts: int
    is_private: bool
    document: LinkedIssue | None = None
    """None where nobody has closed it yet."""

    @property
    def is_closed(self) -> bool:
        return self.document is not None and self.document.is_closed

    @property
    def state(self) -> str:
        return "closed" if self.is_closed else "open"


def ranked(
    tickets: Iterable[Ticket],
    customers: Mapping[str, Customer],
    issues: Mapping[str, LinkedIssue],
    tiers: Sequence[str],
) -> list[RankedIssue]:
    """Those that are open first; among them whoever touches most. `tiers`: all of them, the best last."""
    by_issue: dict[str, list[Ticket]] = {}
    for ticket in tickets:
        if ticket.issue and not ticket.merged_into and not ticket.is_for_department:
            by_issue.setdefault(issue_id(ticket.issue), []).append(ticket)
    rows = [_row(id_, theirs, customers, issues.get(id_), tiers) for id_, theirs in by_issue.items()]
    return sorted(rows, key=lambda row: (row.is_closed, *_weight(row, tiers)))


def _weight(row: RankedIssue, tiers: Sequence[str]) -> tuple[object, ...]:
    counts = dict(row.tiers)
    by_tier = tuple(-counts.get(tier, 0) for tier in reversed(tiers))
    return (-len(row.customers), by_tier, -row.hosts, -len(row.tickets), row.id)


def _row(
    id_: str,
    tickets: Sequence[Ticket],
    customers: Mapping[str, Customer],
    issue: LinkedIssue | None,
    tiers: Sequence[str],
) -> RankedIssue:
    in_order = sorted(tickets, key=lambda ticket: (ticket.opened_at, ticket.id))
    whose: dict[str, Ticket] = {}
    for ticket in in_order:
        whose.setdefault(ticket.customer_id or ticket.customer.casefold(), ticket)
    listed = {key: customers.get(ticket.customer_id) for key, ticket in whose.items()}
    counted: dict[str, int] = {}
    for key, ticket in whose.items():
        customer = listed[key]
        tier = customer.tier if customer else ticket.tier
        counted[tier] = counted.get(tier, 0) + 1
    known = [tier for tier in reversed(tiers) if tier in counted]
    names = (
        customer.shown if (customer := listed[key]) else ticket.customer for key, ticket in whose.items()
    )
    return RankedIssue(
        id=id_,
        link=in_order[0].issue,
        title=in_order[0].subject,
        tickets=tuple(ticket.id for ticket in in_order),
        unresolved=sum(ticket.status != "resolved" for ticket in in_order),
        customers=tuple(names),
        tiers=tuple((tier, counted[tier]) for tier in (*known, *sorted(counted.keys() - set(known)))),
        hosts=sum(customer.hosts or 0 for customer in listed.values() if customer),
        is_private=any(ticket.issue_private for ticket in in_order),
        document=issue,
    )


def touches_words(row: RankedIssue) -> str:
    """ "3 customers (2 Ultimate, 1 Premium), 1,200 hosts"."""
    number = len(row.customers)
    by_tier = ", ".join(f"{count} {tier}" for tier, count in row.tiers)
    hosts = f", {row.hosts:,} hosts" if row.hosts else ""
    return f"{number} {'customer' if number == 1 else 'customers'} ({by_tier}){hosts}"
