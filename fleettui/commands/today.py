"""fleettui today: good as a greeting at sign-in."""

from __future__ import annotations

import argparse

from fleettui.commands.parsing import Context, leaf, print_json
from fleettui.people import time_off_on


def arguments(parser: argparse.ArgumentParser) -> None:
    leaf(parser, _run)
    parser.add_argument("--mine", action="store_true", help="only what is mine")


def _run(asked: argparse.Namespace, context: Context) -> None:
    workspace = context.workspace
    now = workspace.now().astimezone(workspace.zone)
    is_open, until = workspace.opening()
    people = [workspace.me] if asked.mine else workspace.people.all()
    away = [one for one in people if time_off_on(one, now.date())]
    until = until.astimezone(workspace.zone)
    if asked.json:
        print_json(
            {
                "now": now.isoformat(),
                "open": is_open,
                "until": until.isoformat(),
                "away": [one.login for one in away],
                "items": [],
            }
        )
        return
    hours = f"open until {until:%H:%M}" if is_open else f"closed until {until:%a %H:%M}"
    print(f"{workspace.name} · {now:%A %d %B, %H:%M} · {hours}")
    for one in away:
        print(f"away: {one.shown}")
