"""fleettui history: the workspace's own record of what happened."""

from __future__ import annotations

import argparse
from typing import Any

import msgspec

from fleettui.cli.parser import Context, leaf, print_json
from fleettui.store.protocol import Change, Happening


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
    for one in happenings:
        at = one.entry.at.astimezone(workspace.zone).strftime("%Y-%m-%d %H:%M")
        why = f" ({one.entry.why})" if one.entry.why else ""
        print(
            f"{at}  {one.entry.by:<10}  {one.entry.verb:<16}  {one.id}#{one.entry.rev}  {changes_in_words(one)}{why}".rstrip()
        )


def changes_in_words(one: Happening) -> str:
    return ", ".join(f"{'.'.join(c.path)}: {_short(c.before)} → {_short(c.after)}" for c in one.entry.changes)


def _short(value: Any) -> str:
    if value is msgspec.UNSET or value in (None, "", []):
        return "–"
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:39] + "…"


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
