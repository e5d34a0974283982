"""When the clock of a ticket's debt stood, from the ticket's history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from fleettui.domain.tickets.episodes import ClockChange, ClockPast, StopState, stop_state
from fleettui.domain.tickets.model import Ticket
from fleettui.store.protocol import Change, Entry

_FIELDS = {"status": "open", "labels": (), "merged_into": ""}
"""What a clock depends on, and what stands for a field that a document leaves out."""


def clock_past(ticket: Ticket, history_of: Callable[[str], list[Entry]], prefix: str) -> ClockPast:
    """Worked out backwards, from the ticket as it is."""
    entries = history_of(ticket.id)
    fields: dict[str, Any] = {name: getattr(ticket, name) for name in _FIELDS}
    changes: list[ClockChange] = []
    for entry in reversed(entries):
        state = _state(fields, prefix)
        for change in entry.changes:
            if change.path[0] in _FIELDS:
                _take_back(fields, change)
        if entry.kind != "changed":
            fields = dict(_FIELDS)
        if _state(fields, prefix) != state:
            changes.append(ClockChange(entry.rev, entry.at, entry.by, state, entry.undoes))
    return ClockPast(tuple(reversed(changes)), {entry.rev: entry.at for entry in entries})


def _state(fields: dict[str, Any], prefix: str) -> StopState:
    return stop_state(fields["status"], fields["labels"], fields["merged_into"], prefix)


def _take_back(fields: dict[str, Any], change: Change) -> None:
    name = change.path[0]
    before = _FIELDS[name] if change.before is msgspec.UNSET else change.before
    if change.at is None:
        fields[name] = before
        return
    # The part of a list that starts there.
    added = 0 if change.after is msgspec.UNSET else len(change.after)
    items = fields[name]
    fields[name] = (*items[: change.at], *before, *items[change.at + added :])
