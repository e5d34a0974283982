"""CALL-8 (e): two or three other times. Whatever the zones, hours, holidays and calls are, the promises below hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fleettui.domain.calls.policy import Slots
from fleettui.domain.calls.slots import Proposal, SlotRequest, country_of, propose, their_calendar
from fleettui.time.business import WEEKDAYS, Calendar, Hours
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from tests.support.calendars import invite

POLICY = Slots(least=2, most=3, from_business_days=1, within_days=14, step_minutes=30, rule="CALL-8")
THURSDAY = datetime(2026, 3, 12, 17, 3, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def ours(holidays: dict[date, str] | None = None, zone: str = "America/Los_Angeles") -> Calendar:
    return Calendar(Hours(zone=zone, open={day: [("06:00", "16:00")] for day in WEEKDAYS[:5]}), holidays)


def wish(now: datetime = THURSDAY, minutes: int = 30) -> SlotRequest:
    return SlotRequest(minutes, now - 3 * MINUTE, now, POLICY)


def shown(proposal: Proposal, zone: str) -> list[str]:
    return [f"{slot.start.astimezone(ZoneInfo(zone)):%a %d %H:%M}" for slot in proposal.slots]


def test_three_days_at_the_time_that_suited_them_before() -> None:
    proposal = propose(ours(), their_calendar("America/New_York", POLICY), [], wish())
    assert shown(proposal, "America/New_York") == ["Fri 13 13:00", "Mon 16 13:00", "Tue 17 13:00"]
    assert proposal.note == ""


def test_what_is_taken_is_not_proposed() -> None:
    day = datetime(2026, 3, 13, tzinfo=UTC)
    busy = [(day.replace(hour=17), day.replace(hour=18)), (day + timedelta(days=3), day + timedelta(days=4))]
    proposal = propose(ours(), their_calendar("America/New_York", POLICY), busy, wish())
    assert shown(proposal, "America/New_York") == ["Fri 13 12:30", "Tue 17 13:00", "Wed 18 13:00"]


def test_where_only_one_day_is_free_they_stand_beside_each_other_on_it() -> None:
    monday = datetime(2026, 3, 16, tzinfo=UTC)
    busy = [
        (THURSDAY, monday + timedelta(hours=16)),
        (monday + timedelta(hours=18), monday + timedelta(days=30)),
    ]
    proposal = propose(ours(), their_calendar("America/New_York", POLICY), busy, wish())
    assert shown(proposal, "America/New_York") == ["Mon 16 12:30", "Mon 16 13:00", "Mon 16 13:30"]


def test_holidays_of_both_sides_are_left_out() -> None:
    now = datetime(2026, 7, 1, 17, 0, tzinfo=UTC)
    proposal = propose(
        ours({date(2026, 7, 3): "Independence Day"}), their_calendar("Europe/Paris", POLICY), [], wish(now)
    )
    assert [slot.start.day for slot in proposal.slots] == [2, 6, 7]
    bastille = datetime(2026, 7, 12, 17, 0, tzinfo=UTC)
    proposal = propose(ours(), their_calendar("Europe/Paris", POLICY), [], wish(bastille))
    assert 14 not in [slot.start.day for slot in proposal.slots]


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Paris", "FR"),
        ("America/New_York", "US"),
        ("Asia/Kolkata", "IN"),
        ("UTC", ""),
        ("Etc/GMT+5", ""),
    ],
)
def test_the_country_of_a_zone(zone: str, country: str) -> None:
    assert country_of(zone) == country


def test_where_there_is_no_common_hour_it_says_so_and_offers_the_nearest() -> None:
    proposal = propose(ours(), their_calendar("Asia/Kolkata", POLICY), [], wish())
    assert proposal.note.startswith("We have no business hour in common")
    assert len(proposal.slots) == 3
    # Our first half hour, 6:00, is 18:30 in Kolkata: an hour and a half plus the call after their day.
    assert {slot.start.astimezone(ZoneInfo("America/Los_Angeles")).hour for slot in proposal.slots} == {6}
    assert {slot.outside for slot in proposal.slots} == {120}


def test_where_the_common_hours_are_taken_it_says_that() -> None:
    busy = [(THURSDAY, THURSDAY + timedelta(days=60))]
    nothing = propose(ours(), their_calendar("America/New_York", POLICY), busy, wish())
    assert nothing.slots == ()
    assert nothing.note.startswith("There is no free time of ours within 14 days")
    paris = their_calendar("Europe/Paris", POLICY)
    morning = [
        (datetime(2026, 3, day, 12, tzinfo=UTC), datetime(2026, 3, day, 16, 30, tzinfo=UTC))
        for day in range(12, 30)
    ]
    proposal = propose(ours(), paris, morning, wish())
    assert proposal.note.startswith("The hours we have in common are all taken")
    assert len(proposal.slots) == 3
    assert all(slot.outside for slot in proposal.slots)


def test_call_8_in_a_workspace_free_in_our_calendar_and_in_both_zones(workspace: Workspace) -> None:
    workspace.customers.add("Northwind", zone="Europe/London")
    northwind = workspace.customers.find("Northwind")
    workspace.customers.contact(northwind.id, "dana@northwind.example", {"name": "Dana"})
    workspace.calls.import_file(invite())
    (call,) = workspace.calls.all()
    workspace.calls.new("Acme", datetime(2026, 3, 13, 16, 30, tzinfo=UTC), minutes=60)
    now = Workspace.open(workspace.home, clock=frozen_clock(THURSDAY), login="kathy")
    proposal = now.calls.texts.slots(call)
    words = now.calls.texts.slot_words(call, proposal)
    assert words[0] == "Friday 13 March, 16:00 GMT (09:00 PDT for us)"
    assert words[1] == "Monday 16 March, 16:30 GMT (09:30 PDT for us)"
    file = now.calls.texts.slots_file(call).decode()
    assert file.count("BEGIN:VEVENT") == 3
    assert "DTSTART:20260313T160000Z" in file


# Whatever there is

ZONES = (
    "America/Los_Angeles", "America/New_York", "Europe/London", "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu",
    "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Chatham", "America/Sao_Paulo",
    "Pacific/Kiritimati", "Pacific/Honolulu", "Africa/Cairo", "America/St_Johns", "Asia/Tehran",
)  # fmt: skip


@st.composite
def hours(draw: Callable[..., int]) -> list[tuple[str, str]]:
    opening = draw(st.integers(0, 40))
    closing = draw(st.integers(opening + 1, 48))
    return [(_clock(opening), _clock(closing))]


def _clock(half_hours: int) -> str:
    return f"{half_hours // 2:02}:{half_hours % 2 * 30:02}"


MOMENTS = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + minutes * MINUTE
)
DAYS_OFF = st.sets(st.integers(0, 20), max_size=6)
BUSY = st.lists(st.tuples(st.integers(0, 15 * 24 * 4), st.integers(1, 24)), max_size=25)


@settings(max_examples=200)
@given(
    st.sampled_from(ZONES), st.sampled_from(ZONES), hours(), hours(), MOMENTS, DAYS_OFF, BUSY,
    st.sampled_from((15, 25, 30, 45, 60, 120)), st.sampled_from((15, 30, 60)),
)  # fmt: skip
def test_call_8_promises_of_a_proposal(
    our_zone: str,
    their_zone: str,
    our_hours: list[tuple[str, str]],
    their_hours: list[tuple[str, str]],
    now: datetime,
    days_off: set[int],
    busy: list[tuple[int, int]],
    minutes: int,
    step: int,
) -> None:
    start_day = now.astimezone(ZoneInfo(our_zone)).date()
    off = {start_day + timedelta(days=number): "day off" for number in days_off}
    us = Calendar(Hours(zone=our_zone, open=dict.fromkeys(WEEKDAYS[:5], our_hours)), off)
    them = Calendar(Hours(zone=their_zone, open=dict.fromkeys(WEEKDAYS[:5], their_hours)), off)
    taken = [(now + 15 * at * MINUTE, now + 15 * (at + length) * MINUTE) for at, length in busy]
    policy = Slots(least=2, most=3, from_business_days=1, within_days=14, step_minutes=step, rule="CALL-8")
    proposal = propose(us, them, taken, SlotRequest(minutes, now, now, policy))

    assert len(proposal.slots) <= 3
    assert proposal.note or len(proposal.slots) >= 2, "two or three, or it says why not"
    starts = [slot.start for slot in proposal.slots]
    assert starts == sorted(starts)
    assert all(slot.end <= later.start for slot, later in pairwise(proposal.slots)), "no overlap"
    for slot in proposal.slots:
        assert slot.end - slot.start == minutes * MINUTE
        assert not any(start < slot.end and slot.start < end for start, end in taken), "free"
        local = slot.start.astimezone(ZoneInfo(our_zone))
        assert start_day < local.date() <= start_day + timedelta(days=14), "not before the next business day"
        assert _inside(us, slot.start, slot.end), "inside our hours, on no holiday"
        their_day = slot.start.astimezone(ZoneInfo(their_zone)).date()
        assert them.is_business_day(their_day), "on a day on which they work"
        assert _inside(them, slot.start, slot.end) == (slot.outside == 0)
        assert slot.outside == 0 or proposal.note
    if not proposal.note:
        assert all(_inside(them, slot.start, slot.end) for slot in proposal.slots)


@settings(max_examples=60)
@given(MOMENTS, st.sampled_from(ZONES))
def test_call_8_what_could_have_been_proposed_inside_both_hours_is_not_passed_over(
    now: datetime, zone: str
) -> None:
    """A slow and obvious search for a common half hour: if it finds two, nothing outside their hours is offered."""
    us, them = ours(), their_calendar(zone, POLICY)
    start_day = now.astimezone(us.zone).date()
    common = 0
    for number in range(1, 15):
        for opening, closing in us.spans_on(start_day + timedelta(days=number)):
            at = opening
            while at + 30 * MINUTE <= closing:
                common += _inside(them, at, at + 30 * MINUTE)
                at += 30 * MINUTE
    proposal = propose(us, them, [], wish(now))
    assume(common != 1)
    assert (proposal.note == "") == (common >= 2)


def _inside(calendar: Calendar, start: datetime, end: datetime) -> bool:
    return calendar.between(start, end) == end - start
