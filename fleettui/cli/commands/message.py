"""fleettui message: a text from a template."""

from __future__ import annotations

import argparse

from fleettui.cli.parser import Context, assignments, leaf, print_json, print_table


def arguments(parser: argparse.ArgumentParser) -> None:
    leaf(parser, _run)
    parser.add_argument("name", nargs="?", metavar="NAME", help="without one: all there are")
    parser.add_argument(
        "--var", action="append", default=[], metavar="K=V", help="what it does not know by itself"
    )
    parser.add_argument("--ticket", metavar="ID", help="its facts fill in what they can")


def _run(asked: argparse.Namespace, context: Context) -> None:
    if asked.name is None:
        return _list(asked, context)
    workspace = context.workspace
    ticket = workspace.tickets.find(asked.ticket) if asked.ticket else None
    text = workspace.support.render(asked.name, ticket, assignments(asked.var))
    if asked.json:
        print_json({"name": asked.name, "text": text})
    else:
        print(text)
    return None


def _list(asked: argparse.Namespace, context: Context) -> None:
    found = context.workspace.handbook.messages.messages
    if asked.json:
        print_json(
            [
                {"name": one.name, "title": one.title, "audience": one.audience, "public": one.public,
                 "canned": one.canned, "variables": [variable.name for variable in one.variables], "rule": one.rule}
                for one in found
            ]
        )  # fmt: skip
        return
    print_table(("NAME", "TITLE", "TO"), [(one.name, one.title, one.audience) for one in found])
