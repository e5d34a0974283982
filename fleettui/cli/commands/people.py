"""fleettui people: the roster."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

import msgspec

from fleettui.cli.output import print_documents, print_result
from fleettui.cli.parser import Context, Subcommands, add_fields, assignments, day
from fleettui.cli.viewing import add_view, chosen_by
from fleettui.domain.team.people import EDITABLE, Person, time_off_on
from fleettui.errors import WrongUsage


def arguments(parser: argparse.ArgumentParser) -> None:
    subcommands = Subcommands(parser)
    listing = subcommands.add("list", _list, "who is on the team, and who is away today", reads=True)
    listing.add_argument("--all", action="store_true", help="those who left, too")
    add_view(listing, "team")
    listing.add_argument("--search", default="", metavar="QUERY", help="such as: role:CSE is:here")
    adding = subcommands.add("add", _add, "put somebody on the roster")
    adding.add_argument("login", help="the OS account")
    add_fields(adding, EDITABLE)
    editing = subcommands.add("edit", _edit, "change what the roster says of somebody")
    editing.add_argument("person", help="login, or the beginning of a name")
    add_fields(editing, EDITABLE, required=True)
    role = subcommands.add("role", _role, "print the SQL that lets somebody into the database", reads=True)
    role.add_argument("login", help="the OS account")
    away = subcommands.add("away", _away, "plan time off, or end it")
    away.add_argument("person", help="login, or the beginning of a name")
    away.add_argument("first", nargs="?", metavar="FIRST", help="the first day, like 2026-03-09")
    away.add_argument(
        "last", nargs="?", metavar="LAST", help="the last day; the same as the first when left out"
    )
    away.add_argument("--cover", metavar="PERSON", help="who takes over")
    away.add_argument("--back", action="store_true", help="present again from today on")


def _list(options: argparse.Namespace, context: Context) -> None:
    people = [person for person in context.workspace.people.all() if person.active or options.all]
    people = chosen_by(options, context, "team", people)
    headings = ("LOGIN", "NAME", "ROLES", "GROUP", "E-MAIL", "AWAY")
    today = _today(context)
    print_documents(options, people, _as_json, headings, lambda person: _row(person, today))


def _row(person: Person, today: date) -> tuple[str, ...]:
    roles, away = ", ".join(person.roles), _away_in_words(person, today)
    return person.login, person.shown, roles, person.group, person.email, away


def _away_in_words(person: Person, today: date) -> str:
    off = time_off_on(person, today)
    if off is None:
        return "" if person.active else "left"
    return f"until {off.last}" + (f", {off.cover} covers" if off.cover else "")


def _role(options: argparse.Namespace, context: Context) -> None:
    statements = context.place.statements_for(options.login)
    print_result(options, {"login": options.login, "statements": list(statements)}, *statements)


def _add(options: argparse.Namespace, context: Context) -> None:
    person = context.workspace.people.add(options.login, **assignments(options.fields))
    _print_changed(options, person, f"{person.shown} is on the roster as {person.login}.")


def _edit(options: argparse.Namespace, context: Context) -> None:
    people = context.workspace.people
    person = people.edit(people.find(options.person).login, assignments(options.fields))
    _print_changed(options, person, f"{person.login} is now at revision {person.rev}.")


def _away(options: argparse.Namespace, context: Context) -> None:
    people = context.workspace.people
    login = people.find(options.person).login
    if options.back:
        person = people.back(login, _today(context))
        return _print_changed(options, person, f"{person.shown} is back.")
    if options.first is None:
        raise WrongUsage("people away: give the first day, like 2026-03-09, or --back")
    first = day(options.first, "FIRST", context)
    last = day(options.last, "LAST", context) if options.last else first
    person = people.away(login, first, last, options.cover)
    days = f"on {first}" if first == last else f"from {first} to {last}"
    return _print_changed(options, person, f"{person.shown} is away {days}.")


def _today(context: Context) -> date:
    return context.workspace.now().astimezone(context.workspace.zone).date()


def _print_changed(options: argparse.Namespace, person: Person, done: str) -> None:
    print_result(options, _as_json(person), done)


def _as_json(person: Person) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(person)
    return {"login": person.login, **fields, "revision": fields.pop("rev")}
