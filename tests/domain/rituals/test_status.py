"""How one period of a ritual stands: by what was done, and by the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from fleettui.domain.checklists.rules import Moment
from fleettui.domain.rituals.model import Instance, Skip, Tick
from fleettui.domain.rituals.status import PeriodDemand, outcome_of, period_status

MONDAY, SUNDAY = date(2026, 3, 9), date(2026, 3, 15)
DUE = datetime(2026, 3, 13, 17, tzinfo=UTC)
DEMAND = PeriodDemand(MONDAY, SUNDAY, DUE, (1, 1), None)
INSTANCE = Instance(id="RIT-1@2026-03-09", ritual="RIT-1", first=MONDAY, last=SUNDAY, due=DUE)


def at(now: datetime) -> Moment:
    return Moment(now, UTC, lambda start, days: start + timedelta(days=days))


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (datetime(2026, 3, 8, 12, tzinfo=UTC), "coming"),
        (datetime(2026, 3, 10, 12, tzinfo=UTC), "open"),
        (DUE - timedelta(hours=24), "due soon"),
        (DUE, "due soon"),
        (DUE + timedelta(minutes=1), "late"),
        (datetime(2026, 3, 16, 12, tzinfo=UTC), "missed"),
    ],
)
def test_what_is_not_finished_stands_as_the_clock_says_and_was_not_finished_late(
    now: datetime, state: str
) -> None:
    for instance in (None, INSTANCE):
        status = period_status(DEMAND, instance, at(now))
        assert (status.state, status.late, status.at) == (state, False, None)


@pytest.mark.parametrize(("done_at", "late"), [(DUE, False), (DUE + timedelta(minutes=1), True)])
def test_what_is_finished_after_it_was_due_was_late(done_at: datetime, late: bool) -> None:
    now = at(DUE + timedelta(hours=1))
    done = period_status(DEMAND, replace(INSTANCE, ticks=(Tick(by="zay", at=done_at),)), now)
    assert (done.state, done.late, done.by, done.at) == ("done", late, ("zay",), done_at)
    assert outcome_of(done) == ("late" if late else "kept")
    skipped = period_status(DEMAND, replace(INSTANCE, skipped=Skip(by="zay", at=done_at, why="ill")), now)
    assert (skipped.state, skipped.late, outcome_of(skipped)) == ("skipped", late, "skipped")


def test_of_several_times_the_one_that_made_it_enough_decides_whether_it_was_late() -> None:
    times = (DUE - timedelta(days=1), DUE + timedelta(hours=1), DUE + timedelta(hours=2))
    ticks = tuple(Tick(by="zay", at=time) for time in times)
    demand = PeriodDemand(MONDAY, SUNDAY, DUE, (1, 3), None)
    status = period_status(demand, replace(INSTANCE, ticks=ticks), at(DUE + timedelta(hours=3)))
    assert (status.state, status.late, status.count, status.wanted, status.most) == ("done", False, 3, 1, 3)
