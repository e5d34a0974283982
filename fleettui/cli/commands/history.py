"""fleettui history: the workspace's own record of what happened."""

from __future__ import annotations

import argparse
from typing import Any

from fleettui.cli import width
from fleettui.cli.output import change_as_json, iso, pick, print_json
from fleettui.cli.parser import Context, add_common_options
from fleettui.store.protocol import Happening
from fleettui.text import cleaning
from fleettui.workspace.happenings import HistoryLine


def arguments(parser: argparse.ArgumentParser) -> None:
    add_common_options(parser, _run, reads=True)
    parser.add_argument("id", nargs="?", metavar="ID", help="only what happened to this")
    parser.add_argument("--limit", type=int, default=50, metavar="N", help="at most so many (50)")


def _run(options: argparse.Namespace, context: Context) -> None:
    workspace = context.workspace
    happenings = workspace.history.happenings(options.id, options.limit)
    if options.json:
        print_json([_as_json(happening, context) for happening in happenings])
        return
    room = width.there_is()
    for line in workspace.happenings.in_words(happenings):
        entry = line.happening.entry
        at = entry.at.astimezone(workspace.zone).strftime("%Y-%m-%d %H:%M")
        done = cleaning.line(f"{line.id}#{entry.rev} {line.done}{_why(line)}", width.LONGEST)
        if room is not None and room < width.NARROW:
            # What was done begins the second line: beside the time there is only room for the id.
            width.print_fitted(f"{at}  {cleaning.line(entry.by)}", room)
            width.print_fitted(f"  {done}", room)
        else:
            width.print_fitted(f"{at}  {cleaning.line(entry.by):<10}  {done}", room)


def _why(line: HistoryLine) -> str:
    """The reason, where the sentence does not have it already."""
    return f": {line.why}" if line.why and line.why not in line.done else ""


def _as_json(happening: Happening, context: Context) -> dict[str, Any]:
    entry = happening.entry
    return {
        "collection": happening.collection,
        "id": happening.id,
        "revision": entry.rev,
        "at": iso(entry.at, context.workspace.zone),
        **pick(entry, "by", "verb", "kind", "why", "undoes"),
        "changes": [{**change_as_json(change), "at": change.at} for change in entry.changes],
    }
