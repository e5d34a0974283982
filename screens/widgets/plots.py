"""Figures drawn with block glyphs, and with their numbers: readable without colour, and in a log. Pure functions of text.

From twenty cells on every line fits the width that is given; a plot that cannot be drawn in it is drawn coarser.

plotext was not taken: it takes a quarter of a second to import, draws on a canvas with axes that needs more room than a page
beside a list has, and has no grid with the numbers in it. What is used here are three figures of a few lines each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

EIGHTHS_UP = " ▁▂▃▄▅▆▇█"
EIGHTHS_ON = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█")
NOTHING = "·"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOURS_TOGETHER = (1, 2, 3, 4, 6, 12)
LABEL = 4
"""A weekday and a blank."""


def level(value: float, most: float) -> int:
    """0 for nothing, else 1 to 8 eighths: whatever there is can be seen."""
    return max(1, min(8, round(value / most * 8))) if value > 0 and most > 0 else 0


def sparkline(values: Sequence[float | None], most: float) -> str:
    """One glyph each; a dot where there is no figure, a low bar where it is nought."""
    return "".join(NOTHING if value is None else EIGHTHS_UP[max(1, level(value, most))] for value in values)


def bar(share: float, width: int) -> str:
    """So much of `width` cells, in eighths of a cell."""
    full, rest = divmod(round(max(0.0, min(1.0, share)) * width * 8), 8)
    return "█" * full + EIGHTHS_ON[rest]


class PlotLine(Struct, frozen=True):
    """A line of a plot."""

    lead: str
    """Its label, always as wide as the others'."""
    text: str


class Bar(Struct, frozen=True):
    """A share of the whole, as a line of `bars`."""

    label: str
    share: float | None
    """None: there was nothing to measure."""
    number: str
    """In words, after the bar."""
    here: bool = False


def bars(rows: Sequence[Bar], width: int) -> Iterator[PlotLine]:
    """A line for each; what is left of the width after label and number is the bar's."""
    label = max((len(row.label) for row in rows), default=0)
    number = max((len(row.number) for row in rows), default=0)
    room = max(4, min(40, width - label - number - 4))
    for row in rows:
        drawn = NOTHING if row.share is None else bar(row.share, room)
        yield PlotLine(
            f"{'▸' if row.here else ' '}{row.label:>{label}} ", f"{drawn:<{room}} {row.number}".rstrip()
        )


def hours_that_fit(by_hours: Sequence[Sequence[Sequence[int]]], width: int) -> int:
    """Which of the grids, finest first, fits the width; the last if none does."""
    for number, grid in enumerate(by_hours):
        if LABEL + len(grid[0]) * _cell_width(grid) + 1 + _total_width(grid) <= width:
            return number
    return len(by_hours) - 1


def heat(grid: Sequence[Sequence[int]], hours: int) -> Iterator[PlotLine]:
    """A line for each weekday: a glyph as high as the count, the count, and the day's sum; above, where hours begin;
    below, the sums of the hours."""
    cell, total = _cell_width(grid), _total_width(grid)
    most = max((count for day in grid for count in day), default=0)
    starts = "".join(f"{hour:<{cell}}" for hour in range(0, 24, hours))
    yield PlotLine(" " * LABEL, f"{starts} {'all':>{total}}")
    for name, day in zip(WEEKDAYS, grid, strict=True):
        cells = "".join(f"{_cell(count, most):<{cell}}" for count in day)
        yield PlotLine(f"{name:<{LABEL}}", f"{cells} {sum(day):>{total}}")
    sums = "".join(f"{sum(column):<{cell}}" for column in zip(*grid, strict=True))
    yield PlotLine(f"{'all':<{LABEL}}", f"{sums} {sum(map(sum, grid)):>{total}}")


def _cell(count: int, most: int) -> str:
    return f"{EIGHTHS_UP[level(count, most)]}{count}" if count else NOTHING


def _cell_width(grid: Sequence[Sequence[int]]) -> int:
    """The glyph, the longest number (also of the sums below), a blank."""
    longest = max((sum(column) for column in zip(*grid, strict=True)), default=0)
    most = max((count for day in grid for count in day), default=0)
    return max(len(str(longest)) + 1, len(str(most)) + 2)


def _total_width(grid: Sequence[Sequence[int]]) -> int:
    return max(3, len(str(sum(map(sum, grid)))))
