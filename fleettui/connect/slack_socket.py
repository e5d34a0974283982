"""One connection of Socket Mode: envelopes come over it, and each is acknowledged by the connection that it came by.

The WebSocket is that of the package websockets: the one in slack_sdk takes the end of a connection for silence, and loses its
place when a message comes in pieces.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from fleettui.connect.slack_web import LOCAL, NotReached, SlackWeb, in_words, silent

OPENS_WITHIN = 15
PING_EVERY, PONG_WITHIN = 20, 20
MOST_BYTES = 16_000_000
Envelope = dict[str, Any]
Take = Callable[[Envelope], bool]
"""Whether it is to be acknowledged."""


class Socket:
    """Reads in a thread of its own until the connection ends, or until it is closed."""

    def __init__(self, app: SlackWeb, take: Take) -> None:
        """Raises `NotReached`, or what the Web API raises. Slack has greeted when this returns."""
        self._take = take
        self.parting = ""
        """Why Slack is going to end it, in its own word; until then it goes on."""
        with contextlib.ExitStack() as stack:
            self._line = _opened(app, stack)
            self._end = stack.pop_all()
        self._thread = threading.Thread(target=self._read, name="slack socket", daemon=True)
        self._thread.start()

    @property
    def is_open(self) -> bool:
        return self._thread.is_alive()

    def close(self) -> None:
        with contextlib.suppress(WebSocketException, OSError):
            self._end.close()
        self._thread.join(1)

    def _read(self) -> None:
        with contextlib.suppress(WebSocketException, OSError):
            for text in self._line:
                self._on_message(_object(text))

    def _on_message(self, message: Envelope) -> None:
        if message.get("type") == "disconnect":
            self.parting = str(message.get("reason") or "disconnect")
        envelope_id = message.get("envelope_id")
        if isinstance(envelope_id, str) and self._take(message):
            # What cannot be acknowledged any more comes again, and is known then; what came with it is read all the same.
            with contextlib.suppress(WebSocketException, OSError):
                self._line.send(json.dumps({"envelope_id": envelope_id}))


def _opened(app: SlackWeb, stack: contextlib.ExitStack) -> ClientConnection:
    url = str(app.apps_connections_open(app_token=app.token or "")["url"])
    to = urlsplit(url)
    is_local = to.scheme == "ws" and to.hostname in LOCAL
    if not is_local and to.scheme != "wss":
        raise NotReached("Slack named an address for Socket Mode that is not encrypted")
    try:
        opening = connect(
            url,
            ssl=None if is_local else app.ssl,
            proxy=None if is_local else True,
            open_timeout=OPENS_WITHIN,
            close_timeout=0.5,
            ping_interval=PING_EVERY,
            ping_timeout=PONG_WITHIN,
            max_size=MOST_BYTES,
            compression=None,
            logger=silent(),
        )
        line = stack.enter_context(opening)
        greeting = _object(line.recv(timeout=OPENS_WITHIN))
    except (WebSocketException, OSError) as error:
        raise NotReached(f"Socket Mode did not open: {_why(error)}") from None
    if greeting.get("type") != "hello":
        raise NotReached("Socket Mode did not open: Slack sent no greeting")
    return line


def _why(error: Exception) -> str:
    """Without the address: it is as good as a password for a while."""
    return in_words(error) if isinstance(error, OSError) else type(error).__name__


def _object(text: str | bytes) -> Envelope:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
