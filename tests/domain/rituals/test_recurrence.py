"""The periods of rituals: by the calendar, counted from the start, and due when somebody can do them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import TypedDict, Unpack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleettui.domain.rituals.recurrence import (
    Every,
    Period,
    Rhythm,
    in_words,
    period_containing,
    periods_between,
)
from fleettui.errors import WrongUsage
from fleettui.time.business import WEEKDAYS, Calendar, Hours

OPEN = {weekday: [("06:00", "16:00")] for weekday in WEEKDAYS[:5]}
HOLIDAYS = {date(2026, 5, 25): "Memorial Day", date(2026, 9, 7): "Labor Day"}
TEAM = Calendar(Hours(zone="America/Los_Angeles", open=OPEN), HOLIDAYS)

# Monday, 5 January 2026.
START = date(2026, 1, 5)


class Fields(TypedDict, total=False):
    """What a rhythm may say besides how often it is and since when."""

    interval: int
    weekday: str | None
    day: int | None
    nth: int
    times: tuple[int, int]
    at: str


def rhythm(every: Every, *, start: date = START, **fields: Unpack[Fields]) -> Rhythm:
    return Rhythm(every=every, start=start, **fields)


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}" if len(text) == 5 else text)


def period_of(rhythm_: Rhythm, day_: date, calendar: Calendar = TEAM) -> Period:
    """The period of a day that has one."""
    period = period_containing(rhythm_, day_, calendar)
    assert period is not None
    return period


def described(period: Period) -> str:
    """First and last day, and the wall time of the team at which it is due."""
    due = period.due.astimezone(TEAM.zone)
    return f"{period.first} {period.last} {due:%m-%d %H:%M}"


def described_between(rhythm_: Rhythm, first: str, last: str) -> list[str]:
    return [described(period) for period in periods_between(rhythm_, day(first), day(last), TEAM)]


def test_daily_all_days() -> None:
    """On a day off it is due when the day ends."""
    assert described_between(rhythm("day"), "01-09", "01-11") == [
        "2026-01-09 2026-01-09 01-09 16:00",
        "2026-01-10 2026-01-10 01-11 00:00",
        "2026-01-11 2026-01-11 01-12 00:00",
    ]


def test_business_days_leave_out_weekends_and_holidays() -> None:
    daily = rhythm("business day")
    assert described_between(daily, "09-04", "09-08") == [
        "2026-09-04 2026-09-04 09-04 16:00",
        "2026-09-08 2026-09-08 09-08 16:00",
    ]
    assert period_containing(daily, day("09-07"), TEAM) is None
    assert period_containing(daily, day("2026-01-02"), TEAM) is None  # before the start
    assert periods_between(daily, day("09-05"), day("09-30"), TEAM)[0].first == day("09-08")
    assert periods_between(daily, day("2025-09-05"), day("09-30"), TEAM)[0].first == START


def test_weekly_any_time() -> None:
    assert described_between(rhythm("week"), "05-20", "05-25") == [
        "2026-05-18 2026-05-24 05-22 16:00",
        "2026-05-25 2026-05-31 05-29 16:00",
    ]


def test_weekly_on_a_weekday_gives_way_to_a_holiday() -> None:
    assert described_between(rhythm("week", weekday="mon"), "05-18", "05-25") == [
        "2026-05-18 2026-05-24 05-18 16:00",
        "2026-05-25 2026-05-31 05-26 16:00",
    ]


def test_a_weekday_on_which_the_team_never_opens_was_meant() -> None:
    assert described_between(rhythm("week", weekday="sat"), "05-20", "05-20") == [
        "2026-05-18 2026-05-24 05-24 00:00"
    ]


def test_a_start_after_that_weekday_begins_with_the_next_one() -> None:
    late = rhythm("week", weekday="mon", start=day("01-07"), interval=3)
    assert described_between(late, "01-01", "02-28") == [
        "2026-01-12 2026-02-01 01-12 16:00",
        "2026-02-02 2026-02-22 02-02 16:00",
        "2026-02-23 2026-03-15 02-23 16:00",
    ]
    assert period_containing(late, day("01-11"), TEAM) is None


def test_a_week_that_was_due_before_the_start_does_not_exist() -> None:
    """Begun on a Sunday, a weekly ritual is first due on the Friday after."""
    sunday = rhythm("week", start=day("02-01"))
    assert period_containing(sunday, day("02-01"), TEAM) is None
    assert described_between(sunday, "01-26", "02-08") == ["2026-02-02 2026-02-08 02-06 16:00"]


def test_rit_10_every_three_weeks_counts_from_the_start() -> None:
    every = rhythm("week", interval=3)
    assert described_between(every, "01-05", "02-16") == [
        "2026-01-05 2026-01-25 01-23 16:00",
        "2026-01-26 2026-02-15 02-13 16:00",
        "2026-02-16 2026-03-08 03-06 16:00",
    ]
    assert period_containing(every, day("2025-12-31"), TEAM) is None


def test_monthly_on_day_31_is_clamped_and_does_not_drift() -> None:
    months = rhythm("month", day=31)
    dues = [described(period)[-11:-6] for period in periods_between(months, day("01-01"), day("12-31"), TEAM)]
    # The 31st of January is a Saturday, of May a Sunday: then the last business day before it. February ends on a Saturday.
    assert " ".join(dues) == "01-30 02-27 03-31 04-30 05-29 06-30 07-31 08-31 09-30 10-30 11-30 12-31"


def test_monthly_on_the_nth_weekday() -> None:
    dues = {
        nth: [
            described(p)[-11:-6]
            for p in periods_between(
                rhythm("month", weekday="mon", nth=nth), day("04-01"), day("05-31"), TEAM
            )
        ]
        for nth in (1, 3, -1)
    }
    assert dues == {
        1: ["04-06", "05-04"],
        3: ["04-20", "05-18"],
        -1: ["04-27", "05-26"],
    }  # 25 May is Memorial Day


def test_monthly_any_time_and_every_other_month() -> None:
    assert described_between(rhythm("month"), "02-10", "02-10") == ["2026-02-01 2026-02-28 02-27 16:00"]
    assert described_between(rhythm("month", interval=2), "03-01", "04-01") == [
        "2026-03-01 2026-04-30 04-30 16:00"
    ]


def test_a_month_whose_day_has_passed_begins_with_the_next() -> None:
    late = rhythm("month", day=1)
    assert described_between(late, "01-01", "02-28") == ["2026-02-01 2026-02-28 02-02 16:00"]


def test_quarters_and_years_count_from_the_month_of_the_start() -> None:
    quarters = rhythm("quarter", start=day("02-10"))
    assert described_between(quarters, "01-01", "08-01") == [
        "2026-02-01 2026-04-30 04-30 16:00",
        "2026-05-01 2026-07-31 07-31 16:00",
        "2026-08-01 2026-10-31 10-30 16:00",
    ]
    years = rhythm("year", start=day("03-09"), day=15)
    assert described(period_of(years, day("2027-03-01"))) == "2027-03-01 2028-02-29 03-15 16:00"
    # Its day in this month had passed: it keeps the month and begins a year later.
    late = rhythm("year", start=day("03-09"), day=1)
    assert period_containing(late, day("03-09"), TEAM) is None
    assert periods_between(late, day("03-10"), day("2028-01-01"), TEAM)[0].first == day("2027-03-01")


def test_its_own_time_of_day_even_one_that_clocks_skip() -> None:
    assert described_between(rhythm("week", weekday="wed", at="09:30"), "06-10", "06-10")[0].endswith(
        "06-10 09:30"
    )
    assert described_between(rhythm("week", weekday="sun", at="02:30"), "03-08", "03-08")[0].endswith(
        "03-08 03:00"
    )


def test_due_keeps_to_the_wall_over_a_clock_change() -> None:
    before, after = periods_between(rhythm("week", weekday="fri"), day("03-06"), day("03-13"), TEAM)
    assert after.due - before.due == timedelta(days=7, hours=-1)


def test_three_weeks_away_are_three_periods_and_not_more() -> None:
    """What was missed can be counted, and asking for the present gives one period."""
    weekly = rhythm("week")
    assert len(periods_between(weekly, day("06-01"), day("06-21"), TEAM)) == 3
    assert period_of(weekly, day("06-22")).first == day("06-22")


def test_two_sessions_name_the_same_monday_alike() -> None:
    days = [day("06-15") + timedelta(days=number) for number in range(7)]
    assert {period_of(rhythm("week"), named).key for named in days} == {"2026-06-15"}


def test_a_team_that_never_opens_still_has_days() -> None:
    never = Calendar(Hours(zone="America/Los_Angeles", open={}))
    assert period_of(rhythm("week"), day("06-10"), never).due.astimezone(never.zone).isoformat() == (
        "2026-06-15T00:00:00-07:00"
    )
    assert periods_between(rhythm("business day"), day("06-10"), day("2027-06-10"), never) == []


BY_MONTH: list[Every] = ["month", "quarter", "year"]
RHYTHMS = st.one_of(
    st.builds(lambda n: rhythm("day", interval=n), st.integers(1, 9)),
    st.just(rhythm("business day")),
    st.builds(
        lambda n, weekday, start: rhythm("week", interval=n, weekday=weekday, start=start),
        st.integers(1, 5),
        st.sampled_from([None, *WEEKDAYS]),
        st.dates(date(2026, 1, 1), date(2026, 2, 1)),
    ),
    st.builds(
        lambda every, n, day, start: rhythm(every, interval=n, day=day, start=start),
        st.sampled_from(BY_MONTH),
        st.integers(1, 4),
        st.none() | st.integers(1, 31),
        st.dates(date(2026, 1, 1), date(2026, 2, 1)),
    ),
    st.builds(
        lambda weekday, nth: rhythm("month", weekday=weekday, nth=nth),
        st.sampled_from(WEEKDAYS),
        st.sampled_from([1, 2, 3, 4, -1]),
    ),
)


@settings(max_examples=150)
@given(RHYTHMS, st.dates(date(2025, 11, 1), date(2028, 12, 31)), st.integers(0, 200))
def test_periods_follow_each_other_and_hold_their_days(rhythm_: Rhythm, first: date, length: int) -> None:
    last = first + timedelta(days=length)
    periods = periods_between(rhythm_, first, last, TEAM)
    for period in periods:
        assert period.first <= last
        assert period.last >= first
        for inside in (period.first, period.last):
            assert period_containing(rhythm_, inside, TEAM) == period
        # Nothing is due before it begins, nor before the ritual does.
        assert period.first <= period.due.astimezone(TEAM.zone).date()
        assert period.due.astimezone(TEAM.zone).date() <= period.last + timedelta(days=1)
        assert period.due.astimezone(TEAM.zone).date() >= rhythm_.start
    assert sorted({period.key for period in periods}) == [period.key for period in periods]
    for earlier, later in pairwise(periods):
        if rhythm_.every != "business day":
            assert later.first == earlier.last + timedelta(days=1)


@pytest.mark.parametrize(
    ("rhythm_", "words"),
    [
        (rhythm("day"), "daily"),
        (rhythm("business day"), "every business day"),
        (rhythm("week", times=(3, 4)), "weekly, 3 to 4 times"),
        (rhythm("week", weekday="mon"), "weekly on Monday"),
        (rhythm("week", interval=3), "every 3 weeks"),
        (rhythm("month", day=31, times=(2, 2)), "monthly on day 31, 2 times"),
        (rhythm("month", weekday="fri", nth=-1), "monthly on the last Friday"),
        (rhythm("quarter"), "quarterly"),
        (rhythm("year"), "yearly"),
    ],
)
def test_in_words(rhythm_: Rhythm, words: str) -> None:
    assert in_words(rhythm_) == words


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: rhythm("week", interval=0), "interval: every 0 weeks makes no sense"),
        (lambda: rhythm("business day", interval=2), "interval: a ritual of business days"),
        (lambda: rhythm("week", times=(4, 3)), "times: 4 to 3 makes no sense"),
        (lambda: rhythm("week", times=(0, 1)), "times: 0 to 1 makes no sense"),
        (lambda: rhythm("week", weekday="monday"), "weekday: 'monday' is not a weekday"),
        (
            lambda: rhythm("day", weekday="mon"),
            "weekday: every day goes with a weekday only together with nth",
        ),
        (lambda: rhythm("month", weekday="mon"), "weekday: every month goes with a weekday only"),
        (lambda: rhythm("week", weekday="mon", nth=1), "nth: write 1 to 4"),
        (lambda: rhythm("month", nth=1), "nth: write 1 to 4"),
        (lambda: rhythm("month", weekday="mon", nth=5), "nth: write 1 to 4, or -1 for the last"),
        (lambda: rhythm("month", day=32), "day: write 1 to 31"),
        (lambda: rhythm("week", day=3), "day: write 1 to 31"),
        (lambda: rhythm("week", at="9 o'clock"), 'at: "9 o\'clock" is not a time of day'),
    ],
)
def test_a_rhythm_that_makes_no_sense(make: Callable[[], Rhythm], message: str) -> None:
    with pytest.raises(WrongUsage) as caught:
        make()
    assert message in str(caught.value)


def test_questions_that_make_no_sense() -> None:
    with pytest.raises(WrongUsage, match="last: 2026-01-01 is before 2026-01-02"):
        periods_between(rhythm("week"), day("01-02"), day("01-01"), TEAM)
    too_far: tuple[Callable[[], object], ...] = (
        lambda: period_containing(rhythm("year", interval=200), day("2100-01-01"), TEAM),
        lambda: period_containing(rhythm("week"), date.max, TEAM),
        lambda: periods_between(rhythm("day"), day("2100-01-01"), date.max, TEAM),
        lambda: rhythm("day", start=date.min),
    )
    for far in too_far:
        with pytest.raises(WrongUsage, match="outside 1900 to 2200"):
            far()
