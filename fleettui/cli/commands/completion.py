"""fleettui completion: a script by which a shell completes what is typed after fleettui. It needs no workspace."""

from __future__ import annotations

import argparse

from fleettui.cli.commands import COMMANDS
from fleettui.cli.output import print_result
from fleettui.cli.parser import Context, add_common_options

SHELLS = ("bash", "zsh", "fish")


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run, reads=True)
    parser.add_argument("shell", choices=SHELLS, help="whose script is printed")


def _run(options: argparse.Namespace, context: Context) -> None:
    from fleettui.cli.completion import script_for

    script = script_for(options.shell, COMMANDS)
    print_result(options, {"shell": options.shell, "script": script}, script.rstrip("\n"))
