"""Streaks and rates, held against a slower way to say the same."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from fleettui.domain.rituals.history import (
    Outcome,
    longest,
    period_on,
    periods,
    periods_backwards,
    streak,
    track_record,
)
from fleettui.domain.rituals.model import Era, Ritual
from fleettui.domain.rituals.recurrence import Rhythm
from fleettui.time.business import Calendar, Hours

OUTCOMES = st.lists(st.sampled_from(get_args(Outcome)), max_size=40)
OPEN = {day: [("06:00", "16:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
CALENDAR = Calendar(Hours(zone="America/Los_Angeles", open=OPEN))
START = date(2026, 1, 5)


def runs(outcomes: list[Outcome]) -> list[int]:
    """The lengths between misses, oldest first."""
    letters = "".join(
        "M" if outcome == "missed" else "k" if outcome in ("kept", "late", "covered") else ""
        for outcome in outcomes
    )
    return [len(run) for run in letters.split("M")]


@given(OUTCOMES)
def test_streaks_are_the_runs_between_misses(outcomes: list[Outcome]) -> None:
    assert streak(reversed(outcomes)) == runs(outcomes)[-1]
    assert longest(outcomes) == max(runs(outcomes))


@given(OUTCOMES, st.integers(0, 40))
def test_a_skip_changes_no_streak(outcomes: list[Outcome], where: int) -> None:
    with_skip: list[Outcome] = [*outcomes[:where], "skipped", *outcomes[where:]]
    assert streak(reversed(with_skip)) == streak(reversed(outcomes))
    assert longest(with_skip) == longest(outcomes)


@given(OUTCOMES)
def test_the_kept_rate_is_of_what_was_owed(outcomes: list[Outcome]) -> None:
    days = [START + timedelta(days=number) for number in range(len(outcomes))]
    past = track_record([(day, day, outcome) for day, outcome in zip(days, outcomes, strict=True)], {})
    owed = [outcome for outcome in outcomes if outcome not in ("skipped", "open")]
    kept = [outcome for outcome in owed if outcome != "missed"]
    assert past.rate == (len(kept) / len(owed) if owed else None)


RHYTHMS = st.builds(
    Rhythm,
    every=st.sampled_from(["day", "business day", "week", "month"]),
    start=st.just(START),
)


def ritual(rhythms: list[Rhythm], lengths: list[int]) -> Ritual:
    eras, first = [], START
    for rhythm, length in zip(rhythms[:-1], lengths, strict=False):
        last = first + timedelta(days=length)
        eras.append(Era(rhythm=rhythm, first=first, last=last))
        first = last + timedelta(days=1)
    return Ritual(id="RIT-1", name="One", rhythm=rhythms[-1], since=first, earlier=tuple(eras))


@given(st.lists(RHYTHMS, min_size=1, max_size=4), st.lists(st.integers(0, 40), min_size=3, max_size=3))
def test_whatever_the_rhythms_were_each_day_has_one_period_and_each_period_one_name(
    rhythms: list[Rhythm], lengths: list[int]
) -> None:
    made = ritual(rhythms, lengths)
    last = START + timedelta(days=150)
    all_periods = periods(made, START, last, CALENDAR)
    assert len({dated.id for dated in all_periods}) == len(all_periods)
    by_day = {
        dated.id
        for number in range(151)
        if (dated := period_on(made, START + timedelta(days=number), CALENDAR)) is not None
    }
    assert by_day <= {dated.id for dated in all_periods}
    backward = [dated.id for dated in periods_backwards(made, last, CALENDAR, START)]
    assert sorted(backward) == sorted(dated.id for dated in all_periods)
