"""fleettui export: everything, for other programs."""

from __future__ import annotations

import argparse
from pathlib import Path

from fleettui.cli.parser import Context, leaf, print_json


def arguments(parser: argparse.ArgumentParser) -> None:
    leaf(parser, _run)
    parser.add_argument("folder", metavar="DIR", help="a folder to write to; made when missing")
    parser.add_argument("--format", choices=("json", "csv"), default="json")


def _run(asked: argparse.Namespace, context: Context) -> None:
    written = context.workspace.upkeep.export(Path(asked.folder).expanduser().absolute(), asked.format)
    if asked.json:
        print_json([{"file": str(path), "documents": count} for path, count in written])
        return
    for path, count in written:
        print(f"{path}: {count} documents")
