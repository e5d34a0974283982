"""SUP-13: minor planets for customers who wish to stay anonymous, and the guard over public texts."""

from __future__ import annotations

import threading

import pytest

from fleettui.domain.customers import codenames
from fleettui.domain.customers import model as customers
from fleettui.domain.customers.model import Customer
from fleettui.domain.customers.policy import Codenames
from fleettui.errors import Refused
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.customers import new_customer

POOL = Codenames(meaning="", pool=("Ceres", "Lumen", "Vesta"), rule="SUP-13")


@pytest.fixture
def tidewater() -> Customer:
    customer = new_customer(
        "K-1", "Tidewater Hospitals", {"anonymous": True, "codename": "Ceres", "channel": "C03TIDE"}
    )
    customer = customers.with_contact(
        customer, "omar@tidewater-health.example", {"name": "Omar Haines", "phone": "+1 312 555 0148"}
    )
    return customers.with_contact(customer, "mia@gmail.com", {"name": "Mia"})


def test_sup_13_the_first_free_name_that_does_not_resemble_the_real_one() -> None:
    lumen = new_customer("K-1", "Lumen Bakery Group", {})
    other = new_customer("K-2", "Other", {"codename": "CERES"})
    assert codenames.free_codename(POOL, [lumen], lumen) == "Ceres"
    assert codenames.free_codename(POOL, [lumen, other], lumen) == "Vesta"
    with pytest.raises(Refused, match=r"labels\.json"):
        codenames.free_codename(POOL, [other, new_customer("K-3", "X", {"codename": "Vesta"})], lumen)


@pytest.mark.parametrize(
    "written",
    [
        "Tidewater Hospitals sees an error",
        "TIDEWATER is slow",
        "on host tidewater-hospitals-db-3",
        "TidewaterHospitals",
        "tide\u200bwater",
        "Tídewater",
        "Ｔｉｄｅｗａｔｅｒ",
        "asked by Omar  Haines",
        "see Haines' log",
        "mail omar@tidewater-health.example",
        "resolves db.tidewater-health.example",
        "in C03TIDE",
        "call +1 312 555 0148",
        "from mia@gmail.com",
    ],
)
def test_sup_13_no_form_of_the_name_gets_out(tidewater: Customer, written: str) -> None:
    assert codenames.leaks(written, tidewater)
    with pytest.raises(Refused, match="SUP-13"):
        codenames.refuse_leaks(written, tidewater)


@pytest.mark.parametrize(
    "written",
    [
        "Ceres sees an error on live queries",
        "hospitals use it too",
        "Omar is a name",
        "send it to x@gmail.com",
        "",
        "mia",
    ],
)
def test_sup_13_what_betrays_nobody_may_stay(tidewater: Customer, written: str) -> None:
    assert codenames.leaks(written, tidewater) == []


def test_sup_13_two_sessions_never_give_one_name_twice(workspace: Workspace) -> None:
    ids = [workspace.customers.add(f"Customer {number}").id for number in range(12)]

    def give(part: list[str]) -> None:
        session = Workspace.open(workspace.home, clock=frozen_clock(MONDAY_MORNING), login="zay")
        for id_ in part:
            session.customers.codename(id_)

    threads = [threading.Thread(target=give, args=(ids[place::3],)) for place in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    workspace.refresh()
    given = [customer.codename for customer in workspace.customers.all()]
    assert len(set(given)) == 12 and all(given)
