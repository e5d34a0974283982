"""What people see instead of the ids that Slack sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleettui.domain.tickets import authors
from fleettui.domain.tickets.destination import answer_goes_to

if TYPE_CHECKING:
    from fleettui.domain.customers.model import Contact
    from fleettui.domain.tickets.model import Message, Ticket
    from fleettui.workspace.channels import Channels
    from fleettui.workspace.customers import Customers
    from fleettui.workspace.people import People


class Names:
    """The names of people and channels, as the roster and the list of customers have them."""

    def __init__(self, people: People, customers: Customers, channels: Channels) -> None:
        self._people, self._customers, self._channels = people, customers, channels

    def author(self, ticket: Ticket, message: Message) -> str:
        """Who wrote: one of the team, or somebody at the customer."""
        ours = "" if message.direction == "in" else self._people.get(message.by).name
        return ours or authors.author_shown(message, self._contacts(ticket))

    def plain_author(self, ticket: Ticket, message: Message) -> str:
        """For programs: a login stays what it is, and so does an id that nobody has named."""
        return authors.author_named(message, self._contacts(ticket))

    def contact(self, ticket: Ticket) -> str:
        """Who writes for the customer; empty while that is only a Slack id."""
        return authors.contact_named(ticket, self._contacts(ticket))

    def channel(self, ticket: Ticket) -> str:
        """The name of its channel, else what is kept: an id, an address, a name."""
        return self._channels.shown(ticket.channel)

    def goes_to(self, ticket: Ticket) -> str:
        """Where an answer to it is to be pasted or sent."""
        return answer_goes_to(ticket, self.channel(ticket), self.contact(ticket))

    def _contacts(self, ticket: Ticket) -> tuple[Contact, ...]:
        customer = self._customers.get(ticket.customer_id) if ticket.customer_id else None
        return customer.contacts if customer else ()
