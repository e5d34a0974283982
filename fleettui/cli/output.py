"""What the commands print: JSON, tables, how a due time came about, and warnings."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

from fleettui.cli import width
from fleettui.cli.ending import print_aside, say
from fleettui.errors import Unusable
from fleettui.text import cleaning

if TYPE_CHECKING:
    from fleettui.store.protocol import Change
    from fleettui.time.business import TraceItem
    from fleettui.workspace.damaged import Damaged


def print_json(value: Any) -> None:
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n")


def print_content(content: bytes) -> None:
    """A file that was asked for on stdout: as it is where a program reads it, harmless at a terminal."""
    if sys.stdout.isatty():
        sys.stdout.write(content.decode("utf-8", "replace"))
    else:
        sys.stdout.buffer.write(content)


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]], subject: str = "") -> None:
    """Columns as wide as their widest cell, or as the width there is allows (width.py). The first two say which row it is, and
    so does the column `subject`, so they are always there. Without rows nothing is printed, no headings either."""
    if not rows:
        return
    table = [[cleaning.line(cell, width.LONGEST) for cell in row] for row in (headings, *rows)]
    room = width.there_is()
    kept = [0, 1, headings.index(subject)] if subject else [0, 1]
    widths = width.shared_out(table, room, kept)
    shown = [at for at, columns in enumerate(widths) if columns or room is None]
    for cells in table:
        padded = (cleaning.padded(cells[at], widths[at]) for at in shown)
        width.print_fitted("  ".join(padded).rstrip(), room)
    no_room = ", ".join(
        heading for heading, columns in zip(headings, widths, strict=True) if not columns and heading
    )
    if no_room:
        say(f"no room for {no_room} here; a wider terminal or --json shows them")


def print_result(options: argparse.Namespace, value: Any, *lines: str) -> None:
    """The value with --json, otherwise the lines."""
    if options.json:
        print_json(value)
        return
    for line in lines:
        print(line)


def print_rows(
    options: argparse.Namespace,
    values: Iterable[Any],
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    subject: str = "",
) -> None:
    """The values as a list with --json, otherwise the rows as a table. Of two generators only one is run."""
    if options.json:
        print_json(list(values))
    else:
        print_table(headings, list(rows), subject)


def print_documents(
    options: argparse.Namespace,
    documents: Iterable[Any],
    as_json: Callable[[Any], Any],
    headings: Sequence[str],
    as_row: Callable[[Any], Sequence[str]],
    id_of: Callable[[Any], str] = lambda document: str(document.id),
    damaged: Iterable[Damaged] = (),
    subject: str = "",
) -> None:
    """A row for each. A document of which none can be made is named with what is wrong with it, in its place; `damaged` are
    named below."""
    make = as_json if options.json else as_row
    rows = [*(row_or_damage(document, make, id_of) for document in documents), *damaged]
    empty = [""] * (len(headings) - 2)
    shown: list[Any] = []
    for row in rows:
        if isinstance(row, Sound):
            shown.append(row.value)
        elif options.json:
            shown.append({"id": row.id, "damaged": row.why})
        else:
            shown.append((row.id, f"✗ damaged: {row.why}", *empty))
    print_rows(options, shown, headings, shown, subject)
    for row in rows:
        if not isinstance(row, Sound):
            say(row.in_words)


class Sound(msgspec.Struct, frozen=True):
    """A row that could be made."""

    value: Any


def row_or_damage(
    document: Any, make: Callable[[Any], Any], id_of: Callable[[Any], str] = lambda document: str(document.id)
) -> Sound | Damaged:
    """What `make` makes of it, or what is wrong with it."""
    try:
        if getattr(document, "zone", None):
            _refuse_nonsense(document)
        return Sound(make(document))
    except Unusable:
        raise
    except Exception as error:
        from fleettui.workspace.damaged import damaged_by

        return damaged_by(id_of(document), error)


def _refuse_nonsense(document: Any) -> None:
    from fleettui.workspace.damaged import refuse_nonsense

    refuse_nonsense(document)


def each_row(documents: Iterable[Any], make: Callable[[Any], Any]) -> tuple[list[Any], list[Damaged]]:
    """The rows that could be made, and what is damaged."""
    rows = [row_or_damage(document, make) for document in documents]
    return [row.value for row in rows if isinstance(row, Sound)], [
        row for row in rows if not isinstance(row, Sound)
    ]


def pick(thing: object, *names: str) -> dict[str, Any]:
    """Attributes that are called in JSON as they are called here."""
    return {name: getattr(thing, name) for name in names}


def pick_or_none(thing: object, *names: str) -> dict[str, Any]:
    """The same, with null for what is empty."""
    return {name: getattr(thing, name) or None for name in names}


def local(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return at.astimezone(zone) if at else None


def iso(at: datetime | None, zone: ZoneInfo) -> str | None:
    return at.astimezone(zone).isoformat() if at else None


def warn(text: str) -> None:
    """On stderr, where it does not disturb a script that reads stdout. Without a text nothing is printed."""
    if text:
        print_aside(text)


def change_as_json(change: Change) -> dict[str, Any]:
    before = None if change.before is msgspec.UNSET else change.before
    after = None if change.after is msgspec.UNSET else change.after
    return {"field": ".".join(change.path), "before": before, "after": after}


def trace_as_json(trace: Sequence[TraceItem], zone: ZoneInfo) -> list[dict[str, Any]]:
    return [
        {
            "from": item.start.astimezone(zone),
            "to": item.end.astimezone(zone),
            "counted": item.counted,
            "why": item.why,
        }
        for item in trace
    ]


def print_trace(trace: Sequence[TraceItem], zone: ZoneInfo) -> None:
    rows = [
        (
            f"{item.start.astimezone(zone):%a %m-%d %H:%M}",
            f"{item.end.astimezone(zone):%a %m-%d %H:%M}",
            f"{item.counted:g} min" if item.counted else "",
            item.why,
        )
        for item in trace
    ]
    print_table(("FROM", "TO", "COUNTED", "WHY"), rows)
