"""fleettui today: what needs doing now, most urgent first; good as a greeting at sign-in."""

from __future__ import annotations

import argparse
from datetime import datetime

from fleettui.cli.parser import Context, leaf, print_json
from fleettui.domain import agenda as today
from fleettui.domain.agenda import Item
from fleettui.domain.team.people import time_off_on
from fleettui.workspace.workspace import Workspace

LONGEST = 12
"""Lines of a greeting; the rest is counted."""
COLUMNS = 78


def arguments(parser: argparse.ArgumentParser) -> None:
    leaf(parser, _run)
    parser.add_argument("--mine", action="store_true", help="only what is mine")
    parser.add_argument("--all", action="store_true", help="every line, however many")


def _run(asked: argparse.Namespace, context: Context) -> None:
    workspace = context.workspace
    now = workspace.now().astimezone(workspace.zone)
    is_open, until = workspace.opening()
    people = [workspace.me] if asked.mine else workspace.people.all()
    away = [one for one in people if one.active and time_off_on(one, now.date())]
    items = [one for one in workspace.today.items() if one.mine or not asked.mine]
    until = until.astimezone(workspace.zone)
    if asked.json:
        print_json(
            {
                "now": now.isoformat(),
                "open": is_open,
                "until": until.isoformat(),
                "away": [one.login for one in away],
                "items": [_plain(one, workspace) for one in items],
                "troubles": workspace.today.troubles,
            }
        )
        return
    hours = f"open until {until:%H:%M}" if is_open else f"closed until {until:%a %H:%M}"
    print(f"{workspace.name} · {now:%A %d %B, %H:%M} · {hours}")
    for trouble in workspace.today.troubles:
        print(f"✗ {trouble}")
    for step in workspace.today.first_steps():
        print(f"begin: {step.title}")
    _print_items(asked, [one for one in items if one.mine], now)
    if not asked.mine:
        _print_team(workspace, items)
    for one in away:
        print(f"away: {one.shown}")


def _print_items(asked: argparse.Namespace, mine: list[Item], now: datetime) -> None:
    wanted = [one for one in mine if one.wants]
    coming = [one for one in mine if not one.wants]
    if not wanted:
        print("Nothing wants you now.")
    room = None if asked.all else LONGEST
    for one in wanted[:room]:
        print(_line(one, now))
    if room is not None and len(wanted) > room:
        print(f"  … and {len(wanted) - room} more: fleettui today --all")
    if coming:
        first = coming[0]
        more = f"  (+{len(coming) - 1})" if len(coming) > 1 else ""
        print(f"next: {_line(first, now).strip()}{more}")


def _line(one: Item, now: datetime) -> str:
    from fleettui.text.cleaning import fit

    left = today.left_words(one.due, now)
    about = f"{one.about}: " if one.about else ""
    return fit(f"{one.sign} {left:>8}  {one.id:<7} {about}{one.title}", COLUMNS).rstrip()


def _print_team(workspace: Workspace, items: list[Item]) -> None:
    for glance in today.workloads(items):
        who = workspace.people.get(glance.who).shown if glance.who else "nobody yet"
        print(f"  {who}: {today.workload_words(glance)}")


def _plain(one: Item, workspace: Workspace) -> dict[str, object]:
    return {
        "kind": one.kind,
        "id": one.id,
        "title": one.title,
        "customer": one.about or None,
        "due": one.due.astimezone(workspace.zone).isoformat() if one.due else None,
        "state": one.state,
        "mine": one.mine,
        "who": one.who or None,
        "role": one.role or None,
        "step": one.step or None,
    }
