"""A ticket as JSON: the fields that docs/cli.md promises, and more. And what is printed of changed tickets."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from fleettui.cli.output import change_as_json, local, pick, pick_or_none, print_json, warn
from fleettui.cli.parser import Context
from fleettui.domain.tickets import model as tickets
from fleettui.domain.tickets import sla
from fleettui.domain.tickets.debt import still_owed
from fleettui.domain.tickets.entry import QueueEntry
from fleettui.domain.tickets.messages import copied_to
from fleettui.domain.tickets.model import Ticket
from fleettui.errors import Refused
from fleettui.store.protocol import Entry

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from fleettui.domain.checklists.model import StepView
    from fleettui.domain.delivery.model import Delivery


def as_json(entry: QueueEntry, context: Context, as_of: datetime | None = None) -> dict[str, Any]:
    """The fields that every command prints of a ticket, as they are at `as_of`."""
    row, owed, zone = entry.ticket, entry.owed, context.workspace.zone
    ticket = entry.body
    if ticket is None:
        raise Refused(f"{row.id} was taken back just now. List them again.")
    now = as_of or context.workspace.now()
    return {
        **pick(ticket, "id", "subject", "customer"),
        "customer_id": ticket.customer_id or None,
        "shown": entry.shown,
        "group": entry.group or None,
        **pick(ticket, "tier", "priority"),
        "triaged": not ticket.untriaged,
        "department": ticket.is_for_department,
        "from": entry.shown if ticket.is_for_department else None,
        "status": tickets.status_at(ticket, now),
        "assignee": ticket.assignee or None,
        "level": ticket.level,
        **pick_or_none(ticket, "channel", "way", "thread", "link"),
        "channel_name": context.workspace.names.channel(ticket) or None,
        "contact": context.workspace.names.contact(ticket) or None,
        "labels": ticket.labels,
        "owed_since": local(owed.since, zone) if owed else None,
        "due": local(owed.due, zone) if owed else None,
        "target": local(owed.target, zone) if owed else None,
        "breached": owed is not None and sla.breached(owed, now),
        "unread": context.workspace.queue.is_unread(ticket),
        "opened_at": local(ticket.opened_at, zone),
        "resolved_at": local(ticket.resolved_at, zone),
        "snooze_until": local(ticket.snooze_until, zone),
        **pick_or_none(ticket, "merged_into", "incident", "incident_of", "issue"),
        **pick(ticket, "key_date", "by_dm"),
        "revision": ticket.rev,
    }


def detailed_json(ticket: Ticket, context: Context, as_of: datetime | None = None) -> dict[str, Any]:
    """With its messages and its history."""
    zone = context.workspace.zone
    happenings = context.workspace.history.happenings(ticket.id, limit=10_000)
    entries = [
        happening.entry for happening in reversed(happenings) if as_of is None or happening.entry.at <= as_of
    ]
    documentation = ticket.documentation
    return {
        **as_json(context.workspace.queue.of(ticket), context, as_of),
        **_triaging_as_json(ticket, context),
        **pick(ticket, "details", "issue_private", "issue_searches"),
        "channel_summary": ticket.channel_summary or None,
        "documentation": msgspec.to_builtins(documentation) if documentation else None,
        "late_why": ticket.late_why or None,
        "lists": {
            key: [step_as_json(step) for step in context.workspace.support.steps(ticket, key)]
            for key in ticket.lists
        },
        "cc": copied_to(ticket),
        "messages": [
            {
                "key": message.key,
                "at": message.at.astimezone(zone),
                "by": context.workspace.names.plain_author(ticket, message),
                **pick(message, "direction", "body", "files", "cc", "automatic"),
                "attachments": [msgspec.to_builtins(attachment) for attachment in message.attachments],
                "uncounted": message.uncounted or None,
                "moved_from": message.moved_from or None,
                "edited_at": local(message.edited_at, zone),
                "deleted": message.deleted_at is not None,
                "delivery": delivery_as_json(message.delivery, zone) if message.delivery else None,
            }
            for message in ticket.messages
        ],
        "history": [_entry_as_json(entry, context) for entry in entries],
    }


def delivery_as_json(delivery: Delivery, zone: ZoneInfo) -> dict[str, Any]:
    """How an order to send stands; `to` and `copies` are addresses, or the id of a channel."""
    return {
        **pick(delivery, "way", "to", "copies", "state", "tries", "unsure", "repeats"),
        **pick_or_none(delivery, "thread", "external", "why"),
        **{
            name: local(getattr(delivery, name), zone)
            for name in ("leaves_at", "tried_at", "sent_at", "again_at")
        },
    }


def _triaging_as_json(ticket: Ticket, context: Context) -> dict[str, Any]:
    """SUP-19: what helps to triage it."""
    queue = context.workspace.queue
    suggestion, duplicates = queue.suggestion(ticket), queue.duplicates(ticket)
    return {
        "suggestion": pick(suggestion, "priority", "reason") if suggestion else None,
        "duplicates": [
            {
                **pick(duplicate.ticket, "id", "subject"),
                "shown": queue.of(duplicate.ticket).shown,
                **pick(duplicate, "same_customer", "words"),
            }
            for duplicate in duplicates.tickets
        ],
        "outage_customers": duplicates.customers or None,
    }


def step_as_json(step: StepView) -> dict[str, Any]:
    return {**pick(step, "key", "label", "state"), "why_not": step.why_not or None}


def _entry_as_json(entry: Entry, context: Context) -> dict[str, Any]:
    return {
        "revision": entry.rev,
        "at": entry.at.astimezone(context.workspace.zone),
        **pick(entry, "by", "verb", "why", "undoes"),
        "changes": [change_as_json(change) for change in entry.changes],
    }


def print_changed(
    options: argparse.Namespace,
    context: Context,
    changed: list[Ticket],
    done: str,
    warnings: Sequence[str] = (),
) -> None:
    """One ticket as an object, several as a list. The warnings are of all of them together."""
    for warning in warnings:
        warn(warning)
    if options.json:
        plain = [
            {**as_json(context.workspace.queue.of(ticket), context), "warnings": warnings}
            for ticket in changed
        ]
        print_json(plain[0] if len(plain) == 1 else plain)
        return
    for ticket in changed:
        debt = context.workspace.queue.debt_text(ticket, context.workspace.queue.debt(ticket))
        asleep = still_owed(ticket, context.workspace.queue.debt(ticket), context.workspace.now())
        besides = f"; {asleep.words}" if asleep else ""
        print(f"{ticket.id} {done}. {debt.words[:1].upper()}{debt.words[1:]}{besides}.")
