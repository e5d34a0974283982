"""The seven screens on one line: their names come before what is counted on them; both have shorter forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from screens.widgets.lines import Span, cells_of

SHORT_TITLES = {"Playbooks": "Plays", "Customers": "Cust"}
"""Where all the names do not fit."""


class Count(NamedTuple):
    """What stands on a tab: so many that are late, not triaged, new for me."""

    sign: str
    number: int
    style: str
    presses: bool
    """A customer waits for it. It stays when there is no room for what is only new."""


class Tab(NamedTuple):
    id: str
    key: str
    title: str
    counts: Sequence[Count] = ()


class Manner(NamedTuple):
    """How much room the tabs take."""

    titles: Mapping[str, str] = {}
    """The short ones."""
    roomy: bool = False
    """Two blanks between tabs."""
    apart: bool = True
    """A blank before each count."""
    glued: bool = False
    """None before the first one either."""
    numbers: bool = True
    """Of what is only new; else its sign alone."""
    news: bool = True


MANNERS = (
    Manner(roomy=True),
    Manner(),
    Manner(apart=False),
    Manner(apart=False, numbers=False),
    Manner(apart=False, news=False),
    Manner(SHORT_TITLES, apart=False),
    Manner(SHORT_TITLES, apart=False, numbers=False),
    Manner(SHORT_TITLES, apart=False, news=False),
    Manner(SHORT_TITLES, apart=False, glued=True, news=False),
)
"""The roomiest first."""


def tab_spans(tabs: Sequence[Tab], here: str, width: int) -> list[list[Span]]:
    """What is drawn for each tab. Where not even the short names fit, those of the last screens go on which nothing is counted;
    the screen where one stands keeps its own."""
    for manner in MANNERS:
        drawn = [_drawn(tab, here, manner) for tab in tabs]
        if sum(map(cells_of, drawn)) <= width:
            return drawn
    named = list(tabs)
    silent = sorted(range(len(tabs)), key=lambda number: (bool(tabs[number].counts), -number))
    for number in silent:
        if tabs[number].id != here:
            named[number] = Tab(named[number].id, named[number].key, "", named[number].counts)
            drawn = [_drawn(tab, here, MANNERS[-1]) for tab in named]
            if sum(map(cells_of, drawn)) <= width:
                break
    return drawn


def _drawn(tab: Tab, here: str, manner: Manner) -> list[Span]:
    is_here = tab.id == here
    style = "here" if is_here else "muted"
    title = manner.titles.get(tab.title, tab.title)
    words = f"{'▸' if is_here else ' '}{tab.key} {title}".rstrip()
    counts = _count_spans(tab.counts, manner)
    if counts and not (manner.glued and title):
        counts = [(" ", ""), *counts]
    return [(words, style), *counts, *([(" ", style)] if manner.roomy else [])]


def _count_spans(counts: Sequence[Count], manner: Manner) -> list[Span]:
    spans: list[Span] = []
    for count in counts:
        if not count.presses and not manner.news:
            continue
        number = f"{count.number:,}" if count.presses or manner.numbers else ""
        between = " " if spans and manner.apart else ""
        spans.append((f"{between}{count.sign}{number}", count.style))
    return spans
