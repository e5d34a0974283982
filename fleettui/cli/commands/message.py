"""fleettui message: a text from a template."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from fleettui.cli.output import pick, print_result, print_rows
from fleettui.cli.parser import Context, add_common_options, variables_given

if TYPE_CHECKING:
    from fleettui.domain.messages import MessageTemplate


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run, reads=True)
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
    text = workspace.support.render(options.name, ticket, variables_given(options.var))
    return print_result(options, {"name": options.name, "text": text}, text)


def _list(options: argparse.Namespace, context: Context) -> None:
    messages = context.workspace.handbook.messages.messages
    rows = ((message.name, message.title, message.audience) for message in messages)
    print_rows(options, map(_as_json, messages), ("NAME", "TITLE", "TO"), rows)


def _as_json(message: MessageTemplate) -> dict[str, Any]:
    return {
        **pick(message, "name", "title", "audience", "public", "canned"),
        "variables": [variable.name for variable in message.variables],
        "rule": message.rule,
    }
