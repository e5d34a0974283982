"""What a row of the queue needs of words and styles; the whole ticket is told by ticket.py."""

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
"""The sign and the words beside it say the same."""
MANY_LABELS = 20
NONE_HERE = "There is no ticket here. C writes one down; Esc takes a filter away."


def style_of(state: State) -> str:
    return STYLES.get(state, "")


def labels_in_words(labels: Sequence[str]) -> str:
    """However many there are."""
    told = ", ".join(labels[:MANY_LABELS])
    return f"{told} and {len(labels) - MANY_LABELS:,} more" if len(labels) > MANY_LABELS else told


def level_sign(levels: Levels, ticket: Ticket) -> str:
    """L1 is the first; a level that the handbook no longer knows begins again where the priority says."""
    keys = [one.key for one in levels.levels]
    if ticket.level in keys:
        return f"L{keys.index(ticket.level) + 1}"
    begins = levels.of(ticket.priority)
    return f"L{keys.index(begins.key) + 1}" if begins else "L1"
