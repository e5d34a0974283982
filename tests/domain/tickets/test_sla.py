"""SLA-1 to SLA-16: every row of the table with worked examples, and how a debt stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import resources
from typing import TypeVar

import msgspec
import pytest

from fleettui.domain.tickets.sla import (
    Calendars,
    ClockName,
    Commitment,
    SlaPolicy,
    breached,
    commitment_for,
    debt_for,
    debt_status,
    in_words,
    priority_named,
    tiers,
    ways_in,
)
from fleettui.domain.tickets.targets import internal_target, target_for
from fleettui.errors import WrongUsage
from fleettui.time.business import Hours
from fleettui.time.holidays import HolidayPolicy, year_by_year

Policy = TypeVar("Policy")


def seed(name: str, type_: type[Policy]) -> Policy:
    return msgspec.json.decode(resources.files("fleettui.data").joinpath(name).read_bytes(), type=type_)


POLICY = seed("sla.json", SlaPolicy)
HOURS = seed("hours.json", Hours)
CALENDARS = Calendars.of(HOURS, year_by_year(seed("holidays.json", HolidayPolicy)))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


# Monday to Friday, 6:00 to 16:00 in Los Angeles. Clocks go forward on Sunday, 8 March 2026, and back on Sunday, 1 November.
# 10 June is a Wednesday; Monday, 7 September, is Labor Day.
INSIDE = "2026-06-10T10:00-07:00"
BEFORE_CLOSING = "2026-06-10T15:50-07:00"
AT_CLOSING = "2026-06-10T16:00-07:00"
NIGHT = "2026-06-10T22:00-07:00"
FRIDAY_EVENING = "2026-06-12T18:00-07:00"
WEEKEND = "2026-06-13T12:00-07:00"
BEFORE_HOLIDAY = "2026-09-04T15:00-07:00"
HOLIDAY_MONDAY = "2026-09-07T10:00-07:00"
OVER_SPRING = "2026-03-06T15:00-08:00"
SPRING_NIGHT = "2026-03-08T00:30-08:00"
OVER_AUTUMN = "2026-10-30T15:00-07:00"
AUTUMN_NIGHT = "2026-11-01T00:30-07:00"

PREMIUM_P0 = {
    INSIDE: "2026-06-10T14:00-07:00",
    BEFORE_CLOSING: "2026-06-10T19:50-07:00",
    AT_CLOSING: "2026-06-10T20:00-07:00",
    NIGHT: "2026-06-11T02:00-07:00",
    FRIDAY_EVENING: "2026-06-12T22:00-07:00",
    WEEKEND: "2026-06-13T16:00-07:00",
    BEFORE_HOLIDAY: "2026-09-04T19:00-07:00",
    HOLIDAY_MONDAY: "2026-09-07T14:00-07:00",
    OVER_SPRING: "2026-03-06T19:00-08:00",
    SPRING_NIGHT: "2026-03-08T05:30-07:00",  # four hours pass while the wall moves by five
    OVER_AUTUMN: "2026-10-30T19:00-07:00",
    AUTUMN_NIGHT: "2026-11-01T03:30-08:00",  # and here by three
}
PREMIUM_P1 = {
    INSIDE: "2026-06-10T14:00-07:00",
    BEFORE_CLOSING: "2026-06-11T09:50-07:00",
    AT_CLOSING: "2026-06-11T10:00-07:00",
    NIGHT: "2026-06-11T10:00-07:00",
    FRIDAY_EVENING: "2026-06-15T10:00-07:00",
    WEEKEND: "2026-06-15T10:00-07:00",
    BEFORE_HOLIDAY: "2026-09-07T09:00-07:00",  # SLA-13: the holiday is business time
    HOLIDAY_MONDAY: "2026-09-07T14:00-07:00",
    OVER_SPRING: "2026-03-09T09:00-07:00",
    SPRING_NIGHT: "2026-03-09T10:00-07:00",
    OVER_AUTUMN: "2026-11-02T09:00-08:00",
    AUTUMN_NIGHT: "2026-11-02T10:00-08:00",
}
ONE_BUSINESS_DAY = {
    INSIDE: "2026-06-11T10:00-07:00",
    BEFORE_CLOSING: "2026-06-11T15:50-07:00",
    AT_CLOSING: "2026-06-11T16:00-07:00",
    NIGHT: "2026-06-11T16:00-07:00",
    FRIDAY_EVENING: "2026-06-15T16:00-07:00",
    WEEKEND: "2026-06-15T16:00-07:00",
    BEFORE_HOLIDAY: "2026-09-08T15:00-07:00",
    HOLIDAY_MONDAY: "2026-09-08T16:00-07:00",
    OVER_SPRING: "2026-03-09T15:00-07:00",
    SPRING_NIGHT: "2026-03-09T16:00-07:00",
    OVER_AUTUMN: "2026-11-02T15:00-08:00",
    AUTUMN_NIGHT: "2026-11-02T16:00-08:00",
}
TWO_BUSINESS_DAYS = {
    INSIDE: "2026-06-12T10:00-07:00",
    BEFORE_CLOSING: "2026-06-12T15:50-07:00",
    AT_CLOSING: "2026-06-12T16:00-07:00",
    NIGHT: "2026-06-12T16:00-07:00",
    FRIDAY_EVENING: "2026-06-16T16:00-07:00",
    WEEKEND: "2026-06-16T16:00-07:00",
    BEFORE_HOLIDAY: "2026-09-09T15:00-07:00",
    HOLIDAY_MONDAY: "2026-09-09T16:00-07:00",
    OVER_SPRING: "2026-03-10T15:00-07:00",
    SPRING_NIGHT: "2026-03-10T16:00-07:00",
    OVER_AUTUMN: "2026-11-03T15:00-08:00",
    AUTUMN_NIGHT: "2026-11-03T16:00-08:00",
}
ULTIMATE_P0 = {
    INSIDE: "2026-06-10T11:00-07:00",
    BEFORE_CLOSING: "2026-06-10T16:50-07:00",
    AT_CLOSING: "2026-06-10T18:00-07:00",
    NIGHT: "2026-06-11T00:00-07:00",
    FRIDAY_EVENING: "2026-06-12T20:00-07:00",
    WEEKEND: "2026-06-13T14:00-07:00",
    BEFORE_HOLIDAY: "2026-09-04T16:00-07:00",
    HOLIDAY_MONDAY: "2026-09-07T11:00-07:00",  # SLA-13: it arrived in business hours
    OVER_SPRING: "2026-03-06T16:00-08:00",
    SPRING_NIGHT: "2026-03-08T03:30-07:00",
    OVER_AUTUMN: "2026-10-30T16:00-07:00",
    AUTUMN_NIGHT: "2026-11-01T01:30-08:00",  # the second 1:30 of that night
}
ULTIMATE_P1 = {
    INSIDE: "2026-06-10T12:00-07:00",
    BEFORE_CLOSING: "2026-06-10T17:50-07:00",
    AT_CLOSING: "2026-06-10T20:00-07:00",
    NIGHT: "2026-06-11T02:00-07:00",
    FRIDAY_EVENING: "2026-06-12T22:00-07:00",
    WEEKEND: "2026-06-13T16:00-07:00",
    BEFORE_HOLIDAY: "2026-09-04T17:00-07:00",
    HOLIDAY_MONDAY: "2026-09-07T12:00-07:00",
    OVER_SPRING: "2026-03-06T17:00-08:00",
    SPRING_NIGHT: "2026-03-08T05:30-07:00",
    OVER_AUTUMN: "2026-10-30T17:00-07:00",
    AUTUMN_NIGHT: "2026-11-01T03:30-08:00",
}
ROWS = [
    ("SLA-2", "Premium", "P0", "clock hours", PREMIUM_P0),
    ("SLA-3", "Premium", "P1", "business hours", PREMIUM_P1),
    ("SLA-4", "Premium", "P2", "business days", ONE_BUSINESS_DAY),
    ("SLA-5", "Premium", "P3", "business days", TWO_BUSINESS_DAYS),
    ("SLA-6", "Ultimate", "P0", "clock hours", ULTIMATE_P0),
    ("SLA-7", "Ultimate", "P1", "clock hours", ULTIMATE_P1),
    ("SLA-8", "Ultimate", "P2", "business days", ONE_BUSINESS_DAY),
    ("SLA-9", "Ultimate", "P3", "business days", ONE_BUSINESS_DAY),
]
EXAMPLES = [
    pytest.param(rule, tier, priority, clock, since, due, id=f"{rule}-{since}")
    for rule, tier, priority, clock, examples in ROWS
    for since, due in examples.items()
]


@pytest.mark.parametrize(("rule", "tier", "priority", "clock", "since", "due"), EXAMPLES)
def test_sla_2_to_9_worked_examples(
    rule: str, tier: str, priority: str, clock: str, since: str, due: str
) -> None:
    owed = debt_for(POLICY, CALENDARS, tier, priority, at(since))
    assert owed.due == at(due)
    assert (owed.rule, owed.clock, owed.since) == (rule, clock, at(since))
    trace = owed.trace()
    assert [item.start for item in trace] == [at(since), *(item.end for item in trace[:-1])]
    assert trace[-1].end == at(due)


@pytest.mark.parametrize("priority", ["P0", "P1", "P2", "P3"])
def test_sla_1_free_is_promised_nothing(priority: str) -> None:
    owed = debt_for(POLICY, CALENDARS, "Free", priority, at(INSIDE))
    assert (owed.rule, owed.due, owed.target, owed.clock, owed.trace()) == ("SLA-1", None, None, None, [])
    assert debt_status(POLICY, owed, at(INSIDE)) is None
    assert not breached(owed, at("2030-01-01T00:00Z"))


@pytest.mark.parametrize(("since", "aim"), ONE_BUSINESS_DAY.items())
def test_sla_5_aims_for_one_day_and_is_breached_after_two(since: str, aim: str) -> None:
    owed = debt_for(POLICY, CALENDARS, "Premium", "P3", at(since))
    assert owed.target == at(aim)
    assert owed.due == at(TWO_BUSINESS_DAYS[since])
    assert debt_for(POLICY, CALENDARS, "Ultimate", "P3", at(since)).target is None


@pytest.mark.parametrize(
    ("since", "due"),
    [
        ("2026-06-10T05:59-07:00", "2026-06-10T16:00-07:00"),
        (
            "2026-06-10T06:00-07:00",
            "2026-06-10T16:00-07:00",
        ),  # that opening, from its first moment, is a full one
        ("2026-06-10T06:01-07:00", "2026-06-11T06:01-07:00"),
    ],
)
def test_sla_14_around_the_opening(since: str, due: str) -> None:
    assert debt_for(POLICY, CALENDARS, "Premium", "P2", at(since)).due == at(due)


def test_sla_13_a_holiday_delays_p2_and_p3_and_not_p0_and_p1() -> None:
    dues = [
        debt_for(POLICY, CALENDARS, "Premium", key, at(HOLIDAY_MONDAY)).due
        for key in ("P0", "P1", "P2", "P3")
    ]
    assert [due and due.date().day for due in dues] == [7, 7, 8, 9]
    trace = debt_for(POLICY, CALENDARS, "Premium", "P2", at(BEFORE_HOLIDAY)).trace()
    assert [(item.why, item.counted) for item in trace] == [
        ("open", 60),
        ("night", 0),
        ("weekend", 0),
        ("holiday: Labor Day", 0),
        ("night", 0),
        ("open", 540),
    ]


def test_a_reason_in_words() -> None:
    words = [debt_for(POLICY, CALENDARS, "Ultimate", "P0", at(since)).reason for since in (INSIDE, NIGHT)]
    assert words == [
        "1 clock hour: it arrived in business hours",
        "2 clock hours: it arrived outside business hours",
    ]
    assert debt_for(POLICY, CALENDARS, "Premium", "P1", at(NIGHT)).reason == "4 business hours"


def test_clock_hours_are_traced_over_a_clock_change() -> None:
    trace = debt_for(POLICY, CALENDARS, "Premium", "P0", at(SPRING_NIGHT)).trace()
    assert [(item.counted, item.why) for item in trace] == [
        (90, "day and night"),
        (150, "day and night (clocks go forward 1 h)"),
    ]


# What would it be if


def test_sla_15_another_tier_or_priority_reckons_from_the_same_message() -> None:
    since = at(BEFORE_CLOSING)
    assert debt_for(POLICY, CALENDARS, "premium", "p3", since).due == at("2026-06-12T15:50-07:00")
    assert debt_for(POLICY, CALENDARS, "Ultimate", "emergency", since).due == at("2026-06-10T16:50-07:00")


def test_other_hours_holidays_or_policy() -> None:
    since = at(BEFORE_CLOSING)
    longer = msgspec.structs.replace(HOURS, open=HOURS.open | {"wed": [("06:00", "18:00")]})
    assert debt_for(POLICY, Calendars.of(longer), "Premium", "P1", since).due == at("2026-06-11T07:50-07:00")
    stricter = msgspec.structs.replace(
        POLICY,
        commitments=[
            Commitment(tier="Premium", priority="any", clock="business hours", due=0.5),
            *POLICY.commitments,
        ],
    )
    assert debt_for(stricter, CALENDARS, "Premium", "P1", since).due == at(
        "2026-06-11T10:00-07:00"
    ) - timedelta(minutes=10)
    only_any = msgspec.structs.replace(stricter, commitments=stricter.commitments[:1])
    assert debt_for(only_any, CALENDARS, "Premium", "P1", since).due == at("2026-06-11T06:20-07:00")


# What is owed


@pytest.mark.parametrize(
    ("now", "share", "warning", "late"),
    [
        ("2026-06-12T15:00-07:00", 1.0, "", False),
        ("2026-06-12T16:00-07:00", 0.75, "", False),
        ("2026-06-14T12:00-07:00", 0.75, "", False),  # over the weekend its clock stands still
        ("2026-06-15T07:00-07:00", 0.5, "soon", False),
        ("2026-06-15T08:00-07:00", 0.25, "urgent", False),
        ("2026-06-15T09:00-07:00", 0.0, "urgent", False),  # an answer at the due instant is in time
        ("2026-06-15T09:01-07:00", -1 / 240, "urgent", True),
        ("2026-06-12T14:00-07:00", 1.0, "", False),  # a clock that is a little behind
    ],
)
def test_how_a_debt_stands(now: str, share: float, warning: str, late: bool) -> None:
    owed = debt_for(POLICY, CALENDARS, "Premium", "P1", at("2026-06-12T15:00-07:00"))
    stands = debt_status(POLICY, owed, at(now))
    assert stands is not None
    assert stands.share_left == pytest.approx(share)
    assert (stands.warning, stands.breached) == (warning, late)
    assert breached(owed, at(now)) == late
    assert stands.left == at("2026-06-15T09:00-07:00") - at(now)
    assert stands.left_on_clock == timedelta(hours=4) * share


def test_sla_5_past_its_target_and_not_breached() -> None:
    owed = debt_for(POLICY, CALENDARS, "Premium", "P3", at(INSIDE))
    stands = debt_status(POLICY, owed, at("2026-06-11T10:01-07:00"))
    assert stands is not None
    assert (stands.past_target, stands.breached) == (True, False)


# The table and what stands beside it


def test_sla_10_and_11_priorities_and_ways() -> None:
    assert [row.key for row in POLICY.priorities] == ["P0", "P1", "P2", "P3"]
    assert tiers(POLICY) == ["Free", "Premium", "Ultimate"]
    assert ways_in(POLICY, "Ultimate", "P0")[:2] == ["emergency phone", "emergency e-mail"]
    assert "emergency phone" not in ways_in(POLICY, "Premium", "P0")
    assert ways_in(POLICY, "Premium", "P3") == ["standard e-mail", "standard chat"]
    assert ways_in(POLICY, "Free", "P0") == ["the community Slack channel, or a GitHub issue"]


def test_rows_in_words() -> None:
    words = {row.rule: in_words(row) for row in POLICY.commitments}
    assert words == {
        "SLA-1": "none promised",
        "SLA-2": "4 clock hours",
        "SLA-3": "4 business hours",
        "SLA-4": "1 business day",
        "SLA-5": "aim for 1 business day, at most 2",
        "SLA-6": "1 clock hour in business hours, else 2",
        "SLA-7": "2 clock hours in business hours, else 4",
        "SLA-8": "1 business day",
        "SLA-9": "1 business day",
    }


@pytest.mark.parametrize(
    ("key", "since", "aim", "due"),
    [
        ("customer-channel", INSIDE, None, "2026-06-10T11:00-07:00"),
        ("slack", INSIDE, None, "2026-06-11T10:00-07:00"),
        ("web-chat", INSIDE, None, "2026-06-10T11:00-07:00"),
        ("web-chat", NIGHT, None, "2026-06-11T06:00-07:00"),
        ("other", INSIDE, "2026-06-11T10:00-07:00", "2026-06-12T10:00-07:00"),
        ("talk-to-an-expert", INSIDE, None, None),
    ],
)
def test_sla_16_internal_targets(key: str, since: str, aim: str | None, due: str | None) -> None:
    wanted = internal_target(POLICY, CALENDARS, key, at(since))
    assert wanted.rule == "SLA-16"
    assert wanted.due == (due and at(due))
    assert wanted.target == (aim and at(aim))


@pytest.mark.parametrize(
    ("way", "key"),
    [
        ("slack", "customer-channel"),
        ("web chat", "web-chat"),
        ("mail", "other"),
        ("", "other"),
        ("github", ""),
    ],
)
def test_sla_16_the_target_goes_by_the_way_it_came(way: str, key: str) -> None:
    target = target_for(POLICY, way)
    assert (target.key if target else "") == key


def test_sla_16_a_policy_file_of_before_has_one_target_for_all_ways() -> None:
    before = msgspec.structs.replace(
        POLICY, internal=[msgspec.structs.replace(target, ways=[]) for target in POLICY.internal]
    )
    target = target_for(before, "mail")
    assert target is not None
    assert target.key == "customer-channel"


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (
            lambda: commitment_for(POLICY, "Gold", "P0"),
            "tier: there is no tier 'Gold'; known: Free, Premium, Ultimate",
        ),
        (
            lambda: priority_named(POLICY, "P9"),
            "priority: there is no priority 'P9'; there are P0 emergency: Production is down",
        ),
        (lambda: internal_target(POLICY, CALENDARS, "fax", at(INSIDE)), "internal: there is no target 'fax'"),
        (
            lambda: commitment_for(
                msgspec.structs.replace(POLICY, commitments=POLICY.commitments[1:2]), "Premium", "P1"
            ),
            "priority: the policy says nothing for Premium at P1",
        ),
        (lambda: row(clock="clock hours"), "X due: a clock and an amount go together"),
        (lambda: row(due=1), "X due: a clock and an amount go together"),
        (lambda: row(aim=1), "X due: a clock and an amount go together"),
        (lambda: row(clock="clock hours", due=-1), "X due: -1 is not a time to answer in"),
        (lambda: row(clock="business days", due=1.5), "X due: 1.5 is not a whole number of business days"),
        (lambda: row(clock="business days", due=1, aim=1), "X aim: 1 is not earlier than due, 1"),
    ],
)
def test_what_makes_no_sense_is_named(question: Callable[[], object], message: str) -> None:
    with pytest.raises(WrongUsage) as caught:
        question()
    assert message in str(caught.value)


def row(*, clock: ClockName | None = None, due: float | None = None, aim: float | None = None) -> Commitment:
    return Commitment(rule="X", tier="Premium", priority="P0", clock=clock, due=due, aim=aim)
