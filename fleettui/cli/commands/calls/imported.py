"""fleettui calls import: what became of a calendar file, as JSON and as text. Nothing of the file is silent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from fleettui.cli.output import iso, pick
from fleettui.cli.parser import Context

if TYPE_CHECKING:
    from fleettui.workspace.calls.import_result import ImportedEvent, ImportResult

TITLES = 3
"""So many are named of those that are left out for one reason."""


def imported_as_json(imported: ImportResult, context: Context) -> dict[str, Any]:
    zone = context.workspace.zone

    def row(event: ImportedEvent) -> dict[str, Any]:
        fields = [pick(field, "field", "sent_before", "sent", "here", "counts") for field in event.fields]
        start = iso(event.start, zone)
        return {**pick(event, "result", "call", "title", "why", "uid"), "start": start, "fields": fields}

    return {
        "dry_run": imported.dry_run,
        "summary": imported.summary,
        "taken": [row(event) for event in imported.taken],
        "updated": [row(event) for event in imported.updated],
        "unchanged": [row(event) for event in imported.unchanged],
        "left_out": [
            {**pick(event, "title", "why", "uid", "may_be_taken"), "start": iso(event.start, zone)}
            for event in imported.left_out
        ],
        "problems": list(imported.problems),
        "lines": [row(event) for event in imported.lines],
    }


def imported_lines(imported: ImportResult, context: Context) -> Iterator[str]:
    zone = context.workspace.zone
    for event in imported.lines:
        start = f"{event.start.astimezone(zone):%Y-%m-%d %H:%M}" if event.start else ""
        why = f": {event.why}" if event.why else ""
        yield f"{event.call or '-':<10} {event.result:<12} {start:<17} {event.title}{why}"
        yield from (
            f"{'':<10} {field.field:<12} {field.verdict}: sent {field.sent or 'none'}, "
            f"sent before {field.sent_before or 'none'}, here {field.here or 'none'}"
            for field in event.fields
        )
    for why, titles in imported.reasons():
        named = ", ".join(titles[:TITLES]) + (", …" if len(titles) > TITLES else "")
        yield f"{'-':<10} {'left out':<12} {len(titles)} {why} ({named})"
    for problem in imported.problems:
        yield f"{'-':<10} {'not read':<12} {problem}"
    would = "would be: " if imported.dry_run else ""
    yield f"{would}{imported.summary}"
    if imported.left_out and not imported.lines:
        yield "--all takes what is left out, --uid UID one of it; --dry-run --json shows the UIDs."
