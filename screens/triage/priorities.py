"""The choice of a priority or a tier: the suggested one first (SUP-19), what would be due, and what they mean (SLA-10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from fleettui.domain.tickets import sla
from fleettui.domain.tickets.model import DEPARTMENT
from screens.terminal.text import one_line
from screens.triage.explanation import would_be
from screens.triage.page import STEP_SIGNS
from screens.triage.row_keys import FieldValue
from screens.triage.several import common
from screens.widgets.row import Row

if TYPE_CHECKING:
    from fleettui.domain.tickets.model import Ticket
    from fleettui.workspace.workspace import Workspace


class PriorityChoice:
    """What is offered for these tickets."""

    def __init__(self, workspace: Workspace, tickets: Sequence[Ticket]) -> None:
        self.workspace, self.tickets = workspace, tickets
        suggestions = [workspace.queue.suggestion(ticket) for ticket in tickets]
        self._suggested = common(each.priority if each else "" for each in suggestions) or ""
        self._reason = (
            one_line(suggestions[0].reason) if len(tickets) == 1 and suggestions[0] else "suggested"
        )

    @property
    def meanings(self) -> str:
        """What each priority means, line by line."""
        return "\n".join(sla.meanings(self.workspace.handbook.sla))

    def rows(self) -> list[Row[FieldValue]]:
        """Priorities, then tiers; the suggested priority before all others."""
        policy = self.workspace.handbook.sla
        names = {
            FieldValue("priority", priority.key): (priority.key, priority.name)
            for priority in sorted(policy.priorities, key=lambda row: row.key != self._suggested)
        }
        rows = [self._priority(value, *name) for value, name in names.items()]
        tiers = (FieldValue("tier", tier) for tier in (*sla.tiers(policy), DEPARTMENT))
        return rows + [
            Row(tier, (self._having(tier, f"Tier {tier.value}"), self._outcome(tier))) for tier in tiers
        ]

    def _priority(self, value: FieldValue, key: str, name: str) -> Row[FieldValue]:
        if key != self._suggested:
            return Row(value, (self._having(value, f"{key} {name}"), self._outcome(value)))
        outcome = f"{self._reason} · {self._outcome(value)}"
        return Row(value, (self._having(value, f"{key}? {name}"), (outcome, "accent")))

    def _having(self, value: FieldValue, name: str) -> str:
        """The name of a value, with how many of the tickets have it today."""
        count, of = sum(value.is_of(ticket) for ticket in self.tickets), len(self.tickets)
        some = f" ({count} of {of})" if 0 < count < of else ""
        return f"{STEP_SIGNS['done' if count == of else 'todo']} {name}{some}"

    def _outcome(self, value: FieldValue) -> str:
        """What would be due; of several tickets, what would be due first (SLA-15)."""

        def with_it(ticket: Ticket) -> tuple[str, str]:
            return (value.value, ticket.priority) if value.field == "tier" else (ticket.tier, value.value)

        def due(ticket: Ticket) -> tuple[bool, datetime]:
            tier, priority = with_it(ticket)
            owed = self.workspace.queue.what_if(ticket, tier=tier, priority=priority)
            return (True, ticket.opened_at) if owed is None or owed.due is None else (False, owed.due)

        first = min(self.tickets, key=due)
        words = would_be(self.workspace, first, *with_it(first))
        return words if len(self.tickets) == 1 else f"{first.id} first: {words}"
