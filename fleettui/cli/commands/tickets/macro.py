"""fleettui tickets: macros. A ready text with acts, under one name."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fleettui.cli.commands.tickets.json import print_changed
from fleettui.cli.commands.tickets.options import add_ids, add_vars, ticket_ids
from fleettui.cli.contact import add_despite, unless_meant
from fleettui.cli.output import print_json
from fleettui.cli.parser import Context, Subcommands, variables_given

if TYPE_CHECKING:
    from fleettui.workspace.macros import Plan


def add_macro_commands(subcommands: Subcommands) -> None:
    subcommands.add("macros", _list, "list them", reads=True)
    macro = subcommands.add("macro", _macro, "carry one out")
    macro.add_argument("name", metavar="NAME", help="its key, letter or name")
    add_ids(macro)
    add_vars(macro)
    macro.add_argument("--preview", action="store_true", help="only show what it would do")
    macro.add_argument(
        "--copy",
        action="store_true",
        help="only record its answer: it is sent by hand, whatever the policy says",
    )
    add_despite(macro)


def _list(options: argparse.Namespace, context: Context) -> None:
    macros = context.workspace.handbook.macros.macros
    if options.json:
        print_json(
            [{"key": macro.key, "name": macro.name, "letter": macro.letter or None} for macro in macros]
        )
        return
    for macro in macros:
        print(f"{macro.letter or ' '}  {macro.key:<20}  {macro.name}")


def _macro(options: argparse.Namespace, context: Context) -> None:
    from fleettui.workspace import macros

    workspace = context.workspace
    macro, ids = macros.named(workspace, options.name), ticket_ids(options)
    planned = macros.plans(workspace, macro, ids, variables_given(options.var))
    if options.preview:
        show_plans(options, planned)
        return
    with unless_meant(options):
        macros.refuse_contact(workspace, macro, ids)
    outcome = macros.carry_out(workspace, macro, planned, copy=options.copy, whole=True)
    changed = [workspace.tickets.find(id_) for id_ in outcome.done]
    if not options.json:
        for plan in planned:
            if plan.text:
                print(f"{plan.ticket.id}, into {plan.goes_to}:\n{plan.text}\n")
    print_changed(options, context, changed, f"has “{macro.name}”")


def show_plans(options: argparse.Namespace, planned: Sequence[Plan]) -> None:
    if options.json:
        rows = [
            {
                "id": plan.ticket.id,
                "text": plan.text or None,
                "goes_to": plan.goes_to or None,
                "acts": plan.acts,
            }
            for plan in planned
        ]
        print_json(rows)
        return
    for plan in planned:
        print(f"{plan.ticket.id} · {plan.ticket.subject}")
        if plan.text:
            print(f"Answers, into {plan.goes_to}:\n{plan.text}")
        print("\n".join([*plan.acts, ""]))
