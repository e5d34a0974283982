"""fleettui redo: do again what my last undo took back, or the last undo of one document."""

from __future__ import annotations

import argparse

from fleettui.cli.commands.undo import add_yes, asked, print_undone
from fleettui.cli.parser import Context, add_common_options
from fleettui.workspace.undoing import Unsure


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run)
    parser.add_argument("id", nargs="?", metavar="ID", help="what was last taken back of this")
    add_yes(parser)


def _run(options: argparse.Namespace, context: Context) -> None:
    try:
        print_undone(options, context.workspace.history.redo(options.id, sure=options.yes))
    except Unsure as unsure:
        print_undone(options, asked(unsure, "redo", options, context))
