"""fleettui oncall: who answers the web chat, until when, and who comes next."""

from __future__ import annotations

import argparse
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fleettui import oncall
from fleettui.commands.parsing import Context, leaf, moment, print_json
from fleettui.localtime import as_utc
from fleettui.people import time_off_on
from fleettui.workspace import Workspace

AHEAD = timedelta(weeks=4)
"""How far gaps are looked for."""


def arguments(parser: argparse.ArgumentParser) -> None:
    leaf(parser, _run)
    parser.add_argument("--at", metavar="TIME", help="at another time than now")


def _run(asked: argparse.Namespace, context: Context) -> None:
    workspace = context.workspace
    rota, zone = workspace.handbook.rota, workspace.zone
    at = as_utc(moment(asked.at, "--at", zone), "--at") if asked.at else workspace.now()
    shift = oncall.shift_at(rota, at, zone)
    following = oncall.next_shift(rota, at, zone)
    gaps = oncall.gaps(rota, at, at + AHEAD, zone, _away(workspace))
    if asked.json:
        print_json(
            {
                "at": at.astimezone(zone),
                **(_as_json(workspace, shift, rota) if shift else {"person": None}),
                "next": _as_json(workspace, following, rota),
                "gaps": [_gap_as_json(gap, zone) for gap in gaps],
            }
        )
        return
    print(f"On call: {_in_words(workspace, shift)}" if shift else "On call: nobody, the rota has not begun")
    print(f"Next:    {_in_words(workspace, following)}")
    for gap in gaps:
        print(f"Gap:     {_shown(gap.start, zone)} to {_shown(gap.end, zone)}: {gap.why}")


def _away(workspace: Workspace) -> dict[str, list[tuple[date, date]]]:
    """Days off that nobody covers."""
    return {
        one.login: [(off.first, off.last) for off in one.time_off if off.cover is None]
        for one in workspace.people.all()
    }


def _as_json(workspace: Workspace, shift: oncall.Shift, rota: oncall.Rota) -> dict[str, Any]:
    zone = workspace.zone
    return {
        "person": shift.person,
        "name": workspace.people.get(shift.person).shown if shift.person else None,
        "cover": _cover(workspace, shift),
        "why": shift.why,
        "start": shift.start.astimezone(zone),
        "end": shift.end.astimezone(zone),
        "week_of": shift.week_of,
        "reminder": oncall.reminder_at(rota, shift.week_of, zone).astimezone(zone),
    }


def _cover(workspace: Workspace, shift: oncall.Shift) -> str | None:
    """Who takes over from somebody who is away when the shift begins."""
    if shift.person is None:
        return None
    off = time_off_on(workspace.people.get(shift.person), shift.start.astimezone(workspace.zone).date())
    return off.cover if off else None


def _gap_as_json(gap: oncall.Gap, zone: ZoneInfo) -> dict[str, Any]:
    return {"start": gap.start.astimezone(zone), "end": gap.end.astimezone(zone), "why": gap.why}


def _in_words(workspace: Workspace, shift: oncall.Shift) -> str:
    zone = workspace.zone
    person = workspace.people.get(shift.person).shown if shift.person else "nobody"
    cover = _cover(workspace, shift)
    covered = f", covered by {workspace.people.get(cover).shown}" if cover else ""
    why = "" if shift.why == "turn" else f" ({shift.why})"
    return f"{person}{covered}{why}, {_shown(shift.start, zone)} to {_shown(shift.end, zone)}"


def _shown(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %Y-%m-%d %H:%M}"
