"""How the row of a ticket is made."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from fleettui.domain.delivery.model import TO_DO
from fleettui.domain.tickets.model import Listed, Ticket, TicketRow, oldest_unanswered

VERSION = "1"
"""Another one whenever `row_of` makes another row of the same ticket: the rows that were kept before are then made anew."""

HAS = ("details", "date", "files", "unsent", "to do", "sent", "undocumented")
"""Details of the problem, a date by which the issue is needed, files; texts that have not left, texts that somebody has to decide
about, texts that have left; an answer that is to be taken over into the documentation (SUP-9)."""

_SAME = TicketRow.__struct_fields__[: TicketRow.__struct_fields__.index("asked_at")]


def says_in(ticket: Listed) -> Iterable[tuple[str, int]]:
    """Who wrote in it, and the revision at which each did so last."""
    if isinstance(ticket, TicketRow):
        return ticket.says
    says: dict[str, int] = {}
    for message in ticket.messages:
        says[message.by] = max(says.get(message.by, 0), message.rev, message.edited_rev)
    return says.items()


def row_of(ticket: Ticket) -> TicketRow:
    messages = ticket.messages
    oldest = oldest_unanswered(messages)
    values: list[Any] = [getattr(ticket, name) for name in _SAME]
    values += (
        oldest.at if oldest else None,
        max([message.at for message in messages], default=None),
        tuple(says_in(ticket)),
        tuple([word for word, has in zip(HAS, _has(ticket), strict=True) if has]),
    )
    return TicketRow(*values)


def _has(ticket: Ticket) -> tuple[bool, ...]:
    states = {message.delivery.state for message in ticket.messages if message.delivery is not None}
    documentation = ticket.documentation
    return (
        bool(ticket.details),
        ticket.key_date is not None,
        any(message.files for message in ticket.messages),
        bool(states - {"sent"}),
        not states.isdisjoint(TO_DO),
        "sent" in states,
        documentation is not None and documentation.answer == "yes" and not documentation.done,
    )


def names_in(ticket: Listed) -> tuple[str, ...]:
    """What a search looks into besides what was written, as far as the ticket itself knows it."""
    return (
        ticket.id,
        ticket.subject,
        ticket.customer,
        ticket.assignee,
        ticket.contact,
        ticket.issue,
        *ticket.labels,
    )


def words_of(ticket: Ticket) -> Iterable[str]:
    """All texts that a search looks into."""
    return (*names_in(ticket), *(message.body for message in ticket.messages))


def opened_at(row: TicketRow) -> datetime:
    return row.opened_at


def keys_of(ticket: Ticket) -> tuple[str, ...]:
    """Of its thread and its messages, by which what arrives later finds it."""
    return tuple(key for key in (ticket.thread, *(message.external for message in ticket.messages)) if key)
