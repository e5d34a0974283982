"""fleettui undo: take back my newest change, or the newest of one document."""

from __future__ import annotations

import argparse

from fleettui.cli.output import pick, print_result
from fleettui.cli.parser import Context, add_common_options


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run)
    parser.add_argument("id", nargs="?", metavar="ID", help="the newest change of this, whoever made it")


def _run(options: argparse.Namespace, context: Context) -> None:
    undone = context.workspace.history.undo(options.id)
    print_result(options, pick(undone, "id", "verb", "fields"), undone.text)
