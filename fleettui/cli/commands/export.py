"""fleettui export: everything, for other programs."""

from __future__ import annotations

import argparse

from fleettui import named_files
from fleettui.cli.output import print_result, warn
from fleettui.cli.parser import Context, add_common_options


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run, reads=True)
    parser.add_argument("folder", metavar="DIR", help="a folder to write to; made when missing")
    parser.add_argument("--format", choices=("json", "csv"), default="json")


def _run(options: argparse.Namespace, context: Context) -> None:
    maintenance = context.workspace.maintenance
    written = maintenance.export(named_files.path_of(options.folder), options.format)
    files = [{"file": str(path), "documents": count} for path, count in written]
    if any(customer.contacts for customer in context.workspace.customers.all()):
        warn(context.workspace.handbook.gtm.contact_data.text)  # GTM-8
    count, _ = maintenance.kept_files()
    print_result(options, files, *(f"{path}: {count} documents" for path, count in written))
    if count:
        what = f"{count:,} file{'s' if count != 1 else ''} of tickets"
        warn(f"Not copied: {what}, in {maintenance.kept_files_folder}, named by sha256.")
