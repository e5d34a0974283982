"""The values of a message's variables, as far as the ticket and what belongs to it know them (`known_from`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fleettui.domain.customers.contacts import contact_of, first_name, greeting_of
from fleettui.domain.customers.model import Customer
from fleettui.domain.messages import MessageTemplate
from fleettui.domain.team.people import Person
from fleettui.domain.tickets.model import Ticket
from fleettui.text.mentions import defused
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
    greeting = greeting_for(ticket, customer)
    return {
        "ticket.id": ticket.id,
        "ticket.subject": defused(ticket.subject),
        "ticket.priority": ticket.priority,
        "ticket.tier": ticket.tier,
        "ticket.issue": ticket.issue,
        "ticket.key_date": ticket.key_date.isoformat() if ticket.key_date else "",
        "customer.contact": greeting,
        "message.author": greeting,
        "customer.company": customer.name if customer else ticket.customer,
        "customer.shown": customer.shown if customer else ticket.customer,
    }


def greeting_for(ticket: Ticket, customer: Customer | None) -> str:
    """Whom an answer greets: the first name of who writes for them. Of a ticket that was typed in it is their first contact."""
    contacts = customer.contacts if customer else ()
    if ticket.contact:
        return greeting_of(ticket.contact, contacts, ticket.customer)
    authors = [message.by for message in ticket.messages if message.direction == "in"]
    known = next(filter(None, (contact_of(contacts, author) for author in authors)), None)
    if known is not None:
        return first_name(known.name, ticket.customer)
    return first_name(contacts[0].name) if contacts and set(authors) <= {ticket.customer} else ""


def _of_customer(customer: Customer) -> dict[str, str]:
    contact = next((contact.name for contact in customer.contacts if contact.name), "")
    return {
        "customer.contact": first_name(contact),
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
