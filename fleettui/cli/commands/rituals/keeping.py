"""fleettui rituals: adding, changing and retiring them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from fleettui.cli.commands.rituals.options import add_id
from fleettui.cli.commands.rituals.output import definition
from fleettui.cli.output import print_result
from fleettui.cli.parser import Context, Subcommands, add_fields, assignments

if TYPE_CHECKING:
    from fleettui.domain.rituals.model import Ritual


def add_keeping_commands(subcommands: Subcommands) -> None:
    from fleettui.domain.rituals.fields import EDITABLE

    adding = subcommands.add("add", _add, "a new one")
    adding.add_argument("name", metavar="NAME")
    add_fields(adding, EDITABLE)
    add_fields(add_id(subcommands.add("edit", _edit, "change what it is")), EDITABLE, required=True)
    retiring = add_id(subcommands.add("retire", _retire, "owed no more from today on; its past stays"))
    retiring.add_argument("--why", default="", metavar="TEXT")
    retiring.add_argument("--replaced-by", default="", metavar="ID")
    add_id(subcommands.add("bring-back", _bring_back, "owed again from today on"))


def _add(options: argparse.Namespace, context: Context) -> None:
    ritual = context.workspace.rituals.add(options.name, **assignments(options.fields))
    _print_kept(options, ritual, "is a ritual now")


def _edit(options: argparse.Namespace, context: Context) -> None:
    rituals = context.workspace.rituals
    _print_kept(options, rituals.edit(rituals.find(options.id).id, assignments(options.fields)), "is changed")


def _retire(options: argparse.Namespace, context: Context) -> None:
    rituals = context.workspace.rituals
    id_ = rituals.find(options.id).id
    _print_kept(options, rituals.retire(id_, why=options.why, replaced_by=options.replaced_by), "is retired")


def _bring_back(options: argparse.Namespace, context: Context) -> None:
    rituals = context.workspace.rituals
    _print_kept(options, rituals.bring_back(rituals.find(options.id).id), "is owed again")


def _print_kept(options: argparse.Namespace, ritual: Ritual, done: str) -> None:
    plain = {**definition(ritual), "frequency": ritual.often, "revision": ritual.rev}
    words = f"{ritual.id} {ritual.name} {done}: {ritual.often}, {ritual.dri or 'nobody'}."
    print_result(options, plain, words)
