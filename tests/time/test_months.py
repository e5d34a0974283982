"""Months against the standard library's own calendar."""

from __future__ import annotations

import calendar
import subprocess
import sys
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleettui.time.business import WEEKDAYS
from fleettui.time.months import day_of_month, months_after, months_later, weekday_of_month

PACIFIC = ZoneInfo("America/Los_Angeles")
FIRSTS = st.builds(lambda year, month: date(year, month, 1), st.integers(1900, 2200), st.integers(1, 12))


@given(FIRSTS, st.integers(1, 999))
def test_months_after(first: date, months: int) -> None:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    assert months_after(first, months) == date(year, month + 1, 1)


@given(FIRSTS, st.integers(1, 31))
def test_a_day_of_a_month_is_its_last_where_it_is_shorter(first: date, day: int) -> None:
    length = calendar.monthrange(first.year, first.month)[1]
    assert day_of_month(first, day) == first.replace(day=min(day, length))


@given(FIRSTS, st.sampled_from(WEEKDAYS), st.sampled_from([1, 2, 3, 4, -1]))
def test_a_weekday_of_a_month(first: date, weekday: str, nth: int) -> None:
    column = WEEKDAYS.index(weekday)
    days = [week[column] for week in calendar.monthcalendar(first.year, first.month) if week[column]]
    assert weekday_of_month(first, weekday, nth) == first.replace(day=days[nth - 1 if nth > 0 else nth])


@pytest.mark.parametrize(
    ("at", "months", "later"),
    [
        ("2026-01-31T10:00", 1, "2026-02-28T10:00"),
        ("2026-02-08T09:00", 1, "2026-03-08T09:00"),
        ("2026-03-31T09:00", -1, "2026-02-28T09:00"),
        ("2024-02-29T09:00", 12, "2025-02-28T09:00"),
    ],
)
def test_months_later_keep_the_wall_time(at: str, months: int, later: str) -> None:
    start = datetime.fromisoformat(at).replace(tzinfo=PACIFIC).astimezone(UTC)
    assert months_later(start, months, PACIFIC).astimezone(PACIFIC).strftime("%Y-%m-%dT%H:%M") == later


def test_pendulum_is_loaded_when_a_months_end_first_matters() -> None:
    code = (
        "import sys\n"
        "from datetime import date\n"
        "from fleettui.domain.rituals import recurrence\n"
        "from fleettui.time import months, typed, wording\n"
        "months.months_after(date(2026, 1, 1), 1)\n"
        "assert 'pendulum' not in sys.modules\n"
        "months.months_after(date(2026, 1, 1), 3)\n"
        "assert 'pendulum' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
