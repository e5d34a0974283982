"""fleettui restore: rescue what is damaged, or bring back one collection's file or a whole backup."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fleettui.cli.asking import can_ask, want_yes
from fleettui.cli.output import pick, print_result
from fleettui.cli.parser import Context, add_common_options
from fleettui.store import committed
from fleettui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from fleettui.store.losses import Lost, Restored
    from fleettui.workspace.maintenance import Maintenance

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
    maintenance = Workspace.open_damaged(context.home, context.clock).maintenance
    file = Path(options.file).expanduser().absolute() if options.file else None
    restored = _restored(options, maintenance, file)
    if restored.done:
        committed.note(options.file or "what was damaged", 0, "restore")
    lines = restored.done or ["Nothing is damaged, so nothing was restored. Name a backup to go back to it."]
    if restored.lost:
        lines = [*lines, "Lost:", *_in_words(restored.lost)]
    print_result(options, {"restored": restored.done, "lost": _as_json(restored.lost)}, *lines)


def _restored(options: argparse.Namespace, maintenance: Maintenance, file: Path | None) -> Restored:
    """Asks first, where changes would be lost and somebody can be asked; otherwise they are listed and it is refused."""
    from fleettui.store.losses import WouldLose

    agreed: Sequence[Lost] = ()
    while True:
        try:
            return maintenance.restore(file, salvage=options.salvage, sure=options.yes, agreed=agreed)
        except WouldLose as would_lose:
            if not can_ask(options):
                print_result(
                    options, {"restored": [], "lost": _as_json(would_lose.lost)}, *_in_words(would_lose.lost)
                )
                raise
            _ask(would_lose.lost, has_grown=bool(agreed))
            agreed = would_lose.lost


def _ask(lost: Sequence[Lost], *, has_grown: bool) -> None:
    """The answer is good for these changes only: somebody may make more of them before it comes."""
    for line in _in_words(lost):
        print(line, file=sys.stderr)
    if has_grown:
        print("Something was changed since you were asked; nothing was restored yet.", file=sys.stderr)
    want_yes("These changes would be lost. Restore all the same?")


def _as_json(lost: Sequence[Lost]) -> list[dict[str, Any]]:
    return [pick(change, "collection", "id", "who", "when", "verb", "why") for change in lost]


def _in_words(lost: Sequence[Lost]) -> list[str]:
    from fleettui.text import cleaning

    lines = [cleaning.line(change.in_words) for change in lost[:SHOWN]]
    more = len(lost) - len(lines)
    return [*lines, f"and {more:,} more; --json lists all"] if more else lines
