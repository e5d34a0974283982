"""A group of actions without a workspace: what it is given is enough, so a test gives it less."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from fleettui.domain.customers.model import Customer
from fleettui.domain.team.people import Person
from fleettui.domain.tickets.arrivals import Arrival, opened
from fleettui.domain.tickets.model import Ticket
from fleettui.errors import Refused
from fleettui.policy.handbook import Handbook, load, seed_files
from fleettui.time.clock import frozen_clock
from fleettui.workspace.session import Session
from fleettui.workspace.tickets.support import Support
from tests.support.memory_store import MemoryStore

NOW = datetime(2026, 3, 9, 16, tzinfo=UTC)
ACME = Customer(id="K-1", name="Acme", codename="Ceres", anonymous=True)
KATHY = Person(id="kathy", name="Kathy Satterlee")


class FakeTickets:
    """One ticket, and what was done with it."""

    def __init__(self, ticket: Ticket) -> None:
        self.ticket, self.verbs = ticket, list[str]()

    def edit(self, id_: str, edit: Callable[[Ticket], Ticket], verb: str) -> list[Ticket]:
        assert id_ == self.ticket.id
        self.ticket = edit(self.ticket)
        self.verbs.append(verb)
        return [self.ticket]


class FakeCustomers:
    def all(self) -> list[Customer]:
        return [ACME]

    def get(self, id_: str) -> Customer | None:
        return ACME if id_ == ACME.id else None


@pytest.fixture
def handbook(tmp_path: Path) -> Handbook:
    for name, content in seed_files():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return load(tmp_path)


def support(handbook: Handbook, tickets: FakeTickets) -> Support:
    policy: Any = SimpleNamespace(handbook=handbook, zone=handbook.zone, calendar=handbook.calendar)
    neighbours: dict[str, Any] = {
        "tickets": tickets,
        "queue": SimpleNamespace(debt=lambda ticket: None),
        "customers": FakeCustomers(),
        "people": SimpleNamespace(me=KATHY, get=lambda login: KATHY),
        "oncall": SimpleNamespace(person=lambda: "kathy"),
    }
    return Support(Session(MemoryStore(), "kathy", frozen_clock(NOW), policy), **neighbours)


def ticket(customer: str = "Acme", **fields: Any) -> Ticket:
    arrival = Arrival(
        thread="", at=NOW, by="Dana", body="It fails", subject="It fails", customer=customer,
        tier="Premium", priority="P2", **fields,
    )  # fmt: skip
    return opened("T-1", arrival)


def test_searching_for_an_issue_is_kept_on_the_ticket(handbook: Handbook) -> None:
    tickets = FakeTickets(ticket())
    support(handbook, tickets).searched("T-1", "login fails")
    assert (tickets.ticket.issue_searches, tickets.verbs) == (("login fails",), ["tickets.searched"])


def test_an_escalation_is_noted_by_whoever_did_it(handbook: Handbook) -> None:
    tickets = FakeTickets(ticket())
    after, calls = support(handbook, tickets).escalate("T-1")
    note = after.messages[-1]
    assert (note.by, note.direction, note.at, note.automatic) == ("kathy", "note", NOW, True)
    assert note.body.startswith("Escalated to ")
    assert all(call.help.channel in note.body for call in calls)


def test_sup_13_what_names_an_anonymous_customer_is_refused(handbook: Handbook) -> None:
    actions = support(handbook, FakeTickets(ticket(customer_id="K-1")))
    actions.guard("Ceres cannot log in", ticket(customer_id="K-1"))
    with pytest.raises(Refused, match="Acme"):
        actions.guard("Acme cannot log in", ticket(customer_id="K-1"))


def test_a_customer_who_is_not_on_the_list_is_pointed_out(handbook: Handbook) -> None:
    actions = support(handbook, FakeTickets(ticket()))
    assert actions.not_listed_warning(ticket(customer_id="K-1")) == ""
    warning = actions.not_listed_warning(ticket("Acmy"))
    assert warning == "Acmy is not on the customer list: tier Premium. Did you mean Acme?"
