"""The team's answers that arrive from another program: Slack, a mailbox (SUP-21). Pure functions.

An answer is typed once and often recorded twice: in fleettui by whoever sends it, and again where it was sent. It counts once.
"""

from __future__ import annotations

import re
from datetime import timedelta

from msgspec.structs import replace

from fleettui.domain.tickets.messages import (
    NewMessage,
    Overtaken,
    cleaned,
    new_message,
    news_since,
    replied,
)
from fleettui.domain.tickets.model import Message, Ticket, refuse_merged
from fleettui.errors import Refused
from fleettui.text import cleaning

WINDOW = timedelta(days=1)
"""The same words may lie this far apart, from recording them to sending them or the other way round."""

_QUOTE = re.compile(r"(?m)^[ \t]*(?:>.*|\[[0-9]+ lines? of earlier mail left out\])$")
_SIGNATURE = re.compile(
    r"(?ims)^[ \t]*(?:--|—|__+|(?:(?:best|kind|warm|many) )?(?:regards|wishes|thanks)|thank you|cheers|best|sincerely"
    r"|yours(?: \w+)?|(?:mit |viele |beste |liebe )?(?:freundlichen |besten )?grüße?n?|mfg|(?:bien )?cordialement|saludos"
    r"|cordiali saluti|met vriendelijke groet|atenciosamente)[ \t]*(?:[,.!][ \t]*)?$(?:\n[^\n]{0,60}){0,6}\s*\Z"
)
_GREETING = re.compile(
    r"(?i)\A\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)"
    r"|hallo|guten tag|liebe[rs]?|bonjour|hola|ciao|olá)\b[^,!:\n]{0,60}[,!:\n]"
)
_EMOJI_NAME = re.compile(r":[a-z+-][a-z0-9_+-]*:")
_SCHEME = re.compile(r"https?://")
_MARKS = re.compile(r"[\W_]+")


def with_team_answer(ticket: Ticket, answer: NewMessage) -> tuple[Ticket, Message | None]:
    """The ticket with an answer that one of us gave elsewhere, and the answer that it repeats, if one is recorded.

    What is recorded gets the arriving answer's id, so that edits and deletions find it. The automatic answer, when it is seen
    where it was posted, stays what it is.
    """
    refuse_merged(ticket)
    answer = cleaned(answer)
    if not answer.body:
        raise Refused("there is nothing in this answer", field="body")
    repeated = repeated_answer(ticket, answer)
    if repeated is None:
        return _placed(ticket, answer), None
    if repeated.automatic:
        return ticket, repeated
    kept = replace(repeated, external=answer.external)
    messages = (kept if message is repeated else message for message in ticket.messages)
    return replace(ticket, messages=tuple(messages)), repeated


def recorded(ticket: Ticket, answer: NewMessage, *, since: int | None = None, wait: bool = False) -> Ticket:
    """The ticket with an answer that is typed here. One that was seen already where it was sent is not added again; the ticket
    only waits, where `wait` says so."""
    sent = _sent_already(ticket, cleaned(answer))
    if sent is None:
        return replied(ticket, answer, since=since, wait=wait)
    refuse_merged(ticket)
    news = () if since is None else tuple(row for row in news_since(ticket, since) if row is not sent)
    if news:
        raise Overtaken(ticket, news)
    return replace(ticket, status="waiting", snooze_until=None, resolved_at=None) if wait else ticket


def _sent_already(ticket: Ticket, answer: NewMessage) -> Message | None:
    words = _words(answer.body)
    for message in reversed(ticket.messages):
        is_near = abs(message.at - answer.at) <= WINDOW
        if (
            message.is_answer
            and message.external
            and is_near
            and not message.delivery
            and _words(message.body) == words
        ):
            return None if _customer_between(ticket, message, answer) else message
    return None


def counted(ticket: Ticket, key: str = "") -> tuple[Ticket, Message, Message | None]:
    """A mail of ours that was noted, as the answer that it is: the ticket, the note, and the answer that it repeats, if one is
    recorded. Without `key` the newest that waits for this."""
    refuse_merged(ticket)
    note = _note_of(ticket, key)
    answer = NewMessage(
        at=note.at,
        by=note.by,
        body=note.body,
        direction="out",
        external=note.external,
        files=note.files,
        attachments=note.attachments,
        cc=note.cc,
    )
    others = tuple(message for message in ticket.messages if message is not note)
    after, repeated = with_team_answer(replace(ticket, messages=others), answer)
    return after, note, repeated


def _note_of(ticket: Ticket, key: str) -> Message:
    if not key:
        waiting = (message for message in reversed(ticket.messages) if message.uncounted)
        note = next(waiting, None)
        if note is None:
            raise Refused(f"{ticket.id}: no mail of ours is noted here; r records an answer")
        return note
    named = next((message for message in ticket.messages if message.key == key), None)
    if named is None:
        raise Refused(f"{ticket.id} has no message {cleaning.line(key, 40)!r}", field="MESSAGE")
    if named.direction != "note" or not named.external or named.automatic:
        raise Refused("only a mail of ours that was noted can count as the answer", field="MESSAGE")
    return named


def repeated_answer(ticket: Ticket, answer: NewMessage) -> Message | None:
    """The answer of ours with the same words, given in the same turn of the conversation. One that already has an id was
    itself sent from another program, so that the same words are another answer."""
    words = _words(answer.body)
    for message in reversed(ticket.messages):
        if message.direction != "out" or message.deleted_at or abs(message.at - answer.at) > WINDOW:
            continue
        is_free = message.automatic or not message.external
        if is_free and _words(message.body) == words and not _customer_between(ticket, message, answer):
            return message
    return None


def repeated_automatic(ticket: Ticket, message: NewMessage) -> Message | None:
    """The automatic answer of ours that a program posted, when it comes back from where it was posted."""
    repeated = repeated_answer(ticket, cleaned(message))
    return repeated if repeated and repeated.automatic else None


def _customer_between(ticket: Ticket, recorded: Message, answer: NewMessage) -> bool:
    """After what the customer wrote between them, the same words are a second answer."""
    if recorded.automatic:
        return False
    first, last = sorted((recorded.at, answer.at))
    return any(message.direction == "in" and first < message.at < last for message in ticket.messages)


def _placed(ticket: Ticket, answer: NewMessage) -> Ticket:
    """Before the first words of the customer that are newer: an answer that is delivered late was not to those."""
    place = next(
        (
            index
            for index, message in enumerate(ticket.messages)
            if message.direction == "in" and message.at > answer.at
        ),
        len(ticket.messages),
    )
    before, after = ticket.messages[:place], ticket.messages[place:]
    return replace(ticket, messages=(*before, new_message(answer, ticket.rev + 1), *after))


def _words(body: str) -> str:
    """What was written, whatever marks Slack or mail add: no quotes, greeting, signature, layout, emoji or links' brackets."""
    core = _SIGNATURE.sub("", _QUOTE.sub("", body).strip())
    core = _GREETING.sub("", core, count=1)
    return _bare(core) or _bare(body) or body.strip()


def _bare(text: str) -> str:
    return _MARKS.sub("", _SCHEME.sub("", _EMOJI_NAME.sub("", text.casefold())))
