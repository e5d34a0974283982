"""fleettui undo: take back my newest change, or the newest of one document."""

from __future__ import annotations

import argparse

from fleettui.cli.parser import Context, leaf, print_json


def arguments(parser: argparse.ArgumentParser) -> None:
    leaf(parser, _run)
    parser.add_argument("id", nargs="?", metavar="ID", help="the newest change of this, whoever made it")


def _run(asked: argparse.Namespace, context: Context) -> None:
    undone = context.workspace.history.undo(asked.id)
    if asked.json:
        print_json({"id": undone.id, "verb": undone.verb, "fields": undone.fields})
    else:
        print(undone.text)
