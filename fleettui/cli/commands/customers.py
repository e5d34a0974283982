"""fleettui customers: the list behind tickets, calls, rituals and playbooks."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

import msgspec

from fleettui.cli.output import print_documents, print_json, print_result
from fleettui.cli.parser import Context, Subcommands, add_fields, assignments, body_text, day
from fleettui.cli.viewing import add_view, chosen_by
from fleettui.domain.customers import outreach, text_style
from fleettui.domain.customers.in_touch import LastContact, last_contact
from fleettui.domain.customers.model import EDITABLE, Contact, Customer, Opportunity
from fleettui.domain.tickets.sla import tier_in_words


def arguments(parser: argparse.ArgumentParser) -> None:
    subcommands = Subcommands(parser)
    listing = subcommands.add("list", _list, "all of them", reads=True)
    listing.add_argument("--all", action="store_true", help="those who left, too")
    listing.add_argument("--by-priority", action="store_true", help="whom to reach out to first (GTM-2)")
    listing.add_argument("--kind", metavar="KIND", help="only customers, or one kind of prospects")
    add_view(listing, "customers")
    listing.add_argument("--search", default="", metavar="QUERY", help="such as: tier:premium hosts:>1000")
    _add_name(subcommands.add("show", _show, "one of them", reads=True))
    adding = _add_name(subcommands.add("add", _add, "put a new one on the list"))
    adding.add_argument("--tier", help="Free, Premium or Ultimate")
    adding.add_argument("--hosts", help="how many, which decides the group (SUP-18)")
    add_fields(adding, EDITABLE)
    add_fields(_add_name(subcommands.add("edit", _edit, "change what is known")), EDITABLE, required=True)
    contact = _add_name(subcommands.add("contact", _contact, "add or change somebody there"))
    contact.add_argument("contact", metavar="EMAIL|NAME")
    contact.add_argument("--drop", action="store_true", help="take this contact off")
    add_fields(contact, Contact.__struct_fields__)
    opportunity = _add_name(subcommands.add("opportunity", _opportunity, "add or change a deal"))
    opportunity.add_argument("opportunity", metavar="NAME")
    add_fields(opportunity, Opportunity.__struct_fields__)
    touching = _add_name(subcommands.add("touched", _touched, "we were in touch with them"))
    touching.add_argument("--on", metavar="DAY", help="another day than today, like 2026-03-09")
    touching.add_argument("--about", default="", metavar="OPPORTUNITY")
    reading = subcommands.add(
        "read", _read, "whether a text reads as other systems want it (GTM-5)", reads=True
    )
    reading.add_argument("text", metavar="TEXT", help="or - for standard input")


def _add_name(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("name", metavar="NAME", help="name, codename or id")
    return parser


def _list(options: argparse.Namespace, context: Context) -> None:
    customers = context.workspace.customers
    everyone = customers.by_priority() if options.by_priority else customers.all()
    chosen = [
        customer
        for customer in everyone
        if (customer.active or options.all) and options.kind in (None, customer.kind)
    ]
    chosen = chosen_by(options, context, "customers", chosen)
    at_work = context.workspace.facts.at_work() if options.json else None
    headings = ("ID", "NAME", "TIER", "HOSTS", "GROUP", "KIND", "CHANNEL")
    print_documents(
        options,
        chosen,
        lambda customer: _as_json(customer, context, at_work),
        headings,
        lambda customer: _row(customer, context),
    )


def _row(customer: Customer, context: Context) -> tuple[str, ...]:
    group = context.workspace.handbook.groups.of(customer.hosts)
    group_name = group.name if group else ""
    hosts = "" if customer.hosts is None else str(customer.hosts)
    tier = tier_in_words(context.workspace.handbook.sla, customer.tier)
    return customer.id, customer.name, tier, hosts, group_name, customer.kind, customer.channel


def _show(options: argparse.Namespace, context: Context) -> None:
    plain = _as_json(context.workspace.customers.find(options.name), context)
    if options.json:
        print_json(plain)
        return
    for field, value in plain.items():
        if value not in (None, "", [], {}):
            shown = value if isinstance(value, str | int) else msgspec.json.encode(value).decode()
            print(f"{field:<14}{shown}")


def _add(options: argparse.Namespace, context: Context) -> None:
    given = {"tier": options.tier, "hosts": options.hosts}
    fields = {field: value for field, value in given.items() if value is not None}
    customer = context.workspace.customers.add(options.name, **fields | assignments(options.fields))
    _print_changed(options, context, customer, "is on the list")


def _edit(options: argparse.Namespace, context: Context) -> None:
    customers = context.workspace.customers
    changed = customers.edit(customers.find(options.name).id, assignments(options.fields))
    _print_changed(options, context, changed, "is changed")


def _contact(options: argparse.Namespace, context: Context) -> None:
    customers = context.workspace.customers
    id_ = customers.find(options.name).id
    if options.drop:
        changed, done = customers.drop_contact(id_, options.contact), f"has no {options.contact} any more"
    else:
        changed = customers.contact(id_, options.contact, assignments(options.fields))
        done = f"has the contact {options.contact}"
    _print_changed(options, context, changed, done)


def _opportunity(options: argparse.Namespace, context: Context) -> None:
    customers = context.workspace.customers
    changed = customers.opportunity(
        customers.find(options.name).id, options.opportunity, assignments(options.fields)
    )
    _print_changed(options, context, changed, f"has the opportunity {options.opportunity}")


def _touched(options: argparse.Namespace, context: Context) -> None:
    customers = context.workspace.customers
    today = context.workspace.now().astimezone(context.workspace.zone).date()
    on = day(options.on, "--on", context, past=True) if options.on else today
    changed = customers.touched(customers.find(options.name).id, on, options.about)
    _print_changed(options, context, changed, f"heard from us on {on}")


def _read(options: argparse.Namespace, context: Context) -> int:
    """What a script can rely on: exit code 1 where there is something to mend."""
    names = [customer.name for customer in context.workspace.customers.all()] if context.is_made() else []
    complaints = text_style.style_mistakes(body_text(options.text), names)
    lines = complaints or ["It reads well."]
    print_result(options, {"ok": not complaints, "complaints": complaints}, *lines)
    return 1 if complaints else 0


def _print_changed(options: argparse.Namespace, context: Context, customer: Customer, done: str) -> None:
    print_result(options, _as_json(customer, context), f"{customer.id} {customer.name} {done}.")


def _as_json(
    customer: Customer, context: Context, at_work: Mapping[str, LastContact] | None = None
) -> dict[str, Any]:
    """`at_work`: asked for once by whoever shows many."""
    fields: dict[str, Any] = msgspec.to_builtins(customer)
    handbook = context.workspace.handbook
    group, writer = handbook.groups.of(customer.hosts), outreach.writer_of(customer, handbook.gtm)
    at_work = context.workspace.facts.at_work() if at_work is None else at_work
    contact = last_contact(customer, at_work.get(customer.id))
    return {
        **fields,
        "group": group.name if group else None,
        "reaches_out": writer.role if writer else None,
        "in_touch": {"day": contact.day, "how": contact.how, "id": contact.id} if contact else None,
        "reach": [line._asdict() for line in context.workspace.directory.of_customer(customer)],
        "revision": fields.pop("rev"),
    }
