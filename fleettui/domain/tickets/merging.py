"""Whose tickets are merged: those of one customer, unless somebody says that it is meant. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fleettui.domain.tickets.model import Ticket
from fleettui.errors import Refused


class AcrossCustomers(Refused):
    """Tickets of different customers: what one of them wrote would stand in the ticket of the other."""

    def __init__(self, stays: str, customer: str, others: dict[str, str]) -> None:
        """`others`: the customer of each ticket, by its id. Customers as they are shown (SUP-13)."""
        self.stays, self.customer, self.others = stays, customer, others
        whose = ", ".join(f"{id_} to {other}" for id_, other in others.items())
        super().__init__(f"{stays} belongs to {customer}, {whose}; merge them only if that is meant")


def refuse_across(stays: Ticket, gone: Sequence[Ticket], shown: Callable[[Ticket], str]) -> None:
    """Refuses to merge tickets of several customers: `AcrossCustomers`."""
    others = {ticket.id: shown(ticket) for ticket in gone if not _same_customer(ticket, stays)}
    if others:
        raise AcrossCustomers(stays.id, shown(stays), others)


def _same_customer(ticket: Ticket, other: Ticket) -> bool:
    """By the customer list; of those who are not on it, by name."""
    if ticket.customer_id or other.customer_id:
        return ticket.customer_id == other.customer_id
    return ticket.customer.casefold() == other.customer.casefold()
