"""fleettui tickets: the queue, its views, and one ticket."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any, cast

from fleettui.cli import width
from fleettui.cli.commands.tickets.json import as_json, detailed_json
from fleettui.cli.commands.tickets.options import add_id
from fleettui.cli.output import (
    Sound,
    print_documents,
    print_json,
    print_result,
    print_rows,
    print_trace,
    row_or_damage,
    trace_as_json,
    warn,
)
from fleettui.cli.parser import Context, Subcommands, instant
from fleettui.cli.viewing import in_order
from fleettui.domain.tickets import sla
from fleettui.domain.tickets.entry import QueueEntry
from fleettui.domain.tickets.model import NOT_TRIAGED, Message, Ticket
from fleettui.errors import Refused, Unusable
from fleettui.text import cleaning
from fleettui.workspace.damaged import Damaged
from fleettui.workspace.directory import Line
from fleettui.workspace.tickets.queue_row import QueueRow
from fleettui.workspace.tickets.triaging import triaging_lines
from fleettui.workspace.workspace import Workspace

_SHOWN = {
    "labels": "labels",
    "contact": "contact",
    "channel_name": "channel",
    "cc": "cc",
    "thread": "thread",
    "link": "link",
    "issue": "issue",
    "key_date": "key date",
    "merged_into": "goes on in",
    "snooze_until": "snoozed until",
}
"""What `tickets show` calls the facts of a ticket."""


def add_listing_commands(subcommands: Subcommands) -> None:
    listing = subcommands.add("list", _list, "open work, what breaches first on top", reads=True)
    listing.add_argument("--view", default="all", metavar="NAME", help="one of `tickets views`")
    listing.add_argument(
        "--search", default="", metavar="QUERY", help='such as: priority:P1 due:<2h "500 error"'
    )
    listing.add_argument(
        "--as-of", metavar="TIME", help="as it stood then: 9:00, yesterday 16:00, 2026-03-02 9:00"
    )
    listing.add_argument("--all", action="store_true", help="resolved and archived ones, too")
    showing = add_id(subcommands.add("show", _show, "one of them, with its messages and history", reads=True))
    showing.add_argument(
        "--as-of", metavar="TIME", help="as it stood then: 9:00, yesterday 16:00, 2026-03-02 9:00"
    )
    add_id(subcommands.add("explain", _explain, "how its due time came about", reads=True))
    subcommands.add("views", _views, "the views of the queue, and how many each lists", reads=True)
    saving = subcommands.add("save-view", _save_view, "give a search a name, for the whole team or for me")
    saving.add_argument("name")
    saving.add_argument("search")
    saving.add_argument("--mine", action="store_true", help="for me alone")
    subcommands.add("drop-view", _drop_view, "take off a view of the team, or one of mine").add_argument(
        "name"
    )
    subcommands.add("next", _next, "the most urgent one that nobody else has open", reads=True)


def _list(options: argparse.Namespace, context: Context) -> None:
    queue = context.workspace.queue
    as_of = _as_of(options, context)
    listing = queue.queue(options.view, options.search, archived=options.all, as_of=as_of)
    if listing.problems:
        raise Refused(listing.problems[0])
    entries = in_order(context, "triage", listing.view, listing.entries)
    headings = ("", "ID", "LEFT", "PRIO", "TIER", "CUSTOMER", "SUBJECT", "WHOSE", "LEVEL", "STATUS")

    read_ahead = queue.read_ahead(entries if as_of is None else ())

    def sound(entry: QueueEntry) -> QueueEntry:
        queue.refuse_circle(entry.ticket)
        return entry

    def to_be_read(entry: QueueEntry) -> QueueEntry:
        return sound(entry) if as_of is not None else read_ahead(sound(entry))

    print_documents(
        options,
        entries,
        lambda entry: as_json(to_be_read(entry), context, as_of),
        headings,
        lambda entry: _cells(queue.row(sound(entry), as_of)),
        id_of=lambda entry: str(entry.ticket.id),
        subject="SUBJECT",
    )


def _as_of(options: argparse.Namespace, context: Context) -> datetime | None:
    """Scripts may ask for a moment that is still to come: how it will stand if nobody does anything."""
    if options.as_of is None:
        return None
    at = instant(options.as_of, "--as-of", context, past=True)
    if at > context.workspace.now():
        warn(f"{options.as_of} is still to come: this is how it will stand if nothing happens until then.")
    return at


def _cells(row: QueueRow) -> tuple[str, ...]:
    from fleettui.text.cleaning import fit

    states = ("" if row.status == "open" else row.status, "" if row.triaged else NOT_TRIAGED)
    status = ", ".join(filter(None, states))
    who = fit(row.customer, 24)
    glyph = row.glyph + (row.still_owed.sign if row.still_owed else "") + ("*" if row.unread else "")
    return (
        glyph, row.id, row.left, row.priority, row.tier, who, fit(row.subject, 48), row.assignee,
        row.level, status,
    )  # fmt: skip


def _damage(ticket: Ticket, workspace: Workspace) -> dict[str, str]:
    why = workspace.queue.circles().get(ticket.id)
    if why is None:
        return {}
    warn(f"fleettui: {Damaged(ticket.id, why).in_words}")
    return {"damaged": why}


def _detailed(ticket: Ticket, context: Context, as_of: datetime | None) -> dict[str, Any]:
    made = row_or_damage(ticket, lambda ticket: detailed_json(ticket, context, as_of))
    if not isinstance(made, Sound):
        raise Unusable(f"{made.in_words}.")
    return cast(dict[str, Any], made.value)


def _show(options: argparse.Namespace, context: Context) -> None:
    workspace = context.workspace
    as_of = _as_of(options, context)
    ticket = workspace.tickets.find(options.id) if as_of is None else _as_it_stood(options.id, as_of, context)
    shown = _detailed(ticket, context, as_of) | _damage(ticket, workspace)
    if options.json:
        print_json(shown)
        return
    if as_of is None:
        workspace.queue.look(ticket)
    entry = workspace.queue.of(ticket)
    debt = workspace.queue.debt_text(ticket, entry.owed, as_of)
    print(f"{ticket.id}  {ticket.subject}")
    print(f"{debt.glyph} {debt.words}")
    who = ticket.assignee or "nobody"
    print(
        f"{entry.shown} · {ticket.tier} {ticket.priority_shown} · {ticket.level} · {shown['status']} · {who}"
    )
    for line in triaging_lines(workspace.queue, ticket):
        print(line)
    for name, called in _SHOWN.items():
        value = shown[name]
        if value:
            words = ", ".join(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
            print(f"{called:<14}{words}")
    for row in workspace.support.details(ticket):
        if row.answer:
            print(f"{row.detail.label}: {row.answer}")
    for message in ticket.messages:
        _print_message(message, workspace.names.author(ticket, message), workspace.zone)


def _print_message(message: Message, by: str, zone: tzinfo) -> None:
    from fleettui.domain.tickets.attachments import files_of, in_words

    sign = {"in": "→", "out": "←", "note": "#"}[message.direction]
    uncounted = f" ({message.uncounted}; tickets count counts it)" if message.uncounted else ""
    became = " (taken back)" if message.deleted_at else " (edited)" if message.edited_at else ""
    print(f"\n{sign} {message.at.astimezone(zone):%Y-%m-%d %H:%M}  {by}{became}{uncounted}")
    for line in message.body.splitlines() or [""]:
        print(f"  {line}".rstrip())
    if message.cc:
        print(f"  Cc: {', '.join(message.cc)}")
    for attachment in files_of(message):
        print(f"  {'file' if attachment.sha256 else 'left behind'}: {in_words(attachment)}")


def _as_it_stood(typed: str, as_of: datetime, context: Context) -> Ticket:
    wanted = context.workspace.tickets.find(typed).id
    for ticket in context.workspace.tickets.as_of(as_of):
        if ticket.id == wanted:
            return ticket
    raise Refused(f"There was no {wanted} then.")


def _explain(options: argparse.Namespace, context: Context) -> None:
    workspace = context.workspace
    ticket = workspace.tickets.find(options.id)
    owed = workspace.queue.debt(ticket)
    debt = workspace.queue.debt_text(ticket, owed)
    if options.json:
        trace = trace_as_json(owed.trace(), workspace.zone) if owed else []
        more = {"words": debt.words, "trace": trace, "ways": workspace.queue.ways(ticket)}
        more["reach"] = [line._asdict() for line in _whom_to_reach(workspace, ticket)]
        print_json({**as_json(workspace.queue.of(ticket), context), **more})
        return
    print(f"{ticket.id}: {debt.words}")
    if owed is not None:
        print(f"{owed.rule}: {owed.reason}".lstrip(": "))
        for line in sla.meanings(workspace.handbook.sla, ticket.priority):
            print(line)
        _print_promise(workspace, ticket)
        for reach in _whom_to_reach(workspace, ticket)[1:]:
            print(f"{reach.label}: {reach.words}")
        print_trace(owed.trace(), workspace.zone)


def _whom_to_reach(workspace: Workspace, ticket: Ticket) -> list[Line]:
    """Of an urgent one: SLA-11, SUP-18."""
    customer = workspace.support.customer_of(ticket)
    return workspace.directory.of_ticket(ticket, customer, workspace.names.channel(ticket))


def _print_promise(workspace: Workspace, ticket: Ticket) -> None:
    """SLA-11, SLA-17."""
    ways, hours = workspace.queue.ways(ticket), workspace.queue.hours(ticket)
    if ways:
        print(f"Reached by: {', '.join(ways)}")
    if hours is not None:
        from fleettui.time.business import hours_in_words

        print(f"Their hours: {hours_in_words(hours)}")


def _views(options: argparse.Namespace, context: Context) -> None:
    queue = context.workspace.queue
    counts = queue.counts()
    views = context.workspace.views.of("triage")
    plain = ({**view._asdict(), "count": counts[view.key]} for view in views)
    rows = ((view.key, view.name, str(counts[view.key]), view.search) for view in views)
    print_rows(options, plain, ("VIEW", "NAME", "COUNT", "SEARCH"), rows)


def _save_view(options: argparse.Namespace, context: Context) -> None:
    view = context.workspace.views.save("triage", options.name, options.search, mine=options.mine)
    whom = "you alone" if view.mine else "everybody"
    print_result(options, view._asdict(), f"The view {view.name} is there for {whom}: {view.search}")


def _drop_view(options: argparse.Namespace, context: Context) -> None:
    views = context.workspace.views
    views.drop(views.named("triage", options.name))
    print_result(options, {"dropped": options.name}, f"The view {options.name} is gone.")


def _next(options: argparse.Namespace, context: Context) -> None:
    entry = context.workspace.queue.next()
    if options.json:
        print_json(as_json(entry, context) if entry else None)
    elif entry is None:
        print("Nothing waits for an answer.")
    else:
        row = context.workspace.queue.row(entry)
        line = cleaning.line(f"{row.subject}: {row.words}")
        width.print_fitted(f"{row.glyph} {row.id}  {line}", width.there_is())
