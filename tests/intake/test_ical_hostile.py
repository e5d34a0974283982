"""Zones and rules that would be laid out for ever: refused in words, with a bounded work, and the rest of the file is read."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleettui.intake.ical import events as ics
from fleettui.time import recurrence
from tests.intake.test_ical import OURS, OUTLOOK_ZONE, at, in_zone, only, read
from tests.support.calendars import calendar, event, people
from tests.support.clocks import MONDAY_MORNING


def zone(
    rule: str, *lines: str, name: str = "Customized Time Zone", start: str = "19700101T000000"
) -> tuple[str, ...]:
    return (
        "BEGIN:VTIMEZONE", f"TZID:{name}", "BEGIN:STANDARD", f"DTSTART:{start}",
        "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", f"RRULE:{rule}", *lines, "END:STANDARD", "END:VTIMEZONE",
    )  # fmt: skip


def test_call_5_a_zone_that_changes_every_second_is_named_and_not_laid_out() -> None:
    reading = read(calendar(in_zone("Customized Time Zone"), event("good@x"), extra=zone("FREQ=SECONDLY")))
    assert [invite.uid for invite in reading.invites] == ["zoned@x", "good@x"]
    assert reading.problems == [
        "Review with Northwind: its zone 'Customized Time Zone' is not known; read as America/Los_Angeles",
        "time zone 'Customized Time Zone': repeats more often than calls do; its rules are not used",
    ]


@pytest.mark.parametrize(
    "rule", ["FREQ=DAILY", "FREQ=YEARLY;COUNT=99999", "FREQ=YEARLY;INTERVAL=0", "nonsense"]
)
def test_a_zone_whose_rules_no_clock_follows_is_named(rule: str) -> None:
    reading = read(calendar(in_zone("Customized Time Zone"), extra=zone(rule)))
    assert len(reading.invites) == 1
    assert "its rules" in reading.problems[-1]


def test_a_zone_of_one_file_says_nothing_about_the_next() -> None:
    name = "Customized Time Zone"
    berlin = tuple(line.format(name=name) for line in OUTLOOK_ZONE)
    tokyo = (
        "BEGIN:VTIMEZONE", f"TZID:{name}", "BEGIN:STANDARD", "DTSTART:16010101T000000",
        "TZOFFSETFROM:+0900", "TZOFFSETTO:+0900", "END:STANDARD", "END:VTIMEZONE",
    )  # fmt: skip
    assert only(calendar(in_zone(name), extra=berlin)).start == at(2026, 4, 10, 8)
    assert only(calendar(in_zone(name), extra=tokyo)).start == at(2026, 4, 10, 1)


@pytest.mark.parametrize(
    "name",
    [
        "/freeassociation.sourceforge.net/Europe/Berlin",
        "/mozilla.org/20050126_1/Europe/Berlin",
        '"Europe/Berlin"',
    ],
)
def test_zones_are_known_by_the_end_of_their_path(name: str) -> None:
    assert only(calendar(in_zone(name))).start == at(2026, 4, 10, 8)


def test_many_daily_rules_share_one_bounded_work() -> None:
    old = {"DTSTART": "19900101T100000Z", "DTEND": "19900101T103000Z"}
    bombs = [event(f"d{n}@x", "RRULE:FREQ=DAILY;COUNT=100000", *people(), **old) for n in range(400)]
    reading = read(calendar(*bombs))
    assert reading.steps.left < 0
    assert any("takes too much work" in problem for problem in reading.problems)
    assert len(reading.invites) <= ics.MOST_INVITES


def test_boxes_in_boxes_are_not_opened() -> None:
    deep = [*["BEGIN:VALARM"] * 3000, *["END:VALARM"] * 3000]
    assert only(calendar(event("deep@x", *deep))).uid == "deep@x"


@st.composite
def hostile_files(draw: st.DrawFn) -> bytes:
    every = st.sampled_from(["SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY", "X"])
    part = st.builds(
        lambda name, numbers: f"{name}={','.join(map(str, numbers))}",
        st.sampled_from(
            ["INTERVAL", "COUNT", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "BYHOUR", "BYSECOND", "UNTIL"]
        ),
        st.lists(st.integers(-400, 10**9), min_size=1, max_size=30),
    )
    rule = st.builds(lambda f, parts: f"FREQ={f};{';'.join(parts)}", every, st.lists(part, max_size=5))
    starts = st.sampled_from(["16010101T000000", "19700101T000000", "20260312T100000", "99991231T235959"])
    extra = zone(
        draw(rule), *(f"RRULE:{draw(rule)}" for _ in range(draw(st.integers(0, 5)))), start=draw(starts)
    )
    name = "Customized Time Zone"
    events = [
        event(
            f"h{number}@x",
            *(f"RRULE:{draw(rule)}" for _ in range(draw(st.integers(1, 4)))),
            f"DTSTART;TZID={name}:{draw(starts)}",
            DTSTART="",
            DTEND="",
        )
        for number in range(draw(st.integers(1, 4)))
    ]
    return calendar(*events, event("good@x"), extra=extra)


@given(hostile_files())
def test_call_5_no_file_takes_more_steps_than_there_are(content: bytes) -> None:
    taken = 0
    take = recurrence.Steps.take

    def counting(steps: recurrence.Steps, number: int = 1) -> None:
        nonlocal taken
        taken += number
        take(steps, number)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recurrence.Steps, "take", counting)
        reading = ics.read(content, MONDAY_MORNING, ZoneInfo(OURS.key))
    assert taken <= ics.STEPS + 50_000
    assert reading.invites[-1].uid == "good@x"
