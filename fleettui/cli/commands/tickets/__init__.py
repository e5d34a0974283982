"""fleettui tickets: the support queue."""

from __future__ import annotations

import argparse

from fleettui.cli.commands.tickets.listing import add_listing_commands
from fleettui.cli.parser import Subcommands


def arguments(parser: argparse.ArgumentParser) -> None:
    subcommands = Subcommands(parser)
    add_listing_commands(subcommands)
    if subcommands.is_complete:
        return
    from fleettui.cli.commands.tickets.files import add_file_commands
    from fleettui.cli.commands.tickets.flow import add_flow_commands
    from fleettui.cli.commands.tickets.incident import add_incident_commands
    from fleettui.cli.commands.tickets.macro import add_macro_commands
    from fleettui.cli.commands.tickets.support import add_support_commands
    from fleettui.cli.commands.tickets.talking import add_talking_commands

    add_talking_commands(subcommands)
    add_flow_commands(subcommands)
    add_macro_commands(subcommands)
    add_incident_commands(subcommands)
    add_support_commands(subcommands)
    add_file_commands(subcommands)
