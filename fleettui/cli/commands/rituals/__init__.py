"""fleettui rituals: the checklist board, from the shell."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fleettui.cli.commands.rituals.output import (
    SIGNS,
    count_words,
    definition,
    parts,
    past_cells,
    past_plain,
    plain,
    print_shown,
    unowed,
)
from fleettui.cli.parser import Context, Subcommands, assignments, print_json, print_table
from fleettui.errors import Refused, Unusable, WrongUsage

if TYPE_CHECKING:
    from fleettui.domain.rituals.model import Ritual
    from fleettui.workspace.rituals.actions import Done
    from fleettui.workspace.rituals.board import BoardRow


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = Subcommands(parser)
    listing = _on(verbs.add("list", _list, "how each stands"))
    listing.add_argument("--mine", action="store_true", help="only what is mine that day")
    listing.add_argument(
        "--all", action="store_true", help="those that are not owed then, and the retired ones, too"
    )
    _on(_named(verbs.add("show", _show, "one of them: what it is for, how it stands, its year")))
    ticking = _part(_on(_named(verbs.add("tick", _tick, "done"))))
    ticking.add_argument("--evidence", default="", metavar="TEXT", help="a note or a link as proof")
    ticking.add_argument("--again", action="store_true", help="once more, though somebody ticked it today")
    ticking.add_argument("--all", action="store_true", help="every box or step that is still open")
    _part(_on(_named(verbs.add("untick", _untick, "take it back"))))
    skipping = _part(_on(_named(verbs.add("skip", _skip, "leave it out this time, for a reason"))))
    skipping.add_argument("--why", required=True, metavar="TEXT", help="the reason")
    writing = _on(_named(verbs.add("write", _write, "write down what a step asks for")))
    writing.add_argument("field")
    writing.add_argument("text")
    adding = verbs.add("add", _add, "a new one")
    adding.add_argument("name", metavar="NAME")
    _fields(adding, "*")
    _fields(_named(verbs.add("edit", _edit, "change what it is")), "+")
    retiring = _named(verbs.add("retire", _retire, "owed no more from today on; its past stays"))
    retiring.add_argument("--why", default="", metavar="TEXT")
    retiring.add_argument("--replaced-by", default="", metavar="ID")
    _named(verbs.add("bring-back", _bring_back, "owed again from today on"))
    importing = verbs.add("import", _import, "take in a *.rituals.yml file")
    importing.add_argument("file", metavar="FILE")
    person = verbs.add("person", _person, "a year of one person")
    person.add_argument("person", help="login, or the beginning of a name")
    week = verbs.add("week", _week, "what was due in a week, and how it went")
    week.add_argument("--of", metavar="DATE", help="a day of the week; this one, when left out")


def _named(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("id", metavar="ID", help="like RIT-5, or its name")
    return parser


def _on(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--on", metavar="DATE", help="that day instead of today")
    return parser


def _part(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("part", nargs="?", default="", metavar="PART", help="a customer's box, or a step")
    return parser


def _fields(parser: argparse.ArgumentParser, count: str) -> None:
    from fleettui.domain.rituals.fields import EDITABLE

    parser.add_argument("fields", nargs=count, metavar="FIELD=VALUE", help=", ".join(EDITABLE))


def _day(said: str | None) -> date | None:
    if said is None:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise WrongUsage(f"{said!r} is not a day; write it like 2026-03-09") from None


# -- looking


def _list(asked: argparse.Namespace, context: Context) -> None:
    verbs, on = context.workspace.rituals, _day(asked.on)
    lines = verbs.board(on, mine=asked.mine)
    owed = {line.ritual.id for line in lines}
    others = [one for one in verbs.all(retired=True) if one.id not in owed] if asked.all else []
    if asked.json:
        print_json([*(plain(line, context) for line in lines), *(unowed(one) for one in others)])
        return
    headings = ("ID", "RITUAL", "DRI", "DUE", "STATE", "COUNT", "STREAK", "BEFORE")
    rows = [_row(line, context) for line in lines]
    rows += [
        (one.id, one.name, one.dri, "", "retired" if one.retired else "not then", "", "", "")
        for one in others
    ]
    print_table(headings, rows)


def _row(line: BoardRow, context: Context) -> tuple[str, ...]:
    due = line.asked.due.astimezone(context.workspace.zone).strftime("%a %-d %b %H:%M")
    count = count_words(line) if line.stands.most > 1 else ""
    recent = "".join(SIGNS[one] for one in line.recent)
    state = f"{line.state}, late" if line.stands.late else line.state
    return (
        line.ritual.id,
        line.ritual.name,
        line.ritual.dri,
        due,
        state,
        count,
        str(line.streak or ""),
        recent,
    )


def _show(asked: argparse.Namespace, context: Context) -> None:
    verbs = context.workspace.rituals
    ritual = verbs.find(asked.id)
    line = verbs.row(ritual.id, _day(asked.on))
    past = verbs.track_record(ritual.id)
    shown = {
        **(plain(line, context) if line else unowed(ritual)),
        "definition": definition(ritual),
        "parts": parts(line, context) if line else [],
        "figure": verbs.figure(ritual),
        "past": past_plain(past),
        "history": [
            {"at": one.entry.at, "by": one.entry.by, "verb": one.entry.verb, "why": one.entry.why}
            for one in context.workspace.history.happenings(ritual.id)
        ],
        "revision": ritual.rev,
    }
    if asked.json:
        print_json(shown)
        return
    print_shown(ritual, line, shown, past)


def _person(asked: argparse.Namespace, context: Context) -> None:
    found = context.workspace.rituals.person(asked.person)
    if asked.json:
        rows = [{"id": one.id, "name": one.name, **past_plain(past)} for one, past in found.rows]
        print_json(
            {"rituals": rows, "together": past_plain(found.together), "covered_others": found.covered_others}
        )
        return
    print_table(
        ("ID", "RITUAL", "KEPT", "LONGEST", "MISSED", "SKIPPED", "COVERED BY"),
        [(one.id, one.name, *past_cells(past)) for one, past in found.rows],
    )
    print(f"covered for others: {found.covered_others}")


def _week(asked: argparse.Namespace, context: Context) -> None:
    weeks = context.workspace.rituals.week(_day(asked.of))
    if asked.json:
        print_json(
            [
                {
                    "id": one.ritual.id,
                    "name": one.ritual.name,
                    "dri": one.ritual.dri,
                    "outcomes": one.outcomes,
                    "kept": one.count("kept", "late", "covered"),
                    "missed": one.count("missed"),
                    "skipped": one.count("skipped"),
                    "by": one.by,
                }
                for one in weeks
            ]
        )
        return
    rows = [
        (one.ritual.id, one.ritual.name, "".join(SIGNS[o] for o in one.outcomes), ", ".join(one.by))
        for one in weeks
    ]
    print_table(("ID", "RITUAL", "WEEK", "BY"), rows)


# -- ticking


def _tick(asked: argparse.Namespace, context: Context) -> None:
    verbs, on = context.workspace.rituals, _day(asked.on)
    id_ = verbs.find(asked.id).id
    if asked.all:
        return _tell(asked, context, verbs.tick_all(id_, on=on))
    line = verbs.row(id_, on)
    seen = len(line.instance.ticks) if line and line.instance else 0
    done = verbs.tick(id_, asked.part, on=on, evidence=asked.evidence, seen=seen, again=asked.again)
    return _tell(asked, context, done)


def _untick(asked: argparse.Namespace, context: Context) -> None:
    verbs = context.workspace.rituals
    _tell(asked, context, verbs.untick(verbs.find(asked.id).id, asked.part, on=_day(asked.on)))


def _skip(asked: argparse.Namespace, context: Context) -> None:
    verbs = context.workspace.rituals
    _tell(asked, context, verbs.skip(verbs.find(asked.id).id, asked.why, asked.part, on=_day(asked.on)))


def _write(asked: argparse.Namespace, context: Context) -> None:
    verbs = context.workspace.rituals
    _tell(asked, context, verbs.fill(verbs.find(asked.id).id, asked.field, asked.text, on=_day(asked.on)))


def _tell(asked: argparse.Namespace, context: Context, done: Done) -> None:
    line = done.row
    if asked.json:
        print_json({**plain(line, context), "said": list(done.remarks), "changed": done.changed})
        return
    count = f", {count_words(line)}" if line.stands.most > 1 else ""
    print(f"{line.ritual.id} {line.ritual.name}: {line.state}{count}, streak {line.streak}")
    for remark in done.remarks:
        print(remark)


# -- keeping them


def _add(asked: argparse.Namespace, context: Context) -> None:
    _kept(asked, context.workspace.rituals.add(asked.name, **assignments(asked.fields)), "is a ritual now")


def _edit(asked: argparse.Namespace, context: Context) -> None:
    verbs = context.workspace.rituals
    _kept(asked, verbs.edit(verbs.find(asked.id).id, assignments(asked.fields)), "is changed")


def _retire(asked: argparse.Namespace, context: Context) -> None:
    verbs = context.workspace.rituals
    id_ = verbs.find(asked.id).id
    _kept(asked, verbs.retire(id_, why=asked.why, replaced_by=asked.replaced_by), "is retired")


def _bring_back(asked: argparse.Namespace, context: Context) -> None:
    verbs = context.workspace.rituals
    _kept(asked, verbs.bring_back(verbs.find(asked.id).id), "is owed again")


def _kept(asked: argparse.Namespace, ritual: Ritual, done: str) -> None:
    if asked.json:
        print_json({**definition(ritual), "frequency": ritual.often, "revision": ritual.rev})
    else:
        print(f"{ritual.id} {ritual.name} {done}: {ritual.often}, {ritual.dri or 'nobody'}.")


def _import(asked: argparse.Namespace, context: Context) -> int:
    """What could not be read is named, and makes the exit code 1; the rest is in."""
    report = context.workspace.rituals.take_in(_content(asked.file))
    if asked.json:
        print_json(
            {
                "new": report.new,
                "changed": report.changed,
                "same": len(report.same),
                "problems": [{"line": one.line, "what": one.what} for one in report.problems],
                "strangers": report.strangers,
            }
        )
    else:
        print(f"{len(report.new)} new, {len(report.changed)} changed, {len(report.same)} as they were.")
        for login in report.strangers:
            print(f"nobody on the roster has the GitHub login {login}; it stays as the DRI")
    if report.problems:
        told = "; ".join(one.told for one in report.problems)
        raise Refused(f"{Path(asked.file).name}: {told}")
    return 0


def _content(name: str) -> str:
    path = Path(name)
    try:
        with path.open("rb") as file:
            content = file.read(5_000_001)
    except OSError as error:
        raise Unusable(f"{path}: {error.strerror or error}") from None
    return content[:5_000_000].decode("utf-8-sig", "replace")
