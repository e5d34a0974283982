"""Plots of characters: they fit, and show whatever there is."""

from __future__ import annotations

import pytest

from fleettui.text.cleaning import width_of
from screens.widgets import plots
from screens.widgets.plots import Bar


@pytest.mark.parametrize("width", range(20, 130))
def test_plots_fit_any_width_from_twenty_cells_on(width: int) -> None:
    grid = [[(day * hour) % 37 * (hour > 5) for hour in range(24)] for day in range(7)]
    grids = [
        [[sum(day[start : start + hours]) for start in range(0, 24, hours)] for day in grid]
        for hours in plots.HOURS_TOGETHER
    ]
    fits = plots.hours_that_fit(grids, width)
    lines = [line.lead + line.text for line in plots.heat(grids[fits], plots.HOURS_TOGETHER[fits])]
    assert len(lines) == 9
    assert {width_of(line) for line in lines} == {width_of(lines[0])}
    assert width_of(lines[0]) <= width
    total = sum(map(sum, grid))
    assert lines[-1].split()[-1] == str(total)
    bars = list(plots.bars([Bar("2 Mar", 1, "100% 3 of 3"), Bar("16 Mar", None, "–", True)], max(width, 28)))
    assert max(width_of(line.lead + line.text) for line in bars) <= max(width, 28)


def test_whatever_there_is_can_be_seen_and_nothing_is_a_dot() -> None:
    assert [plots.level(value, 1000) for value in (0, 1, 500, 1000)] == [0, 1, 4, 8]
    assert plots.sparkline([None, 0, 0.5, 1], 1) == "·▁▄█"
    assert [plots.bar(share, 4) for share in (0, 0.5, 0.53, 1)] == ["", "██", "██▏", "████"]
