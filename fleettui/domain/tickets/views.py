"""The views of the queue that everybody has: our own, and one for each tier and group of customers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fleettui.domain.views import View, everything

BUILT_IN = (
    everything("triage"),
    View("mine", "Mine", "assignee:me"),
    View("unassigned", "Unassigned", "assignee:nobody"),
    View("untriaged", "Not triaged", "is:untriaged"),
    View("breaching", "Breaching", "is:breaching"),
    View("waiting", "Waiting", "is:waiting"),
    View("snoozed", "Snoozed", "is:snoozed"),
    View("unread", "Unread", "is:unread"),
    View("resolved", "Resolved", "is:resolved"),
    View("department", "Department", "is:department"),
)


def derived(tiers: Iterable[str], groups: Iterable[tuple[str, str]]) -> Iterator[View]:
    """One for each tier, the highest first, and for each group."""
    for tier in reversed(list(tiers)):
        yield View(tier.casefold(), tier, f"tier:{tier.casefold()}")
    for key, name in groups:
        yield View(key, name, f"group:{key}")
