"""Where an answer to a ticket is to be pasted or sent, in words (SUP-8, SUP-21)."""

from __future__ import annotations

from fleettui.domain.tickets.messages import copied_to
from fleettui.domain.tickets.model import Ticket


def answer_goes_to(ticket: Ticket, channel: str = "", contact: str = "") -> str:
    """It reads "#fleet-at-acme, in the thread https://...", "a mail to jo@acme.example", "your direct message with Jo Park".

    `channel` and `contact` are their names, where the ticket has only ids.
    """
    person = contact or ticket.contact or ticket.customer
    if ticket.by_dm:
        return f"your direct message with {person}"
    if ticket.way == "mail" or _is_address(ticket.channel):
        copies = copied_to(ticket)
        with_copies = f", with Cc to {', '.join(copies)}" if copies else ""
        return f"a mail to {ticket.channel or person}{with_copies}"
    channel = channel or ticket.channel
    if channel and ticket.link:
        return f"{channel}, in the thread {ticket.link}"
    if channel:
        return f"{channel}, in their thread" if ticket.way == "slack" else channel
    return ticket.link or f"your conversation with {person}"


def _is_address(channel: str) -> bool:
    return "@" in channel[1:] and not channel.startswith("#")
