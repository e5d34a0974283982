"""fleettui channels: the customer channels that out-of-hours answers watch (SUP-2)."""

from __future__ import annotations

import argparse
from typing import Any

from fleettui.cli.output import pick_or_none, print_result, print_rows, warn
from fleettui.cli.parser import Context, Subcommands
from fleettui.domain.customers.channels import CustomerChannel, channel_shown


def arguments(parser: argparse.ArgumentParser) -> None:
    subcommands = Subcommands(parser)
    subcommands.add("list", _list, "all of them", reads=True)
    adding = subcommands.add("add", _add, "put a channel on the list")
    adding.add_argument("channel", metavar="CHANNEL_ID")
    adding.add_argument(
        "--customer", required=True, help="name, codename or id; an unknown name is taken as it is"
    )
    adding.add_argument("--tier", default="", help="where it is not the customer's")
    adding.add_argument("--name", default="", help="as people call it, like #fleet-at-acme")
    naming = subcommands.add("name", _name, "say what a channel is called")
    naming.add_argument("channel", metavar="CHANNEL_ID")
    naming.add_argument("name", metavar="NAME")
    subcommands.add("remove", _remove, "take a channel off").add_argument("channel", metavar="CHANNEL_ID")


def _list(options: argparse.Namespace, context: Context) -> None:
    channels = context.workspace.channels.all()
    rows = ((channel.id, channel_shown(channel.name), channel.customer, channel.tier) for channel in channels)
    print_rows(options, map(_as_json, channels), ("CHANNEL", "NAME", "CUSTOMER", "TIER"), rows)


def _add(options: argparse.Namespace, context: Context) -> None:
    channel = context.workspace.channels.add(options.channel, options.customer, options.tier, options.name)
    print_result(options, _as_json(channel), f"{channel.shown} is {channel.customer}'s channel.")
    warn(context.workspace.channels.not_listed_warning(channel))


def _name(options: argparse.Namespace, context: Context) -> None:
    channel = context.workspace.channels.name(options.channel, options.name)
    print_result(options, _as_json(channel), f"{channel.id} is shown as {channel.shown}.")


def _remove(options: argparse.Namespace, context: Context) -> None:
    context.workspace.channels.remove(options.channel)
    print_result(options, {"removed": options.channel}, f"{options.channel} is off the list.")


def _as_json(channel: CustomerChannel) -> dict[str, Any]:
    return {
        "id": channel.id,
        "channel": channel.id,
        "customer": channel.customer,
        **pick_or_none(channel, "customer_id", "tier", "name"),
        "revision": channel.rev,
    }
