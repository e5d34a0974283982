"""fleettui rituals: the recurring duties, from the shell."""

from __future__ import annotations

import argparse

from fleettui.cli.commands.rituals.listing import add_listing_commands
from fleettui.cli.parser import Subcommands


def arguments(parser: argparse.ArgumentParser) -> None:
    subcommands = Subcommands(parser)
    add_listing_commands(subcommands)
    if subcommands.is_complete:
        return
    from fleettui.cli.commands.rituals.importing import add_import_commands
    from fleettui.cli.commands.rituals.keeping import add_keeping_commands
    from fleettui.cli.commands.rituals.text import add_text_commands
    from fleettui.cli.commands.rituals.ticking import add_ticking_commands

    add_ticking_commands(subcommands)
    add_keeping_commands(subcommands)
    add_import_commands(subcommands)
    add_text_commands(subcommands)
