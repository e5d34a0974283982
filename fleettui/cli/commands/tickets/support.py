"""fleettui tickets: what helps beside answering. Levels and calls, details, issues, codenames, checklists, documentation."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from fleettui.cli.commands.tickets.json import as_json, step_as_json
from fleettui.cli.commands.tickets.options import add_id, add_vars
from fleettui.cli.output import iso, pick, print_json, print_result, print_rows, warn
from fleettui.cli.parser import Context, Subcommands, assignments, variables_given
from fleettui.errors import Refused

if TYPE_CHECKING:
    from fleettui.domain.tickets.escalation import HelpCall
    from fleettui.domain.tickets.model import Ticket


def add_support_commands(subcommands: Subcommands) -> None:
    escalate = add_id(subcommands.add("escalate", _escalate, "a level up, and whom to call with what words"))
    escalate.add_argument("level", nargs="?", default="", metavar="LEVEL")
    escalate.add_argument("--to", default="", metavar="LEVEL")
    add_vars(escalate)
    add_vars(
        add_id(subcommands.add("calls", _calls, "whom its level calls, with the texts to post", reads=True))
    )
    details = add_id(subcommands.add("details", _details, "what is known and missing (SUP-10)", reads=True))
    details.add_argument("--ask", action="store_true", help="the message that asks for what is missing")
    issue = add_id(subcommands.add("issue", _issue, "search for an issue, open one, link it (SUP-11)"))
    issue.add_argument(
        "--searched", action="append", default=[], metavar="WORDS", help="you have looked for these"
    )
    issue.add_argument("--draft", action="store_true", help="a new one, as a link that is filled in")
    issue.add_argument("--open", action="store_true", help="a new one, opened by `fleettui connect`")
    issue.add_argument("--title", default="")
    issue.add_argument("--private", action="store_true", help="it has to stay out of the public")
    issue.add_argument("--link", default="", metavar="URL", help="this is the one")
    issue.add_argument("--tell", action="store_true", help="the text that sends the customer its link")
    issue.add_argument("--key-date", action="store_true", help="the text that posts the key date")
    add_vars(issue)
    add_id(subcommands.add("codename", _codename, "a minor planet for its customer (SUP-13)"))
    steps = add_id(subcommands.add("steps", _steps, "its checklists"))
    steps.add_argument("list", nargs="?", default="", metavar="LIST")
    steps.add_argument("--tick", default="", metavar="STEP")
    steps.add_argument("--untick", default="", metavar="STEP")
    steps.add_argument("--skip", default="", metavar="STEP")
    steps.add_argument("--answer", default="", metavar="QUESTION=yes|no")
    steps.add_argument("--evidence", default="")
    steps.add_argument("--why", default="")
    documented = add_id(subcommands.add("documented", _documented, "the documentation is updated (SUP-17)"))
    documented.add_argument("done", metavar="LINK|TEXT")


def _escalate(options: argparse.Namespace, context: Context) -> None:
    ticket, calls = context.workspace.support.escalate(
        options.id, options.to or options.level, variables_given(options.var)
    )
    if options.json:
        plain = as_json(context.workspace.queue.of(ticket), context)
        print_json({**plain, "calls": [_call_as_json(call) for call in calls]})
        return
    print(f"{ticket.id} is at the level {ticket.level}.")
    _print_calls(calls)


def _calls(options: argparse.Namespace, context: Context) -> None:
    ticket = context.workspace.tickets.find(options.id)
    calls = context.workspace.support.calls(ticket, variables_given(options.var))
    if options.json:
        print_json([_call_as_json(call) for call in calls])
    else:
        _print_calls(calls)


def _call_as_json(call: HelpCall) -> dict[str, Any]:
    return {
        **pick(call.help, "key", "name", "channel"),
        "mention": call.help.mention or None,
        "otherwise": call.help.otherwise,
        "text": call.text or None,
        "missing": call.missing,
    }


def _print_calls(calls: list[HelpCall]) -> None:
    for call in calls:
        otherwise = f" (failing that: {', '.join(call.help.otherwise)})" if call.help.otherwise else ""
        print(f"\n{call.help.name}, in {call.help.channel}{otherwise}:")
        print(call.text or f"still wanted: {', '.join(f'--var {name}=' for name in call.missing)}")


def _details(options: argparse.Namespace, context: Context) -> None:
    support, ticket = context.workspace.support, context.workspace.tickets.find(options.id)
    if options.ask:
        text = support.details_question(ticket)
        print_result(options, {"text": text}, text)
        return
    rows = support.details(ticket)
    plain = ({**pick(row.detail, "key", "label", "required"), "answer": row.answer} for row in rows)
    cells = (
        (row.detail.key, "required" if row.detail.required else "", " ".join(row.answer.split()) or "–")
        for row in rows
    )
    print_rows(options, plain, ("DETAIL", "", "ANSWER"), cells)


def _issue(options: argparse.Namespace, context: Context) -> None:
    support = context.workspace.support
    ticket = context.workspace.tickets.find(options.id)
    for words in options.searched:
        ticket = support.searched(ticket.id, words)
    if options.link:
        ticket = support.link_issue(ticket.id, options.link, private=options.private)
    answer: dict[str, Any] = {"issue": ticket.issue or None, "searched": ticket.issue_searches}
    if options.draft or options.open:
        answer |= _new_issue(options, context, ticket)
    elif not ticket.issue:
        answer["search"] = [search._asdict() for search in support.issue_tries(ticket)]
    if options.tell:
        answer["text"] = support.issue_link_text(ticket)
    if options.key_date:
        answer["channel"], answer["post"] = support.key_date_post(ticket)
    print_json(answer) if options.json else _print_issue(answer)
    if answer.get("cut"):
        warn(
            "The text is too long for the link: only its beginning is in there. All of it is printed as `body`: "
            "open the link, and paste it over the beginning."
        )


def _new_issue(options: argparse.Namespace, context: Context, ticket: Ticket) -> dict[str, Any]:
    support, orders = context.workspace.support, context.workspace.issues.orders
    if options.open:
        orders.refuse(ticket)
    draft = support.issue_draft(
        ticket, variables_given(options.var), title=options.title, private=options.private
    )
    answer = draft._asdict()
    link, cut = answer.pop("link"), answer.pop("cut")
    if not options.open:
        return {**answer, "cut": cut, "new": link}
    letter = orders.open(ticket, draft, private=options.private)
    return {
        **answer,
        "order": letter.id,
        "leaves_at": iso(letter.delivery.leaves_at, context.workspace.zone),
    }


def _print_issue(answer: dict[str, Any]) -> None:
    for key, value in answer.items():
        if key == "cut":
            continue
        for row in value if isinstance(value, list | tuple) else [value]:
            print(f"{key}: {row['link'] if isinstance(row, dict) else row}" if row else f"{key}: none")


def _codename(options: argparse.Namespace, context: Context) -> None:
    ticket = context.workspace.tickets.find(options.id)
    if not ticket.customer_id:
        raise Refused(
            f"{ticket.customer} is not on the list; `fleettui customers add` puts them there",
            field="customer",
        )
    customer = context.workspace.customers.codename(ticket.customer_id)
    done = f"{customer.name} is {customer.codename} wherever others can read it."
    print_result(options, {"customer": customer.id, "codename": customer.codename}, done)


def _steps(options: argparse.Namespace, context: Context) -> None:
    support, ticket = context.workspace.support, context.workspace.tickets.find(options.id)
    key = options.list or next(iter(ticket.lists), "")
    if not key:
        raise Refused(f"{ticket.id} has no checklist")
    if key not in ticket.lists:
        ticket = support.open_checklist(ticket.id, key)
    if options.answer:
        for fact, answer in assignments([options.answer]).items():
            ticket = support.answer(ticket.id, key, fact, answer)
    if options.tick:
        ticket = support.tick(ticket.id, key, options.tick, evidence=options.evidence)
    if options.untick:
        ticket = support.untick(ticket.id, key, options.untick)
    if options.skip:
        ticket = support.skip(ticket.id, key, options.skip, options.why)
    steps = support.steps(ticket, key)
    rows = ((step.key, step.state, step.label, step.why_not) for step in steps)
    print_rows(options, map(step_as_json, steps), ("STEP", "STATE", "WHAT", ""), rows, subject="WHAT")


def _documented(options: argparse.Namespace, context: Context) -> None:
    ticket = context.workspace.reports.documented(options.id, options.done)
    if options.json:
        print_json(as_json(context.workspace.queue.of(ticket), context))
    else:
        print(f"{ticket.id}: documented.")
