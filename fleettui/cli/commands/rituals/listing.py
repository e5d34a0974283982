"""fleettui rituals: the list, one ritual, the year of a person, a week."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from fleettui.cli import width
from fleettui.cli.commands.rituals.options import add_id, add_on, day_given
from fleettui.cli.commands.rituals.output import (
    SIGNS,
    as_json,
    count_words,
    definition,
    parts,
    print_ritual,
    record_as_json,
    record_cells,
    unowed_as_json,
)
from fleettui.cli.output import pick, print_documents, print_json, print_table
from fleettui.cli.parser import Context, Subcommands
from fleettui.cli.viewing import add_view, chosen_by
from fleettui.domain.rituals.model import Ritual
from fleettui.time import wording
from fleettui.time.business import WEEKDAYS
from fleettui.workspace.damaged import Sieve

if TYPE_CHECKING:
    from fleettui.workspace.rituals.actions import RitualWeek
    from fleettui.workspace.rituals.board import BoardRow
    from fleettui.workspace.rituals.people_week import Due, PersonWeek


def add_listing_commands(subcommands: Subcommands) -> None:
    listing = add_on(subcommands.add("list", _list, "how each stands", reads=True))
    listing.add_argument("--mine", action="store_true", help="only what is mine that day")
    listing.add_argument(
        "--all", action="store_true", help="those that are not owed then, and the retired ones, too"
    )
    add_view(listing, "rituals")
    listing.add_argument("--search", default="", metavar="QUERY", help="such as: is:late OR is:missed")
    add_on(
        add_id(
            subcommands.add("show", _show, "one of them: what it is for, how it stands, its year", reads=True)
        )
    )
    person = subcommands.add("person", _person, "a year of one person", reads=True)
    person.add_argument("person", help="login, or the beginning of a name")
    week = subcommands.add("week", _week, "a week: who did what on which day, and how each went", reads=True)
    week.add_argument("--of", metavar="DATE", help="a day of the week; this one, when left out")


def _list(options: argparse.Namespace, context: Context) -> None:
    rituals, on = context.workspace.rituals, day_given(options.on, context)
    sieve = Sieve()
    board = rituals.board(on, mine=options.mine, sieve=sieve)
    owed = {row.ritual.id for row in board}
    unowed = [ritual for ritual in rituals.all(retired=True) if ritual.id not in owed] if options.all else []
    listed: list[BoardRow | Ritual] = [
        *board,
        *(ritual for ritual in unowed if ritual.id not in {row.id for row in sieve.damaged}),
    ]
    listed = chosen_by(options, context, "rituals", listed)
    headings = ("ID", "RITUAL", "DRI", "DUE", "STATE", "COUNT", "STREAK", "BEFORE")
    print_documents(
        options,
        listed,
        lambda row: unowed_as_json(row) if isinstance(row, Ritual) else as_json(row, context),
        headings,
        lambda row: _unowed_row(row) if isinstance(row, Ritual) else _row(row, context),
        id_of=lambda row: row.id if isinstance(row, Ritual) else row.ritual.id,
        damaged=sieve.damaged,
    )


def _unowed_row(ritual: Ritual) -> tuple[str, ...]:
    return ritual.id, ritual.name, ritual.dri, "", "retired" if ritual.retired else "not then", "", "", ""


def _row(row: BoardRow, context: Context) -> tuple[str, ...]:
    due = wording.dated(row.demand.due, context.workspace.zone)
    count = count_words(row) if row.status.most > 1 else ""
    recent = "".join(SIGNS[outcome] for outcome in row.recent)
    state = f"{row.state}, late" if row.status.late else row.state
    ritual = row.ritual
    return ritual.id, ritual.name, ritual.dri, due, state, count, str(row.streak or ""), recent


def _show(options: argparse.Namespace, context: Context) -> None:
    rituals = context.workspace.rituals
    ritual = rituals.find(options.id)
    row = rituals.row(ritual.id, day_given(options.on, context))
    record = rituals.track_record(ritual.id)
    shown = {
        **(as_json(row, context) if row else unowed_as_json(ritual)),
        "definition": definition(ritual),
        "parts": parts(row, context) if row else [],
        "figure": rituals.figure(ritual),
        "issue": rituals.issue(ritual),
        "past": record_as_json(record),
        "history": [
            pick(happening.entry, "at", "by", "verb", "why")
            for happening in context.workspace.history.happenings(ritual.id)
        ],
        "revision": ritual.rev,
    }
    if options.json:
        print_json(shown)
        return
    print_ritual(ritual, row, shown, record)


def _person(options: argparse.Namespace, context: Context) -> None:
    person = context.workspace.rituals.person(options.person)
    if options.json:
        rows = [{**pick(ritual, "id", "name"), **record_as_json(record)} for ritual, record in person.rows]
        together = record_as_json(person.together)
        print_json({"rituals": rows, "together": together, "covered_others": person.covered_others})
        return
    print_table(
        ("ID", "RITUAL", "KEPT", "LONGEST", "MISSED", "SKIPPED", "COVERED BY"),
        [(ritual.id, ritual.name, *record_cells(record)) for ritual, record in person.rows],
    )
    print(f"covered for others: {person.covered_others}")


def _week(options: argparse.Namespace, context: Context) -> None:
    """People by days, then each ritual; as JSON each ritual with its days."""
    from fleettui.workspace.rituals.people_week import LEGEND

    rituals, of = context.workspace.rituals, day_given(options.of, context)
    weeks, people = rituals.week(of), rituals.people_week(of)
    if options.json:
        dues = {(id(due)): due for person in people for day in person.days for due in day}
        print_json([_week_as_json(week, dues.values()) for week in weeks])
        return
    print_table(
        ("PERSON", *(day.upper() for day in WEEKDAYS), "COVERED"), [_person_row(week) for week in people]
    )
    rows = [
        (week.ritual.id, week.ritual.name, "".join(SIGNS[o] for o in week.outcomes), ", ".join(week.by))
        for week in weeks
    ]
    width.print_wrapped(LEGEND, width.there_is(), indent="")
    print()
    print_table(("ID", "RITUAL", "WEEK", "BY"), rows)


def _person_row(week: PersonWeek) -> tuple[str, ...]:
    from fleettui.workspace.rituals.people_week import cell

    return week.login or "nobody", *map(cell, week.days), str(week.covered_others or "")


def _week_as_json(week: RitualWeek, dues: Iterable[Due]) -> dict[str, Any]:
    days = sorted((due for due in dues if due.ritual.id == week.ritual.id), key=lambda due: due.day)
    return {
        **pick(week.ritual, "id", "name", "dri"),
        "outcomes": week.outcomes,
        "kept": week.count("kept", "late", "covered"),
        "missed": week.count("missed"),
        "skipped": week.count("skipped"),
        "by": week.by,
        "days": [
            {"day": due.day, "outcome": due.outcome, "people": due.owners, "by": due.by} for due in days
        ],
    }
