"""fleettui backup: the whole workspace as it is at this moment, in one file."""

from __future__ import annotations

import argparse
from pathlib import Path

from fleettui.cli.output import print_result, warn
from fleettui.cli.parser import Context, add_common_options
from fleettui.text import cleaning


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run)
    parser.add_argument("--files", action="store_true", help="with the files of tickets, which may be large")
    parser.add_argument("--to", metavar="DIR", help="into a folder elsewhere: another disk, a mounted host")


def _run(options: argparse.Namespace, context: Context) -> None:
    from fleettui.domain.tickets.attachments import size_words

    maintenance = context.workspace.maintenance
    to = Path(options.to).expanduser().absolute() if options.to else None
    path = maintenance.backup(with_files=options.files, to=to)
    lines = [f"Backed up to {path}. Bring it back with `fleettui restore {path}`."]
    count, size = maintenance.kept_files()
    if count and not options.files:
        what = f"{count:,} file{'s' if count != 1 else ''} of tickets ({size_words(size)})"
        lines.append(
            f"Not in it: {what}. Copy {maintenance.kept_files_folder} too, or take them in with --files."
        )
    plain = {
        "file": str(path),
        "bytes": path.stat().st_size,
        "files": count if options.files else 0,
        "files_left": 0 if options.files else count,
    }
    print_result(options, plain, *lines)
    for left in maintenance.left_out_of_backups():
        warn(f"Not in it: {cleaning.line(str(left))}, which is no regular file.")
