"""A ticket as JSON: the fields that docs/cli.md promises, and more. And what is printed of changed tickets."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Any

import msgspec

from fleettui.cli.output import print_json
from fleettui.cli.parser import Context
from fleettui.domain.tickets import model as tickets
from fleettui.domain.tickets import sla
from fleettui.domain.tickets.model import Ticket
from fleettui.domain.tickets.search import QueueEntry
from fleettui.store.protocol import Entry


def as_json(entry: QueueEntry, context: Context, as_of: datetime | None = None) -> dict[str, Any]:
    """The fields that every command prints of a ticket, as they are at `as_of`."""
    ticket, owed, zone = entry.ticket, entry.owed, context.workspace.zone
    now = as_of or context.workspace.now()

    def local(at: datetime | None) -> datetime | None:
        return at.astimezone(zone) if at else None

    return {
        "id": ticket.id,
        "subject": ticket.subject,
        "customer": ticket.customer,
        "customer_id": ticket.customer_id or None,
        "shown": entry.shown,
        "group": entry.group or None,
        "tier": ticket.tier,
        "priority": ticket.priority,
        "status": tickets.status_at(ticket, now),
        "assignee": ticket.assignee or None,
        "level": ticket.level,
        "channel": ticket.channel or None,
        "way": ticket.way or None,
        "thread": ticket.thread or None,
        "link": ticket.link or None,
        "labels": ticket.labels,
        "owed_since": local(owed.since) if owed else None,
        "due": local(owed.due) if owed else None,
        "target": local(owed.target) if owed else None,
        "breached": owed is not None and sla.breached(owed, now),
        "unread": context.workspace.queue.is_unread(ticket),
        "opened_at": local(ticket.opened_at),
        "resolved_at": local(ticket.resolved_at),
        "snooze_until": local(ticket.snooze_until),
        "merged_into": ticket.merged_into or None,
        "issue": ticket.issue or None,
        "key_date": ticket.key_date,
        "by_dm": ticket.by_dm,
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
        "details": ticket.details,
        "issue_private": ticket.issue_private,
        "issue_searches": ticket.issue_searches,
        "channel_summary": ticket.channel_summary or None,
        "documentation": msgspec.to_builtins(documentation) if documentation else None,
        "late_why": ticket.late_why or None,
        "lists": {
            key: [{"key": step.key, "label": step.label, "state": step.state, "why_not": step.why_not or None}
                  for step in context.workspace.support.steps(ticket, key)]
            for key in ticket.lists
        },
        "messages": [
            {
                "key": message.key,
                "at": message.at.astimezone(zone),
                "by": message.by,
                "direction": message.direction,
                "body": message.body,
                "files": message.files,
                "automatic": message.automatic,
                "moved_from": message.moved_from or None,
                "edited_at": message.edited_at.astimezone(zone) if message.edited_at else None,
                "deleted": message.deleted_at is not None,
            }
            for message in ticket.messages
        ],
        "history": [_entry_as_json(entry, context) for entry in entries],
    }  # fmt: skip


def _entry_as_json(entry: Entry, context: Context) -> dict[str, Any]:
    return {
        "revision": entry.rev,
        "at": entry.at.astimezone(context.workspace.zone),
        "by": entry.by,
        "verb": entry.verb,
        "why": entry.why,
        "undoes": entry.undoes,
        "changes": [
            {
                "field": ".".join(change.path),
                "before": None if change.before is msgspec.UNSET else change.before,
                "after": None if change.after is msgspec.UNSET else change.after,
            }
            for change in entry.changes
        ],
    }


def print_changed(options: argparse.Namespace, context: Context, changed: list[Ticket], done: str) -> None:
    """One ticket as an object, several as a list."""
    if options.json:
        plain = [as_json(context.workspace.queue.of(ticket), context) for ticket in changed]
        print_json(plain[0] if len(plain) == 1 else plain)
        return
    for ticket in changed:
        debt = context.workspace.queue.debt_text(ticket, context.workspace.queue.debt(ticket))
        print(f"{ticket.id} {done}. {debt.words[:1].upper()}{debt.words[1:]}.")
