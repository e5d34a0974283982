"""The week's report in words and plots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from itertools import dropwhile
from typing import TYPE_CHECKING

from fleettui.time import wording
from screens.widgets import plots
from screens.widgets.page import BLANK, Para, heading, step

if TYPE_CHECKING:
    from fleettui.domain.tickets.report import WeekReport
    from fleettui.domain.tickets.report_series import Trend


def days_words(first: date, last: date) -> str:
    begin = f"{first:%-d}" if first.month == last.month else f"{first:%-d %b}"
    return f"{begin} to {last:%-d %b}"


def attainment_plot(trend: Trend, this_week: date, width: int) -> Iterator[Para]:
    """From the first week on in which a promise was decided."""
    yield heading("Promises kept, week by week")
    weeks = list(dropwhile(lambda report: report.share is None, trend.weeks))
    if not weeks:
        yield Para(f"None was decided in the last {len(trend.weeks)} weeks.", "muted")
        return
    bars = [
        plots.Bar(f"{report.first:%-d %b}", report.share, share_words(report), here=report.first == this_week)
        for report in weeks
    ]
    yield Para(plots.sparkline([report.share for report in weeks], 1), "accent")
    yield from (Para(line.text, lead=((line.lead, "muted"),)) for line in plots.bars(bars, width))


def share_words(report: WeekReport) -> str:
    if report.share is None:
        return "–"
    return f"{report.share:>4.0%} {report.in_time} of {report.in_time + report.late}"


def arrivals_plot(trend: Trend, width: int) -> Iterator[Para]:
    arrivals = trend.arrivals
    yield heading("When customers write")
    if not arrivals.total:
        yield Para(f"Nobody has in the last {len(trend.weeks)} weeks.", "muted")
        return
    days = days_words(arrivals.first.first, arrivals.last.last)
    yield Para(f"messages by weekday and hour, {days}", "muted")
    grids = [arrivals.together(hours) for hours in plots.HOURS_TOGETHER]
    fits = plots.hours_that_fit(grids, width)
    for line in plots.heat(grids[fits], plots.HOURS_TOGETHER[fits]):
        yield Para(line.text, lead=((line.lead, "muted"),))
    yield Para(busiest_words(arrivals.counts), "muted")


def busiest_words(counts: Sequence[Sequence[int]]) -> str:
    busiest = sorted(
        ((count, -day, -hour) for day, row in enumerate(counts) for hour, count in enumerate(row) if count),
        reverse=True,
    )[:3]
    hours = [f"{plots.WEEKDAYS[-day]} {-hour:02}–{1 - hour:02} ({count})" for count, day, hour in busiest]
    return f"most: {', '.join(hours)}"


hours = partial(wording.span, hours_in_days=wording.BUSINESS_HOURS)


def promises(report: WeekReport) -> Iterator[Para]:
    if report.attainment:
        yield heading("By tier and priority")
    for row in report.attainment:
        worst = f", {hours(row.worst)} at worst" if row.worst is not None else ""
        median = f", answered after {hours(row.median)}" if row.median is not None else ""
        kept = f"{row.in_time} of {row.in_time + row.late}{median}{worst}"
        yield Para(kept, lead=((f"{row.tier} {row.priority}  ", "muted"),))
    if report.breaches:
        yield BLANK
        yield heading("Late, and why")
    for breach in report.breaches:
        text = f"{breach.ticket} {breach.customer}: {'; '.join(breach.reasons)}"
        yield step("✗", text, sign_style="bad")
