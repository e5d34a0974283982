"""Where an answer to a ticket is to be pasted or sent (SUP-8, SUP-21)."""

from __future__ import annotations

from typing import NamedTuple

from fleettui.domain.delivery.model import Way
from fleettui.domain.delivery.policy import is_address
from fleettui.domain.tickets.messages import copied_to
from fleettui.domain.tickets.model import Ticket
from fleettui.text.reading import is_slack_channel_id

SLACK_WAYS = ("slack", "flag")


class Destination(NamedTuple):
    """Where a program can send an answer."""

    way: Way
    to: str
    copies: tuple[str, ...] = ()
    thread: str = ""


def destination(ticket: Ticket, own_address: str = "") -> Destination | None:
    """None where only a person gets there: a direct message, a name instead of an address or an id."""
    if ticket.by_dm:
        return None
    channel = ticket.channel.strip()
    if is_slack_channel_id(channel):
        return Destination("slack", channel, thread=_stamp(ticket))
    if is_address(channel):
        left_out = {channel.casefold(), own_address.casefold()}
        copies = tuple(copy for copy in copied_to(ticket) if _address_in(copy) not in left_out)
        return Destination("mail", channel, copies)
    return None


def _stamp(ticket: Ticket) -> str:
    """Of the thread, without the channel that may stand before it."""
    return ticket.thread.rpartition("/")[2] if ticket.way in SLACK_WAYS else ""


def _address_in(copy: str) -> str:
    return copy.rpartition("<")[2].strip("> ").casefold()


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
