"""Rows in the order that a view asks for: by what the documents of each list can be ordered, and the headings of their groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from fleettui.documents import number_in
from fleettui.domain.tickets import sla
from fleettui.domain.views import Way, order_of
from fleettui.time import wording
from fleettui.time.zones import day_of

if TYPE_CHECKING:
    from fleettui.domain.agenda import Item
    from fleettui.domain.calls.model import Call
    from fleettui.domain.customers.model import Customer
    from fleettui.domain.playbooks.runs import PlaybookRun
    from fleettui.domain.rituals.model import Ritual
    from fleettui.domain.team.people import Person
    from fleettui.domain.tickets.entry import QueueEntry
    from fleettui.workspace.rituals.board import BoardRow
    from fleettui.workspace.workspace import Workspace

R = TypeVar("R")

NOTHING = ("", None)
"""What has no value in a field comes last, whichever way it is ordered."""
NO_VALUE = "without"


class By(NamedTuple):
    """A field that rows can be ordered by."""

    key: Callable[[Any], Any]
    words: Callable[[Any], str]
    """The heading of those that have the same."""


class Group(NamedTuple):
    heading: str
    rows: list[Any]


class Sorting:
    """Of one workspace, as of now."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._handbook, self._zone = workspace.handbook, workspace.zone

    def ordered(
        self, screen: str, way: Way, rows: Iterable[R], of: Callable[[R], Any] | None = None
    ) -> list[R]:
        """`of` gives the document of a row, where rows are something else. As they are, where the view asks for no order."""
        field, down = order_of(screen, way.order)
        if not field:
            return list(rows)
        key = self._fields[screen][field].key
        pairs = [(key(of(row) if of else row), row) for row in rows]
        known = [pair for pair in pairs if pair[0] not in NOTHING]
        known.sort(key=itemgetter(0), reverse=down)
        return [row for _, row in (*known, *(pair for pair in pairs if pair[0] in NOTHING))]

    def groups(self, screen: str, way: Way, rows: Iterable[R], of: Callable[[R], Any]) -> list[Group]:
        """The ordered rows by what they have in common."""
        field, _ = order_of(screen, way.order)
        words = self._fields[screen][field].words
        ordered = self.ordered(screen, way, rows, of)
        return [
            Group(heading or NO_VALUE, list(below))
            for heading, below in groupby(ordered, lambda row: words(of(row)))
        ]

    @cached_property
    def _fields(self) -> Mapping[str, Mapping[str, By]]:
        return {
            "today": self._items(),
            "rituals": self._rituals(),
            "calls": self._calls(),
            "triage": self._tickets(),
            "playbooks": self._runs(),
            "team": self._people(),
            "customers": self._customers(),
        }

    # -- what they are made of

    def _name(self, login: str) -> str:
        return self._workspace.people.get(login).shown if login else ""

    def _text(self, of: Callable[[Any], str]) -> By:
        """By a text, in any case; those with the same are a group."""
        return By(lambda row: of(row).casefold(), of)

    def _title(self, of: Callable[[Any], str]) -> By:
        """By a text that is another one for each row: groups have the same first letter."""
        return By(lambda row: of(row).casefold(), lambda row: of(row)[:1].upper())

    def _person(self, of: Callable[[Any], str]) -> By:
        return self._text(lambda row: self._name(of(row)))

    def _moment(self, of: Callable[[Any], datetime | None]) -> By:
        """Groups are days."""

        def words(row: Any) -> str:
            at = of(row)
            return wording.day(day_of(at, self._zone), with_year=True) if at else ""

        return By(of, words)

    def _day(self, of: Callable[[Any], date | None]) -> By:
        return By(of, lambda row: wording.day(day, with_year=True) if (day := of(row)) else "")

    def _rank(self, known: Sequence[str], of: Callable[[Any], str]) -> By:
        """In an order that is known."""
        place = {name: number for number, name in enumerate(known)}
        return By(lambda row: place.get(of(row), len(place)), of)

    # -- the fields of each list: those that domain/views.py names

    def _tickets(self) -> Mapping[str, By]:
        policy, queue, now = self._handbook.sla, self._workspace.queue, self._workspace.now()
        priorities = {row.key: number for number, row in enumerate(policy.priorities)}
        tiers = {tier: -number for number, tier in enumerate(sla.tiers(policy))}

        def rank(entry: QueueEntry) -> tuple[int, int]:
            ticket = entry.ticket
            return priorities.get(ticket.priority, len(priorities)), tiers.get(ticket.tier, 1)

        def written(entry: QueueEntry) -> datetime | None:
            return entry.ticket.written_at

        def level(entry: QueueEntry) -> str:
            begins = self._handbook.levels.of(entry.ticket.priority)
            return entry.ticket.level or (begins.key if begins else "")

        return {
            "left": By(lambda entry: entry.place, lambda entry: queue.state(entry, now)),
            "id": By(lambda entry: number_in(entry.ticket.id) or 0, lambda _: "tickets"),
            "class": By(rank, lambda entry: f"{entry.ticket.priority_shown} {entry.ticket.tier}".strip()),
            "customer": self._text(lambda entry: entry.shown),
            "subject": self._title(lambda entry: entry.ticket.subject),
            "assignee": self._person(lambda entry: entry.ticket.assignee),
            "level": self._rank([level.key for level in self._handbook.levels.levels], level),
            "created": self._moment(lambda entry: entry.ticket.opened_at),
            "written": self._moment(written),
        }

    def _items(self) -> Mapping[str, By]:
        def due(item: Item) -> datetime | None:
            return item.due

        return {
            "due": self._moment(due),
            "what": self._title(lambda item: item.title),
            "about": self._text(lambda item: item.about),
            "kind": self._text(lambda item: item.kind),
        }

    def _rituals(self) -> Mapping[str, By]:
        def ritual(row: BoardRow | Ritual) -> Ritual:
            return getattr(row, "ritual", None) or row  # type: ignore[return-value]

        def due(row: BoardRow | Ritual) -> datetime | None:
            demand = getattr(row, "demand", None)
            return demand.due if demand else None

        return {
            "name": self._title(lambda row: ritual(row).name),
            "due": self._moment(due),
            "who": self._person(lambda row: ritual(row).dri),
            "state": self._text(lambda row: getattr(row, "state", "") or "retired"),
        }

    def _calls(self) -> Mapping[str, By]:
        def who(call: Call) -> str:
            return call.customer or call.company

        return {
            "when": self._moment(lambda call: call.start),
            "who": self._text(who),
            "stage": self._text(self._workspace.calls.stage),
            "leader": self._person(lambda call: call.host),
        }

    def _runs(self) -> Mapping[str, By]:
        def customer(run: PlaybookRun) -> str:
            known = self._workspace.customers.get(run.customer) if run.customer else None
            return known.shown if known else ""

        return {
            "name": self._text(lambda run: run.name),
            "about": self._text(customer),
            "created": self._moment(lambda run: run.run.started),
        }

    def _people(self) -> Mapping[str, By]:
        def roles(person: Person) -> str:
            return ", ".join(person.roles)

        return {
            "name": self._title(lambda person: person.shown),
            "roles": self._text(roles),
            "group": self._text(lambda person: person.group),
            "zone": self._text(lambda person: person.zone),
        }

    def _customers(self) -> Mapping[str, By]:
        groups = self._handbook.groups

        def size(customer: Customer) -> str:
            group = groups.of(customer.hosts)
            return group.name if group else ""

        def next_step(customer: Customer) -> date | None:
            steps = (deal.next_step_due for deal in customer.opportunities if deal.state == "open")
            return min((day for day in steps if day), default=None)

        tiers = list(reversed(sla.tiers(self._handbook.sla)))
        return {
            "name": self._title(lambda customer: customer.shown),
            "tier": self._rank(tiers, lambda customer: customer.tier),
            "hosts": By(lambda customer: customer.hosts, size),
            "group": By(lambda customer: customer.hosts, size),
            "touched": self._day(lambda customer: customer.last_contact),
            "due": self._day(next_step),
        }
