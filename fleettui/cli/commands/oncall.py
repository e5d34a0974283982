"""fleettui oncall: who answers the web chat, until when, and who comes next; and what people agree among themselves (SUP-15)."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fleettui.cli import width
from fleettui.cli.output import print_json
from fleettui.cli.parser import Context, Subcommands, add_common_options, day, instant
from fleettui.domain.team.rota import Gap, Shift
from fleettui.workspace.workspace import Workspace


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run, reads=True)
    parser.add_argument("--at", metavar="TIME", help="at another time than now")
    subcommands = Subcommands(parser, required=False)
    instead = subcommands.add("override", _override, "somebody else on these days")
    instead.add_argument("first", metavar="FIRST", help="the first day, like 2026-03-09")
    instead.add_argument("last", metavar="LAST", help="the last day")
    instead.add_argument("person", metavar="PERSON", help="login, or the beginning of a name; or nobody")
    instead.add_argument("--why", default="", metavar="TEXT")
    back = subcommands.add("clear", _clear, "back to the turns on these days")
    back.add_argument("first", metavar="FIRST")
    back.add_argument("last", metavar="LAST", nargs="?", help="the same day when left out")
    swapping = subcommands.add("swap", _swap, "two shifts exchange their people; any day of each names it")
    swapping.add_argument("first", metavar="DATE")
    swapping.add_argument("second", metavar="DATE")
    swapping.add_argument("--back", action="store_true", help="as they were before")
    order = subcommands.add("order", _order, "who takes turns, the first one first")
    order.add_argument("people", metavar="LOGIN", nargs="+")
    order.add_argument(
        "--from", dest="since", metavar="DATE", help="from that day's shift on; without it: from the next"
    )


def _run(options: argparse.Namespace, context: Context) -> None:
    workspace = context.workspace
    zone = workspace.zone
    at = instant(options.at, "--at", context) if options.at else workspace.now()
    oncall = workspace.oncall.now_and_next(at)
    if options.json:
        print_json(
            {
                "at": at.astimezone(zone),
                **(_as_json(workspace, oncall.now, at) if oncall.now else {"person": None}),
                "next": _as_json(workspace, oncall.next),
                "gaps": [_gap_as_json(gap, zone) for gap in oncall.gaps],
                "remind": oncall.reminder.person if oncall.reminder else None,
            }
        )
        return
    now = _in_words(workspace, oncall.now, at) if oncall.now else "nobody, the rota has not begun"
    width.print_wrapped(f"On call: {now}", width.there_is(), " " * 9)
    width.print_wrapped(f"Next:    {_in_words(workspace, oncall.next)}", width.there_is(), " " * 9)
    _print_gaps(oncall.gaps, zone)
    if oncall.reminder:
        print(f"Remind:  {workspace.people.get(oncall.reminder.person).shown}, today")


# Agreeing on something else


def _override(options: argparse.Namespace, context: Context) -> None:
    first, last = day(options.first, "FIRST", context), day(options.last, "LAST", context)
    shifts = context.workspace.oncall.override(first, last, options.person, options.why)
    _print_changed(options, context, shifts)


def _clear(options: argparse.Namespace, context: Context) -> None:
    first = day(options.first, "FIRST", context)
    last = day(options.last, "LAST", context) if options.last else first
    _print_changed(options, context, context.workspace.oncall.clear(first, last))


def _swap(options: argparse.Namespace, context: Context) -> None:
    first, second = day(options.first, "DATE", context), day(options.second, "DATE", context)
    _print_changed(options, context, context.workspace.oncall.swap(first, second, back=options.back))


def _order(options: argparse.Namespace, context: Context) -> None:
    since = day(options.since, "--from", context) if options.since else None
    _print_changed(options, context, context.workspace.oncall.set_order(options.people, since))


def _print_changed(options: argparse.Namespace, context: Context, shifts: Sequence[Shift]) -> None:
    """The shifts of the changed days, and the gaps in which nobody is on call."""
    workspace, zone = context.workspace, context.workspace.zone
    gaps = workspace.oncall.gaps(shifts[0].start, shifts[-1].end) if shifts else []
    if options.json:
        shown = [_as_json(workspace, shift) for shift in shifts]
        print_json({"shifts": shown, "gaps": [_gap_as_json(gap, zone) for gap in gaps]})
        return
    for shift in shifts:
        width.print_wrapped(_in_words(workspace, shift), width.there_is())
    _print_gaps(gaps, zone)


# In words and JSON


def _as_json(workspace: Workspace, shift: Shift, at: datetime | None = None) -> dict[str, Any]:
    zone = workspace.zone
    return {
        "person": shift.person,
        "name": workspace.people.get(shift.person).shown if shift.person else None,
        "cover": workspace.oncall.cover(shift, at),
        "why": shift.why,
        "start": shift.start.astimezone(zone),
        "end": shift.end.astimezone(zone),
        "week_of": shift.week_of,
        "reminder": workspace.oncall.reminder_at(shift).astimezone(zone),
    }


def _gap_as_json(gap: Gap, zone: ZoneInfo) -> dict[str, Any]:
    return {"start": gap.start.astimezone(zone), "end": gap.end.astimezone(zone), "why": gap.why}


def _in_words(workspace: Workspace, shift: Shift, at: datetime | None = None) -> str:
    zone = workspace.zone
    person = workspace.people.get(shift.person).shown if shift.person else "nobody"
    cover = workspace.oncall.cover(shift, at)
    covered = f", covered by {workspace.people.get(cover).shown}" if cover else ""
    why = "" if shift.why == "turn" else f" ({shift.why})"
    return f"{person}{covered}{why}, {_shown(shift.start, zone)} to {_shown(shift.end, zone)}"


def _print_gaps(gaps: Sequence[Gap], zone: ZoneInfo) -> None:
    for gap in gaps:
        print(f"Gap:     {_shown(gap.start, zone)} to {_shown(gap.end, zone)}: {gap.why}")


def _shown(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %Y-%m-%d %H:%M}"
