"""Held, missed and moved calls in the week's report: on the command line in each format, and on Team."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from fleettui.domain.calls.weekly import counts_in_words
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from tests.support.command_line import InProcess

HOUR = timedelta(hours=1)
DAY = 24 * HOUR


@pytest.fixture
def friday(workspace: Workspace) -> Workspace:
    """The end of a week in which four calls were planned; the workspace stands at its Monday morning."""
    monday = workspace.now()
    northwind = workspace.customers.add("Northwind", codename="Falcon", anonymous=True)
    for number, customer in enumerate((northwind.name, "Acme", "Initech", "Globex")):
        workspace.calls.new(customer, monday + (number + 1) * DAY)

    def after(number: int, hours: float) -> Workspace:
        return Workspace.open(
            workspace.home, clock=frozen_clock(monday + number * DAY + hours * HOUR), login="kathy"
        )

    after(1, 0.1).calls.joined("C-1")
    after(1, 0.6).calls.done("C-1", why="good")
    after(2, 0.1).calls.missed("C-2")
    after(2, 0.2).calls.rebooking.no_show("C-2", monday + 10 * DAY)
    after(3, 2).calls.rebooking.moved("C-3", None)
    return after(4, 5)


def test_held_missed_and_moved_calls_are_counted_in_their_week(friday: Workspace) -> None:
    rows = friday.reports.calls()
    assert [(row.id, row.outcome) for row in rows] == [
        ("C-1", "held"),
        ("C-2", "missed"),
        ("C-3", "moved"),
        ("C-4", "not recorded"),
    ]
    assert rows[0].company == "Falcon", "SUP-13"
    assert rows[1].moved_to
    assert counts_in_words(rows) == "1 held, 1 missed, 1 moved, 1 not recorded"
    assert "calls: 1 held, 1 missed, 1 moved, 1 not recorded" in friday.reports.look_back().facts
    assert friday.reports.calls((friday.now() + 7 * DAY).date()) == [], "the new call is still to come"


def test_a_week_without_calls_says_nothing_of_them(workspace: Workspace) -> None:
    assert not any(fact.startswith("calls") for fact in workspace.reports.look_back().facts)


def test_the_report_of_the_week_has_the_calls_in_each_format(friday: Workspace) -> None:
    cli = InProcess(friday.home, friday.now().isoformat())
    calls = cli.json("report", "week")["calls"]
    assert (calls["held"], calls["missed"], calls["moved"], calls["not_recorded"]) == (1, 1, 1, 1)
    assert calls["list"][0]["id"] == "C-1"
    for how in ("text", "md"):
        printed = cli.ok("report", "week", "--format", how)
        assert "1 held, 1 missed, 1 moved, 1 not recorded" in printed
        assert "C-2" in printed
    rows = list(csv.DictReader(io.StringIO(cli.ok("report", "week", "--format", "csv"))))
    assert [(row["id"], row["reasons"].partition(";")[0]) for row in rows if row["kind"] == "call"] == [
        ("C-1", "held"),
        ("C-2", "missed"),
        ("C-3", "moved"),
        ("C-4", "not recorded"),
    ]
