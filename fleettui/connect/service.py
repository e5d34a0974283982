"""The service of a workspace: takes in what people write, sends what they are to read. One at a time, in the foreground.

The main thread writes to the store, looks what others changed, and keeps the status. Each connection has a thread of its own, so
that no network can hold up another one. Killed at any moment, the next start goes on: what was taken in is known, and of what
was being sent the sender finds out what became of it.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from fleettui.connect.connections import Assembled, assembled, surroundings
from fleettui.connect.hooks import has_folder
from fleettui.connect.notify import Systemd
from fleettui.connect.secrets import Secrets
from fleettui.errors import Unusable
from fleettui.store import locks

if TYPE_CHECKING:
    from fleettui.connect.takers import Surroundings, Taker
    from fleettui.workspace.workspace import Workspace

LOOK_EVERY = 0.4
"""As a session does (screens/shell/live.py)."""
ENDS_WITHIN, ENDS_IN_GOOD_ORDER = 1.5, 60.0
"""Seconds, for the end of the service, and for another setting: then a sender that waits for its server is waited for."""
PATIENCE = 1.0
"""Seconds for another service to end."""


@dataclass
class _Running:
    """The threads of one setting: when it changes, they are replaced."""

    parts: Assembled
    stop: Event
    threads: list[Thread] = field(default_factory=list)


class Service:
    """All of it. `run` returns when it was told to stop."""

    def __init__(
        self, workspace: Workspace, say: Callable[[str], None], secrets: Secrets | None = None
    ) -> None:
        self._workspace, self._write_line = workspace, say
        self._secrets = secrets or Secrets()
        self._around = surroundings(workspace, self._secrets, self._say)
        self._desk, self._systemd = self._around.desk, Systemd()
        self._stopping = Event()
        self._trouble = ""

    def stop(self, *_: Any) -> None:
        """Also as the handler of a signal."""
        self._stopping.set()
        self._desk.wake()

    def run(self) -> None:
        around = self._around
        with self._alone(), self._signals():
            self._say(f"works for {self._workspace.address}")
            self._run(around)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        workspace = self._workspace
        try:
            with workspace.services.service.alone(workspace.session.login, PATIENCE):
                yield
        except locks.Locked as error:
            raise Unusable(f"another service works for this workspace: {error}") from None

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _say(self, line: str) -> None:
        with contextlib.suppress(OSError, ValueError):  # a full disk, a reader that is gone: the work goes on
            self._write_line(self._secrets.hidden(" ".join(line.split())))

    # -- the main thread

    def _run(self, around: Surroundings) -> None:
        running = self._started(around)
        self._systemd.say("READY=1")
        next_ping = next_look = 0.0
        try:
            while not self._stopping.is_set():
                if self._desk.serve(next_look - time.monotonic()):
                    running.parts.wake()
                now = time.monotonic()
                if now < next_look:
                    continue
                next_look = now + LOOK_EVERY
                changed = self._look(running)
                if changed:
                    self._say(f"{changed} has changed")
                    self._end(running, ENDS_IN_GOOD_ORDER)
                    running = self._started(around)
                around.board.write()
                if self._systemd.watchdog and now >= next_ping:
                    self._systemd.say("WATCHDOG=1")
                    next_ping = now + self._systemd.watchdog / 3
        finally:
            self._systemd.say("STOPPING=1")
            self._end(running, ENDS_WITHIN)
            self._desk.close()
            around.board.off()
            around.board.write()
            self._say("has ended")

    def _look(self, running: _Running) -> str:
        """At what others changed; the name of what asks for the connections to be made anew, or nothing."""
        try:
            news = self._workspace.refresh()
            self._trouble = ""
        except Exception as error:
            if str(error) != self._trouble:
                self._trouble = str(error)
                self._say(f"the workspace cannot be read: {error}")
            return ""
        if news & {"tickets", "letters"}:
            running.parts.wake()
        if "handbook" in news and self._workspace.handbook.connections != running.parts.policy:
            return "connections.json"
        return "the folder hooks" if has_folder(self._workspace) != running.parts.has_hooks else ""

    def _started(self, around: Surroundings) -> _Running:
        stop = Event()
        parts = assembled(around, stop)
        running = _Running(parts, stop)
        around.board.begin(parts.names)
        for runner in parts.runners:
            thread = Thread(
                target=self._guarded, args=(runner, running.stop, around), name=runner.name, daemon=True
            )
            running.threads.append(thread)
            thread.start()
        for trouble in self._workspace.policy_troubles():
            self._say(trouble)
        if not parts.runners:
            self._say("nothing is set up in handbook/connections.json: it waits")
        return running

    def _guarded(self, runner: Taker, stop: Event, around: Surroundings) -> None:
        """A thread that a mistake of ours ends begins again a minute later."""
        while not stop.is_set():
            try:
                runner.run(stop)
            except Exception as error:
                why = f"something unexpected went wrong ({type(error).__name__}: {error})"
                around.board.down(runner.name, self._secrets.hidden(why))
                self._say(f"{runner.name}: {why}")
                stop.wait(60)

    def _end(self, running: _Running, within: float) -> None:
        """Whoever hangs in the network after that is left behind: no sender begins anything from here on."""
        running.stop.set()
        for runner in running.parts.runners:
            runner.interrupt()
        until = time.monotonic() + within
        while any(thread.is_alive() for thread in running.threads) and time.monotonic() < until:
            self._desk.serve(0.02)
