"""The way to Slack: one try, no redirect, only encrypted, and the token in no message."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import trustme

from fleettui.connect.slack_socket import Socket
from fleettui.connect.slack_web import (
    A_WHILE,
    ADDRESS,
    NotReached,
    RateLimited,
    Refusal,
    SlackError,
    SlackWeb,
    Unanswered,
    checked_address,
)
from fleettui.errors import Unusable
from tests.support.slack_connection import ACME
from tests.support.slack_methods import APP_TOKEN, BOT_TOKEN
from tests.support.slack_server import Fault, SlackServer, rate_limited


@pytest.fixture
def web(slack: SlackServer) -> SlackWeb:
    return SlackWeb(BOT_TOKEN, slack.url, timeout=2)


def post(web: SlackWeb) -> str:
    return str(web.chat_postMessage(channel=ACME, text="Hello")["ts"])


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("done then cut"), Unanswered),
        (Fault("done then hang"), Unanswered),
        (Fault("cut"), Unanswered),
        (Fault("hang"), Unanswered),
        (Fault("status", "500"), Unanswered),
        (Fault("status", "503"), Unanswered),
        (Fault("garbage"), Unanswered),
        (Fault("error", "internal_error"), Unanswered),
        (Fault("error", "fatal_error"), Unanswered),
        (Fault("status", "404"), NotReached),
        (Fault("error", "is_archived"), Refusal),
        (Fault("error", "ratelimited"), RateLimited),
        (rate_limited(3), RateLimited),
    ],
)
def test_a_request_is_sent_once_whatever_happens(
    web: SlackWeb, slack: SlackServer, fault: Fault, error: type[SlackError]
) -> None:
    slack.fail("chat.postMessage", fault)
    with pytest.raises(error) as raised:
        post(web)
    assert len(slack.posted(ACME)) == fault.kind.startswith("done")
    assert BOT_TOKEN not in f"{raised.value!r} {raised.value} {raised.value.__cause__!r}"


def test_it_waits_as_long_as_slack_says(web: SlackWeb, slack: SlackServer) -> None:
    slack.fail("chat.postMessage", rate_limited(7), Fault("error", "ratelimited"), rate_limited(10**9))
    waits = []
    for _ in range(3):
        with pytest.raises(RateLimited) as raised:
            post(web)
        waits.append(raised.value.after)
    assert waits == [timedelta(seconds=7), A_WHILE, timedelta(hours=1)]


def test_a_redirect_is_not_followed_with_the_token(web: SlackWeb, slack: SlackServer) -> None:
    with SlackServer() as other:
        slack.fail("auth.test", Fault("redirect", f"{other.url}auth.test"))
        with pytest.raises(NotReached, match="not followed"):
            web.auth_test()
        assert not other.calls


def test_who_is_not_there_is_named() -> None:
    with SlackServer() as gone:
        web = SlackWeb(BOT_TOKEN, gone.url)
    with pytest.raises(NotReached, match=r"127\.0\.0\.1 is not reached: Connection refused"):
        web.auth_test()


@pytest.mark.parametrize(
    "address", ["http://slack.com/api/", "ftp://slack.com", "slack.com", "http://127.0.0.1.evil/"]
)
def test_the_token_never_goes_over_an_open_line(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ADDRESS, address)
    with pytest.raises(Unusable, match="https"):
        checked_address()


def test_slack_is_meant_where_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ADDRESS, raising=False)
    assert checked_address() == "https://slack.com/api/"
    monkeypatch.setenv(ADDRESS, "https://slack-gov.com/api")
    assert checked_address() == "https://slack-gov.com/api/"


def test_socket_mode_never_goes_over_an_open_line(
    slack: SlackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack.sockets, "new_url", lambda: "ws://slack.example/link/?ticket=1")
    with pytest.raises(NotReached, match="not encrypted"):
        Socket(SlackWeb(APP_TOKEN, slack.url), lambda _: True)


@pytest.fixture
def encrypted(authority: trustme.CA) -> Iterator[SlackServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with SlackServer(context) as server:
        yield server


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def test_a_certificate_that_nobody_vouches_for_ends_it(encrypted: SlackServer) -> None:
    with pytest.raises(NotReached, match="certificate is not trusted"):
        SlackWeb(BOT_TOKEN, encrypted.url).auth_test()
    assert not encrypted.calls


def test_a_certificate_of_an_authority_of_this_machine_is_good(
    encrypted: SlackServer, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    assert SlackWeb(BOT_TOKEN, encrypted.url).auth_test()["ok"]
    wrong = encrypted.url.replace("localhost", "127.0.0.1")
    with pytest.raises(NotReached, match="certificate is not trusted"):
        SlackWeb(BOT_TOKEN, wrong).auth_test()
