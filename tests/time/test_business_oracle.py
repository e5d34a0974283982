"""The fast arithmetic held against the slow clock, over random calendars, zones and instants."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fleettui.time.business import WEEKDAYS, Calendar, Hours, Stretch
from tests.support.slow_time import SlowClock

pytestmark = pytest.mark.slow

MINUTE = timedelta(minutes=1)

Situation = tuple[SlowClock, Calendar, datetime]

# Zone, and the days around which its clocks do something: each instant lies within a few days of one.
PLACES = [
    ("America/Los_Angeles", date(2026, 3, 8)),  # forward at 2:00
    ("America/Los_Angeles", date(2026, 11, 1)),  # back at 2:00
    ("America/Los_Angeles", date(2026, 1, 1)),  # a year's end
    ("America/Sao_Paulo", date(2017, 10, 15)),  # forward at midnight: the day starts at 1:00
    ("America/Sao_Paulo", date(2018, 2, 18)),  # back at midnight: Saturday has 25 hours
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # back by half an hour
    ("Australia/Lord_Howe", date(2026, 10, 4)),  # forward by half an hour
    ("Asia/Kathmandu", date(2026, 5, 14)),  # 5:45 ahead, never changes
    ("Asia/Kathmandu", date(1986, 1, 1)),  # forward by a quarter of an hour, for good
    ("America/St_Johns", date(2006, 10, 29)),  # back at 0:01, into the day before
    ("Pacific/Apia", date(2011, 12, 30)),  # a day that never was
    ("Africa/Casablanca", date(2026, 2, 15)),  # back for Ramadan
    ("Pacific/Kiritimati", date(2025, 12, 31)),  # 14 hours ahead
]

CUTS = ["00:00", "00:30", "01:00", "01:45", "02:00", "02:15", "02:30", "03:00", "06:00", "12:00"]
CUTS += ["13:00", "16:00", "22:00", "23:00", "23:15", "23:59", "24:00"]


def minutes_up_to(most: int, least: int = 0) -> st.SearchStrategy[int]:
    """Any minutes, and as often whole quarters of an hour, which run out exactly at a closing."""
    return st.integers(least, most) | st.integers(least // 15, most // 15).map(lambda quarters: quarters * 15)


@st.composite
def day_spans(draw: st.DrawFn) -> list[tuple[str, str]]:
    cuts = sorted(draw(st.sets(st.sampled_from(CUTS), min_size=2, max_size=6)))
    if draw(st.booleans()):
        return list(pairwise(cuts))  # touching: closing is the next opening
    return list(zip(cuts[::2], cuts[1::2], strict=False))


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    zone, around = draw(st.sampled_from(PLACES))
    days = draw(st.sets(st.sampled_from(WEEKDAYS), min_size=3))
    week = {weekday: draw(day_spans()) for weekday in WEEKDAYS if weekday in days}
    off = draw(st.sets(st.integers(-3, 9), max_size=3))
    holidays = {around + timedelta(days=number): "a day off" for number in off}
    minute = draw(minutes_up_to(2 * 1440, -3 * 1440))
    start = datetime(around.year, around.month, around.day, tzinfo=UTC) + minute * MINUTE
    slow = SlowClock(zone, week, {day.isoformat() for day in holidays})
    return slow, Calendar(Hours(zone=zone, open=week), holidays), start


few = settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])


@few
@given(situations(), minutes_up_to(1500))
def test_add_is_the_slow_clock_and_its_trace_covers_and_sums(situation: Situation, minutes: int) -> None:
    slow, fast, start = situation
    walk = fast.forward(start, minutes * MINUTE)
    assert walk.end == slow.count_forward(start, minutes)
    assert walk.counted == minutes * MINUTE
    _check_trace(walk, slow, minutes)


@few
@given(situations(), minutes_up_to(4 * 1440))
def test_between_is_the_slow_clock(situation: Situation, length: int) -> None:
    slow, fast, start = situation
    end = start + length * MINUTE
    walk = fast.stretch(start, end)
    assert walk.counted == fast.between(start, end) == slow.count(start, end) * MINUTE
    _check_trace(walk, slow, slow.count(start, end))


@few
@given(situations(), minutes_up_to(1500))
def test_subtract_is_the_slow_clock(situation: Situation, minutes: int) -> None:
    slow, fast, end = situation
    start = fast.subtract(end, minutes * MINUTE)
    assert start == slow.count_back(end, minutes)
    assert fast.between(start, end) == minutes * MINUTE


@few
@given(situations())
def test_openings_are_the_slow_clock(situation: Situation) -> None:
    slow, fast, at = situation
    assert fast.is_open(at) == slow.door_is_open(at)
    assert fast.next_opening(at) == slow.wait_for_opening(at)
    assert (fast.open_until(at) or at) == slow.wait_for_closing(at)
    assert fast.is_open(fast.next_opening(at))


@few
@given(situations(), st.integers(1, 4))
def test_business_days_are_the_slow_clock(situation: Situation, days: int) -> None:
    """SLA-14."""
    slow, fast, start = situation
    walk = fast.forward_days(start, days)
    assert walk.end == slow.after_business_days(start, days)
    _check_trace(walk, slow, slow.count(start, walk.end))


@few
@given(situations(), st.integers(1, 5000))
def test_add_and_between_and_subtract_are_inverse(situation: Situation, minutes: int) -> None:
    _, fast, start = situation
    end = fast.add(start, minutes * MINUTE)
    assert fast.between(start, end) == minutes * MINUTE
    assert fast.subtract(end, minutes * MINUTE) == fast.next_opening(start)


@few
@given(situations(), st.integers(1, 2_000_000), st.integers(1, 2_000_000))
def test_long_ways_are_made_of_shorter_ones(situation: Situation, first: int, second: int) -> None:
    """Years at once, to the microsecond: what no slow clock would finish."""
    _, fast, start = situation
    a_week = fast.between(start + timedelta(days=28), start + timedelta(days=35))
    assume((first + second) * MINUTE < 52 * 100 * a_week)  # calendars end in 2200
    start += timedelta(microseconds=first)
    halfway = fast.add(start, first * MINUTE)
    end = fast.add(halfway, second * MINUTE)
    assert fast.add(start, (first + second) * MINUTE) == end
    assert fast.between(start, end) == fast.between(start, halfway) + fast.between(halfway, end)


@pytest.mark.parametrize(("zone", "around"), [PLACES[0], PLACES[6]])
def test_months_of_minutes(zone: str, around: date) -> None:
    week = {weekday: [("06:00", "12:00"), ("22:00", "24:00")] for weekday in WEEKDAYS[:5]}
    week["sun"] = [("00:30", "02:30")]
    slow = SlowClock(zone, week, {around.isoformat()})
    fast = Calendar(Hours(zone=zone, open=week), {around: "a day off"})
    start = datetime(around.year - 1, 12, 30, 3, 7, tzinfo=UTC)
    end = slow.count_forward(start, 60_000)
    assert fast.add(start, 60_000 * MINUTE) == end
    assert fast.between(start, end) == 60_000 * MINUTE


def _check_trace(walk: Stretch, slow: SlowClock, minutes: int) -> None:
    """No gap, no overlap, the sum is the answer, and every part says the truth about its ends."""
    items = walk.trace()
    edges = [item.start for item in items] + [walk.end]
    assert edges[0] == walk.start
    assert [item.end for item in items] == edges[1:]
    assert all(item.start < item.end for item in items)
    assert sum(item.counted for item in items) == minutes
    for item in items:
        length = (item.end - item.start) / MINUTE
        assert item.counted == (length if item.why.startswith("open") else 0)
        for at in (item.start, item.end - MINUTE):
            assert slow.door_is_open(at) == item.why.startswith("open")
