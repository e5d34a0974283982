"""A series is kept with its rule, and its calls are there when their time comes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from fleettui.domain.calls.model import Call
from fleettui.domain.calls.series import goes_on
from fleettui.time.clock import frozen_clock
from fleettui.workspace.collections import CALLS
from fleettui.workspace.workspace import Workspace
from tests.support.calendars import calendar, event, people
from tests.support.clocks import MONDAY_MORNING

At = Callable[[datetime], Workspace]
WEEK = timedelta(weeks=1)


@pytest.fixture
def at(workspace: Workspace) -> At:
    return lambda when: Workspace.open(workspace.home, clock=frozen_clock(when), login="zay")


def weekly(*lines: str, rule: str = "FREQ=WEEKLY;BYDAY=TH", **fields: str) -> list[str]:
    return event("series@x", f"RRULE:{rule}", *people(), *lines, **fields)


def days(workspace: Workspace, *, past: bool = False) -> list[str]:
    return sorted(f"{call.start:%m-%d}" for call in workspace.calls.all(past=past))


def key(call: Call) -> tuple[str, str]:
    return call.id, call.recurrence


def test_call_12_a_series_is_laid_out_as_time_passes(workspace: Workspace, at: At) -> None:
    workspace.calls.import_file(calendar(weekly()))
    assert days(workspace) == ["03-12", "03-19", "03-26", "04-02", "04-09", "04-16"]
    later = at(MONDAY_MORNING + 2 * WEEK)
    assert later.call_series.lay_out() == 2
    assert days(later)[-2:] == ["04-23", "04-30"]
    new = later.calls.all()[-1]
    assert (new.customer, new.host, new.join_url) == ("Dana Whitlock", "kathy", "https://zoom.us/j/4711")
    assert later.call_series.lay_out() == 0


def test_call_12_it_is_made_once_whoever_looks(workspace: Workspace, at: At) -> None:
    workspace.calls.import_file(calendar(weekly()))
    first, second = at(MONDAY_MORNING + WEEK), at(MONDAY_MORNING + WEEK)
    assert (first.call_series.lay_out(), second.call_series.lay_out()) == (1, 0)
    second.refresh()
    assert {call.rev for call in second.calls.all()} == {1}
    made = second.calls.all()[-1]
    (entry,) = second.store.history(CALLS, made.id)
    assert (entry.verb, entry.session) == ("calls.lay_out", "intake")


def test_call_12_a_file_that_comes_again_later_says_the_same(workspace: Workspace, at: At) -> None:
    workspace.calls.import_file(calendar(weekly()))
    later = at(MONDAY_MORNING + WEEK)
    later.call_series.lay_out()
    before = {key(call) for call in later.calls.all()}
    imported = later.calls.import_file(calendar(weekly()))
    assert {line.result for line in imported.lines} == {"nothing"}
    assert {key(call) for call in later.calls.all()} == before


def test_call_12_a_quarterly_series_that_begins_in_seven_weeks_is_there(workspace: Workspace, at: At) -> None:
    quarterly = weekly(
        rule="FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO", DTSTART="20260504T170000Z", DTEND="20260504T173000Z"
    )
    workspace.calls.import_file(calendar(quarterly))
    assert days(workspace) == ["05-04"]
    (call,) = workspace.calls.all()
    over = at(call.start + timedelta(hours=1))
    over.calls.cancel(call.id, "not this time")
    over.call_series.lay_out()
    assert days(over) == ["08-03"]


def test_call_12_a_series_that_ended_ends(workspace: Workspace, at: At) -> None:
    workspace.calls.import_file(calendar(weekly(rule="FREQ=WEEKLY;COUNT=3")))
    assert days(workspace) == ["03-12", "03-19", "03-26"]
    assert [call.series and goes_on(call.series, call.start) for call in workspace.calls.all()] == [
        True,
        True,
        False,
    ]
    assert at(MONDAY_MORNING + 5 * WEEK).call_series.lay_out() == 0


def test_call_12_changed_and_cancelled_ones_far_ahead_are_remembered(workspace: Workspace, at: At) -> None:
    moved = event(
        "series@x",
        "RECURRENCE-ID:20260507T170000Z",
        *people(),
        DTSTART="20260508T190000Z",
        DTEND="20260508T193000Z",
        SUMMARY="On Friday",
    )
    workspace.calls.import_file(calendar(weekly("EXDATE:20260430T170000Z"), moved))
    off = event("series@x", "RECURRENCE-ID:20260514T170000Z", DTSTART="20260514T170000Z")
    workspace.calls.import_file(calendar(off, method="CANCEL"))
    later = at(MONDAY_MORNING + 6 * WEEK)
    later.call_series.lay_out()
    assert [f"{call.start:%m-%d %H} {call.title}" for call in later.calls.all() if call.start.month == 5] == [
        "05-08 19 On Friday",
        "05-21 17 Review with Northwind",
        "05-28 17 Review with Northwind",
    ]


def test_call_12_a_cancelled_series_stays_away(workspace: Workspace, at: At) -> None:
    workspace.calls.import_file(calendar(weekly()))
    workspace.calls.import_file(calendar(event("series@x", SEQUENCE="1"), method="CANCEL"))
    later = at(MONDAY_MORNING + 3 * WEEK)
    assert (later.call_series.lay_out(), later.calls.all()) == (0, [])


def test_call_12_dates_of_their_own_belong_to_the_series(workspace: Workspace) -> None:
    workspace.calls.import_file(
        calendar(weekly("RDATE:20260314T170000Z,20260315T170000Z", rule="FREQ=WEEKLY;COUNT=1"))
    )
    assert days(workspace) == ["03-12", "03-14", "03-15"]


def test_call_12_the_wall_clock_counts_when_clocks_change(workspace: Workspace, at: At) -> None:
    berlin = ("DTSTART;TZID=Europe/Berlin:20260312T100000", "DTEND;TZID=Europe/Berlin:20260312T103000")
    workspace.calls.import_file(calendar(weekly(*berlin, DTSTART="", DTEND="")))
    later = at(datetime(2026, 10, 1, tzinfo=UTC))
    later.call_series.lay_out()
    assert {f"{call.start:%m %H}" for call in later.calls.all() if call.start.month >= 10} == {
        "10 08",
        "10 09",
        "11 09",
    }


def test_call_12_taking_the_import_back_takes_the_series_back(workspace: Workspace, at: At) -> None:
    workspace.calls.import_file(calendar(weekly()))
    workspace.history.undo(workspace.calls.all()[0].id, sure=True)
    later = at(MONDAY_MORNING + 3 * WEEK)
    assert (later.call_series.lay_out(), later.calls.all()) == (0, [])


def test_call_12_an_older_file_does_not_take_a_series_back(workspace: Workspace, at: At) -> None:
    workspace.calls.import_file(calendar(weekly(SEQUENCE="1")))
    imported = workspace.calls.import_file(
        calendar(weekly(rule="FREQ=WEEKLY;BYDAY=TU", DTSTART="20260310T170000Z", DTEND="20260310T173000Z"))
    )
    assert imported.summary == "nothing taken, 1 left out: 1 an older version of the invite"
    assert days(workspace) == ["03-12", "03-19", "03-26", "04-02", "04-09", "04-16"]
    later = at(MONDAY_MORNING + WEEK)
    later.call_series.lay_out()
    assert days(later)[-1] == "04-23"


def test_call_12_one_changed_call_does_not_make_its_series_older(workspace: Workspace) -> None:
    workspace.calls.import_file(calendar(weekly()))
    moved = event(
        "series@x",
        "RECURRENCE-ID:20260312T170000Z",
        *people(),
        DTSTART="20260312T190000Z",
        DTEND="20260312T193000Z",
        SEQUENCE="3",
    )
    workspace.calls.import_file(calendar(moved))
    workspace.calls.import_file(calendar(weekly(SEQUENCE="1", SUMMARY="Renamed")))
    assert [call.title for call in workspace.calls.all()][1:] == ["Renamed"] * 5


def test_call_12_an_older_cancellation_leaves_the_series(workspace: Workspace, at: At) -> None:
    workspace.calls.import_file(calendar(weekly(SEQUENCE="2")))
    workspace.calls.import_file(calendar(event("series@x", SEQUENCE="1"), method="CANCEL"))
    later = at(MONDAY_MORNING + WEEK)
    assert later.call_series.lay_out() == 1


def test_call_12_a_series_that_is_made_one_event_ends(workspace: Workspace, at: At) -> None:
    workspace.calls.import_file(calendar(weekly()))
    kept = workspace.calls.all()[1]
    single = event("series@x", *people(), DTSTART="20260319T170000Z", DTEND="20260319T180000Z", SEQUENCE="1")
    workspace.calls.import_file(calendar(single))
    assert [(call.id, call.end.hour) for call in workspace.calls.all()] == [(kept.id, 18)]
    assert {line.result for line in workspace.calls.import_file(calendar(single)).lines} == {"nothing"}
    assert at(MONDAY_MORNING + WEEK).call_series.lay_out() == 0


def test_call_12_an_event_that_is_made_a_series_stays_one_call(workspace: Workspace) -> None:
    workspace.calls.import_file(calendar(event("series@x", *people())))
    (call,) = workspace.calls.all()
    for sequence in ("1", "2"):
        workspace.calls.import_file(calendar(weekly(SEQUENCE=sequence)))
        assert days(workspace) == ["03-12", "03-19", "03-26", "04-02", "04-09", "04-16"]
    assert workspace.calls.all()[0].id == call.id
