"""fleettui tickets: outage mode. Several tickets are one incident, with one status line and one text for each customer."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from fleettui.cli.commands.tickets.json import as_json, print_changed
from fleettui.cli.commands.tickets.macro import show_plans
from fleettui.cli.commands.tickets.options import add_body, add_ids, add_vars, ticket_ids
from fleettui.cli.contact import add_despite, unless_meant
from fleettui.cli.output import print_json
from fleettui.cli.parser import Context, Subcommands, body_text, variables_given
from fleettui.errors import WrongUsage

if TYPE_CHECKING:
    from fleettui.workspace.incidents import Step
    from fleettui.workspace.workspace import Workspace

ACTS = ("declare", "update", "close", "leave")


def add_incident_commands(subcommands: Subcommands) -> None:
    parser = subcommands.add("incident", _incident, "an outage: several tickets, one status line")
    parser.add_argument("act", choices=ACTS)
    add_ids(parser)
    parser.add_argument(
        "--into", metavar="ID", default="", help="the ticket that is the incident; else the first"
    )
    parser.add_argument("--status", metavar="TEXT", default="", help="the line that all of its tickets show")
    add_body(parser, required=False)
    parser.add_argument("--template", metavar="NAME", default="", help="the text for each customer")
    add_vars(parser)
    parser.add_argument("--preview", action="store_true", help="only show what it would do")
    parser.add_argument("--copy", action="store_true", help="only record the answers: they are sent by hand")
    add_despite(parser)


def _incident(options: argparse.Namespace, context: Context) -> None:
    from fleettui.workspace import incidents

    workspace, ids = context.workspace, ticket_ids(options)
    if options.act == "leave":
        if options.preview or options.body or options.template:
            raise WrongUsage("a ticket that leaves an incident is not written to")
        print_changed(options, context, incidents.leave(workspace, ids), "has left the incident")
        return
    step = _step(options, workspace, ids)
    if options.preview:
        show_plans(options, step.plans)
        return
    with unless_meant(options):
        incidents.refuse_contact(workspace, step)
    _carry_out(options, context, step)


def _step(options: argparse.Namespace, workspace: Workspace, ids: list[str]) -> Step:
    from fleettui.workspace import incidents

    if options.body and options.template:
        raise WrongUsage("give a text or a template", field="template")
    given = variables_given(options.var)
    words = incidents.Words(
        status=options.status, text=body_text(options.body), template=options.template, given=given
    )
    if options.act == "declare":
        return incidents.declare(workspace, ids, options.into or ids[0], words)
    if len(ids) > 1 or options.into:
        raise WrongUsage("name the incident alone", field="ID")
    act = incidents.update if options.act == "update" else incidents.close
    return act(workspace, ids[0], words)


def _carry_out(options: argparse.Namespace, context: Context, step: Step) -> None:
    """What cannot be resolved is named, and no reason to leave the others; all else is all or none."""
    from fleettui.workspace import incidents

    workspace = context.workspace
    outcome = incidents.carry_out(workspace, step, copy=options.copy, whole=options.act != "close")
    incident = workspace.tickets.find(step.incident)
    if options.json:
        print_json(
            {
                "incident": as_json(workspace.queue.of(incident), context),
                "done": list(outcome.done),
                "refused": {id_: error.text for id_, error in outcome.refused.items()},
            }
        )
        return
    for plan in step.plans:
        if plan.text and plan.ticket.id in outcome.done:
            print(f"{plan.ticket.id}, into {plan.goes_to}:\n{plan.text}\n")
    print(f"{incident.id}: {incidents.status_of(workspace, incident) or 'the incident is over'}.")
    print(f"Done: {', '.join(outcome.done) or 'none'}.")
    for error in outcome.refused.values():
        print(f"Not done: {error.text}")
