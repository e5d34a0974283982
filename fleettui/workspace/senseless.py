"""What a document says that cannot be, though it can be read: a time zone that nobody knows, tickets merged in a circle.

No action writes such a thing; a script, or somebody with an editor, could.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from fleettui.domain.tickets.model import Ticket
from fleettui.time.zones import zone_or_none
from fleettui.workspace.damaged import Damaged


def nonsense_in(document: Any) -> str:
    """Why a document makes no sense by itself; empty where it does."""
    zone = getattr(document, "zone", "")
    if not isinstance(zone, str) or not zone or zone_or_none(zone):
        return ""
    return f"nobody knows its time zone {zone[:40]!r}"


def damaged_in(documents: Iterable[Any]) -> Iterator[Damaged]:
    for document in documents:
        if why := nonsense_in(document):
            yield Damaged(document.id, why)


def merged_in_a_circle(tickets: Iterable[Ticket]) -> Iterator[Damaged]:
    """Each ticket of a circle; a merge into one that is gone ends there."""
    into = {ticket.id: ticket.merged_into for ticket in tickets if ticket.merged_into}
    for id_ in into:
        passed, following = [id_], into[id_]
        while following in into and following not in passed:
            passed.append(following)
            following = into[following]
        if following == id_:
            yield Damaged(id_, f"{' and '.join(sorted(passed))} are merged into each other")
