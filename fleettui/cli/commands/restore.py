"""fleettui restore: rescue what is damaged, or bring back one collection's file or a whole backup."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fleettui.cli.asking import can_ask, want_yes
from fleettui.cli.output import pick, print_result
from fleettui.cli.parser import Context, add_common_options
from fleettui.errors import FleettuiError
from fleettui.store import committed
from fleettui.workspace.creation import open_damaged

if TYPE_CHECKING:
    from fleettui.store.losses import Lost, Restored
    from fleettui.workspace.place import Upkeep

SHOWN = 40


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run)
    parser.set_defaults(resumes=True)
    parser.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        help="a file of backups/, or one made by `fleettui backup`; without it what is damaged is rescued",
    )
    parser.add_argument(
        "--salvage", action="store_true", help="keep what was changed since, as far as it can be read"
    )
    parser.add_argument("--yes", action="store_true", help="also when changes are lost by it")


def _run(options: argparse.Namespace, context: Context) -> None:
    maintenance = open_damaged(context.place, context.clock).maintenance
    file = Path(options.file).expanduser().absolute() if options.file else None
    restored = _restored(options, maintenance, file, context)
    if restored.done:
        committed.note(options.file or "what was damaged", 0, "restore")
    lines = restored.done or [_nothing_done(options.file)]
    zone = _zone(context)
    if restored.lost:
        lines = [*lines, "Lost:", *_in_words(restored.lost, zone)]
    print_result(options, {"restored": restored.done, "lost": _as_json(restored.lost, zone)}, *lines)


def _nothing_done(file: str | None) -> str:
    if file is None:
        return "Nothing is damaged, so nothing was restored. Name a backup to go back to it."
    return (
        "Nothing is damaged, and --salvage keeps what was changed since, so nothing was restored. "
        "Without --salvage all goes back to what the backup has."
    )


def _restored(
    options: argparse.Namespace, maintenance: Upkeep, file: Path | None, context: Context
) -> Restored:
    """Asks first, where changes would be lost and somebody can be asked; otherwise they are listed and it is refused."""
    from fleettui.store.losses import WouldLose

    agreed: Sequence[Lost] = ()
    while True:
        try:
            return maintenance.restore(file, salvage=options.salvage, sure=options.yes, agreed=agreed)
        except WouldLose as would_lose:
            lost, zone = would_lose.lost, _zone(context)
            if not can_ask(options):
                print_result(options, {"restored": [], "lost": _as_json(lost, zone)}, *_in_words(lost, zone))
                raise
            _ask(_in_words(lost, zone), has_grown=bool(agreed))
            agreed = lost


def _ask(lines: Sequence[str], *, has_grown: bool) -> None:
    """The answer is good for these changes only: somebody may make more of them before it comes."""
    for line in lines:
        print(line, file=sys.stderr)
    if has_grown:
        print("Something was changed since you were asked; nothing was restored yet.", file=sys.stderr)
    want_yes("These changes would be lost. Restore all the same?")


def _zone(context: Context) -> tzinfo:
    """The workspace's; its policy may be what is damaged."""
    try:
        return open_damaged(context.place, context.clock).zone
    except (FleettuiError, OSError):
        return UTC


def _as_json(lost: Sequence[Lost], zone: tzinfo) -> list[dict[str, Any]]:
    return [
        {**pick(change, "collection", "id", "who", "when", "verb", "why"), "when": _when(change, zone, None)}
        for change in lost
    ]


def _in_words(lost: Sequence[Lost], zone: tzinfo) -> list[str]:
    """As `fleettui history` words it."""
    from fleettui.text import cleaning

    lines = [cleaning.line(_sentence(change, zone)) for change in lost[:SHOWN]]
    more = len(lost) - len(lines)
    return [*lines, f"and {more:,} more; --json lists all"] if more else lines


def _sentence(change: Lost, zone: tzinfo) -> str:
    from fleettui.workspace.done_wording import DONE

    when, done = _when(change, zone, "%Y-%m-%d %H:%M"), DONE.get(change.verb, change.verb)
    known = "  ".join(filter(None, (change.id or "unknown", when, change.who, done)))
    return f"{change.collection}: {known} ({change.why})"


def _when(change: Lost, zone: tzinfo, form: str | None) -> str:
    """Of a damaged line it may be anything."""
    try:
        at = datetime.fromisoformat(change.when).astimezone(zone)
    except (ValueError, OverflowError):
        return change.when
    return at.strftime(form) if form else at.isoformat()
