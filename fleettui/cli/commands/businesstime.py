"""fleettui businesstime: arithmetic with the opening hours of a calendar file."""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fleettui import named_files
from fleettui.cli.output import print_json, print_trace, trace_as_json
from fleettui.cli.parser import Context, Subcommands, instant
from fleettui.errors import WrongUsage
from fleettui.time.business import Calendar, Stretch, minutes_in, parse_calendar

LARGEST_CALENDAR = named_files.MEGABYTE
"""Bytes."""


def arguments(parser: argparse.ArgumentParser) -> None:
    subcommands = Subcommands(parser)
    add = subcommands.add("add", _add, "when so many minutes of open time have passed", reads=True)
    between = subcommands.add(
        "between", _between, "how many minutes of open time lie between two times", reads=True
    )
    for command in (add, between):
        command.add_argument(
            "--calendar", required=True, metavar="FILE", help="zone, open and holidays, as JSON"
        )
        command.add_argument("--start", required=True, metavar="TIME")
        command.add_argument(
            "--explain", action="store_true", help="what counted on the way, and what did not"
        )
    add.add_argument("--minutes", required=True, type=float, metavar="N", help="90, or 0.5")
    between.add_argument("--end", required=True, metavar="TIME")


def _add(options: argparse.Namespace, context: Context) -> None:
    calendar = calendar_from_file(Path(options.calendar))
    try:
        amount = timedelta(minutes=options.minutes)
    except (OverflowError, ValueError):  # too large, or "nan"
        raise WrongUsage(f"{options.minutes} is no number of minutes to add", field="--minutes") from None
    walk = calendar.forward(_moment(options.start, "--start", calendar, context), amount)
    if options.json:
        print_json({"end": walk.end.astimezone(calendar.zone), **_trace(options, calendar, walk)})
        return
    print(walk.end.astimezone(calendar.zone).isoformat())
    _explain(options, calendar, walk)


def _between(options: argparse.Namespace, context: Context) -> None:
    calendar = calendar_from_file(Path(options.calendar))
    start = _moment(options.start, "--start", calendar, context)
    walk = calendar.stretch(start, _moment(options.end, "--end", calendar, context))
    if options.json:
        print_json({"minutes": minutes_in(walk.counted), **_trace(options, calendar, walk)})
        return
    print(minutes_in(walk.counted))
    _explain(options, calendar, walk)


def calendar_from_file(path: Path, field: str = "--calendar") -> Calendar:
    """The calendar in a file; `field` is the option that named it."""
    try:
        return parse_calendar(named_files.read(path, LARGEST_CALENDAR))
    except named_files.NotRead as error:
        raise WrongUsage(error.text, field=field) from None
    except WrongUsage as error:
        raise WrongUsage(f"{path}: {error}", field=field) from None


def _moment(text: str, field: str, calendar: Calendar, context: Context) -> datetime:
    """Without an offset it is the workspace's time (docs/cli.md); where there is no workspace, the calendar's."""
    zone = context.workspace.zone if _says_no_offset(text) and context.is_made() else calendar.zone
    return instant(text, field, context, zone=zone)


def _says_no_offset(text: str) -> bool:
    try:
        return datetime.fromisoformat(text.strip()).tzinfo is None
    except ValueError:
        return True  # a day by its name, or a mistake


def _trace(options: argparse.Namespace, calendar: Calendar, walk: Stretch) -> dict[str, Any]:
    return {"trace": trace_as_json(walk.trace(), calendar.zone)} if options.explain else {}


def _explain(options: argparse.Namespace, calendar: Calendar, walk: Stretch) -> None:
    if options.explain:
        print_trace(walk.trace(), calendar.zone)
