"""Rhythms as people type them: several weekdays, phases and months, and those that nobody means."""

from __future__ import annotations

import json
from datetime import date

import pytest
from msgspec.structs import replace

from fleettui.domain.rituals.model import Ritual
from fleettui.domain.rituals.policy import RitualPolicy
from fleettui.domain.rituals.recurrence import Rhythm
from fleettui.errors import Mistakes, Refused
from fleettui.policy.files import load
from fleettui.workspace.collections import RITUALS
from fleettui.workspace.workspace import Workspace
from tests.support.command_line import InProcess


def days(workspace: Workspace, **fields: str) -> list[str]:
    return [f"{day:%a %-d %b}" for day in workspace.rituals.next_due(None, fields)]


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"weekday": "mon,wed,fri"}, ["Mon 9 Mar", "Wed 11 Mar", "Fri 13 Mar", "Mon 16 Mar", "Wed 18 Mar"]),
        (
            {"weekday": "Tuesday and thursday"},
            ["Tue 10 Mar", "Thu 12 Mar", "Tue 17 Mar", "Thu 19 Mar", "Tue 24 Mar"],
        ),
        (
            {"frequency": "every 2 weeks", "weekday": "mon, thu"},
            ["Mon 9 Mar", "Thu 12 Mar", "Mon 23 Mar", "Thu 26 Mar", "Mon 6 Apr"],
        ),
        (
            {"frequency": "every 3 weeks", "weekday": "tue", "phase": "2"},
            ["Tue 17 Mar", "Tue 7 Apr", "Tue 28 Apr", "Tue 19 May", "Tue 9 Jun"],
        ),
        (
            {"frequency": "monthly", "day": "3", "months": "jan, 7"},
            ["Mon 6 Jul", "Mon 4 Jan", "Tue 6 Jul", "Mon 3 Jan", "Mon 3 Jul"],
        ),
        (
            {"frequency": "weekly", "start": "2026-04-01", "weekday": "wed"},
            ["Wed 1 Apr", "Wed 8 Apr", "Wed 15 Apr", "Wed 22 Apr", "Wed 29 Apr"],
        ),
    ],
)
def test_rit_6_the_next_five_dates_of_a_rhythm(
    workspace: Workspace, fields: dict[str, str], wanted: list[str]
) -> None:
    assert days(workspace, **fields) == wanted


def test_rit_12_a_year_and_a_quarter_begin_in_a_month_of_theirs(workspace: Workspace) -> None:
    assert days(workspace, frequency="yearly", months="nov")[:1] == ["Mon 30 Nov"]
    quarters = days(workspace, frequency="quarterly", months="feb", day="5")
    assert quarters == ["Tue 5 May", "Wed 5 Aug", "Thu 5 Nov", "Fri 5 Feb", "Wed 5 May"]


def test_rit_6_three_weekdays_are_three_days_each_with_its_own_tick(cli: InProcess) -> None:
    added = cli.json("rituals", "add", "Stand-in", "weekday=fri,mon,wed", "dri=kathy")
    assert added["frequency"] == "weekly on Monday, Wednesday and Friday"
    assert added["rhythm"]["weekday"] == "mon,wed,fri"
    rows = {row["id"]: row for row in cli.json("rituals", "list")}
    assert rows[added["id"]]["period"] == ["2026-03-09", "2026-03-10"]
    assert cli.json("rituals", "tick", added["id"])["state"] in ("done", "covered")


def test_the_policy_file_has_several_weekdays_as_a_list_too(workspace: Workspace) -> None:
    path = workspace.home / "handbook" / "rituals.json"
    plan = json.loads(path.read_text())
    for value in (["mon", "wed"], "wed,mon"):
        plan["rituals"][5]["rhythm"] = {"every": "week", "weekday": value, "start": "2026-01-05"}
        path.write_text(json.dumps(plan))
        assert load(path.parent, path.name, RitualPolicy).rituals[5].rhythm.weekdays == ("mon", "wed")


@pytest.mark.parametrize(
    ("fields", "field", "what"),
    [
        (["times=0"], "times", "write it like 3-4, or 2"),
        (["frequency=daily", "times=400"], "times", "400 times in a day are too many"),
        (["frequency=monthly", "day=31", "months=feb"], "day", "February has no day 31"),
        (["start=9999-01-01"], "start", "the year 9999"),
        (["start=2099-01-01"], "start", "too far away"),
        (["frequency=every 0 weeks"], "frequency", "every 0 weeks makes no sense"),
        (["frequency=every 999 years"], "frequency", "too rare"),
        (["weekday=mon,funday"], "weekday", "'fun' is not one of"),
        (["weekday=mon,tue", "times=3"], "times", "each of 2 weekdays is one time"),
        (["frequency=every 2 weeks", "phase=3"], "phase", "write 1 to 2"),
        (["frequency=monthly", "months=13"], "months", "'13' is not one of"),
    ],
)
def test_an_absurd_rhythm_is_refused_with_what_is_wrong(
    cli: InProcess, fields: list[str], field: str, what: str
) -> None:
    error = cli.fails(1, "rituals", "edit", "RIT-5", *fields)
    assert f"{field}: " in error
    assert what in error


def test_all_that_is_wrong_is_said_at_once_each_with_its_field(workspace: Workspace) -> None:
    wrong = {
        "dri": "zorro",
        "weekday": "xyz",
        "at": "25:00",
        "url": "foo",
        "zone": "moon",
        "before": "RIT-99",
    }
    with pytest.raises(Mistakes) as caught:
        workspace.rituals.edit("RIT-5", wrong)
    assert {error.field for error in caught.value.errors} == set(wrong)
    with pytest.raises(Mistakes) as caught:
        workspace.rituals.add("New", **wrong)
    assert {error.field for error in caught.value.errors} == set(wrong)
    with pytest.raises(Refused, match=r"^at: ") as alone:
        workspace.rituals.edit("RIT-5", {"at": "25:00"})
    assert not isinstance(alone.value, Mistakes)


def test_what_is_kept_already_and_makes_no_sense_can_still_be_edited(workspace: Workspace) -> None:
    def strange(ritual: Ritual | None) -> Ritual | None:
        assert ritual is not None
        return replace(ritual, rhythm=Rhythm(every="year", day=31, start=date(2026, 2, 1)))

    workspace.store.change(RITUALS, "RIT-5", strange, workspace.session.stamp("rituals.edit"))
    assert workspace.rituals.edit("RIT-5", {"at": "09:00"}).rhythm.day == 31
