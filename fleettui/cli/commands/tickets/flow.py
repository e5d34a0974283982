"""fleettui tickets: the flow. Assignment, labels, waiting, snoozing, merging, resolving."""

from __future__ import annotations

import argparse
from functools import partial

from fleettui.cli.asking import can_ask, want_yes
from fleettui.cli.commands.tickets.json import print_changed
from fleettui.cli.commands.tickets.options import add_ids, either, ticket_ids
from fleettui.cli.parser import (
    PRIORITIES_HELP,
    Context,
    Subcommands,
    add_fields,
    assignments,
    body_text,
    instant,
)
from fleettui.domain.tickets.fields import EDITABLE
from fleettui.domain.tickets.lifecycle import Unanswered
from fleettui.domain.tickets.merging import AcrossCustomers
from fleettui.domain.tickets.policy import DOCUMENTATION_QUESTION
from fleettui.errors import Refused, WrongUsage
from fleettui.time.wording import from_now


def add_flow_commands(subcommands: Subcommands) -> None:
    assign = add_ids(subcommands.add("assign", _assign, "give it to somebody"))
    assign.add_argument("person", nargs="?", metavar="LOGIN", help='"nobody" takes it from whoever has it')
    assign.add_argument("--to", metavar="LOGIN")
    add_ids(subcommands.add("take", _take, "mine from now on")).add_argument(
        "--over", action="store_true", help="from whoever has it"
    )
    label = add_ids(subcommands.add("label", _label, "put labels on, or take them off"))
    label.add_argument("labels", nargs="*", metavar="LABEL")
    label.add_argument("--add", action="append", default=[], metavar="LABEL")
    label.add_argument("--remove", "--drop", action="append", default=[], metavar="LABEL")
    add_ids(subcommands.add("wait", _wait, "waiting for the customer"))
    snooze = add_ids(subcommands.add("snooze", _snooze, "out of the way until a moment"))
    snooze.add_argument("moment", nargs="?", metavar="TIME", help="a moment, or 2h, 3d, 1w from now")
    snooze.add_argument("--until", metavar="TIME")
    merge = add_ids(
        subcommands.add("merge", _merge, "what is one: what comes to the first goes to the other")
    )
    merge.add_argument("other", nargs="?", metavar="INTO")
    merge.add_argument("--into", metavar="ID")
    merge.add_argument("--across", "--yes", action="store_true", help="also tickets of different customers")
    resolve = add_ids(subcommands.add("resolve", _resolve, "done"))
    resolve.add_argument(
        "--documentation", metavar="yes|no|TEXT", help="whether the solution could help others (SUP-9)"
    )
    resolve.add_argument("--summary", metavar="TEXT|-", help="what was posted to the channel (SUP-8)")
    resolve.add_argument(
        "--unanswered", action="store_true", help="without asking, though the customer has no answer (SLA-15)"
    )
    add_ids(subcommands.add("reopen", _reopen, "open it again"))
    setting = add_ids(subcommands.add("set", _set, "change what is known"))
    add_fields(setting, EDITABLE, required=True)
    setting.add_argument("--why", default="", help="for the history")
    setting.epilog = f"priority= is {PRIORITIES_HELP}"


def _assign(options: argparse.Namespace, context: Context) -> None:
    person = either(options.person, options.to, "LOGIN")
    changed = context.workspace.tickets.assign(ticket_ids(options), person)
    print_changed(options, context, changed, f"is {changed[0].assignee or 'nobody'}'s")


def _take(options: argparse.Namespace, context: Context) -> None:
    changed = context.workspace.tickets.take(ticket_ids(options), over=options.over)
    print_changed(options, context, changed, "is yours")


def _label(options: argparse.Namespace, context: Context) -> None:
    add = [*options.labels, *options.add]
    if not add and not options.remove:
        raise WrongUsage("name a label to put on, or one to --remove", field="LABEL")
    changed = context.workspace.tickets.label(ticket_ids(options), add, options.remove)
    print_changed(options, context, changed, f"carries {', '.join(changed[0].labels) or 'no label'}")


def _wait(options: argparse.Namespace, context: Context) -> None:
    changed = context.workspace.tickets.wait(ticket_ids(options))
    print_changed(options, context, changed, "waits for the customer")


def _snooze(options: argparse.Namespace, context: Context) -> None:
    typed = either(options.moment, options.until, "--until")
    zone = context.workspace.zone
    until = instant(typed, "--until", context)
    changed = context.workspace.tickets.snooze(ticket_ids(options), until)
    ahead = "" if options.json else f" ({from_now(until, context.clock())})"
    print_changed(options, context, changed, f"sleeps until {until.astimezone(zone):%a %d %b %H:%M}{ahead}")


def _merge(options: argparse.Namespace, context: Context) -> None:
    into = either(options.other, options.into, "INTO")
    try:
        merged, survivor = context.workspace.tickets.merge(ticket_ids(options), into, across=options.across)
    except AcrossCustomers as error:
        raise Refused(f"{error.text}: with --across", field="--across") from None
    print_changed(options, context, merged, f"goes on in {survivor.id}")


def _resolve(options: argparse.Namespace, context: Context) -> None:
    resolve = partial(
        context.workspace.tickets.resolve,
        ticket_ids(options),
        documentation=options.documentation,
        summary=body_text(options.summary) if options.summary else None,
    )
    warnings: list[str] = []
    try:
        changed = resolve(unanswered=options.unanswered)
    except Unanswered:
        warnings = _unanswered(options, context)
        changed = resolve(unanswered=True)
    print_changed(options, context, changed, "is resolved", warnings)
    if not options.json and changed[0].documentation is None:
        resolving = context.workspace.handbook.tickets.resolving
        questions = {question.key: question.question for question in resolving}
        command = f"`fleettui tickets set {changed[0].id} documentation=yes|no|TEXT`"
        print(f"{questions.get(DOCUMENTATION_QUESTION, '')} {command}".strip())


def _unanswered(options: argparse.Namespace, context: Context) -> list[str]:
    """SLA-15: a person at the terminal is asked, and may refuse; a script is warned, and its exit code stays."""
    workspace = context.workspace
    tickets = [workspace.tickets.find(id_) for id_ in ticket_ids(options)]
    owing = [ticket.id for ticket in tickets if workspace.queue.debt(ticket)]
    have = "has" if len(owing) == 1 else "have"
    if can_ask(options):
        want_yes(f"{', '.join(owing)} {have} no answer yet. Resolve without an answer?")
        return []
    return [
        f"{', '.join(owing)} {have} no answer yet: resolved without one, and the week's report counts it."
    ]


def _reopen(options: argparse.Namespace, context: Context) -> None:
    print_changed(options, context, context.workspace.tickets.reopen(ticket_ids(options)), "is open again")


def _set(options: argparse.Namespace, context: Context) -> None:
    changed = context.workspace.tickets.set(ticket_ids(options), assignments(options.fields), why=options.why)
    print_changed(options, context, changed, "is changed")
