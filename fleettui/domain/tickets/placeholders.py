"""The values of a message's variables, as far as the ticket and what belongs to it know them (`known_from`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fleettui.domain.customers.model import Customer
from fleettui.domain.messages import MessageTemplate
from fleettui.domain.team.people import Person
from fleettui.domain.tickets.model import Ticket
from fleettui.time.business import Hours, hours_in_words


@dataclass(frozen=True)
class TicketContext:
    """What else the values come from."""

    customer: Customer | None
    me: Person
    hours: Hours
    zone: ZoneInfo
    booking: str = ""
    on_call: str = ""


def placeholder_values(ticket: Ticket | None, context: TicketContext) -> dict[str, str]:
    """By `known_from`; empty where it is not known."""
    values = {
        "me.name": context.me.shown,
        "me.phone": context.me.phone,
        "handbook.hours": hours_in_words(context.hours),
        "handbook.booking": context.booking,
        "oncall.name": context.on_call,
    }
    if context.customer:
        values |= _of_customer(context.customer)
    if ticket:
        values |= _of_ticket(ticket, context.customer)
    return values


def _of_ticket(ticket: Ticket, customer: Customer | None) -> dict[str, str]:
    contact = ticket.contact or (customer.contacts[0].name if customer and customer.contacts else "")
    return {
        "ticket.id": ticket.id,
        "ticket.subject": ticket.subject,
        "ticket.priority": ticket.priority,
        "ticket.tier": ticket.tier,
        "ticket.issue": ticket.issue,
        "ticket.key_date": ticket.key_date.isoformat() if ticket.key_date else "",
        "customer.contact": contact or (customer.shown if customer else ticket.customer),
        "message.author": contact or ticket.customer,
        "customer.company": customer.name if customer else ticket.customer,
        "customer.shown": customer.shown if customer else ticket.customer,
    }


def _of_customer(customer: Customer) -> dict[str, str]:
    contact = next((contact.name for contact in customer.contacts if contact.name), "")
    return {
        "customer.contact": contact or customer.shown,
        "customer.company": customer.name,
        "customer.shown": customer.shown,
        "customer.channel": customer.channel,
        "customer.hosts": "" if customer.hosts is None else str(customer.hosts),
        "customer.phone": next((contact.phone for contact in customer.contacts if contact.phone), ""),
    }


def variables(
    message: MessageTemplate, known: Mapping[str, str], customer: Customer | None, given: Mapping[str, object]
) -> dict[str, object]:
    """The values of the message's variables; `given` wins. A public text names nobody who is anonymous (SUP-13)."""
    values: dict[str, object] = {}
    for variable in message.variables:
        value = known.get(variable.known_from, "")
        if variable.known_from == "customer.public_name":
            value = public_name(customer, message, known.get("customer.shown", ""))
        if value:
            values[variable.name] = value
    return values | dict(given)


def public_name(customer: Customer | None, message: MessageTemplate, shown: str) -> str:
    """The codename; empty in a public text where there is none, so that the template uses its own word."""
    if customer and customer.anonymous:
        return customer.codename
    return "" if message.public else shown
