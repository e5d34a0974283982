"""Times as people type them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleettui.errors import Refused
from fleettui.time.typed import day, day_named, days_read, first_instant, moment, span

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
            moment(typed, "start", MONDAY, ZONE)
    else:
        assert moment(typed, "start", MONDAY, ZONE).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") == there


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
            moment(typed, "at", MONDAY, ZONE, past=True)
    else:
        assert (
            moment(typed, "at", MONDAY, ZONE, past=True).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") == there
        )


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("today", date(2026, 3, 9)),
        ("friday", date(2026, 3, 13)),
        ("in 2 weeks", date(2026, 3, 23)),
        ("2026-04-01", date(2026, 4, 1)),
        ("soon", None),
        ("", None),
    ],
)
def test_days(typed: str, expected: date | None) -> None:
    if expected is None:
        with pytest.raises(Refused, match=r"due: .* is not a day"):
            day(typed, "due", MONDAY, ZONE)
    else:
        assert day(typed, "due", MONDAY, ZONE) == expected


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_time_or_refused(typed: str) -> None:
    try:
        at = moment(typed, "start", MONDAY, ZONE)
    except Refused:
        return
    assert at.tzinfo is not None


@pytest.mark.parametrize(
    ("typed", "there"),
    [
        ("2h", "2026-03-09T11:00"),
        ("90m", "2026-03-09T10:30"),
        ("3 hrs", "2026-03-09T12:00"),
        ("in 3 d", "2026-03-12T09:00"),
        ("1w", "2026-03-16T09:00"),
        ("in 2 months", "2026-05-09T09:00"),
        ("1 year", "2027-03-09T09:00"),
        ("mon", "2026-03-16T00:00"),
        ("fri", "2026-03-13T00:00"),
        ("tomorrow", "2026-03-10T00:00"),
        ("2026-03-12", "2026-03-12T00:00"),
        ("2026-03-12 09:00", "2026-03-12T09:00"),
        ("2026-03-09 08:00", "2026-03-09T08:00"),
        ("at 9pm", "2026-03-09T21:00"),
        ("9am", "2026-03-10T09:00"),
        ("yesterday", None),
        ("2 h ago", None),
        ("2 mo", None),
        ("9999 years", None),
        ("99999 w", None),
        ("noon", None),
    ],
)
def test_a_moment_where_a_day_alone_will_do(typed: str, there: str | None) -> None:
    if there is None:
        with pytest.raises(Refused, match=r"^until: "):
            moment(typed, "until", MONDAY, ZONE, day_start=first_instant)
    else:
        at = moment(typed, "until", MONDAY, ZONE, day_start=first_instant)
        assert at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") == there


@pytest.mark.parametrize(
    ("typed", "there"),
    [
        ("2h", "2026-03-09T07:00"),
        ("3 d ago", "2026-03-06T08:00"),
        ("1 month ago", "2026-02-09T09:00"),
        ("yesterday", "2026-03-08T00:00"),
        ("mon", "2026-03-09T00:00"),
        ("sun", "2026-03-08T00:00"),
        ("last mon", "2026-03-02T00:00"),
        ("2026-03-12 10:00", "2026-03-12T10:00"),
        ("tomorrow 10:00", None),
    ],
)
def test_a_past_moment_where_a_day_alone_will_do(typed: str, there: str | None) -> None:
    if there is None:
        with pytest.raises(Refused):
            moment(typed, "at", MONDAY, ZONE, past=True, day_start=first_instant)
    else:
        at = moment(typed, "at", MONDAY, ZONE, past=True, day_start=first_instant)
        assert at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") == there


def test_the_caller_says_what_a_day_alone_stands_for() -> None:
    at = moment("fri", "until", MONDAY, ZONE, day_start=lambda first: first.replace(minute=7))
    assert at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") == "2026-03-13T00:07"
    assert moment("2026-03-13", "until", MONDAY, ZONE) == moment("2026-03-13 0:00", "until", MONDAY, ZONE)


def test_a_wall_time_that_clocks_jump_over_is_the_moment_of_the_jump() -> None:
    for typed in ("2027-03-14 02:30", "2027-03-14T02:30"):
        assert moment(typed, "at", MONDAY, ZONE) == datetime(2027, 3, 14, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("3d", date(2026, 3, 6)),
        ("yesterday", date(2026, 3, 8)),
        ("friday", date(2026, 3, 6)),
        ("monday", date(2026, 3, 9)),
        ("last monday", date(2026, 3, 2)),
        ("2026-04-01", date(2026, 4, 1)),
        ("tomorrow", None),
    ],
)
def test_days_that_were(typed: str, expected: date | None) -> None:
    if expected is None:
        with pytest.raises(
            Refused, match=r"on: .* is not a day; write it like 2026-03-09, friday or yesterday"
        ):
            day(typed, "on", MONDAY, ZONE, past=True)
    else:
        assert day(typed, "on", MONDAY, ZONE, past=True) == expected


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("30m", 30),
        ("2 H", 120),
        ("3 days", 3 * 1440),
        ("1w", 10080),
        ("2 months", None),
        ("1 year", None),
        ("2", None),
    ],
)
def test_spans(typed: str, minutes: int | None) -> None:
    assert span(typed) == (None if minutes is None else timedelta(minutes=minutes))


@pytest.mark.parametrize("typed", ["next week", "frid", "fri 9:30", ""])
def test_no_day(typed: str) -> None:
    assert day_named(typed, date(2026, 3, 9)) == (date(2026, 3, 13) if typed == "frid" else None)


def test_the_fields_of_a_form_that_hold_days() -> None:
    fields = {"due": "fri", "last": "fri", "empty": " ", "known": date(2026, 4, 1), "name": "fri"}
    read = days_read(fields, MONDAY, ZONE, coming=("due", "empty", "known", "absent"), past=("last",))
    assert read == {**fields, "due": date(2026, 3, 13), "last": date(2026, 3, 6)}
    with pytest.raises(Refused, match="last: 'tomorrow' is not a day"):
        days_read({"last": "tomorrow"}, MONDAY, ZONE, past=("last",))
