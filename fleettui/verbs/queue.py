"""The queue: what is open, what breaches first, how that is said. Reading only; nothing here changes a ticket.

What was reckoned of a ticket is kept until the ticket, its customer or the policy changes, so that a key costs what it shows
and not what there is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from fleettui import tickets, tickets_debt, tickets_search
from fleettui.customers import Customer, group_of
from fleettui.errors import Refused
from fleettui.sla import Promise
from fleettui.store.protocol import NoSuchDocument
from fleettui.store.seen import Seen
from fleettui.tickets import Ticket
from fleettui.tickets_debt import Terms
from fleettui.tickets_search import Found, Search
from fleettui.tickets_views import SavedView, View, saved_view, view_named, views
from fleettui.timeline import moment_of
from fleettui.verbs.collections import CUSTOMERS, PEOPLE, TICKETS, VIEWS

if TYPE_CHECKING:
    from fleettui.workspace import Workspace

_RANKS = {"open": 2, "waiting": 3, "snoozed": 4, "resolved": 5}


class QueueRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a list shows of a ticket. `state` names how urgent it is, `glyph` shows it, `words` tell it."""

    id: str
    revision: int
    state: tickets_debt.State
    glyph: str
    left: str
    words: str
    priority: str
    tier: str
    customer: str
    subject: str
    assignee: str
    level: str
    status: tickets.Status
    labels: tuple[str, ...]
    unread: bool
    due: datetime | None


class Queue(NamedTuple):
    """`found` is in the order of urgency; `problems` says what of the search could not be understood."""

    view: View
    search: str
    found: Sequence[Found]
    problems: tuple[str, ...]


class _Asked(NamedTuple):
    """The last question, to answer the next letter from its answer."""

    now: datetime
    """To the minute: what is due moves on."""
    view: View
    search: Search
    among: Sequence[Found]
    found: Sequence[Found]


