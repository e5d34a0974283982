"""Which priority a ticket may have, by its words and its tier (SUP-19). Only people choose it. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

import msgspec

from fleettui.domain.tickets.model import Ticket
from fleettui.domain.tickets.triage import TriagePolicy

FIRST_MESSAGES = 3
"""How many of the customer's messages are read, besides the subject."""
FIRST_SIGNS = 2_000


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """A priority, and why."""

    priority: str
    reason: str

    @property
    def shown(self) -> str:
        """ "P1? “outage” in the subject"."""
        return f"{self.priority}? {self.reason}"


def suggestion_for(ticket: Ticket, policy: TriagePolicy, priorities: Sequence[str]) -> Suggestion | None:
    """For a ticket that nobody has triaged. `priorities` are those of the team, the most urgent first."""
    if not ticket.untriaged or ticket.status == "resolved":
        return None
    harmless = _one_pattern(tuple(_phrases(policy.harmless)))
    texts = [(where, harmless.sub(" ", _plain(text))) for where, text in _texts(ticket)]
    for row in policy.suggestions:
        phrases = tuple(_phrases(row.words))
        if row.priority not in priorities or not phrases:
            continue
        for where, text in texts:
            match = _one_pattern(phrases).search(text)
            if match is not None:
                reason = f"“{match[0]}” in {where}"
                return _limited(Suggestion(priority=row.priority, reason=reason), ticket, policy, priorities)
    if policy.otherwise not in priorities:
        return None
    reason = "no word of theirs sounds more urgent"
    return _limited(Suggestion(priority=policy.otherwise, reason=reason), ticket, policy, priorities)


def _limited(
    suggestion: Suggestion, ticket: Ticket, policy: TriagePolicy, priorities: Sequence[str]
) -> Suggestion:
    most = policy.most_urgent.get(ticket.tier, "")
    if most not in priorities or priorities.index(suggestion.priority) >= priorities.index(most):
        return suggestion
    return Suggestion(priority=most, reason=f"{suggestion.reason}; {ticket.tier} is {most} at most")


def _texts(ticket: Ticket) -> Iterator[tuple[str, str]]:
    yield "the subject", ticket.subject
    theirs = [message for message in ticket.messages if message.direction == "in" and not message.deleted_at]
    for message in theirs[:FIRST_MESSAGES]:
        yield "their message", message.body[:FIRST_SIGNS]


def _phrases(by_language: Mapping[str, Iterable[str]]) -> Iterator[str]:
    for phrases in by_language.values():
        yield from phrases


def _plain(text: str) -> str:
    """In small letters, with plain apostrophes and single blanks."""
    return " ".join(text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())


@lru_cache(maxsize=32)
def _one_pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Finds any of the phrases as whole words; the longest that fits."""
    plain = sorted({_plain(phrase) for phrase in phrases if phrase.strip()}, key=len, reverse=True)
    if not plain:
        return re.compile(r"(?!)")
    return re.compile("|".join(map(_whole, plain)))


def _whole(phrase: str) -> str:
    """Scripts that are written without blanks have no whole words."""
    before = "" if _is_wide(phrase[0]) else r"(?<!\w)"
    after = "" if _is_wide(phrase[-1]) else r"(?!\w)"
    return f"{before}{re.escape(phrase)}{after}"


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"
