"""The list of customers: its rules, and the commands."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from fleettui.domain.customers import model as customers
from fleettui.domain.customers.in_touch import quiet_opportunities
from fleettui.domain.customers.model import Customer
from fleettui.errors import Refused
from fleettui.workspace.workspace import Workspace
from tests.support.command_line import CommandLine
from tests.support.customers import new_customer

TODAY = date(2026, 3, 9)


@pytest.fixture
def acme() -> Customer:
    return new_customer("K-1", "Acme", {"tier": "Ultimate", "hosts": "300", "owners": "AE=jonah,CSM=wen"})


def test_typed_text_becomes_typed_fields(acme: Customer) -> None:
    assert (acme.tier, acme.hosts, acme.owners) == ("Ultimate", 300, {"AE": "jonah", "CSM": "wen"})


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"hosts": "many"}, "hosts: "),
        ({"hosts": "-1"}, "hosts: "),
        ({"zone": "Mars"}, "zone: "),
        ({"last_contact": "yesterday"}, "last_contact: "),
        ({"owners": "jonah"}, "owners: "),
        ({"name": " "}, "name: "),
        ({"id": "K-9"}, "id: there is no such field"),
    ],
)
def test_a_wrong_value_names_its_field(acme: Customer, fields: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused) as refused:
        customers.edited(acme, fields)
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    ("hosts", "group"), [(None, None), (0, "Buy online"), (299, "Buy online"), (300, "Unicorns")]
)
def test_sup_18_the_number_of_hosts_decides_the_group(
    workspace: Workspace, acme: Customer, hosts: int | None, group: str | None
) -> None:
    of_hosts = workspace.handbook.groups.of(customers.edited(acme, {"hosts": hosts}).hosts)
    assert (of_hosts.name if of_hosts else None) == group


def test_rit_11_opportunities_without_contact_for_45_days_or_more(
    workspace: Workspace, acme: Customer
) -> None:
    quiet_days = workspace.handbook.gtm.quiet_days
    assert quiet_days == 45
    for name, days in (("fresh", 44), ("quiet", 45), ("silent", 90)):
        day = TODAY - timedelta(days=days)
        acme = customers.with_opportunity(acme, name, {"last_contact": day.isoformat()})
    acme = customers.with_opportunity(acme, "never", {})
    acme = customers.with_opportunity(acme, "lost", {"state": "lost"})
    quiet = quiet_opportunities([acme], {}, TODAY, quiet_days)
    assert [(opportunity.name, days) for _, opportunity, days in quiet] == [
        ("never", None),
        ("silent", 90),
        ("quiet", 45),
    ]


def test_a_contact_is_found_again_by_address_or_name(acme: Customer) -> None:
    acme = customers.with_contact(acme, "sam@acme.example", {"name": "Sam", "phone_kind": "landline"})
    acme = customers.with_contact(acme, "sam", {"champion": "yes"})
    (sam,) = acme.contacts
    assert (sam.email, sam.phone_kind, sam.champion) == ("sam@acme.example", "landline", True)
    assert customers.without_contact(acme, "SAM@acme.example").contacts == ()
    with pytest.raises(Refused, match="no contact"):
        customers.without_contact(acme, "nobody")


def test_a_number_that_cannot_be_read_is_refused_by_what_it_counts(acme: Customer) -> None:
    with pytest.raises(Refused, match=r"^hosts: expected a number of hosts, like 300$"):
        customers.edited(acme, {"hosts": "many"})
    with pytest.raises(Refused, match=r"^amount: expected a whole amount, like 40000$"):
        customers.with_opportunity(acme, "Renewal", {"amount": "a lot"})


def test_a_contact_needs_a_name_or_an_address_that_can_be_one(acme: Customer) -> None:
    for key, fields, message in (("", {"role": "IT"}, "name: "), ("Sam", {"email": "nowhere"}, "email: ")):
        with pytest.raises(Refused, match=f"^{message}"):
            customers.with_contact(acme, key, fields)


def test_sup_13_an_anonymous_customer_is_shown_by_its_codename(acme: Customer) -> None:
    named = customers.edited(acme, {"codename": "Ceres"})
    assert named.shown == "Acme"
    assert customers.edited(named, {"anonymous": "yes"}).shown == "Ceres"


def test_sup_13_a_codename_is_never_shared(cli: CommandLine) -> None:
    cli.ok("customers", "add", "Acme", "--tier", "Premium", "codename=Ceres")
    cli.ok("customers", "add", "Bolt")
    assert "another customer's" in cli.fails(1, "customers", "edit", "Bolt", "codename=ceres")
    assert "on the list already" in cli.fails(1, "customers", "add", "acme")


def test_customers_are_shown_found_and_changed(cli: CommandLine) -> None:
    added = cli.json(
        "customers", "add", "Acme Robotics", "--tier", "Ultimate", "--hosts", "1200", "zone=Europe/Paris"
    )
    assert (added["id"], added["group"]) == ("K-1", "Unicorns")
    cli.ok("customers", "contact", "acme", "sam@acme.example", "name=Sam", "phone=+33 1")
    cli.ok("customers", "opportunity", "K-1", "Renewal 2027", "amount=40000")
    shown = cli.json("customers", "show", "acme robotics")
    assert (shown["contacts"][0]["name"], shown["opportunities"][0]["amount"], shown["revision"]) == (
        "Sam",
        40000,
        3,
    )
    assert "Acme Robotics" in cli.ok("customers", "list")
    assert "no customer 'Zeta'" in cli.fails(1, "customers", "show", "Zeta")
    cli.ok("undo", "K-1")
    assert cli.json("customers", "show", "K-1")["opportunities"] == []