class QueueVerbs:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._store = workspace, workspace.store
        self._found: dict[str, Found] = {}
        self._tickets: list[Ticket] = []
        self._customers: dict[str, Customer] = {}
        self._groups: dict[str, str] = {}
        self._terms: Terms | None = None
        self._known_terms: Terms | None = None
        self._order: list[Found] = []
        self._wakes: datetime | None = None
        self._asked: _Asked | None = None
        self._counted: tuple[Sequence[Found], object, dict[str, int]] | None = None
        self._reckoned_by = self._reckon  # one for all: asking for a method makes a new object each time
        self._seen = Seen(workspace.home, workspace.acting.login, workspace.store.modes)

    # -- the list

    def queue(
        self, view: str = "all", search: str = "", *, archived: bool = False, as_of: datetime | None = None
    ) -> Queue:
        """The open work that fits, what breaches first on top, what owes nothing last. A search that asks for resolved
        tickets gets them; `archived` adds everything that ever was, `as_of` shows it as it stood then."""
        chosen = view_named(self.views(), view)
        wanted = tickets_search.parse(f"{chosen.search} {search}")
        if archived or as_of is not None:
            among: Sequence[Found] = self._ordered(
                self._past(archived, as_of), as_of or self._workspace.now()
            )
        else:
            among = self._up_to_date()
        if not archived and not wanted.asks_for(("resolved", "merged")):
            among = _only_open(among)
        here = self._here(as_of)
        asked = self._asked
        if (
            asked
            and asked.view == chosen
            and asked.among is self._order
            and as_of is None
            and not archived
            and asked.now == _minute(here.now)
            and tickets_search.narrows(asked.search, wanted)
        ):
            among = asked.found
        found = tickets_search.find(wanted, among, here)
        self._asked = (
            None if archived or as_of else _Asked(_minute(here.now), chosen, wanted, self._order, found)
        )
        return Queue(chosen, search, found, wanted.problems)

    def row(self, found: Found, now: datetime | None = None) -> QueueRow:
        """Made for the rows that can be seen, and only for those."""
        ticket, now = found.ticket, now or self._workspace.now()
        told = tickets_debt.tell(ticket, found.owed, self.terms, now, self._workspace.zone)
        return QueueRow(
            id=ticket.id,
            revision=ticket.rev,
            state=told.state,
            glyph=told.glyph,
            left=told.left,
            words=told.words,
            priority=ticket.priority,
            tier=ticket.tier,
            customer=found.shown,
            subject=ticket.subject,
            assignee=ticket.assignee,
            level=ticket.level,
            status=tickets.status_at(ticket, now),
            labels=ticket.labels,
            unread=self.is_unread(ticket),
            due=found.due,
        )

    def of(self, ticket: Ticket) -> Found:
        """One ticket as the queue sees it."""
        self._up_to_date()
        known = self._found.get(ticket.id)
        return known if known and known.ticket is ticket else self._make(ticket)

    def next(self, skip: Collection[str] = ()) -> Found | None:
        """The most urgent ticket that nobody else has open, and that wants something."""
        taken = {session.looking_at for session in self._workspace.presence.here()} | set(skip)
        now = self._workspace.now()
        for one in self._up_to_date():
            wants = one.owed is not None or tickets.status_at(one.ticket, now) == "open"
            if wants and one.ticket.id not in taken:
                return one
        return None

    def counts(self) -> dict[str, int]:
        """How many each view lists, by its key."""
        among, here, every = self._up_to_date(), self._here(None), self.views()
        state = (_minute(here.now), self._seen.version, tuple(every))
        if self._counted is not None and self._counted[0] is among and self._counted[1] == state:
            return dict(self._counted[2])
        still_open = _only_open(among)
        counted = {}
        for view in every:
            search = tickets_search.parse(view.search)
            wanted = among if search.asks_for(("resolved", "merged")) else still_open
            counted[view.key] = len(tickets_search.find(search, wanted, here))
        self._counted = (among, state, counted)
        return dict(counted)

    # -- views

    def views(self) -> list[View]:
        handbook = self._workspace.handbook
        from fleettui import sla

        groups = [(group.key, group.name) for group in handbook.groups.groups]
        return views(sla.tiers(handbook.sla), groups, self._store.all(VIEWS))

    def save_view(self, name: str, search: str) -> View:
        """For the whole team; of the same name, the newer one stands."""
        problems = tickets_search.parse(search).problems
        if problems:
            raise Refused(problems[0])
        made = saved_view(name, search, self.views())
        self._store.change(VIEWS, made.id, lambda _: made, self._workspace.acting.stamp("tickets.save_view"))
        return View(made.id, made.name, made.search, True)

    def drop_view(self, name: str) -> None:
        view = view_named(self.views(), name)
        if not view.saved:
            raise Refused(f"{view.name} is a view that everybody has; it stays")

        def gone(there: SavedView | None) -> None:
            if there is None:
                raise NoSuchDocument("views", view.key)

        self._store.change(VIEWS, view.key, gone, self._workspace.acting.stamp("tickets.drop_view"))

    # -- what is owed

    @property
    def terms(self) -> Terms:
        """The same ones for as long as the handbook is the same."""
        handbook, known = self._workspace.handbook, self._terms
        if known is None or known.policy is not handbook.sla or known.calendars is not handbook.calendars:
            known = self._terms = Terms(handbook.sla, handbook.calendars, handbook.labels.waiting_prefix)
        return known

    def debt(self, ticket: Ticket) -> Promise | None:
        """What is owed, with its due time and the trace of how it came about."""
        return self.of(ticket).owed

    def what_if(self, ticket: Ticket, *, tier: str = "", priority: str = "") -> Promise | None:
        """SLA-15: the debt as it would be under another tier or priority."""
        return tickets_debt.debt(ticket, self.terms, tier=tier, priority=priority)

    def told(self, ticket: Ticket, owed: Promise | None, now: datetime | None = None) -> tickets_debt.Told:
        return tickets_debt.tell(ticket, owed, self.terms, now or self._workspace.now(), self._workspace.zone)

    # -- unread

    def look(self, ticket: Ticket) -> None:
        """I have it before me."""
        self._seen.look(ticket.id, ticket.rev)

    def is_unread(self, ticket: Ticket) -> bool:
        """Somebody else wrote since I last looked."""
        seen, me = self._seen.rev(ticket.id), self._workspace.acting.login
        if ticket.rev <= seen:
            return False
        return any(
            message.by != me and max(message.rev, message.edited_rev) > seen
            for message in reversed(ticket.messages)
        )

    # -- inside

    def _here(self, as_of: datetime | None) -> tickets_search.Here:
        workspace = self._workspace
        now = as_of or workspace.now()
        calendar = workspace.calendar
        opening = calendar.next_opening(now)
        closing = calendar.open_until(opening) or now
        self._seen.follow()
        return tickets_search.Here(
            me=workspace.acting.login,
            now=now,
            zone=workspace.zone,
            closing=closing,
            logins={one.name.casefold(): one.login for one in self._store.all(PEOPLE)},
            unread=self.is_unread,
        )

    def _up_to_date(self) -> list[Found]:
        """Everything that is kept hot, in order. Costs a look where nothing has changed."""
        now, current = self._workspace.now(), self._store.all(TICKETS)
        fresh_policy = self._refresh_policy()
        awake = self._wakes is not None and self._wakes <= now
        if not fresh_policy and not awake and current == self._tickets:
            return self._order
        known = {} if fresh_policy or awake else self._found
        self._found = {
            ticket.id: one if (one := known.get(ticket.id)) and one.ticket is ticket else self._make(ticket)
            for ticket in current
        }
        self._tickets = current
        sleeping = [one.snooze_until for one in current if one.status == "snoozed" and one.snooze_until]
        self._wakes = min((until for until in sleeping if until > now), default=None)
        self._order = self._ordered(self._found.values(), now)
        return self._order

    def _refresh_policy(self) -> bool:
        """Whether what debts are reckoned with, or who the customers are, is new."""
        terms, customers = self.terms, self._store.all(CUSTOMERS)
        if terms is self._known_terms and customers == list(self._customers.values()):
            return False
        groups = self._workspace.handbook.groups.groups
        self._known_terms = terms
        self._customers = {one.id: one for one in customers}
        self._groups = {one.id: group.key for one in customers if (group := group_of(one, groups))}
        return True

    def _make(self, ticket: Ticket) -> Found:
        customer = self._customers.get(ticket.customer_id)
        return Found(ticket, customer, self._groups.get(ticket.customer_id, ""), self._reckoned_by)

    def _reckon(self, ticket: Ticket) -> Promise | None:
        return tickets_debt.debt(ticket, self.terms)

    def _past(self, archived: bool, as_of: datetime | None) -> list[Found]:
        self._refresh_policy()
        if as_of is not None:
            return [self._make(one) for one in self._store.as_of(TICKETS, as_of)]
        return [self._make(one) for one in self._store.all(TICKETS, archived=archived)]

    def _ordered(self, found: Iterable[Found], now: datetime) -> list[Found]:
        priorities = [one.key for one in self._workspace.handbook.sla.priorities]
        places = {key: place for place, key in enumerate(priorities)}
        rows = list(found)
        for one in rows:
            if one.place is None:
                one.place = _urgency(one, now, places)
        return sorted(rows, key=_place)


_place = attrgetter("place")


def _urgency(one: Found, now: datetime, places: dict[str, int]) -> int:
    """One number and not four: of ten thousand tickets those would take a megabyte more, and longer to compare."""
    rank, moment = _rank(one, now)
    place = places.get(one.ticket.priority, len(places))
    return (((rank << 58) + moment << 8) + min(place, 255) << 40) + _number(one.ticket.id)


def _rank(one: Found, now: datetime) -> tuple[int, int]:
    """What breaches first comes first; then what is owed without a promise; what owes nothing comes last."""
    ticket, owed = one.ticket, one.owed
    if owed is not None:
        return (0, moment_of(owed.due)) if owed.due else (1, moment_of(owed.since))
    status = tickets.status_at(ticket, now)
    if status == "resolved" and ticket.resolved_at is not None:
        return _RANKS[status], -moment_of(ticket.resolved_at)
    return _RANKS[status], 0


def _minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)


def _number(id_: str) -> int:
    digits = id_.rpartition("-")[2]
    return int(digits) if digits.isdecimal() else 0


def _only_open(found: Sequence[Found]) -> list[Found]:
    return [one for one in found if one.ticket.status != "resolved"]
