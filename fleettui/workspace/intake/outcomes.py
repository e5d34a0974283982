"""What was done with a message from outside, and the notes that the intake itself makes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

import msgspec

from fleettui.domain.tickets.arrivals import Arrival, Arrived
from fleettui.domain.tickets.attachments import IncomingFile, described, left_behind
from fleettui.domain.tickets.model import Ticket

if TYPE_CHECKING:
    from fleettui.workspace.tickets.actions import Tickets

Result = Literal["created", "appended", "ignored"]

RECORDER = "fleettui"
"""The author of notes that no person wrote."""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody has to post, and where."""

    channel: str
    thread: str
    text: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What was done with one message. `error`: it could not be understood."""

    result: Result
    ticket: str | None = None
    why: str
    message: str = ""
    reply: Reply | msgspec.UnsetType = msgspec.UNSET
    error: bool | msgspec.UnsetType = msgspec.UNSET
    file: str | msgspec.UnsetType = msgspec.UNSET
    """Of a spool."""


def broken(why: str) -> Outcome:
    """The outcome of a message that could not be understood."""
    return Outcome(result="ignored", why=" ".join(why.split()), error=True)


def outcome(arrived: Arrived, message: str, why: str = "") -> Outcome:
    """The outcome of a message that the queue took, or ignored."""
    ticket = arrived.ticket.id if arrived.ticket else None
    return Outcome(result=arrived.result, ticket=ticket, why=why or arrived.why, message=message)


def note_files(tickets: Tickets, ticket: Ticket, where: str, arrival: Arrival) -> None:
    """SUP-5: a note on the ticket names the files of a message that were not kept, once."""
    message = next((message for message in ticket.messages if message.external == arrival.external), None)
    attachments = message.attachments if message else ()
    files = list(zip_longest(arrival.files, attachments))
    left = [
        (name, attachment) for name, attachment in files if name and not (attachment and attachment.sha256)
    ]
    if not left:
        return
    tickets.arrive(
        Arrival(
            thread=ticket.thread,
            also=(arrival.external,),
            external=f"{arrival.external}:files",
            at=arrival.at,
            by=RECORDER,
            direction="note",
            automatic=True,
            body=left_behind(left, where),
            create=False,
        )
    )


def left_in(files: Sequence[IncomingFile], where: str) -> str:
    """The text about files that come without their content."""
    return left_behind([(file.name, described(file)) for file in files], where)
