"""The queue: open tickets in the order of urgency, views, counts, unread marks. Nothing here changes a ticket."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from fleettui.domain.saved_view import TRIAGE
from fleettui.domain.tickets import debt as ticket_debt
from fleettui.domain.tickets import model as tickets
from fleettui.domain.tickets.debt import DebtPolicy
from fleettui.domain.tickets.entry import QueueEntry
from fleettui.domain.tickets.model import Listed, Ticket, TicketRow
from fleettui.domain.tickets.row import says_in
from fleettui.domain.tickets.sla import Debt
from fleettui.errors import WrongUsage
from fleettui.workspace.collections import TICKETS
from fleettui.workspace.damaged import MakesNoSense
from fleettui.workspace.session import Session
from fleettui.workspace.tickets.order import QueueOrder, ReadAhead
from fleettui.workspace.tickets.queue_row import QueueRow

if TYPE_CHECKING:
    from fleettui.domain.searching.language import Search
    from fleettui.domain.tickets.duplicates import Duplicates
    from fleettui.domain.tickets.search import TicketContext
    from fleettui.domain.tickets.suggestion import Suggestion
    from fleettui.domain.views import View
    from fleettui.store.beside_documents import ReadMarks, Visitor
    from fleettui.time.business import Hours
    from fleettui.workspace.tickets.archive import ArchiveLook, TicketArchive
    from fleettui.workspace.tickets.counting import Counted, Counting
    from fleettui.workspace.tickets.searching import AskedQueue, LastQuery, TicketSearch
    from fleettui.workspace.views import Views


MANY = 1000
"""With so many tickets a search is made beside the event loop."""
LISTED = 2000
"""So many archived tickets a screen lists."""


class QueueListing(msgspec.Struct, frozen=True):
    """`entries` are in the order of urgency; `problems` are the parts of the search that were not understood.
    `lacks_archive`: it was asked for, and was not read for that yet. `note` says that these are not all, and what to do."""

    view: View
    search: str
    entries: Sequence[QueueEntry]
    problems: tuple[str, ...]
    lacks_archive: bool = False
    note: str = ""


class PastQueue(msgspec.Struct, frozen=True):
    """The tickets as they stood at a moment; reading them costs, so a screen keeps it."""

    at: datetime
    entries: list[QueueEntry]


class Queue:
    """What a person sees of the queue."""

    def __init__(
        self,
        session: Session,
        views: Callable[[], Views],
        read: ReadMarks,
        others: Callable[[], Iterable[Visitor]],
    ) -> None:
        """`others`: who else is at work; `next` skips the tickets that they have open."""
        self._views = views
        self._session, self._store = session, session.store
        self._read, self._others = read, others
        self._order = QueueOrder(session)
        self._asked: LastQuery | None = None
        self._circles: tuple[list[TicketRow], dict[str, str]] | None = None
        self._counted: Counted | None = None

    @cached_property
    def search(self) -> TicketSearch:
        """Its words, and what they find."""
        from fleettui.workspace.tickets.searching import TicketSearch  # late: a start searches nothing

        return TicketSearch(self._session, self.is_unread)

    @cached_property
    def archive(self) -> TicketArchive:
        """What was asked for of it."""
        from fleettui.workspace.tickets.archive import TicketArchive  # late: a start lists what is open

        return TicketArchive(self._store, self._order)

    # -- the list

    def queue(
        self,
        view: str = "all",
        search: str = "",
        *,
        archived: bool = False,
        as_of: datetime | None = None,
        past: PastQueue | None = None,
        waits_for_archive: bool = True,
        most_archived: int | None = None,
    ) -> QueueListing:
        """Matching open tickets, what is due first on top, what owes nothing last. A search for resolved tickets finds them;
        `archived` or `in:archive` adds the archive, or the newest `most_archived` tickets of it; `as_of` shows the queue as it
        was at that moment, `past` does when it is read already. Where nobody `waits_for_archive` it is left out until
        `read_archive` was called for the same."""
        asked = self.query(
            view,
            search,
            archived=archived,
            as_of=as_of,
            past=past,
            waits_for_archive=waits_for_archive,
            most_archived=most_archived,
        )
        return self.answer(asked, asked.query.run())

    def query(
        self,
        view: str = "all",
        search: str = "",
        *,
        archived: bool = False,
        as_of: datetime | None = None,
        past: PastQueue | None = None,
        waits_for_archive: bool = True,
        most_archived: int | None = None,
    ) -> AskedQueue:
        """As `queue`, up to what takes time where there are many tickets: running the query."""
        from fleettui.domain.searching.language import narrows
        from fleettui.workspace.tickets.searching import AskedQueue, TicketQuery

        chosen = self._views().named(TRIAGE, view)
        wanted = self.search.parse(f"{chosen.search} {search}")
        if as_of is not None:
            past = self.past(as_of)
        self._read.follow()
        here = self.search.context(past.at if past else None)
        wants_archive = archived or "archive" in wanted.scopes
        among = past.entries if past else self._order.unarchived()
        look = self._archive_look(wanted, here, most_archived) if wants_archive and past is None else None
        lacks_archive = bool(look and not (waits_for_archive or look.is_known))
        with_resolved = wants_archive or wanted.asks_for(("resolved", "merged"))
        last = self._asked
        is_narrowed = bool(
            last
            and last.about(chosen, among, here.now, with_resolved=with_resolved)
            and narrows(last.search, wanted)
        )
        query = TicketQuery(
            self.search,
            wanted,
            last.entries if last and is_narrowed else among,
            here,
            is_narrowed=is_narrowed,
            with_resolved=with_resolved,
            archive=None if lacks_archive else look,
        )
        return AskedQueue(chosen, search, query, among, here.now, lacks_archive)

    def _archive_look(self, wanted: Search, here: TicketContext, most: int | None) -> ArchiveLook:
        from fleettui.workspace.tickets.archive import ArchiveLook

        return ArchiveLook(self.archive, self._order, self.archive.question(wanted, here, most), here)

    def answer(self, asked: AskedQueue, entries: Sequence[QueueEntry]) -> QueueListing:
        """With what the query found; kept for the next letter."""
        from fleettui.workspace.tickets.searching import LastQuery

        query, wanted = asked.query, asked.query.wanted
        self._asked = LastQuery(
            asked.now, asked.view, wanted, asked.among, query.found_here, query.with_resolved
        )
        return QueueListing(
            asked.view, asked.search, entries, wanted.problems, asked.lacks_archive, query.note
        )

    def past(self, at: datetime) -> PastQueue:
        """Slow for a long history: an app calls it beside its event loop."""
        return PastQueue(at, self._order.as_of(at))

    def read_ahead(self, entries: Sequence[QueueEntry]) -> ReadAhead:
        """To be called with each of them before its ticket is read."""
        return ReadAhead(self._store, entries)

    def read_archive(self, view: str = "all", search: str = "", most: int | None = None) -> None:
        """Slow for a large archive: an app calls it beside its event loop, before it lists that with archived tickets."""
        self.query(view, search, archived=True, most_archived=most).query.run()

    def have_at_hand(self, id_: str) -> None:
        """Have that ticket listed with the archive, where it is resolved or archived: an app calls it beside its event loop,
        before it shows the ticket."""
        listed = (entry.ticket for entry in self._order.unarchived() if entry.ticket.status != "resolved")
        if any(ticket.id == id_ for ticket in listed):
            return
        ticket = self._store.get(TICKETS, id_)
        if ticket is not None:
            self.archive.want(ticket)
            self.read_archive("department" if ticket.is_for_department else "all", most=LISTED)

    def prepare_search(self, *, archived: bool = False) -> None:
        """Makes searches of many tickets quick, which takes time: an app calls it beside its event loop."""
        entries = self._order.unarchived()
        if len(entries) >= MANY:
            self.search.texts.take_in(entries)
        if archived:
            self._store.prepare_select(TICKETS)

    def forget_archive(self) -> None:
        self.archive.forget()

    def circles(self) -> dict[str, str]:
        """What is wrong with each ticket that is merged into itself, over others, by its id. Found anew when a ticket changes."""
        current = self._store.rows(TICKETS)
        if self._circles is None or self._circles[0] != current:
            merged = [ticket for ticket in current if ticket.merged_into]
            self._circles = current, _circles_among(merged) if merged else {}
        return self._circles[1]

    def refuse_circle(self, ticket: Listed) -> None:
        """A row of a list cannot say where such a ticket goes on."""
        if ticket.merged_into and ticket.id in self.circles():
            raise MakesNoSense(self.circles()[ticket.id])

    def open(self, *, department: bool = False) -> list[QueueEntry]:
        """What is neither resolved nor archived, of customers or else of the department (SUP-20), without any search."""
        return [
            entry
            for entry in self._order.unarchived()
            if entry.ticket.is_for_department is department and entry.ticket.status != "resolved"
        ]

    def by_urgency(self) -> Sequence[QueueEntry]:
        """All that is not archived: the nearest due time first, then what has none."""
        return self._order.unarchived()

    def row(self, entry: QueueEntry, now: datetime | None = None) -> QueueRow:
        """The columns of a ticket. Costs something, so a list makes only the rows that are on the screen."""
        ticket, now = entry.ticket, now or self._session.now()
        text = ticket_debt.debt_text(ticket, entry.owed, self.debt_policy, now, self._session.policy.zone)
        return QueueRow(
            id=ticket.id,
            revision=ticket.rev,
            state=text.state,
            glyph=text.glyph,
            left=text.left,
            words=text.words,
            priority=ticket.priority_shown,
            triaged=not ticket.untriaged,
            tier=ticket.tier,
            customer=entry.shown,
            subject=ticket.subject,
            assignee=ticket.assignee,
            level=ticket.level,
            status=tickets.status_at(ticket, now),
            labels=ticket.labels,
            unread=self.is_unread(ticket),
            incident=ticket.id if ticket.incident else ticket.incident_of,
            due=entry.due,
            still_owed=ticket_debt.still_owed(ticket, entry.owed, now),
        )

    def state(self, entry: QueueEntry, now: datetime) -> ticket_debt.State:
        """How the ticket stands at that moment."""
        return ticket_debt.state_of(entry.ticket, entry.owed, self.debt_policy, now)

    def of(self, ticket: Ticket) -> QueueEntry:
        """The queue's entry of a ticket."""
        return self._order.of(ticket)

    def next(self, skip: Collection[str] = ()) -> QueueEntry | None:
        """The most urgent ticket that needs something and that nobody else has open."""
        taken = {visitor.looking_at for visitor in self._others()} | set(skip)
        now = self._session.now()
        for entry in self._order.unarchived():
            if entry.ticket.is_for_department:
                continue
            wants = entry.owed is not None or tickets.status_at(entry.ticket, now) == "open"
            if wants and entry.ticket.id not in taken:
                return entry
        return None

    def untriaged(self) -> list[TicketRow]:
        """SUP-19: customers' open tickets whose priority nobody has chosen. Cheap: the header of every screen counts
        them."""
        return [
            ticket
            for ticket in self._store.rows(TICKETS)
            if ticket.untriaged and ticket.status != "resolved" and not ticket.is_for_department
        ]

    def suggestion(self, ticket: Ticket) -> Suggestion | None:
        """SUP-19: the priority that its words and its tier suggest; for a ticket that nobody has triaged."""
        from fleettui.domain.tickets.suggestion import suggestion_for

        handbook = self._session.policy.handbook
        return suggestion_for(ticket, handbook.triage, [row.key for row in handbook.sla.priorities])

    def duplicates(self, ticket: Ticket) -> Duplicates:
        """SUP-19: open tickets that may be about the same. For the ticket that somebody looks at, not for a list."""
        from fleettui.domain.tickets.duplicates import candidates, duplicates_of

        policy = self._session.policy.handbook.triage.similar
        ids = [row.id for row in candidates(ticket, self._store.rows(TICKETS), policy)]
        return duplicates_of(ticket, self._store.bodies(TICKETS, ids).values(), policy)

    def counts(self) -> dict[str, int]:
        """The number of tickets in each view, by its key."""
        return self.counting().run() or {}

    def counting(self) -> Counting:
        """The same, to be run beside the event loop; only what has changed since the last time is looked at."""
        from fleettui.workspace.tickets.counting import Counting

        self._read.follow()
        among, here, views = self._order.unarchived(), self.search.context(), self._views().of(TRIAGE)
        policy = self._session.policy.handbook
        state = (_minute(here.now), self._read.version, tuple(views), id(policy), tuple(here.logins.items()))
        return Counting(self.search, here, views, among, state, self._counted, self._keep_counted)

    def _keep_counted(self, counted: Counted) -> None:
        self._counted = counted

    # -- what is owed

    @property
    def debt_policy(self) -> DebtPolicy:
        """What debts are computed with: the promises, calendars and labels."""
        return self._order.debt_policy

    def debt(self, ticket: Ticket) -> Debt | None:
        """What is owed, with its due time and the trace of how it came about."""
        return self.of(ticket).owed

    def what_if(self, ticket: Ticket, *, tier: str = "", priority: str = "") -> Debt | None:
        """SLA-15: the debt as it would be under another tier or priority."""
        return ticket_debt.debt_of(ticket, self.debt_policy, tier=tier, priority=priority)

    def ways(self, ticket: Ticket) -> list[str]:
        """SLA-11: by which channels the customer may ask at this priority; none where the policy knows no such tier."""
        from fleettui.domain.tickets import sla

        try:
            ways = sla.ways_in(self.debt_policy.policy, ticket.tier, ticket.priority)
        except WrongUsage:
            return []
        return [self._session.policy.handbook.channels.emergency.named(way) for way in ways]

    def hours(self, ticket: Ticket) -> Hours | None:
        """SLA-17: the opening hours by which the promise is counted, where they are not the team's."""
        from fleettui.domain.tickets import sla

        policy = self.debt_policy.policy
        place = sla.own_hours(policy, ticket.tier, (ticket.customer_id, ticket.customer))
        return None if place is None else policy.hours[place]

    def debt_text(
        self, ticket: Ticket, owed: Debt | None, now: datetime | None = None
    ) -> ticket_debt.DebtText:
        """The state of a debt, its time left and its words."""
        return ticket_debt.debt_text(
            ticket, owed, self.debt_policy, now or self._session.now(), self._session.policy.zone
        )

    # -- unread

    def look(self, ticket: Ticket) -> None:
        """Mark it as read up to its current revision."""
        self._read.look(ticket.id, ticket.rev)

    def is_unread(self, ticket: Listed) -> bool:
        """Somebody else wrote since I last looked."""
        seen, me = self._read.rev(ticket.id), self._session.login
        if ticket.rev <= seen:
            return False
        return any(by != me and rev > seen for by, rev in says_in(ticket))


def _minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)


def _circles_among(merged: Iterable[Listed]) -> dict[str, str]:
    from fleettui.workspace.senseless import merged_in_a_circle

    return {ticket.id: ticket.why for ticket in merged_in_a_circle(merged)}
