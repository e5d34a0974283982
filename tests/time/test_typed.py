"""Times as people type them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleettui.errors import Refused
from fleettui.time.typed import a_day, a_past_time, a_time

ZONE = ZoneInfo("America/Los_Angeles")
MONDAY = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
"""09:00 there."""


@pytest.mark.parametrize(
    ("typed", "there"),
    [
        ("tomorrow 10:00", "2026-03-10T10:00"),
        ("Tomorrow at 2pm", "2026-03-10T14:00"),
        ("today 8:00", "2026-03-09T08:00"),
        ("10:30", "2026-03-09T10:30"),
        ("8:30", "2026-03-10T08:30"),
        ("fri 9:30", "2026-03-13T09:30"),
        ("friday, 9:30 am", "2026-03-13T09:30"),
        ("mon 8:00", "2026-03-16T08:00"),
        ("mon 17:00", "2026-03-09T17:00"),
        ("next monday 17:00", "2026-03-16T17:00"),
        ("in 2 h", "2026-03-09T11:00"),
        ("in 45 min", "2026-03-09T09:45"),
        ("2026-03-12 10:00", "2026-03-12T10:00"),
        ("2026-03-12T10:00", "2026-03-12T10:00"),
        ("2026-03-12T10:00:00+01:00", "2026-03-12T02:00"),
        ("2026-03-12T17:00Z", "2026-03-12T10:00"),
        ("12 am tomorrow", None),
        ("tomorrow", None),
        ("tomorrow 25:00", None),
        ("someday 10:00", None),
        ("10", None),
        ("", None),
    ],
)
def test_times(typed: str, there: str | None) -> None:
    if there is None:
        with pytest.raises(Refused, match=r"start: .* is not a time; write it like tomorrow 10:00"):
            a_time(typed, "start", MONDAY, ZONE)
    else:
        assert a_time(typed, "start", MONDAY, ZONE).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") == there


@pytest.mark.parametrize(
    ("typed", "there"),
    [
        ("8:30", "2026-03-09T08:30"),
        ("10:30", "2026-03-08T10:30"),
        ("yesterday 10:00", "2026-03-08T10:00"),
        ("fri 9:30", "2026-03-06T09:30"),
        ("mon 8:00", "2026-03-09T08:00"),
        ("mon 17:00", "2026-03-02T17:00"),
        ("20 min ago", "2026-03-09T08:40"),
        ("2 h ago", "2026-03-09T07:00"),
        ("2026-03-06 10:00", "2026-03-06T10:00"),
        ("someday 10:00", None),
        ("in 2 h", None),
    ],
)
def test_times_that_were(typed: str, there: str | None) -> None:
    if there is None:
        with pytest.raises(Refused, match=r"at: .* is not a time; write it like"):
            a_past_time(typed, "at", MONDAY, ZONE)
    else:
        assert a_past_time(typed, "at", MONDAY, ZONE).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") == there


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", date(2026, 3, 9)),
        ("friday", date(2026, 3, 13)),
        ("in 2 weeks", date(2026, 3, 23)),
        ("2026-04-01", date(2026, 4, 1)),
        ("soon", None),
        ("", None),
    ],
)
def test_days(typed: str, day: date | None) -> None:
    if day is None:
        with pytest.raises(Refused, match=r"due: .* is not a day"):
            a_day(typed, "due", MONDAY, ZONE)
    else:
        assert a_day(typed, "due", MONDAY, ZONE) == day


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_time_or_refused(typed: str) -> None:
    try:
        found = a_time(typed, "start", MONDAY, ZONE)
    except Refused:
        return
    assert found.tzinfo is not None
