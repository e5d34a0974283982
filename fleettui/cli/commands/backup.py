"""fleettui backup: the whole workspace as it is at this moment, in one file."""

from __future__ import annotations

import argparse

from fleettui.cli.parser import Context, leaf, print_json


def arguments(parser: argparse.ArgumentParser) -> None:
    leaf(parser, _run)


def _run(asked: argparse.Namespace, context: Context) -> None:
    path = context.workspace.upkeep.backup()
    if asked.json:
        print_json({"file": str(path), "bytes": path.stat().st_size})
    else:
        print(f"Backed up to {path}. Bring it back with `fleettui restore {path}`.")
