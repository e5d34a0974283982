"""Who plays which role."""

from __future__ import annotations

from datetime import date

import pytest

from fleettui.domain.team import people
from fleettui.domain.team import roles as casting
from fleettui.domain.team.people import Person
from fleettui.domain.team.policy import Roles
from fleettui.domain.team.roles import RoleAssignment
from fleettui.workspace.workspace import Workspace
from tests.support.customers import new_customer

DAY = date(2026, 3, 9)


@pytest.fixture
def roles(workspace: Workspace) -> Roles:
    return workspace.handbook.roles


def somebody(login: str, roles: str, group: str = "") -> Person:
    return people.new_person(login, {"name": login.capitalize(), "roles": roles, "group": group})


ANN, BEN, CAT = (
    somebody("ann", "AE", "Unicorns"),
    somebody("ben", "AE", "Buy online"),
    somebody("cat", "Head of CS"),
)


def test_a_role_is_known_by_its_other_names(roles: Roles) -> None:
    assert "VP of Customer Success" in casting.roles_of(CAT, roles)
    assert "opportunity owner" in casting.roles_of(ANN, roles)
    assert casting.roles_of(somebody("dee", "Piper"), roles) == {"Piper"}


def test_the_customers_owner_comes_before_who_begins_it(roles: Roles) -> None:
    acme = new_customer("K-1", "Acme", {"owners": "AE=ben"})
    assert RoleAssignment(roles, [ANN, BEN], starter=ANN, customer=acme).of(["AE"]) == {"AE": "ben"}
    assert RoleAssignment(roles, [ANN, BEN], starter=ANN).of(["AE"]) == {"AE": "ann"}


def test_of_several_only_the_one_of_the_customers_group_and_else_nobody(
    roles: Roles, workspace: Workspace
) -> None:
    group = workspace.handbook.groups.of(5)
    assert RoleAssignment(roles, [ANN, BEN, CAT], starter=CAT, group=group).of(["AE"]) == {"AE": "ben"}
    assert RoleAssignment(roles, [ANN, BEN, CAT], starter=CAT).of(["AE", "CEO"]) == {}


def test_the_carrier_is_the_dri_or_who_begins_it(roles: Roles) -> None:
    cast = RoleAssignment(roles, [ANN, BEN, CAT], starter=BEN)
    assert [cast.responsible(dri) for dri in ("cat", "VP of Customer Success", "CEO", "")] == [
        "cat",
        "cat",
        "ben",
        "ben",
    ]


def test_whoever_left_plays_nothing(roles: Roles) -> None:
    gone = people.edited(CAT, {"active": "no"})
    assert RoleAssignment(roles, [ANN, gone], starter=ANN).of(["VP of Customer Success"]) == {}


def test_the_work_of_who_is_away_is_the_covers(roles: Roles) -> None:
    away = people.with_time_off(ANN, DAY, DAY, "ben")
    assert casting.covered_logins([away, BEN], "ben", DAY) == {"ann", "ben"}
    assert casting.covered_logins([away, BEN], "ben", date(2026, 3, 10)) == {"ben"}
