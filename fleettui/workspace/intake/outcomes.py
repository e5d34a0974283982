"""What was done with a message from outside, and the notes that the intake itself makes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

import msgspec

from fleettui.domain.tickets.arrivals import Arrival, Arrived
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


def broken(why: str) -> Outcome:
    """The outcome of a message that could not be understood."""
    return Outcome(result="ignored", why=" ".join(why.split()), error=True)


def outcome(arrived: Arrived, message: str, why: str = "") -> Outcome:
    """The outcome of a message that the queue took, or ignored."""
    ticket = arrived.ticket.id if arrived.ticket else None
    return Outcome(result=arrived.result, ticket=ticket, why=why or arrived.why, message=message)


def note_files(
    tickets: Tickets, ticket: Ticket, where: str, external: str, files: tuple[str, ...], at: datetime
) -> Arrived:
    """SUP-5: a note on the ticket names the files that were not carried over, once."""
    return tickets.arrive(
        Arrival(
            thread=ticket.thread,
            also=(external,),
            external=f"{external}:files",
            at=at,
            by=RECORDER,
            direction="note",
            automatic=True,
            body=left_behind(files, where),
            create=False,
        )
    )


def left_behind(files: tuple[str, ...], where: str) -> str:
    """The text of the note about files that were not carried over."""
    if len(files) == 1:
        return f"A file was left behind in {where}: {files[0]}"
    return f"{len(files)} files were left behind in {where}: {', '.join(files)}"
