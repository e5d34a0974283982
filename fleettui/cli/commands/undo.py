"""fleettui undo: take back what I did in the last 15 minutes, or the newest change of one document."""

from __future__ import annotations

import argparse

from fleettui.cli.asking import can_ask, want_yes
from fleettui.cli.output import pick, print_result
from fleettui.cli.parser import Context, add_common_options
from fleettui.errors import Refused
from fleettui.workspace.history import Undone
from fleettui.workspace.undoing import Unsure


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run)
    parser.add_argument(
        "id", nargs="?", metavar="ID", help="the newest change of this; if it is gone, it comes back"
    )
    add_yes(parser)


def add_yes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="do it without asking")


def _run(options: argparse.Namespace, context: Context) -> None:
    history = context.workspace.history
    try:
        print_undone(options, history.undo(options.id, sure=options.yes))
    except Unsure as unsure:
        print_undone(options, asked(unsure, "undo", options, context))


def asked(unsure: Unsure, word: str, options: argparse.Namespace, context: Context) -> Undone:
    """Done once somebody at the terminal said yes; refused where nobody can be asked."""
    if not can_ask(options):
        command = " ".join(filter(None, ["fleettui", word, options.id, "--yes"]))
        raise Refused(f"{unsure.text} Nothing was done; `{command}` does it.")
    want_yes(f"{unsure.text} Do it?")
    return context.workspace.history.take_back(unsure.step)


def print_undone(options: argparse.Namespace, undone: Undone) -> None:
    print_result(options, pick(undone, "id", "verb", "fields", "together", "subject"), undone.text)
