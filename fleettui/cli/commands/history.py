"""fleettui history: the workspace's own record of what happened."""

from __future__ import annotations

import argparse
from typing import Any

import msgspec

from fleettui.cli.parser import Context, leaf, print_json
from fleettui.store.protocol import Change, Happening
from fleettui.workspace.happenings import HistoryLine


def arguments(parser: argparse.ArgumentParser) -> None:
    leaf(parser, _run)
    parser.add_argument("id", nargs="?", metavar="ID", help="only what happened to this")
    parser.add_argument("--limit", type=int, default=50, metavar="N", help="at most so many (50)")


def _run(asked: argparse.Namespace, context: Context) -> None:
    workspace = context.workspace
    happenings = workspace.history.happenings(asked.id, asked.limit)
    if asked.json:
        print_json([_plain(one, context) for one in happenings])
        return
    for happening in happenings:
        entry, line = happening.entry, workspace.happenings.in_words(happening)
        at = entry.at.astimezone(workspace.zone).strftime("%Y-%m-%d %H:%M")
        print(f"{at}  {entry.by:<10}  {line.id}#{entry.rev}  {line.done}{_why(line)}")


def _why(line: HistoryLine) -> str:
    """The reason, where the sentence does not have it already."""
    return f": {line.why}" if line.why and line.why not in line.done else ""


def _plain(one: Happening, context: Context) -> dict[str, Any]:
    entry = one.entry
    return {
        "collection": one.collection,
        "id": one.id,
        "revision": entry.rev,
        "at": entry.at.astimezone(context.workspace.zone).isoformat(),
        "by": entry.by,
        "verb": entry.verb,
        "kind": entry.kind,
        "why": entry.why,
        "undoes": entry.undoes,
        "changes": [_plain_change(change) for change in entry.changes],
    }


def _plain_change(change: Change) -> dict[str, Any]:
    before = None if change.before is msgspec.UNSET else change.before
    after = None if change.after is msgspec.UNSET else change.after
    return {"field": ".".join(change.path), "before": before, "after": after, "at": change.at}
