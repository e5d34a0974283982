"""Whether an answer leaves by itself, and with which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from fleettui.domain.tickets.destination import Destination, destination
from fleettui.domain.tickets.messages import NewMessage
from fleettui.domain.tickets.model import Ticket
from fleettui.workspace.orders import new_delivery

if TYPE_CHECKING:
    from fleettui.domain.delivery.policy import Connections
    from fleettui.workspace.session import Session


Message = TypeVar("Message", bound=NewMessage)


def answer_leaves_for(ticket: Ticket, connections: Connections) -> Destination | None:
    """Where the policy sends an answer to it; None where somebody copies it."""
    to = destination(ticket, connections.mail.sender)
    return to if to and connections.sends_answers(to.way) else None


def with_order(ticket: Ticket, answer: NewMessage, session: Session) -> NewMessage:
    """The answer with the order to send it, where the policy says so."""
    connections = session.policy.handbook.connections
    to = answer_leaves_for(ticket, connections)
    return ordered(ticket, answer, to, session) if to else answer


def ordered(
    ticket: Ticket, answer: Message, to: Destination, session: Session, *, at_once: bool = False
) -> Message:
    """`at_once`: nobody wrote it who could take it back."""
    about = f"{ticket.id}/m{ticket.rev + 1}"
    connections, written = session.policy.handbook.connections, f"{answer.by}|{answer.body}"
    delivery = new_delivery(about, to, connections, session.now(), written=written, at_once=at_once)
    return replace(answer, delivery=delivery, external=answer.external or delivery.external)


@dataclass(frozen=True)
class Leaving:
    """What becomes of an answer that leaves by itself, for whoever writes it."""

    to: str
    """In words: addresses, or the channel's name."""
    sender: str
    """As the customer reads it."""
    seconds: int
    """So long it can be taken back."""


def leaving(ticket: Ticket, connections: Connections, who: str, team: str, channel: str) -> Leaving | None:
    """None where it is for somebody to copy. `channel`: its name."""
    to = answer_leaves_for(ticket, connections)
    if to is None:
        return None
    if to.way == "slack":
        return Leaving(f"{channel}{', in the thread' if to.thread else ''}", who, connections.undo_seconds)
    copies = f", with Cc to {', '.join(to.copies)}" if to.copies else ""
    return Leaving(f"{to.to}{copies}", f"{who} ({team})", connections.undo_seconds)
