"""How the connections of the workspace stand: what the service writes of itself, and whether it runs."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec.structs import replace

from fleettui.documents import UNREADABLE
from fleettui.domain.delivery.model import TO_DO
from fleettui.domain.delivery.outside import named

if TYPE_CHECKING:
    from fleettui.domain.delivery.policy import Connections as ConnectionsPolicy
    from fleettui.store.service_files import ServiceFiles
    from fleettui.workspace.outbox import Outbox
    from fleettui.workspace.session import Session

State = Literal["ok", "down", "starting", "off"]
SERVICE = "service"
MAIL_OUT, MAIL_IN, SLACK_OUT, SLACK_IN = "mail out", "mail in", "slack out", "slack in"
GITHUB_OUT, GITHUB_IN = "github out", "github in"
WAYS = {MAIL_OUT: "mail", SLACK_OUT: "slack", GITHUB_OUT: "github"}
HOOKS = "hooks"
"""No connection, but the service runs them, too."""
ROLL_CALL = 20
"""Looks between two that also see whether the service lives: one that was killed writes nothing."""
NOT_RUNNING = "it does not run: `fleettui connect` starts it"


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """One connection. `waiting` and `failed` are of what goes out."""

    name: str
    state: State
    since: datetime | None = None
    """When it came into this state."""
    last_ok: datetime | None = None
    why: str = ""
    waiting: int = 0
    failed: int = 0


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """status.json."""

    pid: int
    login: str
    started: datetime
    connections: tuple[Connection, ...] = ()


class ConnectionStates:
    """For people: reads only."""

    def __init__(self, session: Session, service: ServiceFiles, outbox: Callable[[], Outbox]) -> None:
        self._session, self._service, self._outbox = session, service, outbox
        self._stamp: object = None
        self._looks = 0
        self._rows: tuple[Connection, ...] = ()

    def all(self) -> list[Connection]:
        """The service first, then each connection; nothing where none is set up."""
        self._read()
        return self.as_seen()

    def as_seen(self) -> list[Connection]:
        """The same as of the last look: for screens, which read no file when they are drawn."""
        return [self._counted(row) for row in self._rows]

    def down(self) -> list[Connection]:
        """What does not work."""
        self._read()
        return [row for row in self._rows if row.state == "down"]

    def look(self) -> bool:
        """Whether something stands in another way than at the last look. Nearly always one look at one file: several times a
        second."""
        policy = self._session.policy.handbook.connections
        stamp = (policy, self._service.stamp())
        self._looks += 1
        if stamp == self._stamp and self._looks % ROLL_CALL:
            return False
        self._stamp, before = stamp, [(row.name, row.state, row.why) for row in self._rows]
        self._read()
        return before != [(row.name, row.state, row.why) for row in self._rows]

    @property
    def troubles(self) -> tuple[str, ...]:
        """What does not work, in words, as of the last look."""
        return tuple(f"{row.name} is down: {row.why}" for row in self._rows if row.state == "down")

    def _read(self) -> None:
        wanted = set_up(self._session.policy.handbook.connections)
        status = self._status() if wanted else None
        if not wanted:
            self._rows = ()
        elif status is None or not self.is_running():
            known = {row.name: row.last_ok for row in status.connections} if status else {}
            service = Connection(name=SERVICE, state="down", why=NOT_RUNNING)
            rows = (Connection(name=name, state="off", last_ok=known.get(name)) for name in wanted)
            self._rows = (service, *rows)
        else:
            now = self._session.now()
            service = Connection(name=SERVICE, state="ok", since=status.started, last_ok=now)
            written = {row.name: row for row in status.connections}
            self._rows = (
                service,
                *(written.get(name) or Connection(name=name, state="starting") for name in wanted),
                *(row for row in status.connections if row.name == HOOKS),
            )

    def is_running(self) -> bool:
        return self._service.is_running()

    def _status(self) -> Status | None:
        content = self._service.status()
        with contextlib.suppress(*UNREADABLE):
            return msgspec.json.decode(content, type=Status) if content is not None else None
        return None

    def _counted(self, row: Connection) -> Connection:
        way = WAYS.get(row.name)
        if way is None:
            return row
        states = [order.delivery.state for order in self._outbox().all() if order.delivery.way == way]
        waiting = sum(state in ("queued", "sending") for state in states)
        return replace(row, waiting=waiting, failed=sum(state in TO_DO for state in states))


def set_up(policy: ConnectionsPolicy) -> list[str]:
    """The names of the connections that the policy asks for."""
    wanted = {
        MAIL_OUT: policy.mail.can_send,
        MAIL_IN: bool(policy.mail.imap.host),
        SLACK_OUT: policy.can_send("slack"),
        SLACK_IN: policy.slack.events == "take",
        GITHUB_OUT: policy.github.opens_issues,
        GITHUB_IN: policy.github.is_used,
        **dict.fromkeys(named(policy.calendars), True),
    }
    return [name for name, is_wanted in wanted.items() if is_wanted]
