"""Rules by which calendars repeat: the same days as another reader of them finds, and never more than a bounded work."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from fleettui.errors import Refused
from fleettui.time.recurrence import WEEKDAYS, Steps, laid_out, read_rule

BERLIN = ZoneInfo("Europe/Berlin")
TEN = time(10)


def wall(year: int, month: int = 1, day: int = 1) -> datetime:
    return datetime.combine(date(year, month, day), TEN)


START = wall(2026, 3, 12)
STEPS = 60_000


def days(text: str, start: datetime = START, weeks: int = 52) -> list[str]:
    until = start + timedelta(weeks=weeks)
    return [f"{at:%m-%d}" for at in laid_out(read_rule(text), start, BERLIN, start, until, Steps(STEPS))]


@pytest.mark.parametrize(
    ("rule", "first"),
    [
        ("FREQ=DAILY;COUNT=3", ["03-12", "03-13", "03-14"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;COUNT=4", ["03-12", "03-24", "03-26", "04-07"]),
        ("FREQ=MONTHLY;BYDAY=2TH;COUNT=3", ["03-12", "04-09", "05-14"]),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1;COUNT=3", ["03-12", "03-31", "06-30"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3", ["03-12", "03-31", "04-30"]),
        ("FREQ=YEARLY;BYMONTH=3,9;BYDAY=-1FR;COUNT=3", ["03-12", "03-27", "09-25"]),
        ("FREQ=WEEKLY;UNTIL=20260326", ["03-12", "03-19", "03-26"]),
        ("FREQ=WEEKLY;UNTIL=20260326T085959Z", ["03-12", "03-19"]),
        ("FREQ=WEEKLY;UNTIL=20260326T090000Z", ["03-12", "03-19", "03-26"]),
        ("FREQ=MONTHLY;BYDAY=5MO;BYSETPOS=9", ["03-12"]),
    ],
)
def test_what_calendars_write_is_laid_out(rule: str, first: list[str]) -> None:
    assert days(rule) == first


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("FREQ=SECONDLY", "more often than calls do"),
        ("FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1,2,3", "more often than calls do"),
        ("FREQ=WEEKLY;INTERVAL=0", "without ever going on"),
        ("FREQ=YEARLY;BYWEEKNO=20", "BYWEEKNO"),
        ("COUNT=3", "how often"),
        ("FREQ=DAILY;COUNT=9999999999", "cannot be meant"),
        ("FREQ=DAILY;UNTIL=tomorrow", "is no day"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY"),
        ("FREQ=WEEKLY;BYDAY=XX", "no day of the week"),
    ],
)
def test_what_cannot_be_laid_out_is_refused_in_words(rule: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        read_rule(rule)


NUMBERS = {"BYMONTHDAY": st.sampled_from([*range(1, 32), *range(-31, 0)]), "BYMONTH": st.integers(1, 12)}


@st.composite
def rules(draw: st.DrawFn) -> str:
    every = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={every}", f"INTERVAL={draw(st.integers(1, 7))}"]
    for name, numbers in NUMBERS.items():
        if draw(st.booleans()) and (name, every) != ("BYMONTHDAY", "WEEKLY"):
            chosen = draw(st.lists(numbers, min_size=1, max_size=5))
            parts.append(f"{name}={','.join(map(str, chosen))}")
    if draw(st.booleans()):
        counted = every in ("MONTHLY", "YEARLY") and draw(st.booleans())
        nth = st.sampled_from(["1", "2", "-1"]) if counted else st.just("")
        chosen_days = draw(st.lists(st.tuples(nth, st.sampled_from(WEEKDAYS)), min_size=1, max_size=4))
        parts.append(f"BYDAY={','.join(n + day for n, day in chosen_days)}")
        if every == "MONTHLY" and draw(st.booleans()):
            parts.append(f"BYSETPOS={draw(st.sampled_from([1, 2, -1]))}")
    if draw(st.booleans()):
        parts.append(f"COUNT={draw(st.integers(1, 40))}")
    return ";".join(parts)


@settings(max_examples=100)
@given(rules(), st.datetimes(wall(2015), wall(2026)), st.integers(0, 400))
def test_the_same_days_as_another_reader_of_rules_finds(rule: str, start: datetime, later: int) -> None:
    start = start.replace(microsecond=0)
    endless = ";".join(part for part in rule.split(";") if not part.startswith("COUNT"))
    within = start + timedelta(weeks=200)
    first = rrulestr(f"{endless};UNTIL={within:%Y%m%dT%H%M%S}", dtstart=start).after(start, inc=True)
    if first is None:
        return
    since, before = first + timedelta(weeks=later), first + timedelta(weeks=later + 104)
    ending = "" if "COUNT" in rule else f";UNTIL={before:%Y%m%dT%H%M%S}"
    theirs = rrulestr(rule + ending, dtstart=first).between(since, before - timedelta(seconds=1), inc=True)
    ours = list(laid_out(read_rule(rule), first, BERLIN, since, before, Steps(STEPS)))
    # The other reader begins the periods anew at the first day; so do we.
    assert ours == theirs


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.builds(
        lambda every, interval, rest: f"FREQ={every};INTERVAL={interval};{rest}",
        st.sampled_from(["SECONDLY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
        st.integers(-5, 10**6),
        st.lists(
            st.builds(
                lambda name, values: f"{name}={','.join(map(str, values))}",
                st.sampled_from(
                    ["COUNT", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "BYHOUR", "BYMINUTE", "BYSECOND"]
                ),
                st.lists(st.integers(-400, 10**6), max_size=80),
            ),
            max_size=6,
        ).map(";".join),
    ),
    rules(),
)


@given(HOSTILE, st.integers(1990, 2190), st.integers(0, 2000))
def test_call_bounded_no_rule_takes_more_steps_than_it_is_given(rule: str, year: int, weeks: int) -> None:
    steps, start = Steps(STEPS), wall(year, 2, 28)
    since = min(start + timedelta(weeks=weeks), wall(2190))
    try:
        walls = list(laid_out(read_rule(rule), start, BERLIN, since, since + timedelta(weeks=60), steps))
    except Refused:
        return
    assert steps.left >= 0
    assert all(a < b for a, b in pairwise(walls))
    assert len(walls) <= 60 * 7 * 4 + 1
