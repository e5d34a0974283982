"""fleettui issues: what customers wait for, ranked by how many it touches; closing one, so that they are told."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from fleettui.cli.output import iso, pick, print_result, print_rows
from fleettui.cli.parser import Context, Subcommands

if TYPE_CHECKING:
    from fleettui.domain.tickets.issue_ranking import RankedIssue
    from fleettui.domain.tickets.linked_issues import LinkedIssue


def arguments(parser: argparse.ArgumentParser) -> None:
    subcommands = Subcommands(parser)
    listing = subcommands.add(
        "list", _list, "those that tickets are linked to, what touches most on top", reads=True
    )
    listing.add_argument("--all", action="store_true", help="count the tickets of the archive, too")
    closing = _add_issue(subcommands.add("close", _close, "whoever waits for it is owed a word"))
    closing.add_argument("--not-planned", action="store_true", help="it was closed without being done")
    closing.add_argument("--why", default="")
    reopening = _add_issue(subcommands.add("reopen", _reopen, "it is open again: nobody is owed a word"))
    reopening.add_argument("--why", default="")
    knowing = subcommands.add("told", _settle, "the customer of a ticket knows that its issue is closed")
    knowing.add_argument("ticket", metavar="TICKET")


def _add_issue(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("issue", metavar="LINK|NUMBER")
    return parser


def _list(options: argparse.Namespace, context: Context) -> None:
    from fleettui.domain.tickets.issue_ranking import touches_words

    issues = context.workspace.issues
    owed = _owed(context)
    rows = issues.all(archived=options.all)
    plain = [_row_as_json(row, owed.get(row.id, []), context) for row in rows]
    cells = (
        (row.id, _state(row, len(owed.get(row.id, []))), str(len(row.tickets)), touches_words(row), row.title)
        for row in rows
    )
    print_rows(options, plain, ("ISSUE", "STATE", "TICKETS", "TOUCHES", "TITLE"), cells)


def _owed(context: Context) -> dict[str, list[str]]:
    """The tickets whose customers are owed a word, by the id of the issue."""
    tickets: dict[str, list[str]] = {}
    for owed in context.workspace.issues.owed():
        tickets.setdefault(owed.issue.id, []).append(owed.ticket.id)
    return tickets


def _state(row: RankedIssue, owed: int) -> str:
    return f"{row.state}, {owed} to tell" if owed else row.state


def _row_as_json(row: RankedIssue, owed: list[str], context: Context) -> dict[str, Any]:
    issue = row.document
    return {
        **pick(row, "id", "link", "title", "state"),
        "tickets": list(row.tickets),
        "unresolved": row.unresolved,
        "customers": list(row.customers),
        "tiers": dict(row.tiers),
        "hosts": row.hosts,
        "private": row.is_private,
        **_closing(issue, context),
        "owed": owed,
    }


def _closing(issue: LinkedIssue | None, context: Context) -> dict[str, Any]:
    closed = issue if issue is not None and issue.is_closed else None
    return {
        "outcome": closed.outcome if closed else None,
        "closed_at": iso(closed.closed_at, context.workspace.zone) if closed else None,
        "by": (issue.by or None) if issue else None,
        "why": (issue.why or None) if issue else None,
    }


def _close(options: argparse.Namespace, context: Context) -> None:
    outcome = "not planned" if options.not_planned else "done"
    issue = context.workspace.issues.close(options.issue, outcome=outcome, why=options.why)  # type: ignore[arg-type]
    owed = _owed(context).get(issue.id, [])
    whom = f"owed a word now: {', '.join(owed)}" if owed else "nobody waits for it"
    print_result(options, _as_json(issue, owed, context), f"{issue.id} is closed; {whom}.")


def _reopen(options: argparse.Namespace, context: Context) -> None:
    issue = context.workspace.issues.reopen(options.issue, why=options.why)
    print_result(options, _as_json(issue, [], context), f"{issue.id} is open again.")


def _settle(options: argparse.Namespace, context: Context) -> None:
    ticket = context.workspace.tickets.find(options.ticket)
    issue = context.workspace.issues.settle(ticket.id)
    print_result(
        options,
        _as_json(issue, _owed(context).get(issue.id, []), context),
        f"{ticket.id}: they know that {issue.id} is closed.",
    )


def _as_json(issue: LinkedIssue, owed: list[str], context: Context) -> dict[str, Any]:
    return {
        **pick(issue, "id", "link", "state"),
        **_closing(issue, context),
        "owed": owed,
        "revision": issue.rev,
    }
