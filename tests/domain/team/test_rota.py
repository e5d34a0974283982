"""SUP-15: weekly shifts from Saturday 00:00, in turn, with what interrupts them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

import msgspec
import pytest

from fleettui.domain.team.rota import (
    Override,
    Rota,
    Shift,
    Swap,
    gaps,
    next_shift,
    reminders_between,
    shift_at,
    shifts_between,
)
from fleettui.errors import WrongUsage

ZONE = ZoneInfo("America/Los_Angeles")
# 3 January 2026 is a Saturday.
ROTA = Rota(order=["ana", "ben", "cleo"], first=date(2026, 1, 3))


def at(text: str, zone: ZoneInfo = ZONE) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=zone)


def shift_of(rota: Rota, moment: datetime, zone: ZoneInfo = ZONE) -> Shift:
    """The shift of a moment that has one."""
    shift = shift_at(rota, moment, zone)
    assert shift is not None
    return shift


def described(shift: Shift) -> str:
    return f"{shift.start.astimezone(ZONE):%m-%d %H:%M} {shift.end.astimezone(ZONE):%m-%d %H:%M} {shift.person} {shift.why}"


def between(rota: Rota, start: str, end: str) -> list[str]:
    return [described(shift) for shift in shifts_between(rota, at(start), at(end), ZONE)]


def changed(**fields: object) -> Rota:
    return msgspec.structs.replace(ROTA, **fields)


def test_sup_15_a_shift_starts_saturday_for_the_week_after() -> None:
    assert shift_of(ROTA, at("01-09T23:59")).person == "ana"
    shift = shift_of(ROTA, at("01-10T00:00"))
    assert described(shift) == "01-10 00:00 01-17 00:00 ben turn"
    assert shift.week_of == date(2026, 1, 12)
    assert shift_at(ROTA, at("01-16T23:59:59"), ZONE) == shift
    assert shift_of(ROTA, at("01-24T00:00")).person == "ana"


def test_sup_15_whoever_took_over_is_reminded_on_monday() -> None:
    reminders = reminders_between(ROTA, at("01-05T06:00"), at("01-19T06:00"), ZONE)
    assert [(reminder.at, reminder.person, reminder.week_of.day) for reminder in reminders] == [
        (at("01-05T06:00"), "ana", 5),
        (at("01-12T06:00"), "ben", 12),
    ]
    # Somebody else on that Monday: it is they who are reminded. Nobody: nobody is.
    instead = Override(first=date(2026, 1, 12), last=date(2026, 1, 12), person="dora")
    (reminder,) = reminders_between(changed(overrides=[instead]), at("01-12T00:00"), at("01-13T00:00"), ZONE)
    assert reminder.person == "dora"
    assert reminders_between(changed(order=[]), at("01-12T00:00"), at("01-13T00:00"), ZONE) == []


def test_before_the_first_shift_there_is_none() -> None:
    assert shift_at(ROTA, at("01-02T23:59"), ZONE) is None
    assert next_shift(ROTA, at("01-02T23:59"), ZONE).person == "ana"
    assert between(ROTA, "01-01T00:00", "01-03T00:00") == []


def test_shifts_between_and_next() -> None:
    assert between(ROTA, "01-09T12:00", "01-17T00:00") == [
        "01-03 00:00 01-10 00:00 ana turn",
        "01-10 00:00 01-17 00:00 ben turn",
    ]
    assert between(ROTA, "01-10T00:00", "01-10T00:00") == []
    assert described(next_shift(ROTA, at("01-09T12:00"), ZONE)) == "01-10 00:00 01-17 00:00 ben turn"


@pytest.mark.parametrize(
    ("middle", "hours"),
    [("03-05T12:00", 168), ("03-10T12:00", 167), ("10-29T12:00", 168), ("11-03T12:00", 169)],
)
def test_handover_is_at_wall_time_whatever_clocks_do(middle: str, hours: int) -> None:
    """Clocks change on a Sunday, inside a shift: that shift is an hour shorter or longer, and still ends at midnight."""
    shift = shift_of(ROTA, at(middle))
    assert shift.start.astimezone(ZONE).strftime("%a %H:%M") == "Sat 00:00"
    assert shift.end.astimezone(ZONE).strftime("%a %H:%M") == "Sat 00:00"
    assert shift.end - shift.start == timedelta(hours=hours)


def test_a_handover_at_a_midnight_that_clocks_skip() -> None:
    """In Cairo clocks jump over the midnight of the last Friday of April."""
    cairo = ZoneInfo("Africa/Cairo")
    rota = Rota(order=["ana", "ben"], first=date(2026, 1, 2), handover_weekday="fri")
    shift = shift_of(rota, at("04-24T01:00", cairo), cairo)
    assert shift.start.astimezone(cairo).isoformat() == "2026-04-24T01:00:00+03:00"
    assert shift_of(rota, shift.start - timedelta(seconds=1), cairo).end == shift.start


def test_overrides_cut_a_shift_and_the_later_one_wins() -> None:
    covered = changed(
        overrides=[
            Override(first=date(2026, 1, 12), last=date(2026, 1, 14), person="dora", why="ben is at a fair"),
            Override(first=date(2026, 1, 14), last=date(2026, 1, 14), person=None, why="nobody found"),
        ]
    )
    assert between(covered, "01-10T00:00", "01-17T00:00") == [
        "01-10 00:00 01-12 00:00 ben turn",
        "01-12 00:00 01-14 00:00 dora ben is at a fair",
        "01-14 00:00 01-15 00:00 None nobody found",
        "01-15 00:00 01-17 00:00 ben turn",
    ]
    assert shift_of(covered, at("01-13T09:00")).person == "dora"


def test_swaps_exchange_two_weeks_one_after_another() -> None:
    swapped = changed(swaps=[Swap(one=date(2026, 1, 3), other=date(2026, 1, 10))])
    assert [
        described(shift)[24:] for shift in shifts_between(swapped, at("01-03T00:00"), at("01-24T00:00"), ZONE)
    ] == [
        "ben swap",
        "ana swap",
        "cleo turn",
    ]
    # Ana, who now has the second week, gives it to Cleo for the third.
    again = changed(swaps=[*swapped.swaps, Swap(one=date(2026, 1, 10), other=date(2026, 1, 17))])
    assert [shift.person for shift in shifts_between(again, at("01-03T00:00"), at("01-24T00:00"), ZONE)] == [
        "ben",
        "cleo",
        "ana",
    ]


def test_gaps() -> None:
    rota = changed(
        overrides=[Override(first=date(2026, 1, 12), last=date(2026, 1, 12), person=None, why="nobody found")]
    )
    away = {
        "ana": [(date(2026, 1, 1), date(2026, 1, 4)), (date(2026, 1, 4), date(2026, 1, 5))],
        "cleo": [(date(2026, 1, 1), date(2026, 1, 9))],
    }
    found_gaps = gaps(rota, at("01-02T12:00"), at("01-19T00:00"), ZONE, away)
    assert [
        f"{gap.start.astimezone(ZONE):%m-%d %H} {gap.end.astimezone(ZONE):%m-%d %H} {gap.why}"
        for gap in found_gaps
    ] == [
        "01-02 12 01-03 00 before the first shift",
        "01-03 00 01-06 00 ana is away",
        "01-12 00 01-13 00 nobody found",
    ]
    assert [gap.why for gap in gaps(changed(order=[]), at("02-01T00:00"), at("02-20T00:00"), ZONE)] == [
        "nobody is on the rota"
    ]


def test_somebody_away_for_good_is_a_gap() -> None:
    away = {"ana": [(date(2025, 1, 1), date.max)]}
    (gap,) = gaps(ROTA, at("01-05T12:00"), at("01-12T00:00"), ZONE, away)
    assert (gap.start, gap.end) == (at("01-05T12:00"), at("01-10T00:00"))


def test_handover_at_another_time_is_data() -> None:
    evening = Rota(order=["ana", "ben"], first=date(2026, 1, 2), handover_weekday="fri", handover_at="18:00")
    assert shift_of(evening, at("01-09T17:59")).person == "ana"
    assert shift_of(evening, at("01-09T18:00")).person == "ben"


def test_the_rota_of_a_new_workspace() -> None:
    rota = msgspec.json.decode(
        resources.files("fleettui.data").joinpath("oncall.json").read_bytes(), type=Rota
    )
    shift = shift_of(rota, at("06-10T12:00"))
    assert (shift.person, shift.why) == (None, "nobody is on the rota")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: changed(first=date(2026, 1, 5)),
            "first: no shift starts on 2026-01-05; shifts start each sat",
        ),
        (
            lambda: changed(swaps=[Swap(one=date(2026, 1, 3), other=date(2026, 1, 4))]),
            "swaps: no shift starts on",
        ),
        (
            lambda: changed(swaps=[Swap(one=date(2025, 12, 27), other=date(2026, 1, 3))]),
            "swaps: no shift starts on",
        ),
        (lambda: changed(handover_weekday="saturday"), "handover_weekday: 'saturday' is not one of mon, tue"),
        (lambda: changed(reminder_at="dawn"), "reminder_at: 'dawn' is not a time of day"),
        (
            lambda: Override(first=date(2026, 1, 5), last=date(2026, 1, 4), person=None),
            "overrides: 2026-01-04 is before 2026-01-05",
        ),
        (lambda: shifts_between(ROTA, at("01-05T00:00"), at("01-04T00:00"), ZONE), "end: 2026-01-04"),
        (
            lambda: shift_at(ROTA, datetime.fromisoformat("2026-01-05T00:00"), ZONE),
            "at: 2026-01-05T00:00:00 says no zone",
        ),
    ],
)
def test_what_makes_no_sense_is_named(make: Callable[[], object], message: str) -> None:
    with pytest.raises(WrongUsage) as caught:
        make()
    assert message in str(caught.value)
