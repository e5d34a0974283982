"""A message from outside, and the new ticket that it opens (SUP-3). Pure functions."""

from __future__ import annotations

from typing import Literal

import msgspec

from fleettui.domain.tickets.attachments import IncomingFile
from fleettui.domain.tickets.messages import NewMessage, cleaned, with_message
from fleettui.domain.tickets.model import Ticket, labels_of, thread_key
from fleettui.errors import Refused
from fleettui.text import cleaning
from fleettui.text.reading import is_slack_id


class Arrival(NewMessage, frozen=True, kw_only=True):
    """A message from outside, as an intake understood it. `thread` is the key of its conversation.

    `also` are other keys under which the conversation may be known: for mail, the ids in References and In-Reply-To. `create`
    off: append it, or leave it. A customer or tier that is left empty is worked out; a ticket whose priority is left empty is
    not triaged (SUP-19).
    """

    thread: str
    also: tuple[str, ...] = ()
    subject: str = ""
    customer: str = ""
    customer_id: str = ""
    tier: str = ""
    priority: str = ""
    channel: str = ""
    way: str = ""
    link: str = ""
    by_dm: bool = False
    from_us: bool = False
    """Not from the customer's contact, though it opens a ticket: somebody flagged what one of us wrote."""
    create: bool = True
    incoming: tuple[IncomingFile, ...] = ()
    """Its files, in the order of `files`, before it is known which are kept."""


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an arrival."""

    result: Literal["created", "appended", "ignored"]
    ticket: Ticket | None
    why: str


def opened(
    id_: str,
    arrival: Arrival,
    *,
    level: str = "",
    assignee: str = "",
    labels: tuple[str, ...] = (),
    untriaged: bool = False,
) -> Ticket:
    """SUP-3: a new ticket, with the arrival as its first message. `untriaged`: nobody chose the arrival's priority (SUP-19)."""
    subject = cleaning.line(arrival.subject)
    refuse_no_subject(subject)
    first = cleaned(arrival)
    from_contact = first.direction == "in" and first.by != arrival.customer and not arrival.from_us
    ticket = Ticket(
        id=id_,
        subject=subject,
        customer=cleaning.line(arrival.customer, 200),
        customer_id=arrival.customer_id,
        tier=arrival.tier,
        priority=arrival.priority,
        status="open",
        opened_at=first.at,
        level=level,
        assignee=assignee,
        channel=cleaning.line(arrival.channel, 200),
        way=cleaning.line(arrival.way, 40),
        thread=thread_key(arrival.thread),
        link=cleaning.line(arrival.link),
        contact=first.by if from_contact and not is_slack_id(first.by) else "",
        labels=labels_of(labels),
        by_dm=arrival.by_dm,
        untriaged=untriaged,
    )
    return with_message(ticket, first)


def refuse_no_subject(subject: str) -> None:
    if not cleaning.line(subject):
        raise Refused("a ticket needs a subject", field="subject")
