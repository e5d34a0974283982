"""fleettui rituals: arguments that several subcommands have, and how they are read."""

from __future__ import annotations

import argparse
from datetime import date

from fleettui.cli.parser import Context, day


def add_id(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("id", metavar="ID", help="like RIT-5, or its name")
    return parser


def add_on(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--on", metavar="DATE", help="that day instead of today")
    return parser


def add_part(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("part", nargs="?", default="", metavar="PART", help="a customer's box, or a step")
    return parser


def day_given(text: str | None, context: Context) -> date | None:
    return None if text is None else day(text, "", context, past=True)
