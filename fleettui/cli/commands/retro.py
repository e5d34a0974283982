"""fleettui retro: the week's look back. Three questions beside the facts (SUP-16), and the documentation's list (SUP-17)."""

from __future__ import annotations

import argparse
from typing import Any

from fleettui.cli.commands.report import day_given, plain
from fleettui.cli.parser import Context, assignments, body_text, leaf, print_json
from fleettui.domain.tickets.model import Ticket
from fleettui.workspace.reports import DocumentationWork, LookBack


def arguments(parser: argparse.ArgumentParser) -> None:
    leaf(parser, _run)
    parser.add_argument("--week", metavar="DATE", help="any day of that week; without it: this one")
    parser.add_argument(
        "--answer", action="append", default=[], metavar="QUESTION=TEXT", help="went-well, better, remember"
    )


def _run(asked: argparse.Namespace, context: Context) -> None:
    reports = context.workspace.reports
    day = day_given(asked.week, "--week", context)
    answers = {key: body_text(said) for key, said in assignments(asked.answer).items()}
    found = reports.answer(answers, day) if answers else reports.look_back(day)
    work = reports.documentation(day)
    if asked.json:
        print_json(_plain(found, work, context))
    else:
        _print(found, work)


def _plain(found: LookBack, work: DocumentationWork, context: Context) -> dict[str, Any]:
    return {
        "week": found.week.key,
        "first": found.week.first,
        "last": found.week.last,
        "on_call": found.on_call,
        "facts": found.facts,
        "report": plain(found.report, context.workspace.zone),
        "questions": [
            {"key": one.key, "question": one.question, "answer": found.answers.get(one.key)}
            for one in found.questions
        ],
        "documentation": {
            "to_write": [_question(one) for one in work.to_write],
            "unanswered": [_question(one) for one in work.unanswered],
            "done": [_question(one) for one in work.done],
        },
    }


def _question(ticket: Ticket) -> dict[str, Any]:
    said = ticket.documentation
    return {
        "ticket": ticket.id,
        "subject": ticket.subject,
        "what": said.what if said else None,
        "done": (said.done or None) if said else None,
    }


def _print(found: LookBack, work: DocumentationWork) -> None:
    on_call = f", on call: {', '.join(found.on_call)}" if found.on_call else ""
    print(f"The week {found.week.first} to {found.week.last}{on_call}")
    for fact in found.facts:
        print(f"  {fact}")
    for one in found.questions:
        print(f"\n{one.question}  ({one.key})")
        for line in found.answers.get(one.key, "–").splitlines():
            print(f"  {line}")
    for title, rows in (
        ("For the documentation", work.to_write),
        ("Resolved without saying whether the documentation should know", work.unanswered),
        ("Documented", work.done),
    ):
        if rows:
            print(f"\n{title}:")
        for ticket in rows:
            what = ticket.documentation.what if ticket.documentation else ""
            print(f"  {ticket.id}  {what or ticket.subject}")
