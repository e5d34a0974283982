"""The figures behind the plots: weeks side by side agree with each week's own report; arrivals by weekday and hour."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from fleettui.workspace.workspace import Workspace
from tests.domain.tickets.test_report import answered, asked, at, weeks


def some_weeks(workspace: Workspace) -> Workspace:
    """A promise kept and one broken in the first week, one begun on a Friday and broken on the Monday after, one running."""
    quick, slow = asked(workspace, 0), asked(workspace, 1)
    answered(workspace, 1, quick)
    answered(workspace, 6.5, slow)
    asked(workspace, 24 * 4 + 6)
    asked(workspace, 24 * 14 + 2, priority="P3")
    at(workspace, 24 * 14 + 3).tickets.resolve(quick)
    return at(workspace, 24 * 14 + 4)


def test_weeks_side_by_side_say_what_each_weeks_report_says(workspace: Workspace) -> None:
    reports = some_weeks(workspace).reports
    trend = reports.trend(4)
    alone = [
        replace(report, still_open=week.still_open)
        for report, week in zip(weeks(reports, 4), trend.weeks, strict=True)
    ]
    assert list(trend.weeks) == alone
    assert [(week.week, week.in_time, week.late, week.arrivals) for week in trend.weeks] == [
        ("2026-W10", 0, 0, 0),
        ("2026-W11", 1, 1, 3),
        ("2026-W12", 0, 1, 0),
        ("2026-W13", 0, 0, 1),
    ]


def test_an_old_debt_is_in_every_week_in_which_it_ran(workspace: Workspace) -> None:
    asked(workspace, 0)
    reports = at(workspace, 24 * 35).reports
    assert [week.late for week in reports.trend(5, date(2026, 4, 6)).weeks] == [1, 0, 0, 0, 0]


def test_arrivals_by_weekday_and_hour_are_all_of_them(workspace: Workspace) -> None:
    arrivals = some_weeks(workspace).reports.trend(3).arrivals
    assert (arrivals.first.first, arrivals.last.last) == (date(2026, 3, 9), date(2026, 3, 29))
    assert arrivals.total == 4
    assert arrivals.by_weekday == (3, 0, 0, 0, 1, 0, 0)
    assert [(hour, count) for hour, count in enumerate(arrivals.by_hour()) if count] == [
        (9, 1),
        (10, 1),
        (11, 1),
        (15, 1),
    ]
    assert arrivals.by_hour(6) == (0, 3, 1, 0)
    assert arrivals.together(12)[4] == (0, 1)


def test_the_night_in_which_clocks_change_loses_no_message(workspace: Workspace) -> None:
    """Sunday 8 March, 00:30 to 06:30: there is no 02:30 then."""
    for hours in range(6):
        asked(workspace, -31.5 + hours)
    arrivals = at(workspace, 1).reports.trend(2).arrivals
    assert arrivals.total == 6
    assert arrivals.counts[6][:7] == (1, 1, 0, 1, 1, 1, 1)


def test_no_week_has_anything_in_a_new_workspace(workspace: Workspace) -> None:
    trend = workspace.reports.trend(3)
    assert [week.share for week in trend.weeks] == [None, None, None]
    assert trend.arrivals.total == 0
    assert timedelta(weeks=3) - timedelta(hours=1) == trend.arrivals.last.end - trend.arrivals.first.start
