"""Words and styles for a row of the queue. The whole ticket is in page.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fleettui.domain.tickets.debt import State
    from fleettui.domain.tickets.model import Ticket
    from fleettui.domain.tickets.policy import Levels

STYLES: dict[str, str] = {
    "breached": "bad",
    "urgent": "warn",
    "soon": "accent",
    "fine": "good",
    "unpromised": "muted",
    "clear": "muted",
    "waiting": "muted",
    "snoozed": "muted",
    "resolved": "muted",
}
"""Colours only repeat what the sign and the words say."""
MANY_LABELS = 20
NONE_HERE = "There is no ticket here. C writes one down; Esc takes a filter away."


def style_of(state: State) -> str:
    return STYLES.get(state, "")


def labels_in_words(labels: Sequence[str]) -> str:
    """The first ones, and how many more there are."""
    first = ", ".join(labels[:MANY_LABELS])
    return f"{first} and {len(labels) - MANY_LABELS:,} more" if len(labels) > MANY_LABELS else first


def level_sign(levels: Levels, ticket: Ticket) -> str:
    """L1 is the first level. A level that the handbook no longer has counts as the one where the priority begins."""
    keys = [level.key for level in levels.levels]
    if ticket.level in keys:
        return f"L{keys.index(ticket.level) + 1}"
    begins = levels.of(ticket.priority)
    return f"L{keys.index(begins.key) + 1}" if begins else "L1"
