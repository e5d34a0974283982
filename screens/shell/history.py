"""The history of one thing, as paragraphs of its page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from fleettui.time import wording
from screens.terminal.text import one_line
from screens.widgets.page import Para

if TYPE_CHECKING:
    from fleettui.workspace.happenings import HistoryLine
    from fleettui.workspace.workspace import Workspace
    from screens.shell.asking import Asked

Story = Callable[[str, int], Sequence[Para]]
"""The history of the thing of that id, so many entries at most."""


def stories(workspace: Workspace, asked: Asked) -> Story:
    """Each is asked for, and there is nothing of it until it comes."""

    def story(id_: str, limit: int) -> Sequence[Para]:
        key = "story", id_, limit
        lines = asked.of(key, partial(workspace.happenings.of, id_, limit), None)
        return () if lines is None else paras_of(workspace, lines)

    return story


def paras_of(workspace: Workspace, lines: Sequence[HistoryLine]) -> Sequence[Para]:
    """Newest first."""
    now, zone = workspace.now(), workspace.zone
    return [
        Para(
            line.done,
            lead=((f"{wording.moment(line.at, now, zone)} ", "muted"), (f"{one_line(line.who)} ", "accent")),
        )
        for line in lines
    ] or [Para("Nothing yet.", "muted")]
