"""fleettui customers: the list behind tickets, calls, rituals and playbooks."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

import msgspec

from fleettui.cli.parser import Context, Subcommands, assignments, body_text, print_json, print_table
from fleettui.domain.customers import outreach
from fleettui.domain.customers.model import EDITABLE, Contact, Customer, Opportunity, group_of
from fleettui.errors import WrongUsage


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = Subcommands(parser)
    listing = verbs.add("list", _list, "all of them")
    listing.add_argument("--all", action="store_true", help="those who left, too")
    listing.add_argument("--by-priority", action="store_true", help="whom to reach out to first (GTM-2)")
    listing.add_argument("--kind", metavar="KIND", help="only customers, or one kind of prospects")
    _named(verbs.add("show", _show, "one of them"))
    adding = _named(verbs.add("add", _add, "put a new one on the list"))
    adding.add_argument("--tier", help="Free, Premium or Ultimate")
    adding.add_argument("--hosts", help="how many, which decides the group (SUP-18)")
    adding.add_argument("fields", nargs="*", metavar="FIELD=VALUE", help=", ".join(EDITABLE))
    _fields(_named(verbs.add("edit", _edit, "change what is known")), EDITABLE)
    contact = _named(verbs.add("contact", _contact, "add or change somebody there"))
    contact.add_argument("contact", metavar="EMAIL|NAME")
    contact.add_argument("--drop", action="store_true", help="take this contact off")
    contact.add_argument(
        "fields", nargs="*", metavar="FIELD=VALUE", help=", ".join(Contact.__struct_fields__)
    )
    opportunity = _named(verbs.add("opportunity", _opportunity, "add or change a deal"))
    opportunity.add_argument("opportunity", metavar="NAME")
    opportunity.add_argument(
        "fields", nargs="*", metavar="FIELD=VALUE", help=", ".join(Opportunity.__struct_fields__)
    )
    touching = _named(verbs.add("touched", _touched, "we were in touch with them"))
    touching.add_argument("--on", metavar="DAY", help="another day than today, like 2026-03-09")
    touching.add_argument("--about", default="", metavar="OPPORTUNITY")
    reading = verbs.add("read", _read, "whether a text reads as other systems want it (GTM-5)")
    reading.add_argument("text", metavar="TEXT", help="or - for standard input")


def _named(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("name", metavar="NAME", help="name, codename or id")
    return parser


def _fields(parser: argparse.ArgumentParser, names: tuple[str, ...]) -> None:
    parser.add_argument("fields", nargs="+", metavar="FIELD=VALUE", help=", ".join(names))


def _list(asked: argparse.Namespace, context: Context) -> None:
    verbs = context.workspace.customers
    everyone = verbs.by_priority() if asked.by_priority else verbs.all()
    found = [one for one in everyone if (one.active or asked.all) and asked.kind in (None, one.kind)]
    if asked.json:
        print_json([_plain(one, context) for one in found])
        return
    headings = ("ID", "NAME", "TIER", "HOSTS", "GROUP", "KIND", "CHANNEL")
    print_table(headings, [_row(one, context) for one in found])


def _row(one: Customer, context: Context) -> tuple[str, ...]:
    group = group_of(one, context.workspace.handbook.groups.groups)
    hosts = "" if one.hosts is None else str(one.hosts)
    return (one.id, one.name, one.tier, hosts, group.name if group else "", one.kind, one.channel)


def _show(asked: argparse.Namespace, context: Context) -> None:
    one = context.workspace.customers.find(asked.name)
    if asked.json:
        print_json(_plain(one, context))
        return
    for field, value in _plain(one, context).items():
        if value not in (None, "", [], {}):
            shown = value if isinstance(value, str | int) else msgspec.json.encode(value).decode()
            print(f"{field:<14}{shown}")


def _add(asked: argparse.Namespace, context: Context) -> None:
    given = {"tier": asked.tier, "hosts": asked.hosts}
    fields = {field: value for field, value in given.items() if value is not None} | assignments(asked.fields)
    _tell(asked, context, context.workspace.customers.add(asked.name, **fields), "is on the list")


def _edit(asked: argparse.Namespace, context: Context) -> None:
    verbs = context.workspace.customers
    _tell(asked, context, verbs.edit(verbs.find(asked.name).id, assignments(asked.fields)), "is changed")


def _contact(asked: argparse.Namespace, context: Context) -> None:
    verbs = context.workspace.customers
    id_ = verbs.find(asked.name).id
    if asked.drop:
        return _tell(
            asked, context, verbs.drop_contact(id_, asked.contact), f"has no {asked.contact} any more"
        )
    changed = verbs.contact(id_, asked.contact, assignments(asked.fields))
    return _tell(asked, context, changed, f"has the contact {asked.contact}")


def _opportunity(asked: argparse.Namespace, context: Context) -> None:
    verbs = context.workspace.customers
    changed = verbs.opportunity(verbs.find(asked.name).id, asked.opportunity, assignments(asked.fields))
    _tell(asked, context, changed, f"has the opportunity {asked.opportunity}")


def _touched(asked: argparse.Namespace, context: Context) -> None:
    verbs = context.workspace.customers
    day = _day(asked.on) if asked.on else context.workspace.now().astimezone(context.workspace.zone).date()
    changed = verbs.touched(verbs.find(asked.name).id, day, asked.about)
    _tell(asked, context, changed, f"heard from us on {day}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUsage(f"{text!r} is not a day; write it like 2026-03-09", field="--on") from None


def _read(asked: argparse.Namespace, context: Context) -> int:
    """What a script can rely on: exit code 1 where there is something to mend."""
    names = [one.name for one in context.workspace.customers.all()] if context.is_made() else []
    found = outreach.complaints(body_text(asked.text), names)
    if asked.json:
        print_json({"ok": not found, "complaints": found})
    else:
        print("\n".join(found) or "It reads well.")
    return 1 if found else 0


def _tell(asked: argparse.Namespace, context: Context, one: Customer, done: str) -> None:
    if asked.json:
        print_json(_plain(one, context))
    else:
        print(f"{one.id} {one.name} {done}.")


def _plain(one: Customer, context: Context) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(one)
    handbook = context.workspace.handbook
    group, writer = group_of(one, handbook.groups.groups), outreach.writer_of(one, handbook.gtm)
    return {
        **fields,
        "group": group.name if group else None,
        "reaches_out": writer.role if writer else None,
        "revision": fields.pop("rev"),
    }
