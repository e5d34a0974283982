"""fleettui today: what needs doing now, most urgent first; good as a greeting at sign-in."""

from __future__ import annotations

import argparse
from datetime import datetime

from fleettui.cli import width
from fleettui.cli.output import Sound, each_row, iso, pick, pick_or_none, print_json, row_or_damage
from fleettui.cli.parser import Context, add_common_options
from fleettui.domain import agenda as today
from fleettui.domain.agenda import Item, untriaged_words
from fleettui.domain.events.model import Event
from fleettui.domain.team.people import time_off_on
from fleettui.errors import FleettuiError
from fleettui.text import cleaning
from fleettui.workspace.workspace import Workspace

LONGEST = 12
"""Lines of a greeting; the rest is counted."""
MOST_UNSEEN = 5
COLUMNS = 78
"""Where nobody says how wide it may be: a greeting that is kept in a file."""


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run, reads=True)
    parser.add_argument("--mine", action="store_true", help="only what is mine")
    parser.add_argument("--all", action="store_true", help="every line, however many")


def _run(options: argparse.Namespace, context: Context) -> None:
    workspace = context.workspace
    mistakes = workspace.policy_troubles(everywhere=True)
    now = workspace.now().astimezone(workspace.zone)
    is_open, until = workspace.handbook.calendar.opening(now)
    people = [workspace.me] if options.mine else workspace.people.all()
    away = [person for person in people if person.active and time_off_on(person, now.date())]
    workspace.call_series.lay_out()
    look = workspace.agenda.look()
    items = [item for item in look.items if item.mine or not options.mine]
    troubles = dict.fromkeys((*mistakes, *workspace.policy_troubles(), *look.troubles))
    until = until.astimezone(workspace.zone) if until else None
    first_steps = workspace.first_steps.all()
    unseen, more_troubles = _unseen(workspace)
    troubles |= dict.fromkeys(more_troubles)
    if options.json:
        from fleettui.cli.commands.inbox import event_as_json

        rows, damaged = each_row(items, lambda item: _as_json(item, workspace))
        print_json(
            {
                "now": now.isoformat(),
                "open": is_open,
                "until": until.isoformat() if until else None,
                "away": [person.login for person in away],
                "unseen": [event_as_json(event, workspace) for event in unseen],
                "untriaged": len(look.untriaged),
                "items": rows,
                "troubles": list(troubles),
                "damaged": [pick(damage, "id", "why") for damage in (*look.damaged, *damaged)],
                "first_steps": [pick(step, "key", "title", "command", "done") for step in first_steps],
            }
        )
        return
    room = width.there_is(COLUMNS)
    width.print_wrapped(f"{workspace.name} · {now:%A %d %B, %H:%M} · {_hours(is_open, until)}", room)
    context.has_shown_policy_troubles = True
    _print_unseen(unseen, room)
    for trouble in troubles:
        width.print_wrapped(f"✗ {trouble}", room)
    for step in first_steps:
        width.print_wrapped(f"{'done: ' if step.done else 'begin:'} {step.title}", room, " " * 7)
        if not step.done:
            print(f"       {step.command}")  # never cut nor broken: it is there to be copied
    if look.untriaged:
        width.print_wrapped(
            f"? {untriaged_words(look.untriaged)}: fleettui tickets list --view untriaged", room
        )
    _print_items(options, [item for item in items if item.mine], workspace)
    if not options.mine:
        _print_team(workspace, items)
    for person in away:
        width.print_fitted(f"away: {cleaning.line(person.shown)}", room)


def _unseen(workspace: Workspace) -> tuple[list[Event], list[str]]:
    """The newest first. A file that cannot be read hides this alone; then why is the second part."""
    try:
        return workspace.inbox.unseen()[::-1], []
    except FleettuiError as error:
        return [], [str(error)]


def _print_unseen(unseen: list[Event], room: int | None) -> None:
    """What came since I last looked, the newest first."""
    for event in unseen[:MOST_UNSEEN]:
        width.print_fitted(f"● {cleaning.line(event.text)}", room)
    if len(unseen) > MOST_UNSEEN:
        print(f"  … and {len(unseen) - MOST_UNSEEN} more unseen: fleettui inbox")


def _hours(is_open: bool, until: datetime | None) -> str:
    if until is None:
        return "always open" if is_open else "never open"
    return f"open until {until:%H:%M}" if is_open else f"closed until {until:%a %H:%M}"


def _print_items(options: argparse.Namespace, mine: list[Item], workspace: Workspace) -> None:
    wanted = [item for item in mine if item.wants]
    coming = [item for item in mine if not item.wants]
    if not wanted:
        print("Nothing wants you now.")
    room, columns = None if options.all else LONGEST, width.there_is(COLUMNS)
    for item in wanted[:room]:
        width.print_fitted(_line(item, workspace, columns), columns)
    if room is not None and len(wanted) > room:
        print(f"  … and {len(wanted) - room} more: fleettui today --all")
    if coming:
        first = coming[0]
        more = f"  (+{len(coming) - 1})" if len(coming) > 1 else ""
        narrower = columns - len(f"next: {more}") if columns else None
        width.print_fitted(f"next: {_line(first, workspace, narrower).strip()}{more}", columns)


def _line(item: Item, workspace: Workspace, columns: int | None) -> str:
    row = row_or_damage(item, lambda sound: _line_of(sound, workspace, columns))
    return row.value if isinstance(row, Sound) else f"✗ {row.in_words}"


def _line_of(item: Item, workspace: Workspace, columns: int | None) -> str:
    before = f"{item.sign} {workspace.agenda.left(item):>10}  {item.id:<7} "
    return width.with_subject(before, cleaning.line(item.about), cleaning.line(item.title), columns)


def _print_team(workspace: Workspace, items: list[Item]) -> None:
    for workload in today.workloads(items):
        who = workspace.people.get(workload.who).shown if workload.who else "nobody yet"
        width.print_fitted(
            f"  {cleaning.line(who)}: {today.workload_words(workload)}", width.there_is(COLUMNS)
        )


def _as_json(item: Item, workspace: Workspace) -> dict[str, object]:
    return {
        **pick(item, "kind", "id", "title"),
        "customer": item.about or None,
        "due": iso(item.due, workspace.zone),
        **pick(item, "state", "mine"),
        **pick_or_none(item, "who", "role", "step"),
    }
