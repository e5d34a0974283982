"""How a trace is told on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from fleettui.cli.parser import print_table
from fleettui.time.business import TraceItem


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
