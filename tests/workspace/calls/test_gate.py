"""What keeps a call from being ready, and what is not ticked (CALL-3 to CALL-6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from fleettui.domain.calls.model import Call
from fleettui.domain.calls.stages import declined
from fleettui.errors import Refused
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from tests.support.calendars import calendar, event, invite, people

THURSDAY = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def prepared(workspace: Workspace) -> Workspace:
    """A day before the call: it is being prepared."""
    return Workspace.open(workspace.home, clock=frozen_clock(THURSDAY - 24 * HOUR), login="kathy")


def taken_in(workspace: Workspace, *more: str, dana: str = "ACCEPTED", **fields: str) -> Call:
    workspace.calls.import_file(calendar(event("x@x", *people(dana), *more, **fields)))
    return workspace.calls.all()[0]


def ready(workspace: Workspace) -> bool:
    return workspace.calls.view(workspace.calls.all()[0]).ready


def all_ticked(workspace: Workspace, call: Call) -> None:
    for step in ("notes", "check-accepted", "link"):
        workspace.calls.steps.check(call.id, step, "seen")
    workspace.calls.steps.no_documents(call.id)


LEO = "ATTENDEE;CN=Leo Marsh;PARTSTAT={}:mailto:leo@northwind.example"


def test_call_3_declined_by_the_main_contact_is_not_ready_whoever_else_accepts(prepared: Workspace) -> None:
    call = taken_in(prepared, LEO.format("ACCEPTED"), dana="DECLINED")
    all_ticked(prepared, call)
    assert not ready(prepared)
    assert declined(call) == "Dana Whitlock has declined"
    with pytest.raises(Refused, match="Dana Whitlock has declined: to tick this, say who"):
        prepared.calls.steps.check(call.id, "confirmed")
    prepared.calls.steps.check(call.id, "confirmed", "Dana phoned: she comes after all")
    assert ready(prepared)


@pytest.mark.parametrize("step", ["confirm-email", "confirm-slack"])
def test_call_4_the_text_to_somebody_who_has_declined_does_not_look_forward_to_it(
    prepared: Workspace, step: str
) -> None:
    prepared.customers.add("Northwind", channel="C01NORTH")
    call = taken_in(prepared, dana="DECLINED")
    assert "does not suit you" in prepared.calls.texts.of_step(call, step)
    assert "does not suit you" not in prepared.calls.texts.of_step(replace(call, attendees=()), step)


def test_call_3_somebody_else_who_declines_does_not_matter(prepared: Workspace) -> None:
    call = taken_in(prepared, LEO.format("DECLINED"))
    all_ticked(prepared, call)
    assert ready(prepared)


def test_call_3_that_all_have_declined_is_said(prepared: Workspace) -> None:
    assert declined(taken_in(prepared, LEO.format("DECLINED"), dana="DECLINED")) == "everybody has declined"


@pytest.mark.parametrize("step", ["link", "prepare"])
def test_call_5_without_a_link_its_step_is_not_ticked_alone_or_with_its_group(
    prepared: Workspace, step: str
) -> None:
    call = taken_in(prepared, LOCATION="")
    prepared.calls.steps.no_documents(call.id)
    with pytest.raises(Refused, match=r"no link is known; add it with .*, or leave the step out"):
        prepared.calls.steps.check(call.id, step, "it is fine")
    prepared.calls.edit(call.id, {"join_url": "https://meet.example/1"})
    prepared.calls.steps.check(call.id, "link", "heard them")


def test_call_5_a_link_that_is_there_is_not_ticked_untried_with_its_group(prepared: Workspace) -> None:
    call = taken_in(prepared)
    prepared.calls.steps.no_documents(call.id)
    with pytest.raises(Refused, match="by itself and not with its group"):
        prepared.calls.steps.check(call.id, "prepare")


def test_call_3_to_6_what_is_added_later_opens_its_steps_again(prepared: Workspace) -> None:
    call = taken_in(prepared)
    all_ticked(prepared, call)
    assert ready(prepared)
    taken_in(prepared, LEO.format("NEEDS-ACTION"), SEQUENCE="1")
    stale = prepared.calls.find(call.id).stale
    assert set(stale) >= {"check-accepted", "link"}
    assert "attendees" in stale["link"]
    assert not ready(prepared)


@pytest.mark.parametrize("step", ["check-accepted", "join", "after-notes"])
def test_call_3_a_later_call_is_not_ticked_a_day_early_without_saying_so(
    workspace: Workspace, step: str
) -> None:
    workspace.calls.import_file(invite("ACCEPTED"))
    (call,) = workspace.calls.all()
    with pytest.raises(Refused, match=r"the call is in 3 d 1 h.*`--early` ticks it all the same"):
        workspace.calls.steps.check(call.id, step, "done")
    ticked = workspace.calls.steps.check(call.id, step, "done", early=True)
    assert ticked.run.marks[step].evidence == "done; ticked early, the call was in 3 d 1 h"


def test_call_2_the_notes_may_be_begun_at_any_time(workspace: Workspace) -> None:
    workspace.calls.import_file(invite())
    workspace.calls.steps.check(workspace.calls.all()[0].id, "notes")


def test_the_steps_of_a_call_that_is_called_off_are_not_ticked(prepared: Workspace) -> None:
    call = taken_in(prepared)
    prepared.calls.cancel(call.id)
    steps = prepared.calls.steps
    with pytest.raises(Refused, match="is cancelled: its steps are no longer ticked"):
        steps.check(call.id, "notes", early=True)
    with pytest.raises(Refused, match="is cancelled"):
        steps.skip(call.id, "notes", "no")
    with pytest.raises(Refused, match="is cancelled"):
        steps.no_documents(call.id)
