"""fleettui export: everything, for other programs."""

from __future__ import annotations

import argparse
from pathlib import Path

from fleettui.cli.output import print_result
from fleettui.cli.parser import Context, add_common_options


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run)
    parser.add_argument("folder", metavar="DIR", help="a folder to write to; made when missing")
    parser.add_argument("--format", choices=("json", "csv"), default="json")


def _run(options: argparse.Namespace, context: Context) -> None:
    written = context.workspace.maintenance.export(
        Path(options.folder).expanduser().absolute(), options.format
    )
    files = [{"file": str(path), "documents": count} for path, count in written]
    print_result(options, files, *(f"{path}: {count} documents" for path, count in written))
