"""When we were last in touch with a customer (GTM-9): a call that was held, an answer, a customer's message, or a day that
somebody wrote down. The one place where this is reckoned. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from fleettui.domain.customers.model import Customer, Opportunity

How = Literal["call", "answer", "message", "written down"]

HOW_WORDS: dict[How, str] = {
    "call": "the call {}",
    "answer": "our answer on {}",
    "message": "their message on {}",
    "written down": "written down",
}


class Touch(msgspec.Struct, frozen=True):
    """One time that we were in touch, as a ticket or a call shows it."""

    customer: str
    at: datetime
    how: How
    id: str
    """Of the ticket or the call."""


class LastContact(msgspec.Struct, frozen=True):
    """The newest of all there were."""

    day: date
    how: How
    id: str = ""

    @property
    def words(self) -> str:
        """Where it comes from, like "our answer on T-1004"."""
        return HOW_WORDS[self.how].format(self.id)

    def days_ago(self, today: date) -> int:
        return max(0, (today - self.day) // timedelta(days=1))


def last_contact(
    customer: Customer, at_work: LastContact | None, opportunity: Opportunity | None = None
) -> LastContact | None:
    """GTM-9: the newest of what tickets and calls show and of the days that were written down. About an opportunity, what was
    written down of the others does not count."""
    deals = customer.opportunities if opportunity is None else (opportunity,)
    typed = [customer.last_contact, *(deal.last_contact for deal in deals)]
    known = [LastContact(day, "written down") for day in typed if day is not None]
    if at_work is not None:
        known.append(at_work)
    return max(known, key=lambda contact: contact.day, default=None)


def quiet_opportunities(
    customers: Iterable[Customer], at_work: Mapping[str, LastContact], today: date, quiet_days: int
) -> list[tuple[Customer, Opportunity, int | None]]:
    """RIT-11: open ones without contact for so many days or more, the longest silence first; None: none is known. `at_work` is
    by customer the newest contact that tickets and calls show."""
    quiet = []
    for customer in customers:
        for opportunity in customer.opportunities:
            contact = last_contact(customer, at_work.get(customer.id), opportunity)
            days = None if contact is None else contact.days_ago(today)
            if opportunity.state == "open" and (days is None or days >= quiet_days):
                quiet.append((customer, opportunity, days))
    return sorted(quiet, key=lambda row: (row[2] is not None, -(row[2] or 0)))
