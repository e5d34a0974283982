"""fleettui restore: bring back one collection's file, or a whole backup."""

from __future__ import annotations

import argparse
from pathlib import Path

from fleettui.cli.output import print_result
from fleettui.cli.parser import Context, add_common_options
from fleettui.workspace.workspace import Workspace


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run)
    parser.add_argument("file", metavar="FILE", help="a file of backups/, or one made by `fleettui backup`")


def _run(options: argparse.Namespace, context: Context) -> None:
    workspace = Workspace.open_damaged(context.home, context.clock)
    restored = workspace.maintenance.restore(Path(options.file).expanduser().absolute())
    print_result(options, {"restored": restored}, *restored)
