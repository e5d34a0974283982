"""Files of tickets: listed, found, attached by one of us."""

from __future__ import annotations

import shlex
import socket
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fleettui import access, named_files
from fleettui.domain.tickets import attachments as rules
from fleettui.domain.tickets.attachments import MEGABYTE, IncomingFile
from fleettui.domain.tickets.messages import NewMessage, noted
from fleettui.domain.tickets.model import Attachment, Ticket
from fleettui.errors import Refused
from fleettui.text import cleaning
from fleettui.workspace.session import Session
from fleettui.workspace.tickets.file_keeper import FileKeeper

if TYPE_CHECKING:
    from fleettui.workspace.tickets.actions import Tickets


class TicketFile(NamedTuple):
    """A file of a ticket, with the message that it came with. `number` counts from 1, the oldest first."""

    number: int
    attachment: Attachment
    by: str
    at: datetime
    path: Path | None
    """None where it was left behind."""


class TicketFiles:
    """What a person can do with the files of a ticket. Nothing here starts a program."""

    def __init__(self, session: Session, tickets: Tickets, keeper: FileKeeper) -> None:
        self._session, self._tickets, self._keeper = session, tickets, keeper

    def of(self, ticket: Ticket) -> list[TicketFile]:
        """All its files, the oldest first, those that were left behind too."""
        listed = [
            (message, attachment) for message in ticket.messages for attachment in rules.files_of(message)
        ]
        return [
            TicketFile(number, attachment, message.by, message.at, self._keeper.path(attachment))
            for number, (message, attachment) in enumerate(listed, 1)
        ]

    def scp(self, file: TicketFile) -> str:
        """The line that fetches a kept file to one's own computer, under its own name."""
        if access.current().restricted:
            raise Refused("this account copies nothing by scp")
        if file.path is None:
            raise Refused(f"{file.attachment.name} was left behind, so it cannot be fetched from here")
        source = f"{self._session.login}@{socket.gethostname()}:{file.path}"
        return f"scp {shlex.quote(source)} {shlex.quote(f'./{file.attachment.name}')}"

    def hand_out(self, file: TicketFile) -> Path:
        """Under its own name into the folder where this person names files; where it is then."""
        return named_files.write(named_files.own(file.attachment.name), self._keeper.content(file.attachment))

    @property
    def most_bytes(self) -> int:
        """No file may be larger."""
        return self._keeper.policy.largest_file_mb * MEGABYTE

    def attach(self, id_: str, name: str, content: bytes) -> Ticket:
        """One of us adds a file: a note that carries it."""
        policy = self._keeper.policy
        if not policy.keep:
            raise Refused(
                "this workspace keeps no files (SUP-5); `files` in tickets.json says so", field="keep"
            )
        why = rules.why_too_large(len(content), 0, policy)
        if why:
            raise Refused(
                f"{cleaning.line(name, 80)} is {rules.size_words(len(content))}: {why}", field="PATH"
            )
        if not content:
            raise Refused(f"{cleaning.line(name, 80)} is empty", field="PATH")
        ticket = self._tickets.survivor(self._tickets.find(id_))
        attachments = self._keeper.keep([IncomingFile(name=name, content=content)])
        message = NewMessage(
            at=self._session.now(),
            by=self._session.login,
            direction="note",
            body=f"Attached {rules.in_words(attachments[0])}",
            files=(attachments[0].name,),
            attachments=attachments,
        )
        return self._tickets.edit(ticket.id, lambda fresh: noted(fresh, message), "tickets.attach")[0]

    def attach_from(self, id_: str, path: Path, name: str = "") -> Ticket:
        """The file at a path. What is too large is not read."""
        with named_files.open_regular(path, field="PATH") as file:
            content = file.read(self.most_bytes + 1)
        return self.attach(id_, name or path.name, content)


def named_by(tickets: Iterable[Ticket]) -> dict[str, tuple[str, str]]:
    """Ticket and name of every kept file that a ticket names, by its sha256."""
    return {
        attachment.sha256: (ticket.id, attachment.name)
        for ticket in tickets
        for message in ticket.messages
        for attachment in message.attachments
        if attachment.sha256
    }
