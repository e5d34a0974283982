"""Opening hours at their edges: boundaries, clock changes, uneven days, traces in words, and what bad input gets."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleettui.cli.commands.businesstime import calendar_from_file
from fleettui.errors import Refused, WrongUsage
from fleettui.time.business import WEEKDAYS, Calendar, Holidays, Hours, around_the_clock

Week = dict[str, list[tuple[str, str]]]

NEW_YORK = "America/New_York"
SHOP: Week = {weekday: [("09:00", "12:00"), ("13:00", "17:00")] for weekday in WEEKDAYS[:5]}
NAIVE = datetime.fromisoformat("2026-06-10T09:00")


def calendar(open_: Week = SHOP, holidays: Holidays | None = None, zone: str = NEW_YORK) -> Calendar:
    return Calendar(Hours(zone=zone, open=open_), holidays)


def at(text: str, zone: str = NEW_YORK) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def shown(moment: datetime, zone: str = NEW_YORK) -> str:
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("2026-06-10T09:00", 180, "2026-06-10T12:00"),  # runs out exactly at closing: due at closing
        ("2026-06-10T09:00", 181, "2026-06-10T13:01"),
        ("2026-06-10T12:00", 1, "2026-06-10T13:01"),  # closing time is closed
        ("2026-06-10T16:59", 1, "2026-06-10T17:00"),
        ("2026-06-10T17:00", 1, "2026-06-11T09:01"),
        ("2026-06-10T08:59", 420, "2026-06-10T17:00"),
        ("2026-06-12T16:30", 60, "2026-06-15T09:30"),  # over a weekend
        ("2026-06-10T10:00", 0, "2026-06-10T10:00"),
        ("2026-06-10T20:00", 0, "2026-06-11T09:00"),  # no time at all: as soon as it is open
        ("2026-06-10T17:00", 0, "2026-06-11T09:00"),
    ],
)
def test_sla_12_half_open(start: str, length: int, end: str) -> None:
    assert calendar().add(at(start), minutes(length)) == at(end)


@pytest.mark.parametrize(
    ("end", "length", "start"),
    [
        ("2026-06-10T12:00", 180, "2026-06-10T09:00"),  # back to an opening, not to the closing before it
        ("2026-06-10T13:00", 180, "2026-06-10T09:00"),
        ("2026-06-10T13:01", 1, "2026-06-10T13:00"),
        ("2026-06-15T09:30", 60, "2026-06-12T16:30"),
        ("2026-06-13T12:00", 1, "2026-06-12T16:59"),
        ("2026-06-13T12:00", 0, "2026-06-13T12:00"),
    ],
)
def test_subtract(end: str, length: int, start: str) -> None:
    assert calendar().subtract(at(end), minutes(length)) == at(start)


def test_openings_and_closings() -> None:
    shop = calendar(holidays={date(2026, 6, 11): "Founders' Day"})
    assert shop.is_open(at("2026-06-10T09:00"))
    assert not shop.is_open(at("2026-06-10T12:00"))
    assert shop.next_opening(at("2026-06-10T17:00")) == at("2026-06-12T09:00")
    assert shop.next_opening(at("2026-06-10T10:30")) == at("2026-06-10T10:30")
    assert shop.open_until(at("2026-06-10T09:30")) == at("2026-06-10T12:00")
    assert shop.open_until(at("2026-06-11T09:30")) is None
    assert shop.closing_of(date(2026, 6, 10)) == at("2026-06-10T17:00")
    assert shop.closing_of(date(2026, 6, 11)) is None
    assert not shop.is_business_day(date(2026, 6, 11))
    assert shop.opens_on("thu")
    assert not shop.opens_on("sat")


def test_hours_that_touch_are_one_opening() -> None:
    touching = calendar({"mon": [("18:00", "24:00")], "tue": [("00:00", "06:00"), ("06:00", "08:00")]})
    assert touching.open_until(at("2026-06-15T20:00")) == at("2026-06-16T08:00")
    assert touching.add(at("2026-06-15T18:00"), minutes(14 * 60)) == at("2026-06-16T08:00")


def test_a_door_that_never_shuts() -> None:
    assert around_the_clock(NEW_YORK).open_until(at("2026-06-10T09:30")) is None


def test_a_day_that_starts_at_one_in_the_morning() -> None:
    """Clocks in Sao Paulo jumped over midnight: of the hours from 0:00 to 2:00 only one took place."""
    zone = "America/Sao_Paulo"
    nights = calendar({"sun": [("00:00", "02:00")]}, zone=zone)
    ((start, end),) = nights.spans_on(date(2017, 10, 15))
    assert (shown(start, zone), shown(end, zone)) == ("2017-10-15T01:00-02:00", "2017-10-15T02:00-02:00")


@pytest.mark.parametrize(
    ("zone", "day", "hours", "length"),
    [
        (NEW_YORK, date(2026, 3, 8), ("00:00", "24:00"), 23 * 60),
        (NEW_YORK, date(2026, 11, 1), ("00:00", "24:00"), 25 * 60),
        (NEW_YORK, date(2026, 3, 8), ("01:30", "03:30"), 60),
        (NEW_YORK, date(2026, 3, 8), ("02:00", "03:00"), 0),  # an opening that does not take place
        (NEW_YORK, date(2026, 11, 1), ("01:00", "02:00"), 120),
        (NEW_YORK, date(2026, 11, 1), ("01:30", "03:00"), 120),  # 1:30 to 2:00 twice, then 2:00 to 3:00
        ("Australia/Lord_Howe", date(2026, 4, 5), ("00:00", "24:00"), 24 * 60 + 30),
        ("Australia/Lord_Howe", date(2026, 10, 4), ("00:00", "24:00"), 23 * 60 + 30),
        ("Pacific/Apia", date(2011, 12, 30), ("00:00", "24:00"), 0),  # a date that was left out
    ],
)
def test_what_counts_when_clocks_change(zone: str, day: date, hours: tuple[str, str], length: int) -> None:
    """What the wall shows is what counts, as often as it shows it."""
    every_day = calendar({weekday: [hours] for weekday in WEEKDAYS}, zone=zone)
    spans = every_day.spans_on(day)
    assert sum((end - start for start, end in spans), timedelta()) == minutes(length)
    assert every_day.is_business_day(day) == bool(length)


def test_a_trace_in_words() -> None:
    shop = calendar(holidays={date(2026, 9, 7): "Labor Day", date(2026, 9, 8): ""})
    walk = shop.forward(at("2026-09-04T11:00"), minutes(6 * 60))
    assert [(shown(item.start)[5:16], item.counted, item.why) for item in walk.trace()] == [
        ("09-04T11:00", 60, "open"),
        ("09-04T12:00", 0, "break"),
        ("09-04T13:00", 240, "open"),
        ("09-04T17:00", 0, "night"),
        ("09-05T00:00", 0, "weekend"),
        ("09-07T00:00", 0, "holiday: Labor Day"),
        ("09-08T00:00", 0, "holiday"),
        ("09-09T00:00", 0, "night"),
        ("09-09T09:00", 60, "open"),
    ]
    assert shown(walk.end) == "2026-09-09T10:00-04:00"


@pytest.mark.parametrize(
    ("zone", "start", "words"),
    [
        (NEW_YORK, "2026-03-07T12:00", "weekend (clocks go forward 1 h)"),
        (NEW_YORK, "2026-10-31T12:00", "weekend (clocks go back 1 h)"),
        ("Australia/Lord_Howe", "2026-10-03T12:00", "weekend (clocks go forward 30 min)"),
        ("Asia/Kathmandu", "1985-12-31T12:00", "night (clocks go forward 15 min)"),
    ],
)
def test_a_trace_tells_of_clock_changes(zone: str, start: str, words: str) -> None:
    begin = at(start, zone)
    trace = calendar(zone=zone).stretch(begin, begin + timedelta(days=2)).trace()
    assert [item.why for item in trace if "clocks" in item.why] == [words]


def test_a_trace_tells_of_a_change_at_the_turn_of_a_year_of_utc() -> None:
    trace = calendar(zone="Asia/Kathmandu").stretch(
        datetime(1985, 12, 31, 18, 15, tzinfo=UTC), datetime(1986, 1, 1, 2, tzinfo=UTC)
    )
    assert sum("clocks go forward 15 min" in item.why for item in trace.trace()) == 1


def test_an_ordinary_weekday_off_is_not_called_a_weekend() -> None:
    shop = calendar({"mon": [("09:00", "17:00")]})
    trace = shop.stretch(at("2026-06-16T00:00"), at("2026-06-22T00:00")).trace()
    assert [item.why for item in trace] == [
        "closed on Tuesdays",
        "closed on Wednesdays",
        "closed on Thursdays",
        "closed on Fridays",
        "weekend",
    ]


# Business days (SLA-14)


UNEVEN = {"mon": [("09:00", "17:00")], "thu": [("09:00", "17:00")], "fri": [("09:00", "13:00")]}
LATER = {"mon": [("09:00", "17:00")], "tue": [("11:00", "19:00")]}


@pytest.mark.parametrize(
    ("hours", "start", "days", "end"),
    [
        (SHOP, "2026-06-10T10:30", 1, "2026-06-11T10:30"),
        (SHOP, "2026-06-10T10:30", 3, "2026-06-15T10:30"),
        (SHOP, "2026-06-10T17:00", 1, "2026-06-11T17:00"),  # out of hours: the next day's close
        (SHOP, "2026-06-10T17:00", 2, "2026-06-12T17:00"),
        (
            SHOP,
            "2026-06-10T09:00",
            1,
            "2026-06-10T17:00",
        ),  # a whole opening from its first moment ends with it
        (SHOP, "2026-06-10T13:00", 1, "2026-06-11T12:00"),  # the same moment of business time, at its closing
        (SHOP, "2026-06-10T12:30", 1, "2026-06-11T12:00"),  # in the break: counted from 13:00
        (UNEVEN, "2026-06-11T15:00", 1, "2026-06-12T13:00"),  # Friday closes before that time of day
        (UNEVEN, "2026-06-11T15:00", 2, "2026-06-15T15:00"),
        (LATER, "2026-06-15T09:30", 1, "2026-06-16T11:00"),  # Tuesday opens after it
        (LATER, "2026-06-15T10:59", 1, "2026-06-16T11:00"),
        (LATER, "2026-06-15T12:00", 1, "2026-06-16T12:00"),
    ],
)
def test_sla_14_business_days(hours: Week, start: str, days: int, end: str) -> None:
    assert calendar(hours).add_days(at(start), days) == at(end)


def test_sla_14_the_same_wall_time_on_a_day_with_23_hours() -> None:
    always = around_the_clock(NEW_YORK)
    assert always.add_days(at("2026-03-07T12:00"), 1) - at("2026-03-07T12:00") == timedelta(hours=23)
    # 2:30 does not exist on the 8th: due when the clocks jump over it.
    assert shown(always.add_days(at("2026-03-07T02:30"), 1)) == "2026-03-08T03:00-04:00"
    # 1:30 exists twice on 1 November: due the first time.
    assert shown(always.add_days(at("2026-10-31T01:30"), 1)) == "2026-11-01T01:30-04:00"


@settings(max_examples=60)
@given(st.integers(0, 200_000), st.integers(1, 30))
def test_sla_14_where_days_are_alike_a_business_day_is_an_openings_worth_of_minutes(
    offset: int, days: int
) -> None:
    shop = calendar(holidays={date(2026, 7, 3): "Independence Day (observed)"})
    start = at("2026-06-01T00:00") + minutes(offset)
    assert shop.add_days(start, days) == shop.add(start, minutes(days * 7 * 60))


# Cost


def test_ten_years_cost_a_step_a_month() -> None:
    """Nothing is walked through: once the months are laid out, each on the way is one number."""
    shop = calendar()
    start = at("2026-06-10T10:30")
    ten_years = shop.between(start, at("2036-06-10T10:30"))
    assert shop.add(start, ten_years) == at("2036-06-10T10:30")
    looked = _lookups(shop, lambda: shop.add(start, ten_years)) - _lookups(
        shop, lambda: shop.add(start, minutes(1))
    )
    assert 0 <= looked <= 121  # one step for each month


def _lookups(shop: Calendar, question: Callable[[], object]) -> int:
    with patch.object(shop._line, "month", wraps=shop._line.month) as month:
        question()
    return month.call_count


# What bad input gets


@pytest.mark.parametrize(
    ("zone", "hours", "message"),
    [
        ("America/Los_Angles", SHOP, "zone: there is no time zone 'America/Los_Angles'"),
        ("America", SHOP, "zone: there is no time zone 'America'"),
        ("../../etc/passwd", SHOP, "zone: there is no time zone"),
        ("", SHOP, "zone: there is no time zone ''"),
        (NEW_YORK, {"mon": [("17:00", "09:00")]}, "open.mon: 17:00 to 09:00 ends before it starts"),
        (NEW_YORK, {"mon": [("09:00", "09:00")]}, "open.mon: 09:00 to 09:00 ends before it starts"),
        (NEW_YORK, {"fri": [("18:00", "00:00")]}, "write 24:00 for midnight"),
        (NEW_YORK, {"tue": [("09:00", "12:00"), ("11:59", "13:00")]}, "open.tue: the hours overlap at 11:59"),
        (
            NEW_YORK,
            {"monday": [("09:00", "12:00")]},
            "open: 'monday' is not a weekday; write one of mon, tue",
        ),
        (
            NEW_YORK,
            {"mon": [("9 am", "12:00")]},
            "open.mon: '9 am' is not a time of day; write it like 06:00",
        ),
        (NEW_YORK, {"mon": [("09:00", "24:01")]}, "open.mon: '24:01' is not a time of day"),
        (NEW_YORK, {"mon": [("09:60", "12:00")]}, "open.mon: '09:60' is not a time of day"),
    ],
)
def test_hours_that_make_no_sense(zone: str, hours: Week, message: str) -> None:
    with pytest.raises(WrongUsage) as caught:
        Hours(zone=zone, open=hours)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_calendar_that_is_never_open_says_so() -> None:
    never = calendar({"mon": []})
    noon = at("2026-06-10T12:00")
    questions: tuple[Callable[[], object], ...] = (
        lambda: never.add(noon, minutes(1)),
        lambda: never.subtract(noon, minutes(1)),
        lambda: never.next_opening(noon),
        lambda: never.add_days(noon, 1),
    )
    for question in questions:
        with pytest.raises(Refused, match="open: this calendar is never open"):
            question()
    assert never.between(noon, noon + timedelta(days=400)) == timedelta(0)
    assert not never.is_open(noon)


def test_a_calendar_whose_every_day_is_a_holiday_is_refused_at_the_edge_of_time() -> None:
    days = {date(2026, 1, 4) + timedelta(weeks=number): "closed" for number in range(53 * 200)}
    with pytest.raises(Refused, match="1900 to 2200"):
        calendar({"sun": [("09:00", "10:00")]}, days).add(at("2026-01-01T00:00"), minutes(1))


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (
            lambda shop: shop.add(NAIVE, minutes(1)),
            "start: 2026-06-10T09:00:00 says no zone",
        ),
        (lambda shop: shop.is_open(NAIVE), "at: 2026-06-10T09:00:00 says no zone"),
        (
            lambda shop: shop.add(at("1066-10-14T09:00"), minutes(1)),
            "start: the year 1066 is outside 1900 to 2200",
        ),
        (lambda shop: shop.next_opening(at("9999-12-31T23:59")), "at: the year 9999 is outside"),
        (
            lambda shop: shop.add(at("2026-06-10T09:00"), minutes(-1)),
            "minutes: a duration cannot be negative",
        ),
        (lambda shop: shop.add_days(at("2026-06-10T09:00"), 0), "days: 0 is not a number of business days"),
        (
            lambda shop: shop.between(at("2026-06-10T09:00"), at("2026-06-10T08:59")),
            "end: 2026-06-10T08:59:00-04:00 is",
        ),
        (
            lambda shop: shop.add(at("2026-06-10T09:00"), minutes(10**9)),
            "minutes: the answer lies outside the years",
        ),
        (
            lambda shop: shop.subtract(at("2026-06-10T09:00"), minutes(10**9)),
            "minutes: the answer lies outside",
        ),
        (lambda shop: shop.add_days(at("2199-06-10T09:00"), 1000), "day: the year 2200 is outside"),
        (lambda shop: shop.spans_on(date(1, 1, 1)), "day: the year 1 is outside"),
    ],
)
def test_questions_that_make_no_sense(question: Callable[[Calendar], object], message: str) -> None:
    with pytest.raises((WrongUsage, Refused)) as caught:
        question(calendar())
    assert message in str(caught.value)


# A calendar in a file


def test_a_calendar_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "calendar.json"
    file.write_text(json.dumps({"zone": NEW_YORK, "open": SHOP, "holidays": ["2026-07-03"]}))
    shop = calendar_from_file(file)
    assert shop.add(at("2026-07-02T16:30"), minutes(60)) == at("2026-07-06T09:30")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"open": SHOP}, "missing required field `zone`"),
        ({"zone": NEW_YORK}, "missing required field `open`"),
        ({"zone": NEW_YORK, "open": SHOP, "holidays": ["July 3"]}, "$.holidays[0]"),
        ({"zone": NEW_YORK, "open": SHOP, "holiday": []}, "unknown field `holiday`"),
        ({"zone": NEW_YORK, "open": {"mon": ["09:00", "17:00"]}}, "$.open"),
        ({"zone": "Mars/Olympus", "open": SHOP}, "zone: there is no time zone 'Mars/Olympus'"),
        ([], "Expected `object`"),
    ],
)
def test_a_file_that_makes_no_sense(tmp_path: Path, content: object, message: str) -> None:
    file = tmp_path / "calendar.json"
    file.write_text(json.dumps(content))
    with pytest.raises(WrongUsage) as caught:
        calendar_from_file(file)
    assert str(caught.value).startswith(f"--calendar: {file}: ")
    assert message in str(caught.value)


def test_a_file_that_is_not_there_or_is_no_json(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match=r"calendar: .* cannot be read: No such file"):
        calendar_from_file(tmp_path / "calendar.json")
    (tmp_path / "broken.json").write_bytes(b'{"zone": \xff')
    with pytest.raises(WrongUsage, match=r"calendar: .*broken\.json: "):
        calendar_from_file(tmp_path / "broken.json")
