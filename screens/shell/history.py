"""The history of one thing, as paragraphs of its page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fleettui.time import wording
from screens.terminal.text import one_line
from screens.widgets.page import Para

if TYPE_CHECKING:
    from fleettui.workspace.workspace import Workspace


def story(workspace: Workspace, id_: str, limit: int = 20) -> Sequence[Para]:
    """Newest first."""
    now, zone = workspace.now(), workspace.zone
    return [
        Para(
            line.done,
            lead=((f"{wording.moment(line.at, now, zone)} ", "muted"), (f"{one_line(line.who)} ", "accent")),
        )
        for line in workspace.happenings.of(id_, limit)
    ] or [Para("Nothing yet.", "muted")]
