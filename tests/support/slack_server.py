"""A Slack of our own for tests: the Web API over HTTP on loopback, as documented, with the faults that a test asks for.

`slack_sdk` talks to it by its `base_url`. What people write, and what the app posts, also goes out by Socket Mode
(`slack_sockets.py`). It knows one app with its bot, and is asked with that bot's token.
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from urllib.parse import parse_qsl

from tests.support.slack_methods import (
    APP_ID,
    APP_TOKEN,
    BOT_ID,
    BOT_TOKEN,
    BOT_USER,
    METHODS,
    TEAM_ID,
    Answer,
)
from tests.support.slack_sockets import SlackSockets

SCOPES = (
    "channels:history", "channels:read", "chat:write", "chat:write.customize", "commands", "groups:history",
    "groups:read", "metadata.message:read", "users:read", "users:read.email",
)  # fmt: skip
Kind = Literal["error", "status", "cut", "done then cut", "done then hang", "hang", "redirect", "garbage"]


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request. "done then …": the request is carried out first."""

    kind: Kind
    what: str = ""
    """The error, the HTTP status, or where a redirect leads."""
    after: int = 0
    """Retry-After, in seconds."""
    hang: float = 30


def rate_limited(after: int) -> Fault:
    return Fault("status", "429", after)


@dataclass
class Channel:
    """A channel, with what was written in it."""

    id: str
    name: str
    joined: bool = True
    archived: bool = False
    private: bool = False
    messages: list[dict[str, Any]] = field(default_factory=list)

    def shown(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "is_channel": not self.private,
            "is_member": self.joined,
            "is_archived": self.archived,
            "is_private": self.private,
        }


class SlackServer:
    """Slack, with its people and channels. Used as `with SlackServer() as slack:`."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.scopes: tuple[str, ...] = SCOPES
        self.channels: dict[str, Channel] = {}
        self.people: dict[str, dict[str, Any]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.ephemeral: list[dict[str, Any]] = []
        self.faults: dict[str, deque[Fault]] = {}
        self.plan: Callable[[str], Fault | None] = lambda _method: None
        """For long runs: asked for each request that `faults` has nothing for."""
        self.now: Callable[[], float] = time.time
        self.page = 1000
        self.lock = threading.RLock()
        self._last_stamp = 0
        self._stopping = threading.Event()
        self.sockets = SlackSockets()
        self._http = _Http(("127.0.0.1", 0), _Requests)
        self._http.slack = self
        self._is_encrypted = tls is not None
        if tls:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True)

    def __enter__(self) -> Self:
        self.sockets.start()
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self.sockets.stop()
        self._http.shutdown()
        self._http.server_close()

    @property
    def url(self) -> str:
        host = "https://localhost" if self._is_encrypted else "http://127.0.0.1"
        return f"{host}:{self._http.server_address[1]}/api/"

    # -- what tests arrange

    def channel(self, id_: str, name: str = "", **how: Any) -> Channel:
        made = self.channels[id_] = Channel(id_, name or id_.lower(), **how)
        return made

    def person(self, id_: str, name: str, email: str = "") -> None:
        self.people[id_] = {
            "id": id_,
            "name": name.split()[0].lower(),
            "real_name": name,
            "is_bot": False,
            "profile": {"real_name": name, "display_name": "", "email": email},
        }

    def fail(self, method: str, *faults: Fault) -> None:
        """The next requests of this method go wrong so, in this order."""
        self.faults.setdefault(method, deque()).extend(faults)

    def writes(self, channel: str, user: str, text: str, thread: str = "", *, unseen: bool = False) -> str:
        """Somebody writes. `unseen`: no event tells of it. The stamp of the message."""
        with self.lock:
            message = {"type": "message", "user": user, "text": text, "ts": self.stamp(), "team": TEAM_ID}
            return self._put(self.channels[channel], message, thread, unseen=unseen)

    def edits(self, channel: str, stamp: str, text: str, *, unseen: bool = False) -> None:
        with self.lock:
            message = self.message(channel, stamp)
            before = dict(message)
            message |= {"text": text, "edited": {"user": message.get("user", ""), "ts": self.stamp()}}
            event = {"type": "message", "subtype": "message_changed", "hidden": True, "channel": channel}
            event |= {"message": dict(message), "previous_message": before}
            if not unseen:
                self.sockets.event(self._event(event | {"ts": message["edited"]["ts"]}))

    def deletes(self, channel: str, stamp: str) -> None:
        with self.lock:
            message = self.message(channel, stamp)
            self.channels[channel].messages.remove(message)
            event = {"type": "message", "subtype": "message_deleted", "hidden": True, "channel": channel}
            event |= {"deleted_ts": stamp, "previous_message": message, "ts": self.stamp()}
            self.sockets.event(self._event(event))

    def shortcut(self, channel: str, stamp: str, by: str, callback: str = "make_ticket") -> None:
        """Somebody chooses our message shortcut."""
        self.sockets.interaction(
            {
                "type": "message_action",
                "callback_id": callback,
                "trigger_id": "13345224609.738474920.8088930838d88f008e0",
                "message_ts": stamp,
                "team": {"id": TEAM_ID, "domain": "acme-shared"},
                "user": {"id": by, "name": "somebody"},
                "channel": {"id": channel, "name": self.channels[channel].name},
                "message": dict(self.message(channel, stamp)),
            }
        )

    # -- what tests look at

    def message(self, channel: str, stamp: str) -> dict[str, Any]:
        return next(message for message in self.channels[channel].messages if message["ts"] == stamp)

    def posted(self, channel: str) -> list[dict[str, Any]]:
        """What the app has posted there."""
        return [message for message in self.channels[channel].messages if message.get("bot_id") == BOT_ID]

    def times(self, method: str) -> int:
        return sum(called == method for called, _ in self.calls)

    # -- inside

    def stamp(self) -> str:
        """Unique, and later than every one before."""
        with self.lock:
            self._last_stamp = max(self._last_stamp + 1, int(self.now() * 1_000_000))
            seconds, rest = divmod(self._last_stamp, 1_000_000)
            return f"{seconds}.{rest:06d}"

    def _put(self, channel: Channel, message: dict[str, Any], thread: str, *, unseen: bool = False) -> str:
        if thread and thread != message["ts"]:
            message["thread_ts"] = thread
            parent = next((other for other in channel.messages if other["ts"] == thread), None)
            if parent is not None:
                parent["thread_ts"] = thread
                parent["reply_count"] = parent.get("reply_count", 0) + 1
                parent["latest_reply"] = message["ts"]
        channel.messages.append(message)
        if not unseen:
            kind = "group" if channel.private else "channel"
            event = {name: value for name, value in message.items() if name != "metadata"}
            event |= {"channel": channel.id, "event_ts": message["ts"], "channel_type": kind}
            self.sockets.event(self._event(event))
        stamp: str = message["ts"]
        return stamp

    def _event(self, event: dict[str, Any]) -> dict[str, Any]:
        return {
            "token": "verification",
            "team_id": TEAM_ID,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{event['ts'].replace('.', '')}",
            "event_time": int(float(event["ts"])),
            "authorizations": [{"team_id": TEAM_ID, "user_id": BOT_USER, "is_bot": True}],
        }

    def fault_of(self, method: str) -> Fault | None:
        waiting = self.faults.get(method)
        return waiting.popleft() if waiting else self.plan(method)

    def wait(self, seconds: float) -> None:
        self._stopping.wait(seconds)

    def call(self, method: str, token: str, values: dict[str, Any]) -> Answer:
        """Carries out a request, as if nothing were ever wrong with the line."""
        with self.lock:
            self.calls.append((method, values))
            if method not in METHODS:
                return {"ok": False, "error": "unknown_method"}
            wanted = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
            if token != wanted:
                return {"ok": False, "error": "invalid_auth" if token else "not_authed"}
            return METHODS[method](self, values)

    def post(self, channel: Channel, message: dict[str, Any], thread: str) -> str:
        """A post of the app."""
        return self._put(channel, message, thread)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    slack: SlackServer

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is part of the tests."""


