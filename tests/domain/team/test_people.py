"""The roster's rules."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fleettui.domain.team import people
from fleettui.domain.team.people import Person, TimeOff
from fleettui.errors import Refused

MONDAY, TUESDAY, FRIDAY = date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 13)


@pytest.fixture
def kathy() -> Person:
    return people.new_person(
        "kathy", {"name": "Kathy Satterlee", "roles": "CSE, L2", "zone": "America/Chicago"}
    )


def test_a_person_has_what_was_given(kathy: Person) -> None:
    assert (kathy.login, kathy.shown, kathy.roles) == ("kathy", "Kathy Satterlee", ("CSE", "L2"))


def test_an_unknown_account_is_shown_by_its_login() -> None:
    assert people.stranger("deploy").shown == "deploy"


@pytest.mark.parametrize("login", ["", "a b", "a/b", "x" * 40, "a\x1b[31m", "a:b"])
def test_what_cannot_be_an_account_is_no_login(login: str) -> None:
    with pytest.raises(Refused, match="login"):
        people.new_person(login, {"name": "Somebody"})


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"zone": "Mars/Base"}, "zone: 'Mars/Base' is no time zone"),
        ({"zone": "../../etc/passwd"}, "zone: "),
        ({"email": "not an address"}, "email: "),
        ({"active": "perhaps"}, "active: write yes or no"),
        ({"name": 5}, "name: expected text"),
        ({"shoe": "42"}, "shoe: there is no such field"),
    ],
)
def test_a_wrong_value_names_its_field(kathy: Person, fields: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused) as refused:
        people.edited(kathy, fields)
    assert str(refused.value).startswith(message)


def test_hostile_text_is_cleaned_on_its_way_in(kathy: Person) -> None:
    edited = people.edited(kathy, {"name": "Eve\x1b]0;pwned\x07\u202e[@click=app.quit]x[/]\nsecond"})
    assert edited.name == "Eve[@click=app.quit]x[/] second"


def test_time_off_covers_its_first_and_last_day(kathy: Person) -> None:
    away = people.with_time_off(kathy, MONDAY, TUESDAY, cover="zay")
    assert (
        people.time_off_on(away, MONDAY)
        == people.time_off_on(away, TUESDAY)
        == TimeOff(MONDAY, TUESDAY, "zay")
    )
    assert people.time_off_on(away, FRIDAY) is None


def test_a_newer_plan_replaces_the_one_it_overlaps(kathy: Person) -> None:
    away = people.with_time_off(people.with_time_off(kathy, MONDAY, TUESDAY), TUESDAY, FRIDAY)
    assert away.time_off == (TimeOff(TUESDAY, FRIDAY),)


def test_coming_back_early_keeps_the_days_that_were(kathy: Person) -> None:
    away = people.with_time_off(kathy, MONDAY, FRIDAY)
    assert people.returned(away, TUESDAY).time_off == (TimeOff(MONDAY, MONDAY),)
    assert people.returned(away, MONDAY).time_off == ()


@pytest.mark.parametrize(("first", "last", "cover"), [(FRIDAY, MONDAY, None), (MONDAY, FRIDAY, "kathy")])
def test_time_off_that_makes_no_sense_is_refused(
    kathy: Person, first: date, last: date, cover: str | None
) -> None:
    with pytest.raises(Refused):
        people.with_time_off(kathy, first, last, cover)


def test_a_name_is_enough_when_only_one_person_has_it(kathy: Person) -> None:
    team = [
        kathy,
        people.new_person("kat2", {"name": "Kat Other"}),
        people.new_person("zay", {"name": "Zay Hanlon"}),
    ]
    assert people.matching(team, "zay").login == "zay"
    assert people.matching(team, "Kathy S").login == "kathy"
    with pytest.raises(Refused, match="could be kathy, kat2"):
        people.matching(team, "Kat")
    with pytest.raises(Refused, match="nobody called 'nobody'"):
        people.matching(team, "nobody")
