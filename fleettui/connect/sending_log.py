"""How far each mail got on its way out, kept beside the store, so that after a crash nobody has to guess.

A mail server has a mail from the line that ends it (the final dot) on, and says so a moment later. Written here before that
line is sent, and after the answer: `dot` without an answer is the only case in which nobody knows. What the server took is
remembered for a month: a backup that is brought back sends nothing twice.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from functools import cached_property
from io import FileIO
from typing import TYPE_CHECKING

import msgspec

from fleettui.documents import UNREADABLE
from fleettui.places import Place
from fleettui.store import files

if TYPE_CHECKING:
    from fleettui.time.clock import Clock

KEPT_FOR = timedelta(days=31)
MOST_LINES = 20_000
NAME = "mail-out.log"


class Step(msgspec.Struct, frozen=True):
    """One line."""

    id: str
    step: str
    at: datetime


class SendingLog:
    """For one process at a time: the service, under its lock. Opened when it is first asked for something."""

    def __init__(self, folder: Place, clock: Clock) -> None:
        self._place, self._clock = folder / NAME, clock
        self.is_new = False
        """Nothing is known of what was sent before it was opened: the file was lost, or there never was one."""

    @cached_property
    def opened_at(self) -> datetime:
        _ = self._steps
        return self._clock()

    @cached_property
    def _steps(self) -> dict[str, Step]:
        self.is_new = not self._place.exists()
        steps = {} if self.is_new else self._read()
        content = b"".join(msgspec.json.encode(step) + b"\n" for step in steps.values())
        files.write_atomic(self._place, content, files.PRIVATE.file)
        return steps

    @cached_property
    def _file(self) -> FileIO:
        number = files.open_file(self._place, os.O_WRONLY | os.O_APPEND, files.PRIVATE.file)
        return FileIO(number, "a")  # closed with its last user

    def _read(self) -> dict[str, Step]:
        steps: dict[str, Step] = {}
        for line in files.read_file(self._place).splitlines():
            try:
                step = msgspec.json.decode(line, type=Step)
            except UNREADABLE:
                continue  # cut off by a crash: what it was about had not begun
            steps.pop(step.id, None)
            steps[step.id] = step
        now = self._clock()
        recent = [step for step in steps.values() if now - step.at < KEPT_FOR]
        return {step.id: step for step in recent[-MOST_LINES:]}

    def last(self, id_: str) -> str:
        """The last step of a mail: "dot", "taken", "refused", or empty where it never came so far."""
        step = self._steps.get(id_)
        return step.step if step else ""

    def last_at(self, id_: str) -> datetime | None:
        """When that was."""
        step = self._steps.get(id_)
        return step.at if step else None

    def forgets(self, tried_at: datetime | None) -> bool:
        """Whether a try of that time may have been noted in a file that is gone."""
        opened_at = self.opened_at
        return self.is_new and (tried_at is None or tried_at < opened_at)

    def dot(self, id_: str) -> None:
        """From here on it may be there. On the disk before it is."""
        self._write(Step(id_, "dot", self._clock()))
        os.fdatasync(self._file.fileno())

    def taken(self, id_: str) -> None:
        self._write(Step(id_, "taken", self._clock()))

    def refused(self, id_: str) -> None:
        self._write(Step(id_, "refused", self._clock()))

    def _write(self, step: Step) -> None:
        steps = self._steps
        # Begins a line itself: a line that a full disk cut off must not swallow the next.
        files.write_fully(self._file.fileno(), b"\n" + msgspec.json.encode(step))
        steps[step.id] = step
