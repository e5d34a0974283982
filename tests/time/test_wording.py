"""Every time and span that a person reads."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleettui.time import wording
from fleettui.time.clock import until_next_minute

PACIFIC = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
"""Monday 09:00 there, the day after the clocks went forward."""


@pytest.mark.parametrize(
    ("hours", "column", "sentence", "coming"),
    [
        (0, "09:00", "today 09:00", "today 09:00"),
        (6, "15:00", "today 15:00", "today 15:00"),
        (-2, "07:00", "today 07:00", "today 07:00"),
        (20, "Tue 05:00", "tomorrow 05:00", "Tue 05:00"),
        (-20, "Sun 13:00", "yesterday 13:00", "8 Mar 13:00"),
        (24 * 6, "Sun 09:00", "Sun 09:00", "Sun 09:00"),
        (24 * 7, "16 Mar 09:00", "16 Mar 09:00", "16 Mar 09:00"),
        (-24 * 3, "Fri 08:00", "Fri 08:00", "6 Mar 08:00"),
        (-24 * 9, "28 Feb 08:00", "28 Feb 08:00", "28 Feb 08:00"),
        (24 * 9999, "24 Jul 2053 09:00", "24 Jul 2053 09:00", "24 Jul 2053 09:00"),
        (-24 * 90, "9 Dec 2025 08:00", "9 Dec 2025 08:00", "9 Dec 2025 08:00"),
    ],
)
def test_a_moment_is_told_by_how_near_it_is(hours: int, column: str, sentence: str, coming: str) -> None:
    at = NOW + timedelta(hours=hours)
    assert wording.moment(at, NOW, PACIFIC) == column
    assert wording.named_moment(at, NOW, PACIFIC) == sentence
    assert wording.coming_moment(at, NOW, PACIFIC) == coming


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("America/Los_Angeles", "Monday 9 March, 09:00 PDT"),
        ("America/Sao_Paulo", "Monday 9 March, 13:00 UTC-03"),
        ("Asia/Kathmandu", "Monday 9 March, 21:45 UTC+05:45"),
    ],
)
def test_a_moment_on_somebodys_clock(zone: str, words: str) -> None:
    assert wording.exact_moment(NOW, ZoneInfo(zone)) == words


def test_both_clocks() -> None:
    assert wording.both_clocks(NOW, PACIFIC, PACIFIC) == "Monday 9 March, 09:00 PDT"
    assert (
        wording.both_clocks(NOW, ZoneInfo("Europe/Paris"), PACIFIC)
        == "Monday 9 March, 17:00 CET (09:00 PDT for us)"
    )
    assert (
        wording.both_clocks(NOW, ZoneInfo("Australia/Sydney"), PACIFIC)
        == "Tuesday 10 March, 03:00 AEDT (Monday 09:00 PDT for us)"
    )


@pytest.mark.parametrize(
    ("minutes", "clock", "business"),
    [
        (0, "under 1 m", "under 1 m"),
        (12, "12 m", "12 m"),
        (60, "1 h", "1 h"),
        (125, "2 h 05 m", "2 h 05 m"),
        (130, "2 h 10 m", "2 h 10 m"),
        (372, "6 h 12 m", "6 h 12 m"),
        (1440, "1 d", "24 h"),
        (1500, "1 d 1 h", "25 h"),
        (1440 * 2 + 185, "2 d 3 h", "51 h 05 m"),
        (6060, "4 d 5 h", "4 d 5 h"),
        (7200, "5 d", "5 d"),
        (1440 * 9 + 60, "9 d", "9 d"),
    ],
)
def test_a_span_has_two_units_at_most(minutes: int, clock: str, business: str) -> None:
    assert wording.span(timedelta(minutes=minutes)) == clock
    assert wording.span(timedelta(minutes=minutes), wording.BUSINESS_HOURS) == business


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "under 1 m"), (59, "59 m"), (125, "2 h 05 m"), (-125, "-2 h 05 m"), (1500, "1 d 1 h"), (None, "")],
)
def test_the_time_left(minutes: int | None, words: str) -> None:
    due = None if minutes is None else NOW + timedelta(minutes=minutes)
    assert wording.left(due, NOW) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "in 0 min"),
        (0.5, "in 1 min"),
        (1, "in 1 min"),
        (60, "in 1 h"),
        (95, "in 1 h 35"),
        (125, "in 2 h 05"),
        (1500, "in 1 d 1 h"),
        (1440 * 12 + 60, "in 12 d"),
        (-0.5, "0 min ago"),
        (-5, "5 min ago"),
    ],
)
def test_the_countdown_fits_a_column(minutes: float, words: str) -> None:
    assert wording.countdown(NOW + timedelta(minutes=minutes), NOW) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(-2, "2 min before the start"), (3, "3 min after the start"), (0.2, "at the start")],
)
def test_how_punctual_somebody_was(minutes: float, words: str) -> None:
    assert wording.beside_start(NOW, NOW + timedelta(minutes=minutes)) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (timedelta(hours=2), "in 2 hours"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(days=3, hours=5), "in 3 days"),
        (timedelta(days=61), "in 2 months"),
        (timedelta(minutes=-20), "20 minutes ago"),
    ],
)
def test_a_span_spelled_out(amount: timedelta, words: str) -> None:
    assert wording.from_now(NOW + amount, NOW) == words


@given(st.integers(0, 10**6))
def test_a_longer_span_is_never_told_as_less(minutes: int) -> None:
    words = wording.span(timedelta(minutes=minutes))
    units = {"d": 1440, "h": 60, "m": 1}
    parts = words.removeprefix("under ").split()
    shown = sum(int(number) * units[unit] for number, unit in zip(parts[::2], parts[1::2], strict=True))
    assert shown <= max(minutes, 1) < shown + 1440


def test_days_opening_and_clock() -> None:
    assert wording.day(date(2026, 3, 9)) == "Mon 9 Mar"
    assert wording.day(date(2026, 3, 9), with_year=True) == "Mon 9 Mar 2026"
    assert wording.dated(NOW, PACIFIC) == "Mon 9 Mar 09:00"
    assert wording.dated(NOW, PACIFIC, with_zone=True) == "Mon 9 Mar 09:00 PDT"
    assert wording.opening(True, NOW + timedelta(hours=7), NOW, PACIFIC) == "open until 16:00"
    assert wording.opening(False, NOW + timedelta(hours=45), NOW, PACIFIC) == "closed until Wed 06:00"
    assert wording.clock(NOW, PACIFIC) == "Mon 09:00 PDT"
    assert until_next_minute(NOW.replace(second=45)) == 15
    assert until_next_minute(NOW) == 60
