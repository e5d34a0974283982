"""Which tickets Triage lists: those of a view, with the archive on demand, and those that a search finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypedDict

from fleettui.errors import Refused
from fleettui.workspace.tickets.queue import LISTED, MANY
from screens.widgets.row import Aside, Row
from screens.widgets.sections import heading_row

if TYPE_CHECKING:
    from fleettui.domain.tickets.entry import QueueEntry
    from fleettui.domain.tickets.model import Ticket
    from fleettui.domain.views import View
    from fleettui.workspace.tickets.queue import PastQueue
    from fleettui.workspace.tickets.queue import QueueListing as Listed
    from fleettui.workspace.workspace import Workspace
    from screens.shell.viewing import BoardViews


class Scope(TypedDict):
    """What of all tickets is listed."""

    archived: bool
    past: PastQueue | None
    waits_for_archive: bool
    most_archived: int


ALL = "all"
"""The key of the view that has every open ticket of a customer."""
DEPARTMENT_VIEW = "department"
"""That of the view that has what other teams and partners ask (SUP-20)."""


class QueueListing:
    """Knows the view, the archive and the last search; makes the rows of the list."""

    def __init__(self, workspace: Workspace, views: BoardViews) -> None:
        self._workspace, self._views = workspace, views
        self.with_archive = False
        self.is_reading_archive = False
        """In the writing thread."""
        self.problems: tuple[str, ...] = ()
        """What could not be understood of the last search."""
        self._lacking: set[str] = set()
        """The searches, or the empty one of the list, for which nobody has read the archive yet."""
        self.note = self._note_of_all = ""
        """What is to be said of a list that does not have all of the archive."""
        self.past: PastQueue | None = None
        """The queue as it stood at a moment, while that is what is listed."""
        self._entries: dict[str, QueueEntry] = {}
        self._rows: dict[str, Row] = {}
        """Without cells: a row gets them when it is first seen."""

    @property
    def view_key(self) -> str:
        return self._views.key

    @property
    def view(self) -> View:
        return self._views.current

    def rows(self) -> Sequence[Row]:
        try:
            entries = self._queue()
        except Refused:
            self._views.key = ALL  # somebody took the view away
            entries = self._queue()
        self._entries = {entry.ticket.id: entry for entry in entries}
        known = self._rows
        self._rows = {id_: known.get(id_) or Row(id_, ()) for id_ in self._entries}
        return list(self._in_order())

    def _in_order(self) -> Iterator[Row]:
        """As the view has them, below the headings of their groups."""
        way = self.view.way
        if not way.order:
            yield from self._rows.values()
            return
        entries = list(self._entries.values())
        if not way.grouped:
            yield from (self._rows[entry.ticket.id] for entry in self._ordered(entries))
            return
        from fleettui.workspace.sorting import Sorting  # seldom needed

        for group in Sorting(self._workspace).groups("triage", way, entries, lambda entry: entry):
            yield heading_row(group.heading)
            yield from (self._rows[entry.ticket.id] for entry in group.rows)

    def search(self, query: str, rows: Sequence[Row]) -> Sequence[Row]:
        """Those of the view that the queue's own search finds."""
        listed = self._workspace.queue.queue(self.view_key, query, **self._scope())
        return self._rows_of(listed, self._ordered(listed.entries))

    def _ordered(self, entries: Sequence[QueueEntry]) -> Sequence[QueueEntry]:
        way = self.view.way
        if not way.order:
            return entries
        from fleettui.workspace.sorting import Sorting  # seldom needed

        return Sorting(self._workspace).ordered("triage", way, entries)

    def _rows_of(self, queue: Listed, entries: Sequence[QueueEntry]) -> Sequence[Row]:
        self._take_notes(queue)
        try:
            return [self._rows[entry.ticket.id] for entry in entries]
        except KeyError:  # a search for resolved ones finds more than the list has
            self._entries |= {entry.ticket.id: entry for entry in entries}
            return [Row(entry.ticket.id, ()) for entry in entries]

    def search_aside(self, query: str) -> Aside | None:
        """The same beside the event loop, where there are many tickets, or the archive is asked for."""
        queue, scope = self._workspace.queue, self._scope()
        scope["waits_for_archive"] = True
        asked = queue.query(self.view_key, query, **scope)
        if len(asked.query.among) < MANY and not asked.query.reads_archive:
            return None

        def run(is_cancelled: Callable[[], bool]) -> Callable[[], Sequence[Row]]:
            entries = asked.query.run(is_cancelled)
            ordered = self._ordered(entries)
            return lambda: self._rows_of(queue.answer(asked, entries), ordered)

        return run

    def has_archived(self, id_: str) -> bool:
        """Whether that ticket is listed once the archive is, which was read for it."""
        scope: Scope = {**self._scope(), "archived": True}
        listed = self._workspace.queue.queue(self.view_key, **scope)
        return not listed.lacks_archive and any(entry.ticket.id == id_ for entry in listed.entries)

    def reading(self) -> Callable[[], None]:
        """Reads the archive for what is listed now."""
        view, searches = self.view_key, sorted(self._lacking | {""})

        def read() -> None:
            for search in searches:
                self._workspace.queue.read_archive(view, search, LISTED)

        return read

    def counting(self) -> Callable[[Callable[[], bool]], Mapping[str, int] | None]:
        """Counts the tickets of each view beside the event loop; those of the past have no counts."""
        return (lambda _: {}) if self.past is not None else self._workspace.queue.counting().run

    def _queue(self) -> Iterable[QueueEntry]:
        queue = self._workspace.queue.queue(self.view_key, **self._scope())
        self._lacking, self._note_of_all = set(), queue.note
        self._take_notes(queue)
        return queue.entries

    def _take_notes(self, queue: Listed) -> None:
        self.problems, self.note = queue.problems, queue.note
        if queue.lacks_archive:
            self._lacking.add(queue.search)
        else:
            self._lacking.discard(queue.search)

    @property
    def lacks_archive(self) -> bool:
        """What is listed asks for the archive, and nobody has read it for that yet."""
        return bool(self._lacking)

    def end_search(self) -> None:
        """The list stands there without any filter."""
        self.problems, self.note = (), self._note_of_all
        self._lacking &= {""}

    def _scope(self) -> Scope:
        return {
            "archived": self.with_archive,
            "past": self.past,
            "waits_for_archive": False,
            "most_archived": LISTED,
        }

    def entry(self, id_: str | None) -> QueueEntry | None:
        return self._entries.get(id_) if id_ is not None else None

    def ticket(self, id_: str | None) -> Ticket | None:
        """As it is now; as it was listed, if it is archived, its creation was undone, or the past is listed."""
        if id_ is None:
            return None
        entry = self.entry(id_)
        if self.past is not None:
            return entry.body if entry else None
        return self._workspace.tickets.get(id_) or (entry.body if entry else None)
