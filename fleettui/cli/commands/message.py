"""fleettui message: a text from a template."""

from __future__ import annotations

import argparse

from fleettui.cli.output import print_json, print_table
from fleettui.cli.parser import Context, add_common_options, assignments


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run)
    parser.add_argument("name", nargs="?", metavar="NAME", help="without one: all there are")
    parser.add_argument(
        "--var", action="append", default=[], metavar="K=V", help="what it does not know by itself"
    )
    parser.add_argument("--ticket", metavar="ID", help="its facts fill in what they can")


def _run(options: argparse.Namespace, context: Context) -> None:
    if options.name is None:
        return _list(options, context)
    workspace = context.workspace
    ticket = workspace.tickets.find(options.ticket) if options.ticket else None
    text = workspace.support.render(options.name, ticket, assignments(options.var))
    if options.json:
        print_json({"name": options.name, "text": text})
    else:
        print(text)
    return None


def _list(options: argparse.Namespace, context: Context) -> None:
    messages = context.workspace.handbook.messages.messages
    if options.json:
        print_json(
            [
                {"name": message.name, "title": message.title, "audience": message.audience, "public": message.public,
                 "canned": message.canned, "variables": [variable.name for variable in message.variables], "rule": message.rule}
                for message in messages
            ]
        )  # fmt: skip
        return
    print_table(
        ("NAME", "TITLE", "TO"), [(message.name, message.title, message.audience) for message in messages]
    )
