"""What a calendar file does to the calls we know: new ones, updates, answers, cancellations, and all of it only once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fleettui.domain.calls.invites import ID_LENGTHS, ids_for
from fleettui.domain.calls.model import Call
from fleettui.time.clock import frozen_clock
from fleettui.workspace.calls.import_result import ImportResult
from fleettui.workspace.workspace import Workspace
from tests.support.calendars import calendar, event, invite, people, reply
from tests.support.clocks import MONDAY_MORNING

THURSDAY = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)


@pytest.fixture
def later(workspace: Workspace) -> Callable[..., Workspace]:
    """The same workspace at another moment."""
    return lambda at: Workspace.open(workspace.home, clock=frozen_clock(at), login="kathy")


def take(workspace: Workspace, content: bytes) -> ImportResult:
    return workspace.calls.import_file(content)


def results(imported: ImportResult) -> list[str]:
    return [line.result for line in imported.lines]


def the_call(workspace: Workspace) -> Call:
    (call,) = workspace.calls.all()
    return call


def answers(call: Call) -> dict[str, str]:
    return {attendee.email: attendee.status for attendee in call.attendees}


def test_an_invite_becomes_a_call_with_ours_and_theirs_told_apart(workspace: Workspace) -> None:
    northwind = workspace.customers.add("Northwind Robotics", zone="America/New_York")
    workspace.customers.contact(northwind.id, "dana@northwind.example", {"name": "Dana Whitlock"})
    assert results(take(workspace, invite())) == ["new"]
    call = the_call(workspace)
    assert (call.customer, call.company, call.account) == (
        "Dana Whitlock",
        "Northwind Robotics",
        northwind.id,
    )
    assert (call.start, call.host, call.join_url) == (THURSDAY, "kathy", "https://zoom.us/j/4711")
    assert {attendee.email: attendee.ours for attendee in call.attendees} == {
        "kathy@fleet.example": True,
        "dana@northwind.example": False,
    }


def test_a_company_that_is_on_no_list_is_called_by_its_domain(workspace: Workspace) -> None:
    take(workspace, invite())
    call = the_call(workspace)
    assert (call.customer, call.company, call.account) == ("Dana Whitlock", "Northwind", "")


def test_a_customer_is_known_by_what_its_domain_is_called(workspace: Workspace) -> None:
    workspace.customers.add("Northwind Robotics")
    take(workspace, invite())
    assert the_call(workspace).company == "Northwind Robotics"


def test_a_domain_that_could_be_two_customers_is_nobodys(workspace: Workspace) -> None:
    workspace.customers.add("Northwind Robotics")
    workspace.customers.add("Northwind Foods")
    take(workspace, invite())
    assert (the_call(workspace).company, the_call(workspace).account) == ("Northwind", "")


def test_a_customer_may_invite_us(workspace: Workspace) -> None:
    workspace.people.edit("kathy", {"email": "kathy@fleet.example"})
    lines = ("ORGANIZER;CN=Dana Whitlock:mailto:dana@northwind.example", people()[1])
    take(workspace, calendar(event("theirs@x", *lines)))
    call = the_call(workspace)
    assert answers(call)["dana@northwind.example"] == "accepted"
    assert (call.customer, call.host) == ("Dana Whitlock", "kathy")


def test_call_12_a_call_among_ourselves_is_internal_and_of_its_kind(workspace: Workspace) -> None:
    workspace.people.edit("zay", {"email": "zay@fleet.example"})
    zay = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:zay@fleet.example"
    take(workspace, calendar(event("h@x", *people()[:2], zay, SUMMARY="Handoff: Northwind")))
    call = the_call(workspace)
    assert (call.internal, call.kind) == (True, "handoff")


def test_the_same_file_again_changes_nothing(workspace: Workspace) -> None:
    take(workspace, invite())
    before = the_call(workspace)
    assert results(take(workspace, invite())) == ["nothing"]
    assert the_call(workspace) == before


# Versions


def test_an_update_changes_the_call_and_an_older_version_nothing(workspace: Workspace) -> None:
    take(workspace, invite(SEQUENCE="1"))
    newer = invite(SEQUENCE="2", DTSTART="20260312T190000Z", DTEND="20260312T193000Z")
    assert results(take(workspace, newer)) == ["updated"]
    assert the_call(workspace).start == THURSDAY + timedelta(hours=2)
    imported = take(workspace, invite(SEQUENCE="1"))
    assert (results(imported), imported.lines[0].why) == (["nothing"], "an older version of the invite")
    assert the_call(workspace).start == THURSDAY + timedelta(hours=2)


def test_of_two_versions_with_one_sequence_the_later_counts(workspace: Workspace) -> None:
    take(workspace, invite(DTSTAMP="20260302T120000Z", SUMMARY="Second"))
    take(workspace, invite(DTSTAMP="20260301T120000Z", SUMMARY="First"))
    assert the_call(workspace).title == "Second"
    take(workspace, invite(DTSTAMP="20260303T120000Z", SUMMARY="Third"))
    assert the_call(workspace).title == "Third"


def test_checks_go_stale_when_the_invite_changes_after_them(workspace: Workspace) -> None:
    take(workspace, invite("ACCEPTED"))
    id_ = the_call(workspace).id
    for step in ("notes", "check-accepted", "link"):
        workspace.calls.steps.check(id_, step, "looked at it", early=True)
    workspace.calls.steps.no_documents(id_)
    assert workspace.calls.view(the_call(workspace)).ready
    take(workspace, invite("ACCEPTED", SEQUENCE="1", LOCATION="https://zoom.us/j/9999"))
    view = workspace.calls.view(the_call(workspace))
    assert not view.ready
    link, notes = view.step("link"), view.step("notes")
    assert link and notes
    assert (view.state_of(link), view.state_of(notes)) == ("stale", "done")
    assert view.call.stale["link"] == "the invite changed (link, place) since kathy checked"
    assert view.call.run.marks["link"].evidence.startswith("looked at it")
    workspace.calls.steps.check(id_, "link", "again", early=True)
    workspace.calls.steps.check(id_, "check-accepted", early=True)
    assert workspace.calls.view(the_call(workspace)).ready


def test_a_document_that_was_attached_by_hand_survives_an_update(workspace: Workspace) -> None:
    attached = "ATTACH;FILENAME=Old:https://docs.google.com/old"
    take(workspace, calendar(event("review@northwind.example", *people(), attached)))
    workspace.calls.attach(the_call(workspace).id, "https://acme.example/mine.pdf")
    take(workspace, invite(SEQUENCE="1"))
    assert [document.url for document in the_call(workspace).documents] == ["https://acme.example/mine.pdf"]


# Answers


def test_call_3_a_reply_changes_the_attendees_answer(workspace: Workspace) -> None:
    take(workspace, invite())
    assert not workspace.calls.view(the_call(workspace)).ready
    imported = take(workspace, reply("dana@northwind.example", "ACCEPTED", DTSTAMP="20260302T120000Z"))
    assert imported.lines[0].why == "Dana Whitlock: accepted"
    assert answers(the_call(workspace))["dana@northwind.example"] == "accepted"
    take(workspace, reply("dana@northwind.example", "DECLINED", DTSTAMP="20260301T130000Z"))
    assert answers(the_call(workspace))["dana@northwind.example"] == "accepted", "that answer is older"


def test_call_3_somebody_who_was_not_invited_may_answer(workspace: Workspace) -> None:
    take(workspace, invite())
    imported = take(workspace, reply("leo@northwind.example", "ACCEPTED", name="Leo Marsh"))
    assert imported.lines[0].why == "Leo Marsh, who was not invited: accepted"
    leo = the_call(workspace).attendees[-1]
    assert (leo.email, leo.invited, leo.ours, leo.status) == (
        "leo@northwind.example",
        False,
        False,
        "accepted",
    )


def test_an_answer_to_an_older_version_says_nothing_of_the_new_time(workspace: Workspace) -> None:
    take(workspace, invite(SEQUENCE="2"))
    assert results(take(workspace, reply("dana@northwind.example", "ACCEPTED", SEQUENCE="1"))) == ["nothing"]
    assert answers(the_call(workspace))["dana@northwind.example"] == "needs-action"


def test_a_new_time_takes_the_answers_back_and_anything_else_keeps_them(workspace: Workspace) -> None:
    take(workspace, invite())
    take(workspace, reply("dana@northwind.example", "ACCEPTED", DTSTAMP="20260302T120000Z"))
    take(workspace, invite(SEQUENCE="1", SUMMARY="Another name"))
    assert answers(the_call(workspace))["dana@northwind.example"] == "accepted"
    take(workspace, invite(SEQUENCE="2", DTSTART="20260313T170000Z", DTEND="20260313T173000Z"))
    assert answers(the_call(workspace))["dana@northwind.example"] == "needs-action"


def test_call_4_an_answer_after_the_check_asks_for_another_look(workspace: Workspace) -> None:
    take(workspace, invite("ACCEPTED"))
    id_ = the_call(workspace).id
    workspace.calls.steps.check(id_, "check-accepted", early=True)
    take(workspace, reply("dana@northwind.example", "DECLINED"))
    view = workspace.calls.view(the_call(workspace))
    assert view.call.stale == {"check-accepted": "an answer came in since kathy checked"}
    confirm = view.step("confirm")
    assert confirm and confirm.state == "todo"


# The end


def test_a_cancelled_call_is_over_and_a_newer_invite_brings_it_back(workspace: Workspace) -> None:
    take(workspace, invite())
    off = calendar(event("review@northwind.example", SEQUENCE="1"), method="CANCEL")
    assert results(take(workspace, off)) == ["cancelled"]
    assert workspace.calls.all() == []
    (past,) = workspace.calls.all(past=True)
    assert workspace.calls.stage(past) == "cancelled"
    assert results(take(workspace, invite())) == ["nothing"]
    assert results(take(workspace, invite(SEQUENCE="2"))) == ["updated"]
    assert not the_call(workspace).over


def test_what_we_do_not_know_cannot_be_cancelled_or_answered(workspace: Workspace) -> None:
    answered = take(workspace, reply("a@b.example", "ACCEPTED"))
    assert [event.why for event in answered.left_out] == ["it is about no call that we know"]
    assert answered.summary == "nothing taken, 1 left out: 1 it is about no call that we know"
    cancelled = take(workspace, calendar(event("other@x"), method="CANCEL"))
    assert [event.why for event in cancelled.left_out] == ["cancelled"]
    assert workspace.calls.all() == []


def test_a_call_whose_time_had_come_ends_as_rescheduled_and_another_begins(
    workspace: Workspace, later: Callable[..., Workspace]
) -> None:
    take(workspace, invite("ACCEPTED"))
    old = the_call(workspace).id
    workspace.calls.steps.check(old, "link", "works", early=True)
    missed = later(THURSDAY + timedelta(minutes=4))
    missed.calls.missed(old)
    again = later(THURSDAY + timedelta(hours=1))
    moved = invite(SEQUENCE="1", DTSTART="20260317T170000Z", DTEND="20260317T173000Z")
    assert results(take(again, moved)) == ["rescheduled"]
    new = the_call(again)
    (past,) = again.calls.all(past=True)
    assert (past.id, again.calls.stage(past), past.moved_to) == (old, "rescheduled", new.id)
    assert (new.id, new.start, new.run.marks) == (f"{old}.2", THURSDAY + timedelta(days=5), {})
    assert results(take(again, moved)) == ["nothing"]
    take(again, reply("dana@northwind.example", "ACCEPTED", SEQUENCE="1"))
    assert answers(the_call(again))["dana@northwind.example"] == "accepted"


def test_a_call_that_was_held_ends_as_held_when_its_invite_is_used_for_the_next(
    workspace: Workspace, later: Callable[..., Workspace]
) -> None:
    take(workspace, invite("ACCEPTED"))
    started = later(THURSDAY + timedelta(minutes=1))
    started.calls.joined(the_call(started).id)
    again = later(THURSDAY + timedelta(hours=1))
    take(again, invite(SEQUENCE="1", DTSTART="20260319T170000Z", DTEND="20260319T173000Z"))
    assert [call.ended for call in again.calls.all(past=True)] == ["held"]
    assert the_call(again).start == THURSDAY + timedelta(days=7)


def test_a_year_that_nobody_means_is_named_and_not_kept(workspace: Workspace) -> None:
    far = event("far@x", *people(), DTSTART="99981231T170000Z", DTEND="99981231T173000Z", SUMMARY="Far")
    imported = take(workspace, calendar(event("good@x", *people()), far))
    assert imported.problems == ("Far: start: the year 9998 cannot be meant",)
    assert len(workspace.calls.all()) == 1


# Series


def series(*lines: str, **fields: str) -> bytes:
    return calendar(event("series@x", "RRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=4", *people(), *lines, **fields))


def test_each_instance_of_a_series_is_a_call_and_an_exception_changes_one(workspace: Workspace) -> None:
    take(workspace, series())
    assert len(workspace.calls.all()) == 4
    texts = event(
        "series@x", "RECURRENCE-ID:20260319T170000Z", *people(), SEQUENCE="1", DTSTART="20260320T170000Z"
    )
    texts[texts.index("DTEND:20260312T173000Z")] = "DTEND:20260320T173000Z"
    assert results(take(workspace, calendar(texts))) == ["updated"]
    assert [call.start.day for call in workspace.calls.all()] == [12, 20, 26, 2]


def test_what_a_series_no_longer_has_takes_no_place(workspace: Workspace) -> None:
    take(workspace, series())
    take(workspace, series("EXDATE:20260319T170000Z", SEQUENCE="1"))
    assert [call.start.day for call in workspace.calls.all()] == [12, 26, 2]
    assert [call.ended_why for call in workspace.calls.all(past=True)] == ["no longer in the series"]


def test_an_answer_and_a_cancellation_may_mean_the_whole_series(workspace: Workspace) -> None:
    take(workspace, series())
    text = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:dana@northwind.example"
    take(workspace, calendar(event("series@x", text), method="REPLY"))
    assert {answers(call)["dana@northwind.example"] for call in workspace.calls.all()} == {"accepted"}
    take(workspace, calendar(event("series@x", SEQUENCE="1"), method="CANCEL"))
    assert workspace.calls.all() == []


# Many at once


def test_one_import_is_one_undo(workspace: Workspace) -> None:
    take(workspace, series())
    workspace.history.undo(workspace.calls.all()[0].id, sure=True)
    assert workspace.calls.all() == []


def test_two_sessions_that_import_the_same_file_at_once_make_one_call(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "invite.ics"
    file.write_bytes(series())
    environment = {
        **os.environ,
        "FLEETTUI_HOME": str(workspace.home),
        "FLEETTUI_NOW": MONDAY_MORNING.isoformat(),
    }
    command = [sys.executable, "-m", "fleettui", "calls", "import", str(file)]
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    for process in running:
        _, content = process.communicate(timeout=60)
        assert process.returncode == 0, content
    workspace.refresh()
    assert len(workspace.calls.all()) == 4
    assert {call.rev for call in workspace.calls.all()} == {1}


def test_ids_are_the_same_for_everybody_and_never_look_like_numbers() -> None:
    for number in range(200):
        tried = ids_for(f"uid-{number}", "20260312T170000Z")
        assert tried == ids_for(f"uid-{number}", "20260312T170000Z")
        assert [len(id_) - 2 for id_ in tried] == list(ID_LENGTHS)
        assert tried[0][2].isalpha()
    assert len({ids_for(f"uid-{number}", "")[0] for number in range(2000)}) == 2000


def test_two_events_that_would_share_an_id_get_two(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fleettui.domain.calls import invites

    monkeypatch.setattr(invites, "ids_for", lambda uid, recurrence: ("C-SAME", f"C-{uid[0].upper()}"))
    take(workspace, calendar(event("a@x", *people()), event("b@x", *people())))
    assert {call.id: call.uid for call in workspace.calls.all()} == {"C-SAME": "a@x", "C-B": "b@x"}
    assert results(take(workspace, calendar(event("b@x", *people()), event("a@x", *people())))) == [
        "nothing",
        "nothing",
    ]
