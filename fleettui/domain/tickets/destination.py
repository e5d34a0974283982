"""Where an answer to a ticket is to be pasted or sent, in words (SUP-8, SUP-21)."""

from __future__ import annotations

from fleettui.domain.tickets.messages import copied_to
from fleettui.domain.tickets.model import Ticket


def answer_goes_to(ticket: Ticket) -> str:
    """It reads "#fleet-at-acme, in the thread https://...", "a mail to jo@acme.example", "your direct message with Jo Park"."""
    person = ticket.contact or ticket.customer
    if ticket.by_dm:
        return f"your direct message with {person}"
    if ticket.way == "mail" or _is_address(ticket.channel):
        copies = copied_to(ticket)
        with_copies = f", with Cc to {', '.join(copies)}" if copies else ""
        return f"a mail to {ticket.channel or person}{with_copies}"
    thread = ticket.link or (ticket.thread if ticket.thread != ticket.channel else "")
    if ticket.channel:
        return f"{ticket.channel}, in the thread {thread}" if thread else ticket.channel
    return thread or f"your conversation with {person}"


def _is_address(channel: str) -> bool:
    return "@" in channel[1:] and not channel.startswith("#")
