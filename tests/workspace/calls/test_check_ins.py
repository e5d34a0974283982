"""CALL-12: a held check-in makes the next one, linked to it, as far ahead as before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fleettui.domain.calls.model import Call
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
START = datetime(2026, 3, 2, 10, 0, tzinfo=LOS_ANGELES).astimezone(UTC)
"""A Monday before summer time, which begins on 8 March."""


class Team:
    def __init__(self, workspace: Workspace) -> None:
        self.home = workspace.home

    def at(self, moment: datetime) -> Workspace:
        return Workspace.open(self.home, clock=frozen_clock(moment), login="kathy")

    def check_in(self, start: datetime = START, kind: str = "check-in") -> Call:
        link = {"join_url": "https://meet.example/acme"}
        return self.at(start - DAY).calls.new(
            "Acme", start, kind=kind, attendees=["dana@acme.example"], fields=link
        )

    def line(self, now: datetime) -> InProcess:
        return InProcess(self.home, now.isoformat())

    def open_calls(self) -> list[Call]:
        return self.at(MONDAY_MORNING).calls.all()


@pytest.fixture
def team(workspace: Workspace) -> Team:
    workspace.customers.add("Acme", tier="Premium")
    workspace.close()
    return Team(workspace)


def test_call_12_a_held_check_in_makes_the_next_one_at_the_same_time_of_day(team: Team) -> None:
    call, line = team.check_in(), team.line(START + HOUR)
    line.ok("calls", "joined", call.id)
    done = line.ok("calls", "done", call.id)
    (following,) = team.open_calls()
    assert following.start.astimezone(LOS_ANGELES) == datetime(2026, 3, 9, 10, 0, tzinfo=LOS_ANGELES)
    assert (following.follows, following.kind, following.join_url) == (call.id, "check-in", call.join_url)
    assert [person.email for person in following.attendees] == ["dana@acme.example"]
    assert f"the next check-in is {following.id}, Mon 9 Mar 10:00" in done
    assert line.json("calls", "show", following.id)["follows"] == call.id


def test_call_12_one_undo_separates_them(team: Team) -> None:
    call, line = team.check_in(), team.line(START + HOUR)
    line.ok("calls", "done", call.id)
    line.ok("undo", call.id, "--yes")
    (back,) = team.open_calls()
    assert (back.id, back.ended) == (call.id, "")


def test_call_12_the_next_one_is_as_far_ahead_as_this_one_was(team: Team) -> None:
    call = team.check_in()
    team.line(START + HOUR).ok("calls", "done", call.id, "--next-check-in", "2026-03-16 10:00")
    (second,) = team.open_calls()
    team.line(second.start + HOUR).ok("calls", "done", second.id)
    (third,) = team.open_calls()
    assert third.start - second.start == second.start.astimezone(LOS_ANGELES).replace(tzinfo=None) - (
        START.astimezone(LOS_ANGELES).replace(tzinfo=None)
    ), "two weeks"


def test_call_12_makes_none_where_none_is_wanted(team: Team) -> None:
    line = team.line(START + HOUR)
    line.ok("calls", "done", team.check_in().id, "--no-next-check-in")
    assert team.open_calls() == []
    line.ok("calls", "done", team.check_in(kind="customer").id)
    assert team.open_calls() == [], "only check-ins recur"
    planned = team.check_in(START + 3 * DAY)
    line.ok("calls", "done", team.check_in().id)
    assert [call.id for call in team.open_calls()] == [planned.id], "one is planned already"


def test_call_12_makes_none_for_a_missed_one_nor_for_who_is_not_to_be_contacted(team: Team) -> None:
    call, line = team.check_in(), team.line(START + HOUR)
    line.ok("calls", "missed", call.id)
    line.ok("calls", "done", call.id)
    assert team.open_calls() == []
    line.ok("customers", "edit", "Acme", "lead_status=closed do not contact")
    line.ok("calls", "done", team.check_in().id)
    assert team.open_calls() == []


def test_call_12_one_that_is_recorded_late_makes_no_call_in_the_past(team: Team) -> None:
    call = team.check_in()
    team.line(START + 20 * DAY).ok("calls", "done", call.id)
    (following,) = team.open_calls()
    assert following.start.astimezone(LOS_ANGELES) == datetime(2026, 3, 23, 10, 0, tzinfo=LOS_ANGELES)


def test_call_12_a_call_that_is_ended_by_one_key_makes_the_next_check_in(team: Team) -> None:
    call = team.check_in()
    team.at(START + 2 * HOUR).calls.held(call.id)
    assert [following.follows for following in team.open_calls()] == [call.id]
