"""What happened, in words: the history of one thing or of the whole workspace."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from screens.shell.words import moment_words
from screens.terminal.text import one_line
from screens.widgets.page import Para

if TYPE_CHECKING:
    from fleettui.workspace.history import Change, Entry, Happening
    from fleettui.workspace.workspace import Workspace

LONGEST_VALUE = 60


MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def value_words(value: Any, zone: tzinfo = UTC) -> str:
    """A field's value as people read it, times in their zone. It may have come from outside."""
    if value is None or value == "" or value == () or value == []:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        text = ", ".join(value_words(part, zone) for part in value)
    elif isinstance(value, dict):
        text = ", ".join(f"{key} {value_words(part, zone)}" for key, part in value.items())
    elif isinstance(value, str) and MOMENT.fullmatch(value):
        text = _moment_in(value, zone)
    else:
        text = str(value)
    text = one_line(text)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _moment_in(written: str, zone: tzinfo) -> str:
    """ "Sun 22 Nov 00:29 PST"; what only looks like a moment stays as it is."""
    try:
        return f"{datetime.fromisoformat(written).astimezone(zone):%a %-d %b %H:%M %Z}"
    except (ValueError, OverflowError):
        return written


def change_words(change: Change, zone: tzinfo = UTC) -> str:
    name = " ".join(change.path).replace("_", " ")
    before, after = known(change.before), known(change.after)
    if before in (None, "", (), []):
        return f"{name}: {value_words(after, zone)}"
    return f"{name}: {value_words(before, zone)} → {value_words(after, zone)}"


def known(value: Any) -> Any:
    """None where there was or is nothing."""
    import msgspec

    return None if value is msgspec.UNSET else value


def entry_words(entry: Entry, zone: tzinfo = UTC) -> str:
    if entry.kind == "made":
        return "added"
    if entry.kind == "removed":
        return "removed"
    if entry.undoes is not None:
        return f"took back: {_changes(entry, zone)}"
    return _changes(entry, zone) or entry.verb


def _changes(entry: Entry, zone: tzinfo) -> str:
    return ", ".join(change_words(change, zone) for change in entry.changes)


def story(workspace: Workspace, id_: str, limit: int = 20) -> Sequence[Para]:
    """The history of one thing, newest first."""
    from fleettui.errors import Refused

    try:
        entries = workspace.history.happenings(id_, limit)
    except Refused:
        return [Para("Nothing yet.", "muted")]
    now, zone = workspace.now(), workspace.zone
    return [
        Para(
            entry_words(one.entry, zone),
            lead=(
                (f"{moment_words(one.entry.at, now, zone)} ", "muted"),
                (f"{name_of(workspace, one)} ", "accent"),
            ),
        )
        for one in entries
    ]


def name_of(workspace: Workspace, happening: Happening) -> str:
    return one_line(workspace.people.get(happening.entry.by).shown)
