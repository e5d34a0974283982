"""Commands that a script may repeat: it names each with an id of its own, and the same id again changes nothing.

Two things are kept. Each entry of the history that a command makes carries the id, written in one line with the change, so
that no crash can part them. And the answer, once the command has ended, so that a repetition gets the same one; also where
nothing was to be done. Only commands that are given an id look for it.
"""

import time
from collections.abc import Callable

from fleettui.errors import Refused
from fleettui.store.protocol import Happening
from fleettui.time.clock import system_clock
from fleettui.workspace.answers import Answer
from fleettui.workspace.collections import ALL, REQUESTS
from fleettui.workspace.session import Session

LATE = 2.0
"""Seconds: so long may another process need from its change to its answer."""
PAUSE = 0.05


class Requests:
    """The answers of one workspace."""

    def __init__(self, session: Session, pause: Callable[[float], None] = time.sleep) -> None:
        self._session, self._store, self._pause = session, session.store, pause

    def answer(self, id_: str, command: str) -> Answer | None:
        """Of the first time. None where nothing was ended for this id."""
        kept = self._kept(id_)
        if kept is not None:
            self._refuse_others(id_, kept.by, kept.command, command)
        return kept

    def changes(self, id_: str, command: str) -> list[Happening]:
        """What was changed for this id, in the order in which it was written, whether or not the command came to its end."""
        changes = self._store.requested(ALL, id_)
        for change in changes:
            self._refuse_others(id_, change.entry.by, change.entry.request.partition(" ")[2], command)
        return sorted(changes, key=lambda change: change.entry.order)

    def late_answer(self, id_: str, command: str) -> Answer | None:
        """Of a process that has made its change and is about to answer."""
        deadline = time.monotonic() + LATE
        while (kept := self.answer(id_, command)) is None and time.monotonic() < deadline:
            self._pause(PAUSE)
            self._store.watch()
        return kept

    def keep(self, id_: str, command: str, code: int, text: str, warnings: tuple[str, ...]) -> None:
        """The first answer stays."""
        answer = Answer(
            id=id_,
            by=self._session.login,
            at=system_clock(),
            command=command,
            code=code,
            text=text,
            warnings=warnings,
        )
        stamp = self._session.stamp("requests.keep")
        self._store.change(REQUESTS, id_, lambda earlier: earlier or answer, stamp)

    def _kept(self, id_: str) -> Answer | None:
        return self._store.get(REQUESTS, id_)

    def _refuse_others(self, id_: str, by: str, command: str, mine: str) -> None:
        if by != self._session.login:
            raise Refused(f"{id_!r} was given by {by}; choose another id", field="--request-id")
        if command != mine:
            raise Refused(
                f"{id_!r} was given with another command; choose another id for this one",
                field="--request-id",
            )
