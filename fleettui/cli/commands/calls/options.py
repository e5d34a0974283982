"""fleettui calls: arguments that several subcommands have, and how they are read."""

from __future__ import annotations

import argparse
from datetime import date

from fleettui.cli.parser import Context
from fleettui.errors import WrongUsage


def add_id(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("id", metavar="ID", help="the call's id, or its customer")
    return parser


def call_id(options: argparse.Namespace, context: Context) -> str:
    return context.workspace.calls.find(options.id).id


def next_step(text: str, context: Context) -> tuple[str, str, date]:
    """What, who and until when, from WHAT|OWNER|DAY."""
    from fleettui.time import typed

    parts = [part.strip() for part in text.split("|")]
    if len(parts) != 3:
        raise WrongUsage(f"{text!r}: write it like Send the quote|jonah|friday", field="--next")
    what, owner, due = parts
    return what, owner, typed.day(due, "due", context.workspace.now(), context.workspace.zone)
