"""Whether a link works for somebody without our login: one real request, with a time-out (CALL-5, CALL-6).

Only http and https, also after a redirect; never with credentials, cookies or a proxy; never to this machine or a private
network, unless the team has named it, and then only by the link itself and not by a redirect from outside.
At most `MOST_READ` bytes are read. It takes seconds: call it in a thread, not in the event loop.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Literal
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import msgspec

from fleettui.network.destinations import NotPublicError, connect
from fleettui.text import cleaning

TIMEOUT = 8.0
"""Seconds for everything: name lookup, connection, every redirect, the page."""
MOST_REDIRECTS = 5
MOST_READ = 300_000
LONGEST_URL = 4000
REDIRECTS = (301, 302, 303, 307, 308)
AGENT = "Mozilla/5.0 (compatible; fleettui link check)"

Kind = Literal[
    "works", "login", "gone", "failed", "refused", "timeout", "tls", "unknown host", "not a link", "loop"
]

LOGIN_HOSTS = (
    "accounts.google.com",
    "login.microsoftonline.com",
    "login.live.com",
    "login.okta.com",
    "auth0.com",
)
LOGIN_PATHS = (
    "/login",
    "/signin",
    "/sign-in",
    "/sign_in",
    "/sso",
    "/servicelogin",
    "/accounts/login",
    "/auth/login",
)
NOTHING_THERE = ("404", "not-found", "notfound", "not_found", "error", "expired", "unavailable")
"""How pages begin to be called to which a server sends whoever asks for what it does not have."""
INSIDE = "it leads to this machine or a private network; not tried (calls.json, `links`, names exceptions)"
LED_INSIDE = "it leads from outside into a private network; not followed"
PASSWORD_FIELDS = (b'type="password"', b"type='password'", b"type=password")


class Answer(msgspec.Struct, frozen=True):
    """What came of trying a link."""

    url: str
    kind: Kind
    what: str
    """In words."""
    status: int | None = None
    final: str = ""
    milliseconds: int = 0

    @property
    def works(self) -> bool:
        return self.kind == "works"

    @property
    def is_certain(self) -> bool:
        """A server answered that there is nothing to open: it is not for want of a login, or of a way to it."""
        return self.kind in ("gone", "failed") and self.status is not None

    @property
    def text(self) -> str:
        """One line, as evidence for the step of a call."""
        where = f", at {self.final}" if self.final and self.final != self.url else ""
        return cleaning.line(f"{self.what}{where} ({self.milliseconds} ms)", 400)


class _StoppedError(Exception):
    """The check ended before there was an answer; why."""

    def __init__(self, kind: Kind, what: str) -> None:
        super().__init__(what)
        self.kind, self.what = kind, what


def check(
    url: str,
    *,
    private: Sequence[str] = (),
    timeout: float = TIMEOUT,
    trust: ssl.SSLContext | None = None,
) -> Answer:
    """Try one link. `private`: the hosts and networks behind the firewall that may be asked; `trust`: other certificate
    authorities than the system's."""
    began = time.monotonic()
    attempt = _Attempt(url, began + timeout, private, trust)
    thread = threading.Thread(target=attempt.run, name="fleettui-link", daemon=True)
    thread.start()
    # A name lookup has no time-out of its own: if it hangs, the thread is left behind.
    thread.join(timeout + 0.2)
    answer = attempt.answer
    if answer is None:
        attempt.close()
        answer = Answer(url, "timeout", f"no answer within {timeout:g} seconds")
    return msgspec.structs.replace(answer, milliseconds=round((time.monotonic() - began) * 1000))


