"""fleettui backup: the whole workspace as it is at this moment, in one file."""

from __future__ import annotations

import argparse

from fleettui.cli.output import print_result
from fleettui.cli.parser import Context, add_common_options


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run)


def _run(options: argparse.Namespace, context: Context) -> None:
    path = context.workspace.maintenance.backup()
    done = f"Backed up to {path}. Bring it back with `fleettui restore {path}`."
    print_result(options, {"file": str(path), "bytes": path.stat().st_size}, done)
