"""Reaching out (GTM): who writes to whom, in which order, and to whom nobody writes.

The lists are the handbook's (gtm.json).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from fleettui.domain.customers.model import CUSTOMER_KIND
from fleettui.errors import Refused, all_checked
from fleettui.text import finding

if TYPE_CHECKING:
    from fleettui.domain.customers.in_touch import LastContact
    from fleettui.domain.customers.model import Customer
    from fleettui.domain.customers.policy import AccountPriority, Advice, Gtm, LeadStatus, ReachOut


class Choice(msgspec.Struct, frozen=True):
    """A choice, by the key that is kept and the name that people read."""

    key: str
    name: str


def checked_fields(fields: Mapping[str, Any], gtm: Gtm) -> dict[str, Any]:
    """The fields of a customer that only the handbook can judge: the kind, the lead status, the priority."""
    choices = choices_by_field(gtm)
    given = {field: fields[field] for field in choices if field in fields}
    return {**fields, **all_checked(given, lambda field, value: _chosen(field, value, choices[field]))}


def choices_by_field(gtm: Gtm) -> dict[str, list[Choice]]:
    """What the handbook knows for each of these fields of a customer."""
    return {
        "kind": [Choice(row.kind, row.name) for row in gtm.reach_out],
        "lead_status": [Choice(status.key, status.name) for status in gtm.lead_statuses],
        "priority": [Choice(priority.key, priority.name) for priority in gtm.account_priorities],
    }


def _chosen(field: str, value: Any, choices: list[Choice]) -> str:
    typed, known = str(value or ""), ", ".join(choice.key for choice in choices)
    if not typed.strip():
        if field == "kind":
            raise Refused(f"one of {known} is wanted", field="kind")
        return ""
    named = finding.exact(
        choices, typed, lambda choice: (choice.key, choice.key.replace("-", " "), choice.name)
    )
    if not named:
        raise Refused(f"{finding.quoted(typed)} is not one of {known}", field=field)
    return named[0].key


# Who, and in which order.


def writer_of(customer: Customer, gtm: Gtm) -> ReachOut | None:
    """GTM-1: sales-ready prospects hear from the AE, customers from the CSM, any others from the SC."""
    return next((row for row in gtm.reach_out if row.kind == customer.kind), None)


def by_priority(customers: Iterable[Customer], gtm: Gtm) -> list[Customer]:
    """GTM-2: the first priority first; what has none comes last."""
    place = {priority.key: number for number, priority in enumerate(gtm.account_priorities)}
    return sorted(
        customers, key=lambda customer: (place.get(customer.priority, len(place)), customer.name.casefold())
    )


def status_of(customer: Customer, gtm: Gtm) -> LeadStatus | None:
    """GTM-3: the state of this lead."""
    return next((status for status in gtm.lead_statuses if status.key == customer.lead_status), None)


def priority_of(customer: Customer, gtm: Gtm) -> AccountPriority | None:
    """GTM-2: the priority of this account."""
    return next((priority for priority in gtm.account_priorities if priority.key == customer.priority), None)


class DoNotContact(Refused):
    """GTM-3: they are not to be reached out to again, by any way; somebody who means it may all the same."""


def refuse_contact(customer: Customer, gtm: Gtm) -> None:
    """GTM-3: some leads are not to be written to at all (`DoNotContact`)."""
    status = status_of(customer, gtm)
    if status is not None and not status.contact:
        raise DoNotContact(f"{customer.shown} is {status.name.lower()}: nobody writes to them")


def first_contact(customer: Customer, gtm: Gtm, contact: LastContact | None) -> tuple[Advice, ...]:
    """GTM-4: what makes a first contact personal; nothing where they have been in touch."""
    return () if customer.kind == CUSTOMER_KIND or contact else gtm.first_contact
