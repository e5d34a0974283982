"""Views of the queue: a name for a search. Some everybody has, others the team makes. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from fleettui.documents import Document
from fleettui.errors import Refused
from fleettui.text import cleaning, finding


class SavedView(Document, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Made by the team; the id is its name in small letters."""

    name: str
    search: str


class QueueView(NamedTuple):
    """A view, as menus show it."""

    key: str
    name: str
    search: str
    saved: bool = False
    """By the team, or by whoever sees it."""
    mine: bool = False
    """Nobody else sees it."""


BUILT_IN = (
    QueueView("all", "All open", ""),
    QueueView("mine", "Mine", "assignee:me"),
    QueueView("unassigned", "Unassigned", "assignee:nobody"),
    QueueView("untriaged", "Not triaged", "is:untriaged"),
    QueueView("breaching", "Breaching", "is:breaching"),
    QueueView("waiting", "Waiting", "is:waiting"),
    QueueView("snoozed", "Snoozed", "is:snoozed"),
    QueueView("unread", "Unread", "is:unread"),
    QueueView("resolved", "Resolved", "is:resolved"),
    QueueView("department", "Department", "is:department"),
)


def views(
    tiers: Iterable[str], groups: Iterable[tuple[str, str]], saved: Iterable[SavedView]
) -> list[QueueView]:
    """All there are, in the order of a menu: our own, one for each tier and group, the team's."""
    all_views = [*BUILT_IN, *_derived(tiers, groups)]
    all_views += [
        QueueView(view.id, view.name, view.search, True)
        for view in sorted(saved, key=lambda view: view.name.casefold())
    ]
    return all_views


def _derived(tiers: Iterable[str], groups: Iterable[tuple[str, str]]) -> Iterator[QueueView]:
    for tier in reversed(list(tiers)):
        yield QueueView(tier.casefold(), tier, f"tier:{tier.casefold()}")
    for key, name in groups:
        yield QueueView(key, name, f"group:{key}")


def view_named(known: Iterable[QueueView], typed: str) -> QueueView:
    """By key or name; the beginning of a name is enough where only one fits."""
    views = list(known)
    wanted = cleaning.line(typed, 80) or "all"
    exact = finding.exact(views, wanted, lambda view: (view.key, view.name))
    fitting = exact or finding.beginning(views, wanted, lambda view: (view.name,))
    if len(fitting) == 1 or exact:
        return fitting[0]
    known_keys = ", ".join(view.key for view in views)
    raise Refused(f"there is no view {finding.quoted(typed)}; there are {known_keys}", field="view")


def view_key(name: str) -> str:
    """The key of a view of this name."""
    return "-".join(cleaning.line(name, 60).casefold().split())


def saved_view(name: str, search: str, taken: Iterable[QueueView]) -> SavedView:
    """A view that the team made, checked."""
    shown = cleaning.line(name, 60)
    if not shown:
        raise Refused("a view needs a name", field="name")
    key = view_key(shown)
    if any(key == view.key and not view.saved for view in taken):
        raise Refused(f"{shown} is a view that everybody has; choose another name", field="name")
    return SavedView(id=key, name=shown, search=cleaning.line(search))