class _Requests(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http

    def do_POST(self) -> None:
        slack = self.server.slack
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        values = _values(self.headers.get("Content-Type", ""), body)
        method = self.path.partition("?")[0].rpartition("/")[2]
        token = self.headers.get("Authorization", "").removeprefix("Bearer ") or values.pop("token", "")
        fault = slack.fault_of(method)
        if fault is None:
            return self._answer(200, slack.call(method, token, values))
        return self._go_wrong(fault, lambda: slack.call(method, token, values))

    def _go_wrong(self, fault: Fault, carry_out: Callable[[], Answer]) -> None:
        if fault.kind.startswith("done"):
            carry_out()
        if fault.kind in ("cut", "done then cut"):
            return self._cut()
        if fault.kind in ("hang", "done then hang"):
            self.server.slack.wait(fault.hang)
            return self._cut()
        if fault.kind == "error":
            return self._answer(200, {"ok": False, "error": fault.what})
        if fault.kind == "garbage":
            return self._answer(200, b"<html>one moment, please</html>")
        if fault.kind == "redirect":
            return self._answer(307, {}, {"Location": fault.what})
        if fault.what == "429":
            return self._answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(fault.after)})
        return self._answer(int(fault.what), b"<html>upstream connect error</html>")

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _answer(self, status: int, content: Answer | bytes, headers: dict[str, str] | None = None) -> None:
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if isinstance(content, bytes) else "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.send_header("X-OAuth-Scopes", ",".join(self.server.slack.scopes))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Nothing on stderr."""


def _values(type_: str, body: bytes) -> dict[str, Any]:
    if type_.startswith("application/json"):
        values: dict[str, Any] = json.loads(body or b"{}")
        return values
    if type_.startswith("multipart/form-data"):
        whole = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {type_}\r\n\r\n".encode() + body)
        return {
            str(part.get_param("name", header="content-disposition")): part.get_payload()
            for part in whole.walk()
            if not part.is_multipart()
        }
    return dict(parse_qsl(body.decode(), keep_blank_values=True))
