"""How many tickets each view of the queue lists. Tickets that were counted and have not changed are not looked at again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from typing import TYPE_CHECKING, NamedTuple

from fleettui.domain.searching import language
from fleettui.domain.searching.language import Search
from fleettui.domain.searching.pieces import pieces
from fleettui.domain.tickets import search as ticket_search
from fleettui.workspace.tickets.searching import asked_for

if TYPE_CHECKING:
    from fleettui.domain.tickets.entry import QueueEntry
    from fleettui.domain.tickets.search import TicketContext
    from fleettui.domain.views import View
    from fleettui.workspace.tickets.searching import TicketSearch


class Counted(NamedTuple):
    """As of one minute, for the same views and the same marks of what was read."""

    state: object
    entries: Mapping[str, QueueEntry]
    listed: Mapping[str, Set[str]]
    """By the key of each view, the ids of what it lists."""

    def counts(self) -> dict[str, int]:
        return {key: len(ids) for key, ids in self.listed.items()}


class Counting:
    """What is to be counted, taken on the event loop; `run` may be called beside it."""

    def __init__(
        self,
        search: TicketSearch,
        context: TicketContext,
        views: Sequence[View],
        among: Sequence[QueueEntry],
        state: object,
        before: Counted | None,
        keep: Callable[[Counted], object],
    ) -> None:
        """`before`: what was counted last. `keep` is given the new counts."""
        self._searches = {view.key: search.parse(view.search) for view in views}
        self._context, self._among, self._state, self._keep = context, among, state, keep
        self._before = before if before is not None and before.state == state else None

    def run(self, rests: Callable[[], bool] = lambda: True) -> dict[str, int] | None:
        """None as soon as `rests` says that nobody waits any more."""
        entries = {entry.ticket.id: entry for entry in self._among}
        known = self._before.entries if self._before is not None else {}
        fresh = [entry for id_, entry in entries.items() if known.get(id_) is not entry]
        gone = (known.keys() - entries.keys()) | {entry.ticket.id for entry in fresh}
        listed = {
            key: set(self._before.listed[key]) - gone if self._before is not None else set()
            for key in self._searches
        }
        for piece in pieces(fresh, lambda: not rests()):
            for key, search in self._searches.items():
                listed[key].update(self._matching(search, piece))
        if not rests():
            return None
        counted = Counted(self._state, entries, listed)
        self._keep(counted)
        return counted.counts()

    def _matching(self, search: Search, piece: Sequence[QueueEntry]) -> list[str]:
        among = asked_for(search, piece, resolved=search.asks_for(("resolved", "merged")))
        matching = language.find(ticket_search.LANGUAGE, search, among, self._context)
        return [entry.ticket.id for entry in matching]
