"""Another time for a call that did not take place (CALL-8 e), and whose times are proposed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from fleettui.domain.calls.model import Call
from fleettui.errors import Refused
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from tests.support.calendars import calendar, event, invite, people, reply

THURSDAY = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)
"""10:00 in Los Angeles."""
FRIDAY = THURSDAY + timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def missed(workspace: Workspace) -> Workspace:
    """Four minutes after a call to which nobody came; Kathy leads it."""
    workspace.calls.import_file(invite("ACCEPTED"))
    return Workspace.open(workspace.home, clock=frozen_clock(THURSDAY + 4 * MINUTE), login="kathy")


def the_call(workspace: Workspace) -> Call:
    return workspace.calls.all()[0]


def test_call_8e_a_no_show_is_closed_by_one_change_with_a_new_call(missed: Workspace) -> None:
    old = the_call(missed)
    missed.calls.missed(old.id)
    missed.calls.steps.check(old.id, "missed-email", "sent")
    new = missed.calls.rebooking.no_show(old.id, FRIDAY).call
    gone = missed.calls.find(old.id)
    assert (gone.ended, gone.moved_to, new.moved_from) == ("missed", new.id, old.id)
    assert (new.start, new.end - new.start, new.host) == (FRIDAY, timedelta(minutes=30), old.host)
    assert (new.join_url, new.missed_at, new.run.marks) == (old.join_url, None, {}), "a fresh ladder"
    assert [who.status for who in new.theirs] == ["needs-action"]
    assert not missed.calls.view(new).ready


def test_call_8e_one_undo_takes_both_back(missed: Workspace) -> None:
    old = the_call(missed)
    new = missed.calls.rebooking.no_show(old.id, FRIDAY).call
    missed.history.undo(old.id, sure=True)
    assert missed.calls.find(old.id).ended == ""
    assert missed.calls.get(new.id) is None


def test_call_8e_the_invitation_asks_the_guests_and_has_the_link_and_a_name_of_its_own(
    missed: Workspace,
) -> None:
    missed.people.edit("kathy", {"email": "kathy@fleet.example"})
    old = the_call(missed)
    rebooked = missed.calls.rebooking.no_show(old.id, FRIDAY)
    file = Calendar.from_ical(rebooked.invitation)
    entry: Any = file.walk("VEVENT")[0]
    assert file["METHOD"] == "REQUEST"
    assert entry["UID"] == rebooked.call.uid != old.uid
    assert entry["DTSTART"].dt == FRIDAY
    assert str(entry["LOCATION"]) == old.join_url
    assert [str(guest) for guest in entry["ATTENDEE"]] == [
        "mailto:kathy@fleet.example",
        "mailto:dana@northwind.example",
    ]
    assert str(entry["ORGANIZER"]) == "mailto:kathy@fleet.example"


def test_call_3_an_answer_to_the_new_invitation_finds_the_new_call(missed: Workspace) -> None:
    new = missed.calls.rebooking.no_show(the_call(missed).id, FRIDAY).call
    new_time = {"DTSTART": "20260313T170000Z", "DTEND": "20260313T173000Z"}
    answer = reply("dana@northwind.example", "ACCEPTED", **new_time).replace(
        b"UID:review@northwind.example", f"UID:{new.uid}".encode()
    )
    missed.calls.import_file(answer)
    assert [who.status for who in missed.calls.find(new.id).theirs] == ["accepted"]


def test_call_8e_what_cannot_be_moved_says_why(missed: Workspace, workspace: Workspace) -> None:
    old = the_call(missed)
    with pytest.raises(Refused, match="they count as missing in"):
        workspace.calls.rebooking.no_show(old.id, FRIDAY)
    with pytest.raises(Refused, match=r"has not begun: `fleettui calls edit"):
        workspace.calls.rebooking.moved(old.id, FRIDAY)
    with pytest.raises(Refused, match="the new time has to come"):
        missed.calls.rebooking.no_show(old.id, THURSDAY)
    new = missed.calls.rebooking.no_show(old.id, FRIDAY).call
    with pytest.raises(Refused, match=f"{new.id} took the place of"):
        missed.calls.rebooking.no_show(old.id, FRIDAY + MINUTE)


def test_a_call_that_was_moved_by_agreement_was_not_missed(missed: Workspace) -> None:
    old = the_call(missed)
    later = Workspace.open(missed.home, clock=frozen_clock(THURSDAY + 90 * MINUTE), login="kathy")
    assert later.calls.stage(old) == "how did it go?"
    rebooked = later.calls.rebooking.moved(old.id, FRIDAY)
    assert rebooked is not None
    assert (later.calls.find(old.id).ended, rebooked.call.moved_from) == ("rescheduled", old.id)


def test_a_call_may_be_moved_before_the_new_time_is_known(missed: Workspace) -> None:
    assert missed.calls.rebooking.moved(the_call(missed).id, None) is None
    (gone,) = missed.calls.all(past=True)
    assert (gone.ended, gone.ended_why) == ("rescheduled", "moved; the new time is not known yet")


# Whose times


def slots(workspace: Workspace, call: Call) -> list[datetime]:
    return [slot.start for slot in workspace.calls.texts.slots(call).slots]


def test_call_8e_times_are_free_in_the_calls_of_whoever_leads_and_not_in_everybodys(
    missed: Workspace,
) -> None:
    old = the_call(missed)
    assert slots(missed, old)[0] == FRIDAY
    other = missed.calls.new("Acme", FRIDAY - timedelta(hours=6), minutes=900, fields={"host": "zay"})
    assert slots(missed, old)[0] == FRIDAY, "zay's calls do not matter"
    missed.calls.edit(other.id, {"host": "kathy"})
    assert slots(missed, old)[0].date() == date(2026, 3, 16)


def test_call_8e_a_call_to_which_the_leader_is_invited_takes_its_time(missed: Workspace) -> None:
    missed.people.edit("kathy", {"email": "kathy@fleet.example"})
    whole = ("DTSTART:20260313T100000Z", "DTEND:20260313T235900Z")
    missed.calls.import_file(
        calendar(event("other@x", *people("ACCEPTED"), *whole, DTSTART="", DTEND="", SUMMARY="Offsite"))
    )
    busy = next(call for call in missed.calls.all() if call.title == "Offsite")
    missed.calls.edit(busy.id, {"host": "zay"})
    old = next(call for call in missed.calls.all() if call.title != "Offsite")
    assert slots(missed, old)[0].date() == date(2026, 3, 16)


def test_call_8e_no_time_on_the_leaders_days_off(missed: Workspace) -> None:
    missed.people.away("kathy", date(2026, 3, 13), date(2026, 3, 16), None)
    assert slots(missed, the_call(missed))[0].date() == date(2026, 3, 17)


def test_call_8e_our_hours_are_those_of_the_leaders_own_clock(missed: Workspace) -> None:
    missed.people.edit("kathy", {"zone": "Europe/Berlin"})
    hours = {start.astimezone(UTC).hour for start in slots(missed, the_call(missed))}
    assert max(hours) <= 15, "16:00 in Berlin is 15:00 UTC"
