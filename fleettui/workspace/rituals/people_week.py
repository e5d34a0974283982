"""A week of everybody's rituals, day by day: what the lead looks at. A period stands on the day on which it was due, with whoever
had the ritual then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from fleettui.domain.rituals import history as ritual_history
from fleettui.domain.rituals.history import KEPT, Outcome, RitualPeriod
from fleettui.domain.rituals.model import Ritual
from fleettui.workspace.rituals.board import BoardReader

DAYS = 7
NOBODY = ""
"""The login of what nobody has."""

DayOutcome = Literal[Outcome, "overdue"]

SIGNS: dict[DayOutcome, tuple[str, str]] = {
    "kept": ("■", "done"),
    "late": ("▪", "done late"),
    "covered": ("◆", "done by somebody else"),
    "skipped": ("–", "skipped"),
    "missed": ("□", "missed"),
    "overdue": ("!", "late now"),
    "open": ("·", "open"),
}
"""Each with its word."""
LEGEND = "  ".join(f"{sign} {word}" for sign, word in SIGNS.values())


@dataclass(frozen=True)
class Due:
    """A period that was or will be due on a day of the week."""

    ritual: Ritual
    day: date
    outcome: DayOutcome
    owners: tuple[str, ...]
    by: tuple[str, ...]


@dataclass
class PersonWeek:
    """What was theirs, by day from Monday on."""

    login: str
    days: tuple[list[Due], ...] = field(default_factory=lambda: tuple([] for _ in range(DAYS)))
    covered_others: int = 0

    def open_ends(self) -> Iterator[Due]:
        """What is missed or late now."""
        return (due for day in self.days for due in day if due.outcome in ("missed", "overdue"))


def dues(reader: BoardReader, ritual: Ritual, monday: date) -> Iterator[Due]:
    """Its counted periods that are due in the week."""
    sunday, calendar = monday + timedelta(days=DAYS - 1), reader.calendar_of(ritual)
    for period in ritual_history.periods(ritual, monday, sunday, calendar, reader.instances):
        instance = reader.instances.get(period.id)
        due_day = ritual_history.due_day(period, calendar)
        if monday <= due_day <= sunday and ritual_history.is_counted(period, instance, calendar):
            yield _due(reader, ritual, period, due_day)


def _due(reader: BoardReader, ritual: Ritual, period: RitualPeriod, day: date) -> Due:
    row = reader.row(ritual, period, day)
    outcome: DayOutcome = reader.judge(ritual, period, row.instance)
    if row.state == "late":
        outcome = "overdue"
    return Due(ritual, day, outcome, reader.owners_when_due(ritual, period), row.status.by)


def people_week(reader: BoardReader, monday: date) -> list[PersonWeek]:
    """In the order of the people list; what nobody has comes last."""
    weeks = {login: PersonWeek(login) for login in (*reader.people, NOBODY)}
    for due in (due for ritual in reader.rituals for due in dues(reader, ritual, monday)):
        for owner in due.owners or (NOBODY,):
            week = weeks.setdefault(owner, PersonWeek(owner))
            week.days[(due.day - monday).days].append(due)
        for login in due.by if due.outcome in KEPT else ():
            if login in weeks and login not in due.owners:
                weeks[login].covered_others += 1
    order = sorted(weeks.values(), key=lambda week: week.login == NOBODY)
    return [week for week in order if week.covered_others or any(week.days)]


def cell(due_that_day: list[Due]) -> str:
    """ "■4 □1": how many of each."""
    outcomes = [due.outcome for due in due_that_day]
    counts = ((sign, outcomes.count(outcome)) for outcome, (sign, _) in SIGNS.items())
    return " ".join(f"{sign}{count}" for sign, count in counts if count)
