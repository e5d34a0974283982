"""Who wrote a message: by name where somebody knows it, for what is from Slack or has only an address. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable

from fleettui.domain.customers.contacts import contact_of
from fleettui.domain.customers.model import Contact
from fleettui.domain.tickets.model import Message, Ticket
from fleettui.text.reading import is_slack_id, name_in_words


def author_named(message: Message, contacts: Iterable[Contact]) -> str:
    """The name that the list of customers has for a Slack id or an address; else as it is kept."""
    is_id = is_slack_id(message.by) or "@" in message.by
    contact = contact_of(contacts, message.by) if is_id else None
    return (contact.name if contact else "") or message.by


def author_shown(message: Message, contacts: Iterable[Contact] = ()) -> str:
    """To people: that nobody knows the name is said."""
    return name_in_words(author_named(message, contacts))


def contact_named(ticket: Ticket, contacts: Iterable[Contact]) -> str:
    """Who writes for the customer; empty while that is only a Slack id."""
    contact = contact_of(contacts, ticket.contact)
    name = (contact.name if contact else "") or ticket.contact
    return "" if is_slack_id(name) else name


def unnamed_author(ticket: Ticket, contacts: Iterable[Contact]) -> str:
    """The Slack id of who writes for the customer, while nobody has said what they are called."""
    if ticket.contact and not is_slack_id(ticket.contact):
        return ""
    theirs = (message.by for message in ticket.messages if message.direction == "in")
    return next((by for by in theirs if is_slack_id(by) and contact_of(contacts, by) is None), "")
