"""fleettui channels: the customer channels that out-of-hours answers watch (SUP-2)."""

from __future__ import annotations

import argparse
from typing import Any

from fleettui.cli.commands.tickets import remark
from fleettui.cli.parser import Context, Subcommands, print_json, print_table
from fleettui.domain.customers.channels import CustomerChannel


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = Subcommands(parser)
    verbs.add("list", _list, "all of them")
    adding = verbs.add("add", _add, "put a channel on the list")
    adding.add_argument("channel", metavar="CHANNEL_ID")
    adding.add_argument(
        "--customer", required=True, help="name, codename or id; an unknown name is taken as it is"
    )
    adding.add_argument("--tier", default="", help="where it is not the customer's")
    verbs.add("remove", _remove, "take a channel off").add_argument("channel", metavar="CHANNEL_ID")


def _list(asked: argparse.Namespace, context: Context) -> None:
    found = context.workspace.channels.all()
    if asked.json:
        print_json([_plain(one) for one in found])
        return
    print_table(("CHANNEL", "CUSTOMER", "TIER"), [(one.id, one.customer, one.tier) for one in found])


def _add(asked: argparse.Namespace, context: Context) -> None:
    one = context.workspace.channels.add(asked.channel, asked.customer, asked.tier)
    if asked.json:
        print_json(_plain(one))
    else:
        print(f"{one.id} is {one.customer}'s channel.")
    remark(context.workspace.channels.not_listed_warning(one))


def _remove(asked: argparse.Namespace, context: Context) -> None:
    context.workspace.channels.remove(asked.channel)
    if asked.json:
        print_json({"removed": asked.channel})
    else:
        print(f"{asked.channel} is off the list.")


def _plain(one: CustomerChannel) -> dict[str, Any]:
    return {
        "id": one.id,
        "channel": one.id,
        "customer": one.customer,
        "customer_id": one.customer_id or None,
        "tier": one.tier or None,
        "revision": one.rev,
    }
