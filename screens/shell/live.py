"""Noticing what others do: a thread that looks at the workspace several times a second and tells the app.

What else the app follows is looked at there, too (`look_beside`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING

from textual.message import Message

from fleettui.errors import FleettuiError

if TYPE_CHECKING:
    from fleettui.workspace.presence import Visitor
    from fleettui.workspace.workspace import Workspace

EVERY = 0.4
"""Seconds between two looks; each is a stat of a few files, and twenty sessions on one box look all day."""
JUMP = timedelta(seconds=10)
"""More than a look ever takes."""
ROLL_CALL = 8
"""Looks between two roll calls: a session that was killed leaves no other trace."""


class WorkspaceChanged(Message):
    """Collections that others changed, "handbook", "presence"; and who else is here, when that is new."""

    def __init__(self, names: set[str], others: tuple[str, ...] | None) -> None:
        super().__init__()
        self.names, self.others = names, others


class WorkspaceTrouble(Message):
    """The workspace can no longer be read; posted once for each cause."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


class ClockJumped(Message):
    """Much more time has passed, or less, than since the last look: the computer slept, or its clock was put right."""


class Watcher:
    """The thread. `post` takes its messages to the event loop."""

    def __init__(
        self,
        workspace: Workspace,
        post: Callable[[Message], object],
        look_beside: Callable[[], object] = lambda: None,
    ) -> None:
        """`look_beside` is called at each look, for what is no part of the workspace."""
        self._workspace, self._post, self._look_beside = workspace, post, look_beside
        self._stop = Event()
        self._thread = Thread(target=self._watch, name="fleettui-watcher", daemon=True)
        self._others: Sequence[Visitor] = []
        self._trouble = ""
        self._looked_at = workspace.now()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Wait for a look that is under way."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2)

    def _watch(self) -> None:
        looks = 0
        while not self._stop.wait(EVERY):
            self._look_at_the_clock()
            try:
                self._look_beside()
                self._look(roll_call=looks % ROLL_CALL == 0)
                self._trouble = ""
            except Exception as error:
                self._post_once(error)
            looks += 1

    def _look_at_the_clock(self) -> None:
        now = self._workspace.now()
        if abs(now - self._looked_at) > JUMP:
            self._post(ClockJumped())
        self._looked_at = now

    def _look(self, roll_call: bool) -> None:
        names = self._workspace.refresh()
        others = None
        if roll_call or "presence" in names:
            visitors = self._workspace.presence.here()
            if visitors != self._others:  # somebody came or went, or looks at something else
                self._others, others = visitors, tuple(visitor.name for visitor in visitors)
                names.add("presence")
        if names - {"presence"} or others is not None:
            self._post(WorkspaceChanged(names, others))

    def _post_once(self, error: Exception) -> None:
        trouble = str(error) if isinstance(error, FleettuiError) else repr(error)
        if trouble != self._trouble:
            self._trouble = trouble
            self._post(WorkspaceTrouble(error))
