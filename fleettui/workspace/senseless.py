"""Documents that can be read and make no sense, though a row could be made of each: tickets merged in a circle, for example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fleettui.domain.tickets.model import Listed
from fleettui.workspace.damaged import Damaged, Identified, MakesNoSense, damaged_by, refuse_nonsense


def damaged_in(documents: Iterable[Identified]) -> Iterator[Damaged]:
    for document in documents:
        try:
            refuse_nonsense(document)
        except MakesNoSense as error:
            yield damaged_by(document.id, error)


def merged_in_a_circle(tickets: Iterable[Listed]) -> Iterator[Damaged]:
    """Each ticket of a circle; a merge into one that is gone ends there."""
    into = {ticket.id: ticket.merged_into for ticket in tickets if ticket.merged_into}
    for id_ in into:
        passed, following = [id_], into[id_]
        while following in into and following not in passed:
            passed.append(following)
            following = into[following]
        if following == id_:
            yield Damaged(id_, f"{' and '.join(sorted(passed))} are merged into each other")
