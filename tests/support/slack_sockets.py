"""Socket Mode of the Slack of our tests: envelopes over a WebSocket, again until somebody acknowledges them."""

from __future__ import annotations

import contextlib
import json
import random
import socket
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve


@dataclass
class _Envelope:
    type: str
    payload: dict[str, Any]
    tries: int = 0
    id: str = ""
    by: ServerConnection | None = None
    sent_at: float = 0


@dataclass
class SlackSockets:
    """The sending side. Each event goes to one connection; one that nobody acknowledges in time comes again, a few times."""

    patience: float = 3
    """Seconds before an event that was not acknowledged comes again."""
    most_tries: int = 4
    grace: float = 0.3
    """Between "refresh_requested" and the end of the connection."""
    twice: float = 0
    """How often, of all events, one comes twice."""
    reach: int = 1
    """Each next event is one of so many that wait: above 1 they come out of order."""
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    is_disabled: bool = False
    is_full: bool = False
    """Every new connection is told at once that it has to go."""
    opened: int = 0
    acknowledged: list[str] = field(default_factory=list)
    """The events that were, by their id."""
    lost: list[dict[str, Any]] = field(default_factory=list)
    """Events that were given up: they stand in the history alone."""

    def __post_init__(self) -> None:
        self._waiting: list[_Envelope] = []
        self._under_way: dict[str, _Envelope] = {}
        self._connections: list[ServerConnection] = []
        self._closing: set[ServerConnection] = set()
        self._tickets: set[str] = set()
        self._changed = threading.Condition()
        self._is_stopped = False
        self._server: Server | None = None

    def start(self) -> None:
        self._server = serve(self._serve, "127.0.0.1", 0, ping_interval=1, compression=None)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        threading.Thread(target=self._pump, daemon=True).start()

    def stop(self) -> None:
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()
        self.cut()
        assert self._server
        self._server.shutdown()

    def new_url(self) -> str:
        assert self._server
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        return f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}/link/?ticket={ticket}&app_id=A0FLEET"

    # -- what happens

    def event(self, payload: dict[str, Any]) -> None:
        self._put(_Envelope("events_api", payload))
        if self.chance.random() < self.twice:
            self._put(_Envelope("events_api", payload))

    def interaction(self, payload: dict[str, Any]) -> None:
        self._put(_Envelope("interactive", payload))

    def _put(self, envelope: _Envelope) -> None:
        with self._changed:
            self._waiting.append(envelope)
            self._changed.notify_all()

    @property
    def connections(self) -> int:
        with self._changed:
            return len(self._connections)

    @property
    def unacknowledged(self) -> int:
        with self._changed:
            return len(self._waiting) + len(self._under_way)

    def refresh(self, reason: str = "refresh_requested") -> None:
        """Slack wants a new connection, and ends the old one a little later."""
        with self._changed:
            old = list(self._connections)
            self._closing.update(old)
        for connection in old:
            self._say(connection, {"type": "disconnect", "reason": reason, "debug_info": {"host": "test"}})
        threading.Timer(self.grace, _close_each, [old]).start()

    def cut(self) -> None:
        """The line breaks, without a word."""
        with self._changed:
            old = list(self._connections)
        for connection in old:
            with contextlib.suppress(OSError):
                connection.socket.shutdown(socket.SHUT_RDWR)

    def forget(self) -> None:
        """What was not acknowledged will not come again."""
        with self._changed:
            self.lost.extend(envelope.payload for envelope in (*self._waiting, *self._under_way.values()))
            self._waiting.clear()
            self._under_way.clear()

    # -- inside

    def _serve(self, connection: ServerConnection) -> None:
        request = connection.request
        ticket = parse_qs(urlsplit(request.path).query).get("ticket", [""])[0] if request else ""
        if ticket not in self._tickets:
            return
        self._tickets.discard(ticket)
        hello: dict[str, Any] = {"type": "hello", "num_connections": self.connections + 1}
        hello |= {
            "connection_info": {"app_id": "A0FLEET"},
            "debug_info": {"approximate_connection_time": 18060},
        }
        if not self._say(connection, hello):
            return
        if self.is_full:
            self._say(connection, {"type": "disconnect", "reason": "too_many_websockets"})
        with self._changed:
            self.opened += 1
            self._connections.append(connection)
            self._changed.notify_all()
        try:
            for text in connection:
                self._acknowledge(json.loads(text), connection)
        except ConnectionClosed:
            pass
        finally:
            self._gone(connection)

    def _acknowledge(self, answer: dict[str, Any], connection: ServerConnection) -> None:
        with self._changed:
            envelope = self._under_way.get(answer.get("envelope_id", ""))
            # An acknowledgement counts on the connection that the envelope came by.
            if envelope is not None and envelope.by is connection:
                del self._under_way[envelope.id]
                self.acknowledged.append(envelope.payload.get("event_id", ""))

    def _gone(self, connection: ServerConnection) -> None:
        with self._changed:
            self._connections.remove(connection)
            self._closing.discard(connection)
            for envelope in list(self._under_way.values()):
                if envelope.by is connection:
                    self._again(envelope)
            self._changed.notify_all()

    def _again(self, envelope: _Envelope) -> None:
        del self._under_way[envelope.id]
        if envelope.tries >= self.most_tries:
            self.lost.append(envelope.payload)
        else:
            self._waiting.append(envelope)

    def _pump(self) -> None:
        while True:
            with self._changed:
                if self._is_stopped:
                    return
                late = time.monotonic() - self.patience
                for late_envelope in list(self._under_way.values()):
                    if late_envelope.sent_at < late:
                        self._again(late_envelope)
                open_ = [line for line in self._connections if line not in self._closing]
                if not (self._waiting and open_):
                    self._changed.wait(0.1)
                    continue
                envelope = self._waiting.pop(self.chance.randrange(min(self.reach, len(self._waiting))))
                connection = self.chance.choice(open_)
                envelope.id, envelope.by = str(uuid.uuid4()), connection
                envelope.tries, envelope.sent_at = envelope.tries + 1, time.monotonic()
                self._under_way[envelope.id] = envelope
            self._say(connection, _shown(envelope))

    def _say(self, connection: ServerConnection, message: dict[str, Any]) -> bool:
        try:
            connection.send(json.dumps(message))
        except (ConnectionClosed, OSError):
            return False
        return True


def _close_each(connections: list[ServerConnection]) -> None:
    for connection in connections:
        connection.close()


def _shown(envelope: _Envelope) -> dict[str, Any]:
    shown: dict[str, Any] = {"envelope_id": envelope.id, "type": envelope.type, "payload": envelope.payload}
    if envelope.type == "events_api":
        reason = "timeout" if envelope.tries > 1 else ""
        shown |= {"retry_attempt": envelope.tries - 1, "retry_reason": reason}
    return shown | {"accepts_response_payload": envelope.type == "interactive"}
