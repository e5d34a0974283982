"""Everything in a workspace that can be gone to by its name: tickets, customers, people, calls, rituals, runs, views; and what
somebody chose of it lately."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar
from urllib.parse import quote, unquote

from fleettui.domain.calls.model import Call
from fleettui.domain.customers.model import Customer
from fleettui.domain.playbooks.runs import PlaybookRun
from fleettui.domain.rituals.model import Ritual
from fleettui.domain.team.people import Person
from fleettui.domain.tickets.ids import ticket_id
from fleettui.domain.tickets.model import TicketRow
from fleettui.domain.views import LISTS, View
from fleettui.text.ranking import Thing, prepared
from fleettui.workspace.damaged import Sieve
from fleettui.workspace.workspace import Workspace

D = TypeVar("D", TicketRow, Customer, Person, Call, Ritual, PlaybookRun)

TICKET, CUSTOMER, PERSON, CALL = "ticket", "customer", "person", "call"
RITUAL, PLAYBOOK, VIEW = "ritual", "playbook", "view"
WEIGHTS = {CUSTOMER: 40, PERSON: 40, VIEW: 30, TICKET: 30, CALL: 20, RITUAL: 20, PLAYBOOK: 20}
FINISHED = -25
"""What is done is looked for less often."""


def key_of(kind: str, id_: str) -> str:
    """What names a thing among all kinds: one word."""
    return f"{kind}:{quote(id_, safe='')}"


def parts_of(key: str) -> tuple[str, str]:
    """The kind, and the id."""
    kind, _, id_ = key.partition(":")
    return kind, unquote(id_)


class Things:
    """For one session. Slow for a large workspace: an app asks beside its event loop."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._chosen = workspace.services.chosen
        self._known: dict[str, tuple[list[Any], list[Thing]]] = {}
        self._all: list[Thing] = []

    def all(self) -> list[Thing]:
        """What is not archived, the most urgent tickets first. The same list object while nothing has changed."""
        workspace = self._workspace
        parts = [
            self._of(TICKET, [entry.ticket for entry in workspace.queue.by_urgency()], self._ticket),
            self._of(CUSTOMER, workspace.customers.all(), _customer),
            self._of(PERSON, workspace.people.all(), _person),
            self._of(CALL, workspace.calls.all(), _call),
            self._of(RITUAL, workspace.rituals.all(), _ritual),
            self._of(PLAYBOOK, workspace.playbooks.all(), self._run),
            self._views(workspace.views.all()),
        ]
        if any(is_new for is_new, _ in parts):
            self._all = [row for _, rows in parts for row in rows]
        return self._all

    def _of(self, kind: str, documents: list[D], make: Callable[[D], Thing]) -> tuple[bool, list[Thing]]:
        """Whether they are others than before, and the things."""
        known = self._known.get(kind)
        if known is not None and known[0] == documents:
            return False, known[1]
        made = list(Sieve().each(documents, lambda document: [make(document)]))
        self._known[kind] = documents, made
        return True, made

    def _views(self, views: list[View]) -> tuple[bool, list[Thing]]:
        known = self._known.get(VIEW)
        if known is not None and known[0] == views:
            return False, known[1]
        made = [
            prepared(key_of(VIEW, view.id), _names_of_view(view), _others_of_view(view), WEIGHTS[VIEW])
            for view in views
        ]
        self._known[VIEW] = views, made
        return True, made

    def ticket_typed(self, typed: str) -> str:
        """The id of the ticket that was typed and nothing else, also of an archived one; empty where there is none."""
        id_ = ticket_id(typed)
        return id_ if id_ and self._workspace.tickets.get(id_) is not None else ""

    # What was chosen

    def used(self) -> dict[str, float]:
        """How much each was chosen lately, by its key."""
        self._chosen.follow()
        return self._chosen.used(self._workspace.now())

    def choose(self, key: str) -> None:
        self._chosen.choose(key, self._workspace.now())

    # How each is found

    def _ticket(self, ticket: TicketRow) -> Thing:
        customer = self._workspace.customers.get(ticket.customer_id) if ticket.customer_id else None
        others = f"{customer.shown if customer else ''} {ticket.customer} {ticket.status} ticket"
        weight = WEIGHTS[TICKET] + (FINISHED if ticket.status == "resolved" else 0)
        number = ticket.id.rpartition("-")[2]
        return prepared(
            key_of(TICKET, ticket.id),
            (f"{ticket.id} {ticket.subject}", ticket.subject, number),
            others,
            weight,
        )

    def _run(self, run: PlaybookRun) -> Thing:
        customer = self._workspace.customers.get(run.customer) if run.customer else None
        others = f"{customer.shown if customer else ''} playbook run"
        weight = WEIGHTS[PLAYBOOK] + (0 if run.open else FINISHED)
        return prepared(key_of(PLAYBOOK, run.id), (run.name, run.id), others, weight)


def _customer(customer: Customer) -> Thing:
    others = f"{customer.kind} {customer.tier} {' '.join(_people_at(customer))} customer"
    weight = WEIGHTS[CUSTOMER] + (0 if customer.active else FINISHED)
    return prepared(
        key_of(CUSTOMER, customer.id), (customer.shown, customer.name, customer.id), others, weight
    )


def _people_at(customer: Customer) -> Iterator[str]:
    for contact in customer.contacts:
        yield f"{contact.name} {contact.email}"


def _person(person: Person) -> Thing:
    others = f"{' '.join(person.roles)} {person.group} {person.slack} {person.github} person"
    weight = WEIGHTS[PERSON] + (0 if person.active else FINISHED)
    return prepared(key_of(PERSON, person.login), (person.shown, person.login), others, weight, is_loose=True)


def _call(call: Call) -> Thing:
    others = f"{call.customer} {call.company} {call.kind} call"
    return prepared(key_of(CALL, call.id), (call.title, call.id), others, WEIGHTS[CALL])


def _ritual(ritual: Ritual) -> Thing:
    others = f"{ritual.id} {ritual.key} {ritual.dri} {ritual.purpose} ritual"
    return prepared(
        key_of(RITUAL, ritual.id), (ritual.name, ritual.id), others, WEIGHTS[RITUAL], is_loose=True
    )


def _names_of_view(view: View) -> Iterable[str]:
    return view.name, f"view {view.name}"


def _others_of_view(view: View) -> str:
    return f"view {LISTS[view.screen].name} {view.screen}"
