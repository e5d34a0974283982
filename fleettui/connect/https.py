"""One HTTPS request with limits: verified TLS, so many bytes, so many seconds in all, and no redirect that is not looked at.

Nothing is trusted of the other side: a body without end stops at its limit, one that trickles in at the deadline, and what is
compressed is refused, because a small body could become a huge one. No proxy, no cookies, no credentials of the environment.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

import httpx

from fleettui.network.destinations import is_named, is_public
from fleettui.text import cleaning

PATIENCE = 20.0
"""Seconds for each step: connecting, a piece of the answer."""
DEADLINE = 60.0
"""Seconds for all of it."""
MEGABYTE = 1_000_000
MOST_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
AGENT = "fleettui"
INSIDE = "leads to this machine or a private network (calls.json, `links`, names exceptions)"


class NoReply(Exception):
    """There is no usable answer. `reached`: the other side may have acted on the request."""

    def __init__(self, why: str, *, reached: bool = False) -> None:
        super().__init__(why)
        self.why, self.reached = why, reached


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    """Names in small letters."""
    body: bytes
    url: str


@dataclass(frozen=True)
class Limits:
    most_bytes: int = 10 * MEGABYTE
    deadline: float = DEADLINE
    patience: float = PATIENCE


@dataclass(frozen=True)
class Request:
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    auth: tuple[str, str] | None = None


FollowRedirect = Callable[[str, str], bool]
"""Whether to go from the first address to the second."""


class Https:
    """Used by one thread; `interrupt` by any."""

    def __init__(
        self, ca: str = "", limits: Limits | None = None, private: Callable[[], Sequence[str]] | None = None
    ) -> None:
        """`ca`: certificates of a private authority, instead of the system's. `private`: the hosts and networks behind the
        firewall that may be asked; without it any address may."""
        self._ca, self._limits, self._private = ca, limits or Limits(), private
        self._client: httpx.Client | None = None
        self._socket: socket.socket | None = None
        self._is_interrupted = False

    def ask(self, request: Request, follows: FollowRedirect) -> Reply:
        """Raises `NoReply`. A redirect that is not followed is an answer like any other."""
        deadline = time.monotonic() + self._limits.deadline
        for _ in range(MOST_REDIRECTS + 1):
            reply = self._asked(request, deadline)
            target = reply.headers.get("location", "")
            if reply.status not in REDIRECTS or not target:
                return reply
            url = urljoin(request.url, target.strip())
            if not follows(request.url, url):
                return reply
            if reply.status == 303:
                request = Request("GET", url, request.headers)
            else:
                request = Request(request.method, url, request.headers, request.body, request.auth)
        raise NoReply(f"redirects more than {MOST_REDIRECTS} times")

    def interrupt(self) -> None:
        """Ends a wait for the network."""
        self._is_interrupted = True
        self._shut()

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    # -- one request

    def _asked(self, request: Request, deadline: float) -> Reply:
        parts = _checked(request.url)
        if self._is_interrupted:
            raise NoReply("was stopped")
        timer = threading.Timer(max(deadline - time.monotonic(), 0.001), self._shut)
        timer.daemon = True
        sent = _Progress()
        timer.start()
        try:
            return self._read(request, parts, deadline, sent)
        except (httpx.HTTPError, OSError, httpx.InvalidURL) as error:
            if time.monotonic() >= deadline:
                raise NoReply("no answer in time", reached=sent.began) from None
            raise NoReply(_in_words(error), reached=sent.began) from None
        finally:
            timer.cancel()
            self._socket = None

    def _read(self, request: Request, parts: SplitResult, deadline: float, sent: _Progress) -> Reply:
        if self._private is None:
            return self._send(request, request.url, {}, {"trace": self._trace(sent)}, deadline)
        # To the very address that was judged: a name cannot come to mean another one meanwhile.
        host, headers = parts.hostname or "", {"Host": parts.netloc}
        *others, last = self._judged(host, parts.port or 443, self._private())
        extensions = {"trace": self._trace(sent), "sni_hostname": host}
        for address in others:
            try:
                return self._send(request, _at(address, parts), headers, extensions, deadline)
            except httpx.TransportError:
                if sent.began:
                    raise
        return self._send(request, _at(last, parts), headers, extensions, deadline)

    def _send(
        self,
        request: Request,
        url: str,
        more: Mapping[str, str],
        extensions: Mapping[str, Any],
        deadline: float,
    ) -> Reply:
        headers = {"User-Agent": AGENT, "Accept-Encoding": "identity", **request.headers, **more}
        built = self._http().build_request(
            request.method, url, headers=headers, content=request.body or None, extensions=dict(extensions)
        )
        auth = httpx.BasicAuth(*request.auth) if request.auth else None
        response = self._http().send(built, stream=True, auth=auth)
        try:
            return self._limited(response, request.url, deadline)
        finally:
            response.close()

    def _limited(self, response: httpx.Response, url: str, deadline: float) -> Reply:
        if response.headers.get("content-encoding", "identity").casefold() not in ("identity", ""):
            raise NoReply("answers compressed though it was asked not to", reached=True)
        most, body = self._limits.most_bytes, bytearray()
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > most:
                raise NoReply(f"answers with more than {most // MEGABYTE} MB", reached=True)
            if time.monotonic() >= deadline:
                break
        # Also where the connection was shut: without a length, that looks like the end of the answer.
        if time.monotonic() >= deadline or self._is_interrupted:
            raise NoReply("no end of the answer in time", reached=True)
        headers = {name.casefold(): value for name, value in response.headers.items()}
        return Reply(response.status_code, headers, bytes(body), url)

    def _http(self) -> httpx.Client:
        if self._client is None:
            # Not kept open between hosts where addresses are judged: two names may share an address.
            kept = httpx.Limits(max_keepalive_connections=0 if self._private is not None else 1)
            self._client = httpx.Client(
                verify=self._context(),
                timeout=self._limits.patience,
                limits=kept,
                trust_env=False,
                follow_redirects=False,
            )
        return self._client

    def _context(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self._ca or None)
        except OSError as error:
            raise NoReply(
                f"the file {self._ca} with certificates cannot be read ({_reason(error)})"
            ) from None

    def _judged(self, host: str, port: int, private: Sequence[str]) -> list[str]:
        resolved = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = dict.fromkeys(str(row[4][0]) for row in resolved)
        allowed = [each for each in addresses if is_public(each) or is_named(host, each, private)]
        if not allowed:
            raise NoReply(f"{host} {INSIDE}")
        return allowed

    def _trace(self, sent: _Progress) -> Callable[[str, Mapping[str, Any]], None]:
        def note(event: str, info: Mapping[str, Any]) -> None:
            if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
                self._socket = info["return_value"].get_extra_info("socket")
            elif event.endswith("send_request_headers.started"):
                sent.began = True

        return note

    def _shut(self) -> None:
        sock = self._socket
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


@dataclass
class _Progress:
    began: bool = False
    """Something of the request may be there."""


def _at(address: str, parts: SplitResult) -> str:
    netloc = f"[{address}]" if ":" in address else address
    return urlunsplit((parts.scheme, f"{netloc}:{parts.port or 443}", *parts[2:]))


def same_origin(before: str, after: str) -> bool:
    """For requests with a secret: never to another host."""
    first, second = urlsplit(before), urlsplit(after)
    return _origin(first) == _origin(second)


def only_https(before: str, after: str) -> bool:
    return urlsplit(after).scheme == "https"


def _origin(parts: SplitResult) -> tuple[str, str, int]:
    return parts.scheme, (parts.hostname or "").casefold(), parts.port or 443


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise NoReply("is not an address") from None
    if parts.scheme != "https" or not parts.hostname or not url.isprintable():
        raise NoReply("is not an address that begins with https://")
    if "@" in parts.netloc:
        raise NoReply("holds a name or a password in its address; it is not asked")
    return parts


def _in_words(error: Exception) -> str:
    for cause in (error, error.__cause__, error.__context__):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not good: {cause.verify_message}"
    words = {
        httpx.ConnectTimeout: "no connection in time",
        httpx.TimeoutException: "no answer in time",
        httpx.RemoteProtocolError: "the connection ended before the answer did",
        httpx.ReadError: "the connection ended before the answer did",
    }
    text = next((text for kind, text in words.items() if isinstance(error, kind)), "")
    return text or cleaning.line(f"no connection: {_reason(error)}", 200)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
