"""What happened, in words: the history of one thing or of the whole workspace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from screens.text_safe import one_line
from screens.widgets.page import Para
from screens.words import moment_words

if TYPE_CHECKING:
    from fleettui.store.protocol import Change, Entry, Happening
    from fleettui.workspace import Workspace

LONGEST_VALUE = 60


def value_words(value: Any) -> str:
    """A field's value as people read it. It may have come from outside."""
    if value is None or value == "" or value == () or value == []:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        text = ", ".join(value_words(part) for part in value)
    elif isinstance(value, dict):
        text = ", ".join(f"{key} {value_words(part)}" for key, part in value.items())
    else:
        text = str(value)
    text = one_line(text)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def change_words(change: Change) -> str:
    name = " ".join(change.path).replace("_", " ")
    before, after = known(change.before), known(change.after)
    if before in (None, "", (), []):
        return f"{name}: {value_words(after)}"
    return f"{name}: {value_words(before)} → {value_words(after)}"


def known(value: Any) -> Any:
    """None where there was or is nothing."""
    import msgspec

    return None if value is msgspec.UNSET else value


def entry_words(entry: Entry) -> str:
    if entry.kind == "made":
        return "added"
    if entry.kind == "removed":
        return "removed"
    if entry.undoes is not None:
        return f"took back: {', '.join(change_words(change) for change in entry.changes)}"
    return ", ".join(change_words(change) for change in entry.changes) or entry.verb


def story(workspace: Workspace, id_: str, limit: int = 20) -> Sequence[Para]:
    """The history of one thing, newest first."""
    from fleettui.errors import Refused

    try:
        entries = workspace.history(id_, limit)
    except Refused:
        return [Para("Nothing yet.", "muted")]
    now, zone = workspace.now(), workspace.zone
    return [
        Para(
            entry_words(one.entry),
            lead=(
                (f"{moment_words(one.entry.at, now, zone)} ", "muted"),
                (f"{name_of(workspace, one)} ", "accent"),
            ),
        )
        for one in entries
    ]


def name_of(workspace: Workspace, happening: Happening) -> str:
    return one_line(workspace.people.get(happening.entry.by).shown)
