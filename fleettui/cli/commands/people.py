"""fleettui people: the roster."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

import msgspec

from fleettui.cli.parser import Context, Subcommands, assignments, print_json, print_table
from fleettui.domain.team.people import EDITABLE, Person, time_off_on
from fleettui.errors import WrongUsage


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = Subcommands(parser)
    listing = verbs.add("list", _list, "who is on the team, and who is away today")
    listing.add_argument("--all", action="store_true", help="those who left, too")
    adding = verbs.add("add", _add, "put somebody on the roster")
    adding.add_argument("login", help="the OS account")
    adding.add_argument("fields", nargs="*", metavar="FIELD=VALUE", help=", ".join(EDITABLE))
    editing = verbs.add("edit", _edit, "change what the roster says of somebody")
    editing.add_argument("person", help="login, or the beginning of a name")
    editing.add_argument("fields", nargs="+", metavar="FIELD=VALUE", help=", ".join(EDITABLE))
    away = verbs.add("away", _away, "plan time off, or end it")
    away.add_argument("person", help="login, or the beginning of a name")
    away.add_argument("first", nargs="?", metavar="FIRST", help="the first day, like 2026-03-09")
    away.add_argument(
        "last", nargs="?", metavar="LAST", help="the last day; the same as the first when left out"
    )
    away.add_argument("--cover", metavar="PERSON", help="who takes over")
    away.add_argument("--back", action="store_true", help="present again from today on")


def _list(asked: argparse.Namespace, context: Context) -> None:
    people = [one for one in context.workspace.people.all() if one.active or asked.all]
    if asked.json:
        print_json([_plain(one) for one in people])
        return
    today = _today(context)
    headings = ("LOGIN", "NAME", "ROLES", "GROUP", "E-MAIL", "AWAY")
    print_table(
        headings,
        [(p.login, p.shown, ", ".join(p.roles), p.group, p.email, _away_in_words(p, today)) for p in people],
    )


def _away_in_words(person: Person, today: date) -> str:
    off = time_off_on(person, today)
    if off is None:
        return "" if person.active else "left"
    return f"until {off.last}" + (f", {off.cover} covers" if off.cover else "")


def _add(asked: argparse.Namespace, context: Context) -> None:
    person = context.workspace.people.add(asked.login, **assignments(asked.fields))
    _tell(asked, person, f"{person.shown} is on the roster as {person.login}.")


def _edit(asked: argparse.Namespace, context: Context) -> None:
    people = context.workspace.people
    person = people.edit(people.find(asked.person).login, assignments(asked.fields))
    _tell(asked, person, f"{person.login} is now at revision {person.rev}.")


def _away(asked: argparse.Namespace, context: Context) -> None:
    people = context.workspace.people
    login = people.find(asked.person).login
    if asked.back:
        person = people.back(login, _today(context))
        return _tell(asked, person, f"{person.shown} is back.")
    if asked.first is None:
        raise WrongUsage("people away: give the first day, like 2026-03-09, or --back")
    first = _day(asked.first, "FIRST")
    last = _day(asked.last, "LAST") if asked.last else first
    person = people.away(login, first, last, asked.cover)
    return _tell(asked, person, f"{person.shown} is away from {first} to {last}.")


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUsage(f"{text!r} is not a day; write it like 2026-03-09", field=field) from None


def _today(context: Context) -> date:
    return context.workspace.now().astimezone(context.workspace.zone).date()


def _tell(asked: argparse.Namespace, person: Person, said: str) -> None:
    if asked.json:
        print_json(_plain(person))
    else:
        print(said)


def _plain(person: Person) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(person)
    return {"login": person.login, **fields, "revision": fields.pop("rev")}
