"""Several tickets at once: the value that they have in common, and in a few words what differs between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from fleettui.text.cleaning import fit
from screens.terminal.text import one_line

if TYPE_CHECKING:
    from fleettui.domain.tickets.model import Ticket
    from fleettui.workspace.workspace import Workspace

Value = TypeVar("Value")

FEW = 3
"""As many are named; of more, only how many there are."""
LONGEST_NAME = 24


def common(values: Iterable[Value]) -> Value | None:
    """The value that all have; None where they differ."""
    different = set(values)
    return different.pop() if len(different) == 1 else None


def about(workspace: Workspace, tickets: Sequence[Ticket]) -> str:
    """What a dialog is about: the ticket and its subject; of several, how many, which and what differs."""
    if len(tickets) == 1:
        return f"{tickets[0].id} · {tickets[0].subject}"
    ids = f": {', '.join(ticket.id for ticket in tickets)}" if len(tickets) <= FEW else ""
    return " · ".join([f"{len(tickets)} tickets{ids}", *differences(workspace, tickets)])


def differences(workspace: Workspace, tickets: Sequence[Ticket]) -> list[str]:
    """The customers, and the tiers and priorities where they differ."""
    customers = Counter(fit(one_line(workspace.queue.of(ticket).shown), LONGEST_NAME) for ticket in tickets)
    names = [name for name, _ in customers.most_common()]
    shown = ", ".join(names) if len(names) <= FEW else f"{len(names)} customers"
    counted = (
        Counter(getattr(ticket, field) for ticket in tickets).items() for field in ("priority", "tier")
    )
    return [
        shown,
        *(
            ", ".join(f"{count} {value}" for value, count in sorted(counts))
            for counts in counted
            if len(counts) > 1
        ),
    ]
