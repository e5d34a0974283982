"""The shape of triage.json: what helps to triage what arrives (SUP-19)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import msgspec

from fleettui.domain.checklists.mistakes import Mistake, repeated

Share = Annotated[float, msgspec.Meta(gt=0, le=1)]


class UrgentWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words that speak for a priority."""

    priority: str
    words: dict[str, tuple[str, ...]]
    """By language; its key is only for whoever edits the file."""


class Similarity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When two tickets may be about the same."""

    share: Share = 0.5
    """How much of the words of the shorter text the other has as well."""
    words: Annotated[int, msgspec.Meta(ge=1)] = 2
    """At least so many."""
    minutes: Annotated[int, msgspec.Meta(ge=1)] = 60
    """Other customers' tickets count if they came so close together."""
    outage: Annotated[int, msgspec.Meta(ge=2)] = 3
    """From so many customers on, it may be an outage."""
    alarms: dict[str, tuple[str, ...]] = {}
    """Words of which one alone is enough in tickets that came so close together; by language."""
    ignored: dict[str, tuple[str, ...]] = {}
    """Words that say nothing of what a ticket is about; by language."""


class TriagePolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """triage.json."""

    rule: str = "SUP-19"
    counts_as: str = ""
    """The priority that counts until somebody has chosen one; empty: the least urgent."""
    suggestions: tuple[UrgentWords, ...] = ()
    """The most urgent first."""
    most_urgent: dict[str, str] = {}
    """By tier, the most urgent priority that is suggested to it."""
    otherwise: str = ""
    """What is suggested where no word is found; empty: nothing."""
    harmless: dict[str, tuple[str, ...]] = {}
    """Phrases that sound urgent and are not: scroll down; by language."""
    similar: Similarity = Similarity()

    def mistakes(self) -> Iterator[Mistake]:
        placed = (
            (f"suggestions[{row}].priority", words.priority) for row, words in enumerate(self.suggestions)
        )
        yield from repeated("priority", placed)
