"""Hooks: programs in the workspace's folder `hooks`, run by the service for every event, one after the other.

They are the administrator's: the folder and each program belong to root or to the service's account, and nobody else may change
them. Of each event, in order, every hook is run at least once; after a crash of the service, the one that was running is run
again. A hook that fails, hangs or talks too much stops nothing: that is a line in the service's log.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event as Flag
from typing import TYPE_CHECKING

import msgspec

from fleettui.connect.hook_process import HookProcess
from fleettui.connect.senders import Down
from fleettui.connect.trust import why_not_trusted
from fleettui.documents import UNREADABLE
from fleettui.errors import FleettuiError
from fleettui.store import files
from fleettui.workspace.connections import HOOKS
from fleettui.workspace.inbox.position import Position
from fleettui.workspace.inbox.results import as_json

if TYPE_CHECKING:
    from fleettui.connect.takers import Surroundings
    from fleettui.workspace.inbox.feed import EventFeed
    from fleettui.workspace.inbox.results import Placed
    from fleettui.workspace.workspace import Workspace

FILE = "hooks.json"
LOOK_EVERY, TIME_LIMIT = 0.5, 10.0


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """Up to where the hooks were run. Of the event behind the cursor these were run already."""

    cursor: str
    event: str = ""
    ran: tuple[str, ...] = ()


def has_folder(workspace: Workspace) -> bool:
    return workspace.services.service.hooks.is_dir()


class Hooks:
    """A runner of the service. `run_new` runs all hooks for all events that are new."""

    name = HOOKS

    def __init__(self, around: Surroundings, time_limit: float = TIME_LIMIT) -> None:
        self._around, self._time_limit = around, time_limit
        self._folder, self._place = around.workspace.services.service.hooks, around.folder / FILE
        self._trouble = ""
        self._progress: Progress | None = None
        self._position: Position | None = None
        # In a thread of its own, so with what it knows of the workspace for itself.
        workspace = around.workspace
        self._zone = workspace.zone
        self._own = workspace.for_person(workspace.session.login, workspace.clock)

    def run(self, stop: Flag) -> None:
        while not stop.is_set():
            self.run_new(stop)
            stop.wait(LOOK_EVERY)

    def interrupt(self) -> None:
        """A hook that runs is ended within a moment: it looks at `stop` itself."""

    def check(self) -> None:
        with self._opened() as folder:
            self._programs(folder)
        if self._trouble:
            raise Down(self._trouble)

    def run_new(self, stop: Flag) -> int:
        """How many events there were. Where there is no hook that may run, nothing is run later for what happened meanwhile."""
        position = self._position or self._start()
        look = self._feed.look(position)
        placed = [each for each in look.placed if self._own.inbox.concerned(each.event)]
        done = 0
        for each in placed:
            if not self._run_all(each, stop):
                return done
            self._position = each.position
            self._keep(Progress(cursor=each.position.cursor))
            done += 1
        self._position = look.position
        self._show()
        return done

    @property
    def _feed(self) -> EventFeed:
        return self._own.inbox.feed

    # -- how far

    def _start(self) -> Position:
        """The first time from now on."""
        with suppress(FileNotFoundError, FleettuiError, *UNREADABLE):
            self._progress = msgspec.json.decode(files.read_file(self._place), type=Progress)
            return Position.of(self._progress.cursor)
        here = self._feed.here()
        self._keep(Progress(cursor=here.cursor))
        return here

    def _keep(self, progress: Progress) -> None:
        self._progress = progress
        files.write_atomic(self._place, msgspec.json.encode(progress), files.PRIVATE.file)

    # -- one event

    def _run_all(self, placed: Placed, stop: Flag) -> bool:
        """Whether every hook ran; not where the service is to end."""
        key, progress = placed.event.key, self._progress
        ran = progress.ran if progress is not None and progress.event == key else ()
        cursor = progress.cursor if progress is not None else ""
        concerned = self._own.inbox.concerned(placed.event)
        line = msgspec.json.encode(as_json(placed, self._zone, concerned)) + b"\n"
        with self._opened() as folder:
            for name in self._programs(folder):
                if name in ran:
                    continue
                process = HookProcess(folder, self._folder / name, placed.event.kind, line)
                end = process.run(self._time_limit, stop)
                if end is None:
                    return False
                if end:
                    self._around.say(f"hook {name}, {key}: {end}")
                ran = (*ran, name)
                self._keep(Progress(cursor=cursor, event=key, ran=ran))
        return True

    # -- which programs

    @contextmanager
    def _opened(self) -> Iterator[int]:
        """The folder, through no link; -1 where there is none."""
        try:
            folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            yield -1
            return
        try:
            yield folder
        finally:
            os.close(folder)

    def _programs(self, folder: int) -> list[str]:
        """The names of those that may run, in their order."""
        self._trouble = "" if folder < 0 else self._why_not(os.fstat(folder), self._folder)
        if self._trouble or folder < 0:
            return []
        programs = []
        for name in sorted(os.listdir(folder)):
            facts = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if name.startswith(".") or not stat.S_ISREG(facts.st_mode) or not facts.st_mode & stat.S_IXUSR:
                continue
            why = self._why_not(facts, self._folder / name)
            if why:
                self._trouble = why
            else:
                programs.append(name)
        return programs

    def _why_not(self, facts: os.stat_result, path: Path) -> str:
        why = why_not_trusted(facts)
        return f"{path} is not run: {why}. As root run: chown root {path} && chmod go-w {path}" if why else ""

    def _show(self) -> None:
        """On the board whether they may run."""
        with self._opened() as folder:
            programs = self._programs(folder)
        if self._trouble:
            if self._around.board.down(self.name, self._trouble):
                self._around.say(self._trouble)
        elif self._around.board.ok(self.name):
            self._around.say(f"hooks: {', '.join(programs) or 'none yet'}")
