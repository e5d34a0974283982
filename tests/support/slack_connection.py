"""A workspace that is connected to the Slack of our tests, in this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from fleettui.connect.slack_desk import SlackDesk
from fleettui.connect.slack_stamps import SeenStamps
from fleettui.connect.slack_taker import SlackTaker
from fleettui.connect.slack_web import SlackWeb
from fleettui.domain.tickets.model import Ticket
from fleettui.places import in_workspace
from fleettui.store import files
from fleettui.workspace.workspace import Workspace
from tests.support.folders import files_of
from tests.support.slack_methods import APP_TOKEN, BOT_TOKEN
from tests.support.slack_server import SlackServer

T = TypeVar("T")
ACME, LEO, KATHY = "C01ACME", "U01LEO", "U01KATHY"


class Standing:
    """How the connection says that it stands."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.remarks: list[str] = []

    def ok(self) -> None:
        self.said.append("ok")

    def down(self, why: str) -> None:
        self.said.append(why)

    def remark(self, why: str) -> None:
        self.remarks.append(why)

    @property
    def now(self) -> str:
        return self.said[-1] if self.said else ""


class Connected:
    """What `fleettui connect` is for Slack: a writing thread's lock, a taker, the tokens."""

    def __init__(self, workspace: Workspace, slack: SlackServer) -> None:
        self.workspace, self.slack = workspace, slack
        self.standing, self.lines = Standing(), list[str]()
        self._writing = threading.RLock()
        self.bot = SlackWeb(BOT_TOKEN, slack.url, timeout=5)
        self.app = SlackWeb(APP_TOKEN, slack.url, timeout=5)
        self.desk = SlackDesk(workspace, self.do)
        self.stop = threading.Event()

    def do(self, work: Callable[[], T], /) -> T:
        with self._writing:
            self.workspace.store.watch()
            return work()

    @property
    def tickets(self) -> list[Ticket]:
        return self.do(lambda: sorted(self.workspace.tickets.all(), key=lambda ticket: ticket.id))

    def bodies(self) -> list[str]:
        """What customers wrote, of all tickets, in order."""
        return [m.body for ticket in self.tickets for m in ticket.messages if m.direction == "in"]

    @contextmanager
    def taking(self) -> Iterator[Connected]:
        """Until the end of the block it takes in; it has read what was missed when this begins."""
        self.stop.clear()
        folder, modes = in_workspace(self.workspace.home) / "service", files_of(self.workspace).modes
        files.make_folder(folder, modes)
        taker = SlackTaker(
            lambda: self.bot,
            lambda: self.app,
            self.desk,
            SeenStamps(folder, modes),
            self.standing,
            self.lines.append,
        )
        thread = threading.Thread(target=taker.run, args=(self.stop,), daemon=True)
        before = self.standing.said.count("ok")
        thread.start()
        try:
            until(lambda: self.standing.said.count("ok") >= before + 2)
            yield self
        finally:
            self.stop.set()
            thread.join(60)
            assert not thread.is_alive(), "it does not stop"


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Waits for a condition, not for a time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)
