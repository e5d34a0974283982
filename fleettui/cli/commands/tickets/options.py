"""fleettui tickets: options and arguments that several subcommands have, and how they are read."""

from __future__ import annotations

import argparse
from datetime import datetime

from fleettui.cli.parser import Context, instant
from fleettui.errors import WrongUsage
from fleettui.text.reading import listed


def add_id(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("id", metavar="ID")
    return parser


def add_ids(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("ids", metavar="ID", help="or several, like T-1001,T-1004")
    return parser


def add_body(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    parser.add_argument(
        "--body", metavar="TEXT|-", required=required, default="", help="- reads standard input"
    )


def add_at(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--at", metavar="TIME", help="when it was written, if not now")


def add_author(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", default="", metavar="NAME", help="who wrote it")


def add_vars(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--var", action="append", default=[], metavar="K=V", help="for the text")


def ticket_ids(options: argparse.Namespace) -> list[str]:
    """The ids of an argument like T-1001,T-1004."""
    ids = listed(options.ids)
    if not ids:
        raise WrongUsage("name a ticket", field="ID")
    return ids


def instant_given(given: str | None, field: str, context: Context) -> datetime | None:
    return None if given is None else instant(given, field, context, past=True)


def either(first: str | None, second: str | None, field: str) -> str:
    """A value that may be given in two ways, in exactly one of them."""
    given = second if first is None else first
    if given is None or (first is not None and second is not None):
        raise WrongUsage("give it once", field=field)
    return given
