"""What the organizer sent last is kept beside what people changed here by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fleettui.domain.calls.invites import changed_here
from fleettui.domain.calls.model import Call
from fleettui.time.clock import frozen_clock
from fleettui.workspace.calls.import_result import ImportResult
from fleettui.workspace.collections import CALLS
from fleettui.workspace.workspace import Workspace
from tests.support.calendars import invite, reply

THURSDAY = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DANA = "dana@northwind.example"


@pytest.fixture
def call(workspace: Workspace) -> Call:
    workspace.calls.import_file(invite("ACCEPTED"))
    (call,) = workspace.calls.all()
    return call


def again(workspace: Workspace, **fields: str) -> ImportResult:
    return workspace.calls.import_file(invite(**fields))


def dana(workspace: Workspace, call: Call) -> tuple[str, str]:
    people = workspace.calls.find(call.id).attendees
    person = next(person for person in people if person.email == DANA)
    return person.status, person.answered_before


def test_call_1_the_same_file_changes_nothing_that_was_changed_here(workspace: Workspace, call: Call) -> None:
    workspace.calls.edit(call.id, {"title": "Ours", "join_url": "https://zoom.us/j/1", "place": "Room 5"})
    before = workspace.calls.find(call.id)
    imported = workspace.calls.import_file(invite("ACCEPTED"))
    assert [line.result for line in imported.lines] == ["nothing"]
    assert workspace.calls.find(call.id) == before


def test_call_1_a_new_invite_leaves_alone_what_it_does_not_change(workspace: Workspace, call: Call) -> None:
    workspace.calls.edit(call.id, {"join_url": "https://zoom.us/j/1"})
    imported = again(workspace, SEQUENCE="1", SUMMARY="Quarterly review")
    (line,) = imported.updated
    assert line.why == "title, keeps what was set here (link)"
    assert [(f.field, f.sent_before, f.sent, f.here, f.counts) for f in line.fields] == [
        ("title", "Review with Northwind", "Quarterly review", "Review with Northwind", "sent"),
        ("link", "https://zoom.us/j/4711", "https://zoom.us/j/4711", "https://zoom.us/j/1", "here"),
    ]
    changed = workspace.calls.find(call.id)
    assert (changed.title, changed.join_url) == ("Quarterly review", "https://zoom.us/j/1")


def test_call_1_the_field_that_the_organizer_changed_is_theirs_and_that_is_told(
    workspace: Workspace, call: Call
) -> None:
    workspace.calls.edit(call.id, {"start": THURSDAY + HOUR})
    imported = again(workspace, SEQUENCE="1", DTSTART="20260313T170000Z", DTEND="20260313T173000Z")
    (line,) = imported.updated
    assert line.why == "time, replaces what was set here (time)"
    assert line.fields[0].here == "2026-03-12T11:00-07:00, 30 min"
    assert workspace.calls.find(call.id).start == THURSDAY + 24 * HOUR
    workspace.history.undo(call.id, sure=True)
    assert workspace.calls.find(call.id).start == THURSDAY + HOUR


def test_call_3_after_a_move_by_hand_answers_are_for_the_old_time(workspace: Workspace, call: Call) -> None:
    workspace.calls.edit(call.id, {"start": THURSDAY + HOUR})
    assert changed_here(workspace.calls.find(call.id)) == ("time",)
    assert dana(workspace, call) == ("needs-action", "accepted")
    assert [who.old_answer for who in workspace.calls.find(call.id).attendees] == [
        "",
        "accepted the old time",
    ]
    again(workspace, SEQUENCE="0", SUMMARY="Renamed", DTSTAMP="20260303T120000Z")
    assert dana(workspace, call) == ("needs-action", "accepted")
    imported = workspace.calls.import_file(reply(DANA, "ACCEPTED", DTSTAMP="20260304T120000Z"))
    assert imported.unchanged[0].why == "it answers the old time"
    assert dana(workspace, call) == ("needs-action", "accepted")


def test_call_3_an_invite_with_another_time_makes_answers_old_too(workspace: Workspace, call: Call) -> None:
    again(workspace, SEQUENCE="1", DTSTART="20260313T170000Z", DTEND="20260313T173000Z")
    assert dana(workspace, call) == ("needs-action", "accepted")
    workspace.calls.import_file(
        reply(DANA, "DECLINED", SEQUENCE="1", DTSTART="20260313T170000Z", DTSTAMP="20260304T120000Z")
    )
    assert dana(workspace, call)[0] == "declined"


def test_call_8_moving_a_call_by_hand_begins_the_ladder_anew(workspace: Workspace, call: Call) -> None:
    clock = frozen_clock(THURSDAY + timedelta(minutes=5))
    late = Workspace.open(workspace.home, clock=clock, login="kathy")
    late.calls.missed(call.id)
    late.calls.steps.check(call.id, "missed-email", "written")
    late.calls.edit(call.id, {"start": THURSDAY + 24 * HOUR})
    moved = late.calls.find(call.id)
    assert moved.missed_at is None
    assert not [key for key in moved.run.marks if key.startswith("missed")]
    verbs = [entry.verb for entry in late.store.history(CALLS, call.id)]
    assert "calls.check" in verbs
