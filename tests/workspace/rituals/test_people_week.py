"""The week of everybody's rituals by days, through the workspace and the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from fleettui.time.clock import frozen_clock
from fleettui.workspace.rituals.people_week import cell
from fleettui.workspace.workspace import Workspace
from tests.support.command_line import InProcess

FRIDAY_EVENING = datetime(2026, 3, 14, 1, 0, tzinfo=UTC)
"""18:00 in Los Angeles on 13 March, after the team has closed."""


@pytest.fixture
def week(workspace: Workspace) -> Workspace:
    """Kathy did RIT-1 on Monday, late on Tuesday; Alex on Wednesday; Thursday's was skipped; from Thursday on it is Brad's."""
    workspace.close()

    def at(when: str, login: str = "kathy") -> Workspace:
        moment = datetime.fromisoformat(f"{when}-07:00").astimezone(UTC)
        return Workspace.open(workspace.home, clock=frozen_clock(moment), login=login)

    at("2026-03-09T09:00").rituals.tick("RIT-1")
    at("2026-03-10T17:00").rituals.tick("RIT-1")
    at("2026-03-11T09:00", "alex").rituals.tick("RIT-1")
    at("2026-03-12T08:00").rituals.edit("RIT-1", {"dri": "brad"})
    at("2026-03-12T09:00").rituals.skip("RIT-1", "quiet")
    return Workspace.open(workspace.home, clock=frozen_clock(FRIDAY_EVENING), login="kathy")


def test_rit_1_each_day_stands_with_who_had_it_then(week: Workspace) -> None:
    people = {person.login: person for person in week.rituals.people_week()}

    def shown(login: str) -> list[str]:
        return [cell([due for due in day if due.ritual.id == "RIT-1"]) for day in people[login].days]

    assert shown("kathy") == ["■1", "▪1", "◆1", "", "", "", ""]
    assert shown("brad") == ["", "", "", "–1", "!1", "", ""]
    assert people["alex"].covered_others == 1
    assert {due.ritual.id for due in people["brad"].open_ends()} == {"RIT-1", "RIT-14"}


def test_rit_17_what_nobody_has_stands_last_under_nobody(week: Workspace) -> None:
    last = week.rituals.people_week()[-1]
    assert last.login == ""
    assert [due.ritual.id for due in last.days[4]] == ["RIT-17"]


def test_the_week_by_people_is_printed_with_words_for_its_signs(week: Workspace) -> None:
    cli = InProcess(week.home, now=FRIDAY_EVENING.isoformat())
    text = cli.ok("rituals", "week")
    lines = text.splitlines()
    assert lines[0].split() == ["PERSON", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN", "COVERED"]
    assert next(line for line in lines if line.startswith("kathy")).split()[:3] == ["kathy", "■1", "□3"]
    assert "■ done  ▪ done late  ◆ done by somebody else  – skipped  □ missed  ! late now  · open" in text
    row = next(row for row in cli.json("rituals", "week", "--of", "2026-03-11") if row["id"] == "RIT-1")
    assert [(day["day"], day["outcome"], day["people"]) for day in row["days"][2:]] == [
        ("2026-03-11", "covered", ["kathy"]),
        ("2026-03-12", "skipped", ["brad"]),
        ("2026-03-13", "overdue", ["brad"]),
    ]
    assert row["outcomes"] == ["kept", "late", "covered", "skipped", "open"]


def test_a_week_in_which_nothing_was_due_has_no_people(week: Workspace) -> None:
    assert week.rituals.people_week(date(2026, 2, 2)) == []
