"""SLA-16: when the team itself wants to have answered; shown beside the promise, never promised. Pure functions."""

from __future__ import annotations

from datetime import datetime

from fleettui.domain.tickets.sla import Calendars, Debt, InternalTarget, Promise, SlaPolicy
from fleettui.errors import WrongUsage


def internal_target(policy: SlaPolicy, calendars: Calendars, key: str, since: datetime) -> Debt:
    """SLA-16: when the team wants to have answered; to be shown beside the promise."""
    for target in policy.internal:
        if target.key == key:
            return Promise(target, calendars.working, calendars.clock).debt_since(since)
    keys = ", ".join(target.key for target in policy.internal)
    raise WrongUsage(f"there is no target {key!r}; known: {keys}", field="internal")


def target_for(policy: SlaPolicy, way: str) -> InternalTarget | None:
    """SLA-16: the team's own target for what came in this way. Where the policy names no ways, its first target."""
    if not any(target.ways for target in policy.internal):
        return policy.internal[0] if policy.internal else None
    return next((target for target in policy.internal if way in target.ways), None)
