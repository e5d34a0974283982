"""What can happen to a ticket: assigned, waiting, snoozed, merged, resolved, reopened (SUP-8, SUP-9, SUP-12)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from fleettui.domain.tickets.messages import woken
from fleettui.domain.tickets.model import (
    MOST_LABELS,
    Documentation,
    Ticket,
    is_waiting_label,
    labels_of,
    owed_since,
    refuse_merged,
    unanswered_indexes,
)
from fleettui.errors import Refused
from fleettui.text import cleaning


class Unanswered(Refused):
    """The customer has no answer yet: resolving would leave them without one."""


def assigned(ticket: Ticket, login: str) -> Ticket:
    """It is theirs; an empty login: nobody's."""
    return replace(ticket, assignee=login)


def waiting(ticket: Ticket) -> Ticket:
    """We wait for the customer."""
    refuse_resolved(ticket)
    return replace(ticket, status="waiting", snooze_until=None, resolved_at=None)


def snoozed(ticket: Ticket, until: datetime, now: datetime) -> Ticket:
    """It is hidden from the queue until then."""
    refuse_resolved(ticket)
    if until <= now:
        raise Refused("that moment has passed; choose a later one", field="until")
    return replace(ticket, status="snoozed", snooze_until=until, resolved_at=None)


def refuse_resolved(ticket: Ticket) -> None:
    """A resolved ticket has to be reopened first."""
    refuse_merged(ticket)
    if ticket.status == "resolved":
        raise Refused(f"{ticket.id} is resolved; reopen it first")


def reopened(ticket: Ticket) -> Ticket:
    """It is open again; what was unanswered when it was resolved is owed again, from the same message (SLA-15)."""
    refuse_merged(ticket)
    if ticket.status == "open":
        raise Refused(f"{ticket.id} is open")
    return replace(ticket, status="open", snooze_until=None, resolved_at=None)


def resolved(
    ticket: Ticket,
    now: datetime,
    documentation: Documentation | None = None,
    *,
    prefix: str,
    unanswered: bool = False,
) -> Ticket:
    """SUP-8: what came by direct message is not finished without its summary. SUP-9: the answer stays with the ticket.

    SLA-15: while an answer is owed it is only resolved with `unanswered`, else `Unanswered`; the report counts that.
    """
    refuse_merged(ticket)
    if ticket.status == "resolved":
        raise Refused(f"{ticket.id} is resolved already")
    if ticket.by_dm and not ticket.channel_summary:
        raise Refused(
            "this came by direct message (SUP-8); post a summary to the channel and say here what it was",
            field="channel_summary",
        )
    if not unanswered and owed_since(ticket, prefix) is not None:
        raise Unanswered(
            f"{ticket.id}: the customer has no answer yet; answer first, or resolve it with --unanswered",
            field="unanswered",
        )
    return replace(
        ticket,
        status="resolved",
        resolved_at=now,
        snooze_until=None,
        documentation=documentation or ticket.documentation,
    )


def labelled(ticket: Ticket, add: Iterable[str] = (), drop: Iterable[str] = ()) -> Ticket:
    """With these labels added and dropped. While a waiting label is there, no answer is owed (SUP-12, see `owed_since`)."""
    dropped = {label.casefold() for label in labels_of(drop)}
    kept = [label for label in ticket.labels if label.casefold() not in dropped]
    folded = {label.casefold() for label in kept}
    fresh = [label for label in labels_of(add) if label.casefold() not in folded]
    return replace(ticket, labels=labels_of((*kept, *fresh)))


def merged(ticket: Ticket, into: str, now: datetime) -> Ticket:
    """The ticket that ends. It keeps its thread: what arrives there later goes to the other ticket."""
    refuse_merged(ticket)
    if ticket.id == into:
        raise Refused(f"{ticket.id} cannot be merged into itself")
    return replace(ticket, merged_into=into, status="resolved", resolved_at=now, snooze_until=None)


def absorbed(ticket: Ticket, other: Ticket, prefix: str) -> Ticket:
    """The ticket that stays, with the other's messages. If the other owed an answer, so does this one, and it is open."""
    refuse_merged(ticket)
    owed = set(unanswered_indexes(other.messages)) if owed_since(other, prefix) else set()
    if owed:
        # As if the customer had written here.
        ticket = woken(ticket, prefix)
    moved = tuple(
        replace(
            message,
            key=f"{other.id}.{message.key}",
            rev=ticket.rev + 1,
            edited_rev=0,  # counted the other ticket's revisions
            moved_from=message.moved_from or other.id,
            delivery=None,  # it leaves from the other ticket, once
            settled=message.direction == "in" and place not in owed,
        )
        for place, message in enumerate(other.messages)
    )
    labels = (*ticket.labels, *(label for label in other.labels if not is_waiting_label(label, prefix)))
    return replace(
        ticket,
        messages=(*ticket.messages, *moved),
        labels=tuple(dict.fromkeys(labels))[:MOST_LABELS],
        by_dm=ticket.by_dm or other.by_dm,
        channel_summary=ticket.channel_summary or other.channel_summary,
        details={**other.details, **ticket.details},
        key_date=ticket.key_date or other.key_date,
        issue=ticket.issue or other.issue,
        issue_private=ticket.issue_private or (not ticket.issue and other.issue_private),
        lists={**other.lists, **ticket.lists},
    )


def documentation(answer: str, at: datetime, by: str) -> Documentation:
    """Reads the answer: "no", "yes", or what is to be written, which means yes (SUP-9)."""
    text = cleaning.line(answer)
    first, _, rest = text.partition(":")
    word = first.strip().casefold()
    if word == "no":
        return Documentation(answer="no", what=rest.strip(), at=at, by=by)
    if word == "yes":
        return Documentation(answer="yes", what=rest.strip(), at=at, by=by)
    if not text:
        raise Refused("answer yes, no, or what should be written", field="documentation")
    return Documentation(answer="yes", what=text, at=at, by=by)
