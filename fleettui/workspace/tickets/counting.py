"""How many tickets each view of the queue lists. Tickets that were counted and have not changed are not looked at again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
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
    entries: Sequence[QueueEntry]
    listed: Sequence[int]
    """Of each entry the views that list it: a bit for each view."""

    def of_each(self) -> dict[int, int]:
        """By the identity of the entry, which is another one when the ticket has changed."""
        return dict(zip(map(id, self.entries), self.listed, strict=True))


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
        known = self._before.of_each() if self._before is not None else {}
        fresh = [entry for entry in self._among if id(entry) not in known]
        for piece in pieces(fresh, lambda: not rests()):
            known |= dict.fromkeys(map(id, piece), 0)
            for number, search in enumerate(self._searches.values()):
                for entry in self._matching(search, piece):
                    known[id(entry)] |= 1 << number
        if not rests():
            return None
        listed = [known[id(entry)] for entry in self._among]
        self._keep(Counted(self._state, self._among, listed))
        alike = Counter(listed).items()
        return {
            key: sum(count for views, count in alike if views >> number & 1)
            for number, key in enumerate(self._searches)
        }

    def _matching(self, search: Search, piece: Sequence[QueueEntry]) -> Sequence[QueueEntry]:
        among = asked_for(search, piece, resolved=search.asks_for(("resolved", "merged")))
        return language.find(ticket_search.LANGUAGE, search, among, self._context)
