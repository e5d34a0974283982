"""fleettui retro: looks back at a week. Its facts, three questions (SUP-16), and what to document (SUP-17)."""

from __future__ import annotations

import argparse
from typing import Any

from fleettui.cli.commands import report
from fleettui.cli.output import pick, print_json
from fleettui.cli.parser import Context, add_common_options, assignments, body_text, day_of
from fleettui.domain.tickets.model import Ticket
from fleettui.workspace.reports import DocumentationWork, LookBack


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run)
    parser.add_argument("--week", metavar="DATE", help="any day of that week; without it: this one")
    parser.add_argument(
        "--answer", action="append", default=[], metavar="QUESTION=TEXT", help="went-well, better, remember"
    )


def _run(options: argparse.Namespace, context: Context) -> None:
    reports = context.workspace.reports
    day = day_of(options.week, "--week", context)
    answers = {key: body_text(text) for key, text in assignments(options.answer).items()}
    look_back = reports.answer(answers, day) if answers else reports.look_back(day)
    work = reports.documentation(day)
    if options.json:
        print_json(_as_json(look_back, work, context))
    else:
        _print(look_back, work)


def _as_json(look_back: LookBack, work: DocumentationWork, context: Context) -> dict[str, Any]:
    return {
        "week": look_back.week.key,
        "first": look_back.week.first,
        "last": look_back.week.last,
        "on_call": look_back.on_call,
        "facts": look_back.facts,
        "report": report.as_json(look_back.report, context.workspace.zone),
        "questions": [
            {**pick(question, "key", "question"), "answer": look_back.answers.get(question.key)}
            for question in look_back.questions
        ],
        "documentation": {
            "to_write": [_question(ticket) for ticket in work.to_write],
            "unanswered": [_question(ticket) for ticket in work.unanswered],
            "done": [_question(ticket) for ticket in work.done],
        },
    }


def _question(ticket: Ticket) -> dict[str, Any]:
    documentation = ticket.documentation
    return {
        "ticket": ticket.id,
        "subject": ticket.subject,
        "what": documentation.what if documentation else None,
        "done": (documentation.done or None) if documentation else None,
    }


def _print(look_back: LookBack, work: DocumentationWork) -> None:
    on_call = f", on call: {', '.join(look_back.on_call)}" if look_back.on_call else ""
    print(f"The week {look_back.week.first} to {look_back.week.last}{on_call}")
    for fact in look_back.facts:
        print(f"  {fact}")
    for question in look_back.questions:
        print(f"\n{question.question}  ({question.key})")
        for line in look_back.answers.get(question.key, "–").splitlines():
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
