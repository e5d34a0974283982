"""The rituals of a week, a line for each person and a column for each day. Signs with their words, never by colour alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from fleettui.text.cleaning import shortened
from fleettui.time import wording
from fleettui.time.business import WEEKDAYS
from fleettui.workspace.rituals.people_week import NOBODY, SIGNS, PersonWeek, cell
from screens.team.report import days_words
from screens.terminal.text import one_line
from screens.widgets.page import BLANK, Para, part, step, title

if TYPE_CHECKING:
    from fleettui.workspace.workspace import Workspace

NARROWEST_NAME = 12
ROOM = 50
"""A line of the page beside the list at 120 columns; at 80 and 60 the page has more."""


def rituals_page(workspace: Workspace, day: date) -> Iterator[Para]:
    span, people = workspace.reports.week_of(day), workspace.rituals.people_week(day)
    yield title(f"Rituals, {days_words(span.first, span.last)}")
    yield BLANK
    if not people:
        yield Para("Nothing was due in this week.", "muted")
        return
    table = [[cell(due).replace(" ", "") for due in week.days] for week in people]
    widths = [max(3, *(len(row[number]) for row in table)) for number in range(len(WEEKDAYS))]
    names = [name_of(workspace, week.login) for week in people]
    left = max(NARROWEST_NAME, min(max(map(len, names)) + 1, ROOM - sum(widths) - len(widths)))
    for name, cells in zip(["", *names], [[day.capitalize() for day in WEEKDAYS], *table], strict=True):
        yield Para(
            "", lead=((_line(shortened(name, left - 1).ljust(left), cells, widths), "" if name else "muted"),)
        )
    yield BLANK
    legend = [f"{sign} {word}" for sign, word in SIGNS.values()]
    yield Para("  ".join(legend[:3]), "muted")
    yield Para("  ".join(legend[3:]), "muted")
    yield from part("Missed, or late now", _open_ends(workspace, people))
    yield from part("Did it for others", _covering(workspace, people))


def _line(name: str, cells: list[str], widths: list[int]) -> str:
    """In one piece: a paragraph would lose the blanks of an empty day."""
    days = (text.ljust(width) for text, width in zip(cells, widths, strict=True))
    return f"{name}{' '.join(days)}".rstrip()


def _open_ends(workspace: Workspace, people: list[PersonWeek]) -> Iterator[Para]:
    for week in people:
        for due in week.open_ends():
            sign, word = SIGNS[due.outcome]
            text = f"{name_of(workspace, week.login)}: {due.ritual.name}, {wording.day(due.day)}, {word}"
            yield step(sign, text, sign_style="bad")


def _covering(workspace: Workspace, people: list[PersonWeek]) -> Iterator[Para]:
    for week in people:
        if week.covered_others:
            yield step("◆", f"{name_of(workspace, week.login)}: {week.covered_others}")


def name_of(workspace: Workspace, login: str) -> str:
    return "nobody" if login == NOBODY else one_line(workspace.people.get(login).shown)
