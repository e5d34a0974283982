"""GTM-9: what a ticket says of when we were in touch with its customer."""

from __future__ import annotations

from fleettui.domain.customers.in_touch import How, Touch
from fleettui.domain.tickets.model import Ticket


def newest_touch(ticket: Ticket) -> Touch | None:
    """Our newest answer or the customer's newest message; what a program wrote by itself is no contact."""
    if not ticket.customer_id or ticket.is_for_department:
        return None
    counted = (
        message
        for message in ticket.messages
        if message.direction != "note" and not message.automatic and message.deleted_at is None
    )
    # Of two at the same moment the one that came here last.
    newest = max(reversed(list(counted)), key=lambda message: message.at, default=None)
    if newest is None:
        return None
    how: How = "answer" if newest.direction == "out" else "message"
    return Touch(ticket.customer_id, newest.at, how, ticket.id)
