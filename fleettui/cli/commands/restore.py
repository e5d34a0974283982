"""fleettui restore: bring back one collection's file, or a whole backup."""

from __future__ import annotations

import argparse
from pathlib import Path

from fleettui.cli.parser import Context, leaf, print_json
from fleettui.workspace.workspace import Workspace


def arguments(parser: argparse.ArgumentParser) -> None:
    leaf(parser, _run)
    parser.add_argument("file", metavar="FILE", help="a file of backups/, or one made by `fleettui backup`")


def _run(asked: argparse.Namespace, context: Context) -> None:
    workspace = Workspace.open_damaged(context.home, context.clock)
    told = workspace.upkeep.restore(Path(asked.file).expanduser().absolute())
    if asked.json:
        print_json({"restored": told})
    else:
        print("\n".join(told))