class _Attempt:
    """One check with its redirects, run in a thread."""

    def __init__(
        self, url: str, deadline: float, private: Sequence[str], trust: ssl.SSLContext | None
    ) -> None:
        self.url, self.deadline, self.private, self.trust = url, deadline, private, trust
        self.answer: Answer | None = None
        self.at = url
        self._from_outside = False
        self._connection: HTTPConnection | None = None

    def run(self) -> None:
        try:
            self.answer = self._follow()
        except _StoppedError as stop:
            self.answer = Answer(self.url, stop.kind, stop.what, final=self.at)
        except Exception as error:
            kind, what = _in_words(error)
            self.answer = Answer(self.url, kind, what, final=self.at)
        finally:
            self.close()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    @property
    def left(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise _StoppedError("timeout", "no answer in time")
        return left

    def _follow(self) -> Answer:
        for _ in range(MOST_REDIRECTS + 1):
            response = self._ask(_parts(self.at))
            target = response.getheader("Location")
            if response.status not in REDIRECTS or not target:
                return self._judge(response)
            self.at = urljoin(self.at, target.strip())
            self.close()
        raise _StoppedError("loop", f"it redirects more than {MOST_REDIRECTS} times")

    def _ask(self, parts: SplitResult) -> HTTPResponse:
        host = parts.hostname or ""
        secure = parts.scheme == "https"
        self._connection = connection = (HTTPSConnection if secure else HTTPConnection)(host, parts.port)
        connection.sock = self._socket(host, connection.port, secure)
        connection.request(
            "GET", _target(parts), headers={"User-Agent": AGENT, "Accept": "*/*", "Connection": "close"}
        )
        self._limit()
        return connection.getresponse()

    def _socket(self, host: str, port: int, secure: bool) -> socket.socket:
        private = () if self._from_outside else self.private
        try:
            plain, public = connect(host, port, private, lambda: self.left)
        except NotPublicError:
            what = LED_INSIDE if self._from_outside else INSIDE
            raise _StoppedError("refused", what) from None
        self._from_outside = self._from_outside or public
        if not secure:
            return plain
        trust = self.trust or ssl.create_default_context()
        try:
            return trust.wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise

    def _limit(self) -> None:
        if self._connection is not None and self._connection.sock is not None:
            self._connection.sock.settimeout(self.left)

    def _judge(self, response: HTTPResponse) -> Answer:
        status = response.status
        kind, what = _by_status(status)
        if kind == "works" and (_looks_like_login(self.at) or self._asks_password(response)):
            kind, what = "login", f"asks for a login ({status})"
        elif kind == "works" and _leads_away(self.url, self.at):
            kind, what = "gone", "leads to another page, and not to what it names"
        return Answer(self.url, kind, what, status, self.at)

    def _asks_password(self, response: HTTPResponse) -> bool:
        if "html" not in (response.getheader("Content-Type") or "").lower():
            return False
        read = bytearray()
        while len(read) < MOST_READ:
            self._limit()
            chunk = response.read1(65536)
            if not chunk:
                break
            read += chunk
        page = bytes(read).lower()
        return any(field in page for field in PASSWORD_FIELDS)


def _parts(url: str) -> SplitResult:
    if not url.isprintable():
        raise _StoppedError("not a link", "it has control characters in it; not tried")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise _StoppedError("not a link", "it cannot be read as a link") from None
    if parts.scheme not in ("http", "https"):
        raise _StoppedError(
            "not a link", f"{cleaning.line(parts.scheme, 20) or 'no'}: is not http or https; not tried"
        )
    if not parts.hostname or len(url) > LONGEST_URL:
        raise _StoppedError(
            "not a link", "it names no host" if not parts.hostname else "it is too long to be meant"
        )
    if "@" in parts.netloc:
        raise _StoppedError("not a link", "it carries a name or password; not tried")
    return parts


def _target(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    return path + (f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?[]')}" if parts.query else "")


def _by_status(status: int) -> tuple[Kind, str]:
    if 200 <= status < 300:
        return "works", f"works ({status})"
    if status in (401, 403, 407):
        return "login", f"asks for a login or permission ({status})"
    if status in (404, 410):
        return "gone", f"not found ({status})"
    return "failed", f"the server says it failed ({status})"


def _looks_like_login(url: str) -> bool:
    parts = urlsplit(url)
    host, path = (parts.hostname or "").lower(), parts.path.lower().rstrip("/")
    if any(host == known or host.endswith("." + known) for known in LOGIN_HOSTS):
        return True
    return any(path.endswith(known) or f"{known}/" in path for known in LOGIN_PATHS)


def _leads_away(asked: str, final: str) -> bool:
    """Whether it was redirected to a front page, or to one that says that there is no such thing: what the link names
    is not to be had there, with or without a login."""
    before, after = urlsplit(asked), urlsplit(final)
    if asked == final or before.path.strip("/") == after.path.strip("/"):
        return False
    parts = after.path.lower().strip("/").split("/")
    return parts == [""] or any(part.startswith(NOTHING_THERE) for part in parts)


_ERRORS: tuple[tuple[type[Exception], Kind, Callable[[Exception], str]], ...] = (
    (
        ssl.SSLCertVerificationError,
        "tls",
        lambda error: f"its certificate is not good: {_verification(error)}",
    ),
    (ssl.SSLError, "tls", lambda error: f"no secure connection: {_reason(error)}"),
    (TimeoutError, "timeout", lambda error: "no answer in time"),
    (ConnectionRefusedError, "refused", lambda error: "the connection is refused"),
    (socket.gaierror, "unknown host", lambda error: "there is no such host"),
    (UnicodeError, "unknown host", lambda error: "there can be no such host"),
    (ConnectionError, "failed", lambda error: "the connection broke off"),
    (HTTPException, "failed", lambda error: "what answers does not speak HTTP"),
    (OSError, "failed", lambda error: f"no connection: {error.strerror or error}"),  # type: ignore[attr-defined]
)


def _in_words(error: Exception) -> tuple[Kind, str]:
    for type_, kind, words in _ERRORS:
        if isinstance(error, type_):
            return kind, cleaning.line(words(error), 200)
    return "failed", cleaning.line(f"it could not be tried: {error}", 200)


def _verification(error: Exception) -> str:
    return str(getattr(error, "verify_message", "") or error)


def _reason(error: Exception) -> str:
    return str(getattr(error, "reason", "") or "TLS failed").replace("_", " ").lower()
