"""fleettui channels: the customer channels that out-of-hours answers watch (SUP-2)."""

from __future__ import annotations

import argparse
from typing import Any

from fleettui.cli.output import print_json, print_table, warn
from fleettui.cli.parser import Context, Subcommands
from fleettui.domain.customers.channels import CustomerChannel


def arguments(parser: argparse.ArgumentParser) -> None:
    subcommands = Subcommands(parser)
    subcommands.add("list", _list, "all of them")
    adding = subcommands.add("add", _add, "put a channel on the list")
    adding.add_argument("channel", metavar="CHANNEL_ID")
    adding.add_argument(
        "--customer", required=True, help="name, codename or id; an unknown name is taken as it is"
    )
    adding.add_argument("--tier", default="", help="where it is not the customer's")
    subcommands.add("remove", _remove, "take a channel off").add_argument("channel", metavar="CHANNEL_ID")


def _list(options: argparse.Namespace, context: Context) -> None:
    channels = context.workspace.channels.all()
    if options.json:
        print_json([_as_json(channel) for channel in channels])
        return
    print_table(
        ("CHANNEL", "CUSTOMER", "TIER"),
        [(channel.id, channel.customer, channel.tier) for channel in channels],
    )


def _add(options: argparse.Namespace, context: Context) -> None:
    channel = context.workspace.channels.add(options.channel, options.customer, options.tier)
    if options.json:
        print_json(_as_json(channel))
    else:
        print(f"{channel.id} is {channel.customer}'s channel.")
    warn(context.workspace.channels.not_listed_warning(channel))


def _remove(options: argparse.Namespace, context: Context) -> None:
    context.workspace.channels.remove(options.channel)
    if options.json:
        print_json({"removed": options.channel})
    else:
        print(f"{options.channel} is off the list.")


def _as_json(channel: CustomerChannel) -> dict[str, Any]:
    return {
        "id": channel.id,
        "channel": channel.id,
        "customer": channel.customer,
        "customer_id": channel.customer_id or None,
        "tier": channel.tier or None,
        "revision": channel.rev,
    }
