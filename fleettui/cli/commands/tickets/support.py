"""fleettui tickets: what helps beside answering. Levels and calls, details, issues, codenames, checklists, documentation."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from fleettui.cli.commands.tickets.json import as_json
from fleettui.cli.parser import Context, Subcommands, assignments, print_json, print_table
from fleettui.errors import Refused

if TYPE_CHECKING:
    from fleettui.domain.tickets.escalation import HelpCall


def aside(verbs: Subcommands) -> None:
    escalate = _one(verbs.add("escalate", _escalate, "a level up, and whom to call with what words"))
    escalate.add_argument("level", nargs="?", default="", metavar="LEVEL")
    escalate.add_argument("--to", default="", metavar="LEVEL")
    _vars(escalate)
    _vars(_one(verbs.add("calls", _calls, "whom its level calls, with the texts to post")))
    details = _one(verbs.add("details", _details, "what is known and missing (SUP-10)"))
    details.add_argument("--ask", action="store_true", help="the message that asks for what is missing")
    issue = _one(verbs.add("issue", _issue, "search for an issue, open one, link it (SUP-11)"))
    issue.add_argument(
        "--searched", action="append", default=[], metavar="WORDS", help="you have looked for these"
    )
    issue.add_argument("--draft", action="store_true", help="a new one, as a link that is filled in")
    issue.add_argument("--title", default="")
    issue.add_argument("--private", action="store_true", help="it has to stay out of the public")
    issue.add_argument("--link", default="", metavar="URL", help="this is the one")
    issue.add_argument("--tell", action="store_true", help="the text that sends the customer its link")
    issue.add_argument("--key-date", action="store_true", help="the text that posts the key date")
    _vars(issue)
    _one(verbs.add("codename", _codename, "a minor planet for its customer (SUP-13)"))
    steps = _one(verbs.add("steps", _steps, "its checklists"))
    steps.add_argument("list", nargs="?", default="", metavar="LIST")
    steps.add_argument("--tick", default="", metavar="STEP")
    steps.add_argument("--untick", default="", metavar="STEP")
    steps.add_argument("--skip", default="", metavar="STEP")
    steps.add_argument("--answer", default="", metavar="QUESTION=yes|no")
    steps.add_argument("--evidence", default="")
    steps.add_argument("--why", default="")
    documented = _one(verbs.add("documented", _documented, "the documentation is updated (SUP-17)"))
    documented.add_argument("done", metavar="LINK|TEXT")


def _one(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("id", metavar="ID")
    return parser


def _vars(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--var", action="append", default=[], metavar="K=V", help="for the text")


def _escalate(asked: argparse.Namespace, context: Context) -> None:
    ticket, calls = context.workspace.support.escalate(
        asked.id, asked.to or asked.level, assignments(asked.var)
    )
    if asked.json:
        plain = as_json(context.workspace.queue.of(ticket), context)
        print_json({**plain, "calls": [_call(one) for one in calls]})
        return
    print(f"{ticket.id} is at the level {ticket.level}.")
    _print_calls(calls)


def _calls(asked: argparse.Namespace, context: Context) -> None:
    ticket = context.workspace.tickets.find(asked.id)
    calls = context.workspace.support.calls(ticket, assignments(asked.var))
    if asked.json:
        print_json([_call(one) for one in calls])
    else:
        _print_calls(calls)


def _call(one: HelpCall) -> dict[str, Any]:
    return {
        "key": one.help.key,
        "name": one.help.name,
        "channel": one.help.channel,
        "mention": one.help.mention or None,
        "otherwise": one.help.otherwise,
        "text": one.text or None,
        "missing": one.missing,
    }


def _print_calls(calls: list[HelpCall]) -> None:
    for one in calls:
        otherwise = f" (failing that: {', '.join(one.help.otherwise)})" if one.help.otherwise else ""
        print(f"\n{one.help.name}, in {one.help.channel}{otherwise}:")
        print(one.text or f"still wanted: {', '.join(f'--var {name}=' for name in one.missing)}")


def _details(asked: argparse.Namespace, context: Context) -> None:
    support, ticket = context.workspace.support, context.workspace.tickets.find(asked.id)
    if asked.ask:
        text = support.details_question(ticket)
        print_json({"text": text}) if asked.json else print(text)
        return
    rows = support.details(ticket)
    if asked.json:
        print_json(
            [
                {
                    "key": row.detail.key,
                    "label": row.detail.label,
                    "required": row.detail.required,
                    "answer": row.answer,
                }
                for row in rows
            ]
        )
        return
    told = [
        (row.detail.key, "required" if row.detail.required else "", " ".join(row.answer.split()) or "–")
        for row in rows
    ]
    print_table(("DETAIL", "", "ANSWER"), told)


def _issue(asked: argparse.Namespace, context: Context) -> None:
    support = context.workspace.support
    ticket = context.workspace.tickets.find(asked.id)
    for words in asked.searched:
        ticket = support.searched(ticket.id, words)
    if asked.link:
        ticket = support.link_issue(ticket.id, asked.link, private=asked.private)
    told: dict[str, Any] = {"issue": ticket.issue or None, "searched": ticket.issue_searches}
    if asked.draft:
        draft = support.issue_draft(ticket, assignments(asked.var), title=asked.title, private=asked.private)
        told |= {**draft._asdict(), "new": draft.link}
        del told["link"]
    elif not ticket.issue:
        told["search"] = [one._asdict() for one in support.issue_tries(ticket)]
    if asked.tell:
        told["text"] = support.issue_link_text(ticket)
    if asked.key_date:
        told["channel"], told["post"] = support.key_date_post(ticket)
    print_json(told) if asked.json else _print_issue(told)


def _print_issue(told: dict[str, Any]) -> None:
    for key, value in told.items():
        for row in value if isinstance(value, list | tuple) else [value]:
            print(f"{key}: {row['link'] if isinstance(row, dict) else row}" if row else f"{key}: none")


def _codename(asked: argparse.Namespace, context: Context) -> None:
    ticket = context.workspace.tickets.find(asked.id)
    if not ticket.customer_id:
        raise Refused(
            f"{ticket.customer} is not on the list; `fleettui customers add` puts them there",
            field="customer",
        )
    customer = context.workspace.support.codename(ticket.customer_id)
    if asked.json:
        print_json({"customer": customer.id, "codename": customer.codename})
    else:
        print(f"{customer.name} is {customer.codename} wherever others can read it.")


def _steps(asked: argparse.Namespace, context: Context) -> None:
    support, ticket = context.workspace.support, context.workspace.tickets.find(asked.id)
    key = asked.list or next(iter(ticket.lists), "")
    if not key:
        raise Refused(f"{ticket.id} has no checklist")
    if key not in ticket.lists:
        ticket = support.open_list(ticket.id, key)
    if asked.answer:
        for fact, said in assignments([asked.answer]).items():
            ticket = support.answer(ticket.id, key, fact, said)
    if asked.tick:
        ticket = support.tick(ticket.id, key, asked.tick, evidence=asked.evidence)
    if asked.untick:
        ticket = support.untick(ticket.id, key, asked.untick)
    if asked.skip:
        ticket = support.skip(ticket.id, key, asked.skip, asked.why)
    steps = support.steps(ticket, key)
    if asked.json:
        print_json(
            [
                {"key": one.key, "label": one.label, "state": one.state, "why_not": one.why_not or None}
                for one in steps
            ]
        )
        return
    print_table(
        ("STEP", "STATE", "WHAT", ""), [(one.key, one.state, one.label, one.why_not) for one in steps]
    )


def _documented(asked: argparse.Namespace, context: Context) -> None:
    ticket = context.workspace.reports.documented(asked.id, asked.done)
    if asked.json:
        print_json(as_json(context.workspace.queue.of(ticket), context))
    else:
        print(f"{ticket.id}: documented.")
