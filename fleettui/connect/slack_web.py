"""Slack's Web API by slack_sdk, with a way to Slack of our own: one try, no redirect, and it is known how far a try came.

slack_sdk's own transport sends a request a second time when the line breaks, which posts an answer twice, and it follows
redirects with the token.
"""

from __future__ import annotations

import http.client
import json as json_of
import logging
import os
import ssl
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from slack_sdk.web import SlackResponse, WebClient

from fleettui.errors import Unusable
from fleettui.text import cleaning

SLACK = "https://slack.com/api/"
ADDRESS = "FLEETTUI_SLACK_API"
"""Another address than Slack's, like that of GovSlack. Only the service's environment may say so: the tokens go there."""
TIMEOUT = 20
MOST_BYTES = 50_000_000
A_WHILE = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
LOCAL = ("127.0.0.1", "::1", "localhost")
_LIMITED = frozenset(["ratelimited", "rate_limited", "message_limit_exceeded"])
_MAYBE_DONE = frozenset(["internal_error", "fatal_error", "service_unavailable"])
"""Errors of which Slack says that some of it may have been done."""


class SlackError(Exception):
    """A request was not carried out, or nobody knows whether it was."""


class NotReached(SlackError):
    """Nothing was done: the request did not get to Slack, or Slack did not look at it."""


class Unanswered(SlackError):
    """The request went out, and nobody knows what became of it."""


class RateLimited(SlackError):
    """Nothing was done, and nothing will be for so long."""

    def __init__(self, after: timedelta) -> None:
        super().__init__(f"Slack wants fewer requests; the next in {after.total_seconds():.0f} s")
        self.after = after


class Refusal(SlackError):
    """Slack says that it does not do this. `needed`: the scope that is missing."""

    def __init__(self, code: str, needed: str = "") -> None:
        super().__init__(code)
        self.code, self.needed = code, needed


class SlackWeb(WebClient):
    """The methods of Slack for one token. Every error is a `SlackError`, and none of them has the token in it."""

    def __init__(self, token: str, address: str = "", timeout: float = TIMEOUT) -> None:
        super().__init__(token=token, base_url=checked_address(address), retry_handlers=[], logger=silent())
        self._to, self._seconds = urlsplit(self.base_url), timeout
        if self._to.scheme == "https":
            self.ssl = ssl.create_default_context()

    def api_call(
        self,
        api_method: str,
        *,
        http_verb: str = "POST",
        files: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        params: dict[str, Any] | None = None,
        json: dict[str, Any] | None = None,
        headers: dict[str, Any] | None = None,
        auth: dict[str, Any] | None = None,
    ) -> SlackResponse:
        """As slack_sdk's methods call it; what they say of files and of other ways to sign in is not needed here."""
        values = _sent_values(params or data or {})
        token = values.pop("token", "") or self.token or ""
        kind = "application/json; charset=utf-8" if json else "application/x-www-form-urlencoded"
        body = (json_of.dumps(json) if json else urlencode(values)).encode()
        sent_headers = {"Authorization": f"Bearer {token}", "Content-Type": kind, **self.headers}
        status, answer_headers, raw = self._exchange(api_method, body, sent_headers)
        return SlackResponse(
            client=self,
            http_verb="POST",
            api_url=self.base_url + api_method,
            req_args={},
            data=_answer_of(status, answer_headers, raw),
            headers=answer_headers,
            status_code=status,
        )

    def _exchange(
        self, method: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        line = self._line()
        try:
            try:
                line.connect()
            except (OSError, http.client.HTTPException) as error:
                raise NotReached(f"{self._to.hostname} is not reached: {in_words(error)}") from None
            try:
                line.request("POST", self._to.path + method, body, headers)
                answer = line.getresponse()
                raw = answer.read(MOST_BYTES)
            except (OSError, http.client.HTTPException) as error:
                raise Unanswered(f"Slack did not answer: {in_words(error)}") from None
            return answer.status, {name.title(): value for name, value in answer.getheaders()}, raw
        finally:
            line.close()

    def _line(self) -> http.client.HTTPConnection:
        host, port = self._to.hostname or "", self._to.port
        if self._to.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=self._seconds)
        if not self.proxy:
            return http.client.HTTPSConnection(host, port, timeout=self._seconds, context=self.ssl)
        proxy = urlsplit(self.proxy if "://" in self.proxy else f"http://{self.proxy}")
        line = http.client.HTTPSConnection(
            proxy.hostname or "", proxy.port or 80, timeout=self._seconds, context=self.ssl
        )
        line.set_tunnel(host, port or 443)
        return line


def checked_address(address: str = "") -> str:
    """Where the requests go. Unencrypted only to this machine itself, which is where tests have their Slack."""
    address = address or os.environ.get(ADDRESS, "") or SLACK
    to = urlsplit(address)
    if to.scheme == "https" or (to.scheme == "http" and to.hostname in LOCAL):
        return address if address.endswith("/") else f"{address}/"
    raise Unusable(f"{ADDRESS} has to begin with https://, or the tokens could be read on the way.")


def silent() -> logging.Logger:
    """slack_sdk and websockets write addresses into their logs that are as good as a password for a while."""
    logger = logging.Logger("fleettui.slack")
    logger.addHandler(logging.NullHandler())
    logger.setLevel(logging.CRITICAL + 1)
    return logger


def in_words(error: Exception) -> str:
    """What a broken line is called."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({cleaning.line(error.verify_message, 120)})"
    if isinstance(error, TimeoutError):
        return "it took too long"
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return cleaning.line(text, 160) or type(error).__name__


def _sent_values(values: dict[str, Any]) -> dict[str, str]:
    return {
        name: str(int(value)) if isinstance(value, bool) else str(value)
        for name, value in values.items()
        if value is not None
    }


def _answer_of(status: int, headers: dict[str, str], raw: bytes) -> dict[str, Any]:
    """What Slack answered, where it did what was asked."""
    try:
        answer = json_of.loads(raw)
    except ValueError:
        answer = None
    error = answer.get("error", "") if isinstance(answer, dict) else ""
    if status == http.client.TOO_MANY_REQUESTS or error in _LIMITED:
        raise RateLimited(_wait_of(headers.get("Retry-After", "")))
    if status >= http.client.INTERNAL_SERVER_ERROR or error in _MAYBE_DONE:
        raise Unanswered(f"Slack answered {error or status}")
    if status != http.client.OK:
        raise NotReached(f"Slack answered {status}" + _leads_to(headers))
    if not isinstance(answer, dict):
        raise Unanswered("what came back is not an answer of Slack")
    if answer.get("ok") is not True:
        raise Refusal(
            cleaning.line(str(error), 80) or "unknown", cleaning.line(str(answer.get("needed", "")))
        )
    return answer


def _leads_to(headers: dict[str, str]) -> str:
    host = urlsplit(headers.get("Location", "")).hostname
    return f", and leads to {cleaning.line(host, 80)}; it is not followed with the token" if host else ""


def _wait_of(header: str) -> timedelta:
    return (
        min(timedelta(seconds=int(header)), LONGEST_WAIT)
        if header.isascii() and header.isdigit()
        else A_WHILE
    )
