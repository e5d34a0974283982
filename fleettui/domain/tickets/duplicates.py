"""Open tickets that may be about the same: of one customer, or of many at about the same time (SUP-19). Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import NamedTuple, TypeVar

from fleettui.domain.tickets.model import Listed, Ticket, TicketRow
from fleettui.domain.tickets.triage import Similarity

L = TypeVar("L", Ticket, TicketRow)
MOST = 5
"""So many are named, the most similar first."""
MOST_COMPARED = 300
FIRST_SIGNS = 400
"""Of the first message: what comes later is often a log or a signature."""
_WORD = re.compile(r"[^\W_]{2,}")


class Duplicate(NamedTuple):
    """A ticket that may be about the same."""

    ticket: Ticket
    words: tuple[str, ...]
    """The words that both have."""
    same_customer: bool


class Duplicates(NamedTuple):
    tickets: tuple[Duplicate, ...]
    customers: int
    """How many customers wrote the same words at about the same time, this one included; 0 where it is no outage."""


NONE = Duplicates((), 0)


def duplicates_of(ticket: Ticket, among: Iterable[Ticket], policy: Similarity) -> Duplicates:
    """Which of the open tickets may be about the same. Cheap: only those of the same customer, or of the same hour, are read."""
    if ticket.status == "resolved":
        return NONE
    ignored, alarms = _all_words(policy.ignored), _all_words(policy.alarms)
    near = timedelta(minutes=policy.minutes)
    words = words_of(ticket, ignored)
    matches: list[tuple[float, Duplicate]] = []
    for other in candidates(ticket, among, policy):
        theirs = words_of(other, ignored)
        shared = words & theirs
        share = len(shared) / max(1, min(len(words), len(theirs)))
        alarmed = bool(shared & alarms) and abs(other.opened_at - ticket.opened_at) <= near
        enough = len(shared) >= min(policy.words, len(words), len(theirs)) and share >= policy.share
        if shared and (alarmed or enough):
            same = is_same_customer(ticket, other)
            matches.append((share, Duplicate(other, tuple(sorted(shared)), same)))
    matches.sort(key=lambda pair: (not pair[1].same_customer, -pair[0], pair[1].ticket.opened_at))
    others = [duplicate.ticket for _, duplicate in matches if not duplicate.same_customer]
    customers = {other.customer_id or other.customer for other in others}
    count = len(customers) + 1
    tickets = tuple(duplicate for _, duplicate in matches[:MOST])
    return Duplicates(tickets, count if count >= policy.outage else 0)


def words_of(ticket: Ticket, ignored: frozenset[str]) -> frozenset[str]:
    """The words that say what a ticket is about."""
    first = next((message.body for message in ticket.messages if message.direction == "in"), "")
    text = f"{ticket.subject}\n{first[:FIRST_SIGNS]}".casefold()
    return frozenset(_WORD.findall(text)) - ignored


def _all_words(by_language: Mapping[str, Iterable[str]]) -> frozenset[str]:
    return frozenset(word.casefold() for words in by_language.values() for word in words)


def candidates(ticket: Ticket, among: Iterable[L], policy: Similarity) -> Iterator[L]:
    """Those whose words are compared."""
    near = timedelta(minutes=policy.minutes)
    earliest, latest = ticket.opened_at - near, ticket.opened_at + near
    compared = 0
    for other in among:  # thousands, each time that a page is shown
        if not (earliest <= other.opened_at <= latest or is_same_customer(ticket, other)):
            continue
        if other.status == "resolved" or other.id == ticket.id:
            continue
        if other.is_for_department is ticket.is_for_department:
            yield other
            compared += 1
            if compared >= MOST_COMPARED:
                return


def is_same_customer(ticket: Listed, other: Listed) -> bool:
    """By the customer list; for customers who are not on it, by name."""
    return other.customer_id == ticket.customer_id and (
        bool(ticket.customer_id) or other.customer == ticket.customer
    )
