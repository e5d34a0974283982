"""fleettui calls: what prepares a customer call, what is done when nobody comes, and what follows."""

from __future__ import annotations

import argparse

from fleettui.cli.commands.calls.planning import add_planning_commands
from fleettui.cli.parser import Subcommands


def arguments(parser: argparse.ArgumentParser) -> None:
    subcommands = Subcommands(parser)
    add_planning_commands(subcommands)
    if subcommands.is_complete:
        return
    from fleettui.cli.commands.calls.outcome import add_outcome_commands
    from fleettui.cli.commands.calls.steps import add_step_commands

    add_step_commands(subcommands)
    add_outcome_commands(subcommands)
