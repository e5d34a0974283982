"""The events of a calendar on a CalDAV server, as one calendar file. The library speaks through our own limited HTTPS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from caldav.davclient import DAVClient
from caldav.lib.error import DAVError

from fleettui.connect.https import Https, NoReply, Request, same_origin
from fleettui.connect.senders import Down

EMPTY = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"


@dataclass
class _Response:
    """As the library wants an answer."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes
    reason: str = ""

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")


class _Session:
    """Every request goes over the limited HTTPS, with the password, to the one host alone."""

    def __init__(self, https: Https, auth: tuple[str, str]) -> None:
        self._https, self._auth = https, auth

    def request(
        self, method: str, url: str, data: Any = b"", headers: Mapping[str, str] | None = None, **_: Any
    ) -> _Response:
        body = data.encode() if isinstance(data, str) else bytes(data or b"")
        given = {
            name: str(value) for name, value in (headers or {}).items() if name.lower() != "accept-encoding"
        }
        reply = self._https.ask(Request(method, url, given, body, self._auth), same_origin)
        return _Response(reply.status, reply.headers, reply.body)

    def close(self) -> None:
        """Whoever made the connection closes it."""


def events_of(https: Https, url: str, user: str, password: str, since: datetime, until: datetime) -> bytes:
    """Those between the two moments, series too. Raises `Down`, `NoReply`."""
    client: Any = DAVClient(url, username=user, password=password, auth_type="basic", enable_rfc6764=False)
    client.session = _Session(https, (user, password))
    try:
        events = client.calendar(url=url).search(start=since, end=until, event=True, expand=False)
        texts = [str(event.data).encode() for event in events]
    except NoReply:
        raise
    except DAVError as error:
        raise Down(_in_words(error)) from None
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise Down(f"what answers does not speak CalDAV ({type(error).__name__})") from None
    return b"\r\n".join(texts) if texts else EMPTY


def _in_words(error: DAVError) -> str:
    kind = type(error).__name__
    if kind == "AuthorizationError":
        return "the server does not accept the user or the password"
    if kind == "NotFoundError":
        return "there is no calendar at the address"
    return f"the server does not give the calendar out ({kind})"
