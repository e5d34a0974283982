"""The orders to send that tickets and letters carry: all that whoever sends them needs, without a look into the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING

from fleettui.domain.delivery.model import Delivery
from fleettui.domain.delivery.states import queued

if TYPE_CHECKING:
    from fleettui.domain.delivery.letters import Letter
    from fleettui.domain.delivery.policy import Connections
    from fleettui.domain.team.people import Person
    from fleettui.domain.tickets.destination import Destination
    from fleettui.domain.tickets.model import Message, Ticket, TicketRow

MOST_REFERENCES = 20
"""Ids of earlier mails that a mail names: the first, and the newest."""


@dataclass(frozen=True)
class Order:
    """A text that is to leave, or has left."""

    about: str
    """ "T-1042/m7", "L-3"."""
    delivery: Delivery
    subject: str
    body: str
    at: datetime
    """When it was written."""
    who: Person
    """Who wrote it."""
    ticket: Ticket | None = None
    message: Message | None = None
    letter: Letter | None = None
    references: tuple[str, ...] = ()
    """The ids of the conversation's mails before it, the oldest first."""

    @property
    def is_automatic(self) -> bool:
        """No person wrote it: other programs must not answer it (RFC 3834)."""
        return self.message is not None and self.message.automatic

    @property
    def thread(self) -> str:
        """What is in one thread leaves in the order in which it was written."""
        return self.ticket.id if self.ticket else self.about

    @property
    def id(self) -> str:
        """Of the document that carries it."""
        return self.ticket.id if self.ticket else self.about

    @property
    def key(self) -> str:
        """Of the message; empty for a letter."""
        return self.message.key if self.message else ""


class OrderBook:
    """The messages of tickets that carry an order. Reads a ticket again only when it has changed. Several threads may ask."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[TicketRow, tuple[Message, ...]]] = {}
        self._lock = Lock()

    def messages(
        self,
        rows: Iterable[TicketRow],
        read: Callable[[list[str]], Mapping[str, Ticket]],
        *,
        with_sent: bool = False,
    ) -> list[tuple[str, Message]]:
        """Those that have not left, each with the id of its ticket; also those that were sent."""
        wanted = {"unsent", "sent"} if with_sent else {"unsent"}
        with self._lock:
            now = {row.id: row for row in rows if not wanted.isdisjoint(row.has)}
            known = self._known
            fresh = [id_ for id_, row in now.items() if id_ not in known or known[id_][0] is not row]
            for id_, ticket in read(fresh).items():
                carrying = tuple(message for message in ticket.messages if message.delivery is not None)
                known[id_] = now[id_], carrying
            if with_sent:
                self._known = {id_: known[id_] for id_ in now if id_ in known}
            return [
                (id_, message)
                for id_ in now
                if id_ in known
                for message in known[id_][1]
                if with_sent or (message.delivery is not None and message.delivery.is_open)
            ]


def order_of_message(ticket: Ticket, message: Message, who: Person) -> Order:
    """Of a message that carries one."""
    assert message.delivery is not None, "only messages with an order"  # noqa: S101
    return Order(
        about=f"{ticket.id}/{message.key}",
        delivery=message.delivery,
        subject=ticket.subject,
        body=message.body,
        at=message.at,
        who=who,
        ticket=ticket,
        message=message,
        references=_references(ticket, message) if message.delivery.way == "mail" else (),
    )


def order_of_letter(letter: Letter, who: Person) -> Order:
    return Order(
        about=letter.id,
        delivery=letter.delivery,
        subject=letter.subject,
        body=letter.body,
        at=letter.at,
        who=who,
        letter=letter,
    )


def _references(ticket: Ticket, message: Message) -> tuple[str, ...]:
    before = ticket.messages[: next(n for n, row in enumerate(ticket.messages) if row.key == message.key)]
    known = (ticket.thread, *(row.external for row in before if row.direction != "note"))
    ids = list(dict.fromkeys(key for key in known if _is_message_id(key)))
    return tuple(ids if len(ids) <= MOST_REFERENCES else [ids[0], *ids[1 - MOST_REFERENCES :]])


def _is_message_id(key: str) -> bool:
    """An id that a mail can name: made-up ones and digests were never in a mail."""
    made_up = key.startswith(("<no-id-", "<sha256-"))
    return key.startswith("<") and key.endswith(">") and "@" in key and " " not in key and not made_up


def new_delivery(
    about: str,
    to: Destination,
    connections: Connections,
    now: datetime,
    *,
    written: str,
    at_once: bool = False,
) -> Delivery:
    """The order of a new text. `written`: the text and who wrote it, so that another text never gets the same Message-ID."""
    leaves_at = now if at_once else now + connections.undo_time
    external = ""
    if to.way == "mail":
        external = message_id(about, now, written, connections.mail.sender)
    return queued(to.way, (to.to,), leaves_at, copies=to.copies, thread=to.thread, external=external)


def message_id(about: str, at: datetime, written: str, sender: str) -> str:
    """Known before the mail is sent, and the same however often it is: receivers drop what they have. After a restore an id of
    a document may be given again, so the text is part of it."""
    digest = sha256(f"{about}|{at.isoformat()}|{written}".encode("utf-8", "surrogatepass")).hexdigest()[:20]
    host = sender.rpartition("@")[2] or "fleettui.invalid"
    return f"<{about.lower().replace('/', '.')}.{digest}@{host.lower()}>"
