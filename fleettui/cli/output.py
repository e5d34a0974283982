"""What the commands print: JSON, tables, how a due time came about, and warnings."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

if TYPE_CHECKING:
    from fleettui.time.business import TraceItem


def print_json(value: Any) -> None:
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n")


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell. Without rows nothing is printed, no headings either."""
    if not rows:
        return
    widths = [max(len(row[i]) for row in (headings, *rows)) for i in range(len(headings))]
    for row in (headings, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def warn(text: str) -> None:
    """On stderr, where it does not disturb a script that reads stdout. Without a text nothing is printed."""
    if text:
        print(text, file=sys.stderr)


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
