"""What is written in a ticket: the customer's messages, our answers, notes, and later edits of them. Pure functions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from fleettui.domain.delivery.model import Delivery
from fleettui.domain.tickets.model import (
    LONGEST_KEY,
    Attachment,
    Direction,
    Message,
    Ticket,
    is_waiting_label,
    refuse_merged,
    unanswered_indexes,
)
from fleettui.errors import Refused
from fleettui.text import cleaning
from fleettui.text.reading import name_in_words

AHEAD = timedelta(minutes=5)
"""Clocks differ: what was written a little later than now is taken."""

MOST_COPIES = 50
"""Addresses in Cc that are kept of a mail."""


class NewMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message that is to be added to a ticket."""

    at: datetime
    by: str
    body: str
    direction: Direction = "in"
    external: str = ""
    """Its own id where it was written."""
    files: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    cc: tuple[str, ...] = ()
    uncounted: str = ""
    automatic: bool = False
    delivery: Delivery | None = None
    """The order to send it, where it leaves by itself."""


class Overtaken(Refused):
    """Somebody answered, or the customer wrote, since a draft was begun."""

    def __init__(self, ticket: Ticket, news: tuple[Message, ...]) -> None:
        self.id, self.revision, self.news = ticket.id, ticket.rev, news
        listed = "; ".join(map(_in_short, news[:3])) + ("; …" if len(news) > 3 else "")
        super().__init__(f"{ticket.id}: since you began, {listed}. Read it, then send again.")


def _in_short(message: Message) -> str:
    did = "answered" if message.direction == "out" else "wrote"
    if message.deleted_at:
        did = "took back"
    elif message.edited_rev > message.rev:
        did = "changed"
    return f"{name_in_words(message.by)} {did} {cleaning.fit(cleaning.line(message.body, 60), 40)!r}"


def written_at(at: datetime | None, now: datetime) -> datetime:
    """When something was written that somebody types in: now, unless they say otherwise."""
    if at is not None and at > now + AHEAD:
        raise Refused(
            "that moment is still to come; say when it was written, or leave it out for now", field="at"
        )
    return at or now


def cleaned(message: NewMessage) -> NewMessage:
    """The message with nothing harmful or endless in it."""
    return replace(
        message,
        by=cleaning.line(message.by, 200) or "somebody",
        body=cleaning.clean(message.body).strip(),
        external=cleaning.line(message.external, LONGEST_KEY),
        files=tuple(cleaning.line(name, 200) for name in message.files[:100]),
        cc=tuple(cleaning.line(address, 360) for address in message.cc[:MOST_COPIES]),
    )


def with_message(ticket: Ticket, message: NewMessage) -> Ticket:
    """`ticket` with one more message, as it is."""
    return replace(ticket, messages=(*ticket.messages, new_message(message, ticket.rev + 1)))


def new_message(message: NewMessage, rev: int) -> Message:
    """The message as it is kept, with the ticket's revision with which it comes."""
    return Message(
        key=f"m{rev}",
        at=message.at,
        by=message.by,
        direction=message.direction,
        body=message.body,
        rev=rev,
        external=message.external,
        files=message.files,
        attachments=message.attachments,
        cc=message.cc,
        uncounted=message.uncounted,
        automatic=message.automatic,
        delivery=message.delivery,
    )


def received(ticket: Ticket, message: NewMessage, prefix: str) -> Ticket:
    """The customer wrote: a debt begins, a wait or a snooze ends, and what was resolved is open again (SUP-12)."""
    refuse_merged(ticket)
    message = cleaned(message)
    if not message.body and not message.files:
        raise Refused("there is nothing in this message", field="body")
    return _in_its_place(woken(ticket, prefix), message)


def _in_its_place(ticket: Ticket, message: NewMessage) -> Ticket:
    """Before the customer's newer words: what comes late, or is read again after an outage, stands where it was written. Never
    before a text of ours, which was not about this."""
    place = len(ticket.messages)
    while (
        place and ticket.messages[place - 1].direction == "in" and ticket.messages[place - 1].at > message.at
    ):
        place -= 1
    before, after = ticket.messages[:place], ticket.messages[place:]
    return replace(ticket, messages=(*before, new_message(message, ticket.rev + 1), *after))


def woken(ticket: Ticket, prefix: str) -> Ticket:
    """The customer wrote: it is open, and the waiting labels go (SUP-12). What was unanswered under such a label, or when it was
    resolved, is settled: the customer's next message starts a new debt (SLA-15)."""
    kept = tuple(label for label in ticket.labels if not is_waiting_label(label, prefix))
    if kept != ticket.labels or ticket.status == "resolved":
        unanswered = set(unanswered_indexes(ticket.messages))
        messages = tuple(
            replace(message, settled=True) if index in unanswered else message
            for index, message in enumerate(ticket.messages)
        )
        ticket = replace(ticket, labels=kept, messages=messages)
    return replace(ticket, status="open", snooze_until=None, resolved_at=None)


def replied(ticket: Ticket, message: NewMessage, *, since: int | None = None, wait: bool = False) -> Ticket:
    """We answered: the debt is cleared. `since` is the revision that the writer saw when they began."""
    refuse_merged(ticket)
    news = news_since(ticket, since) if since is not None else ()
    if news:
        raise Overtaken(ticket, news)
    message = cleaned(message)
    if not message.body:
        raise Refused("there is nothing to send", field="body")
    answered = with_message(ticket, message)
    if not wait:
        return answered
    return replace(answered, status="waiting", snooze_until=None, resolved_at=None)


def news_since(ticket: Ticket, revision: int) -> tuple[Message, ...]:
    """What was written, answered or edited after that revision; notes stop nobody."""
    return tuple(
        message
        for message in ticket.messages
        if max(message.rev, message.edited_rev) > revision
        and message.direction != "note"
        and not message.automatic
    )


def noted(ticket: Ticket, message: NewMessage) -> Ticket:
    """We wrote something down; nobody is answered by it."""
    message = cleaned(message)
    if not message.body:
        raise Refused("there is nothing in this note", field="body")
    return with_message(ticket, message)


def copied_to(ticket: Ticket) -> tuple[str, ...]:
    """Who was in Cc when the customer last wrote: an answer goes to them, too."""
    theirs = (message for message in reversed(ticket.messages) if message.direction == "in")
    return next((message.cc for message in theirs if not message.deleted_at), ())


def has_message(ticket: Ticket, external: str) -> bool:
    """Whether the message of this id is in the ticket."""
    return bool(external) and any(message.external == external for message in ticket.messages)


def edited(ticket: Ticket, external: str, body: str, at: datetime) -> Ticket:
    """Its author changed a message where it was written; the old text is in the history."""
    new = cleaning.clean(body).strip()

    def edit(message: Message) -> Message:
        if message.body == new:
            return message
        return replace(message, body=new, edited_at=at, edited_rev=ticket.rev + 1)

    return _altered(ticket, external, edit)


def deleted(ticket: Ticket, external: str, at: datetime) -> Ticket:
    """Its author took a message back: no answer is owed for it any more."""

    def delete(message: Message) -> Message:
        return message if message.deleted_at else replace(message, deleted_at=at, edited_rev=ticket.rev + 1)

    return _altered(ticket, external, delete)


def _altered(ticket: Ticket, external: str, change: Callable[[Message], Message]) -> Ticket:
    if not has_message(ticket, external):
        raise Refused(f"{ticket.id}: there is no message {cleaning.line(external, 60)!r}")
    messages = (change(message) if message.external == external else message for message in ticket.messages)
    return replace(ticket, messages=tuple(messages))
