"""Requests with limits: against a real HTTPS server of our own, with its faults."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import pytest

from fleettui.connect.https import Https, Limits, NoReply, Request, only_https, same_origin
from tests.support.certificates import Certificates
from tests.support.https_server import Answer, Asked, HttpsServer

SOON = Limits(most_bytes=1_000_000, deadline=1.5, patience=5)


def asking(trusted: Certificates, limits: Limits | None = None) -> Https:
    return Https(str(trusted.ca), limits, lambda: ("localhost",))


def get(url: str) -> Request:
    return Request("GET", url)


def test_an_answer_is_read_from_the_address_that_was_judged(
    server: HttpsServer, trusted: Certificates
) -> None:
    server.answer = lambda asked: Answer(200, b"text", {"ETag": '"1"'})
    reply = asking(trusted).ask(get(f"{server.url}/a?b=c"), only_https)
    assert (reply.status, reply.body, reply.headers["etag"]) == (200, b"text", '"1"')
    assert server.asked[0].path == "/a?b=c"
    assert server.asked[0].headers["host"] == server.url.removeprefix("https://")


def test_a_private_address_that_nobody_named_is_not_asked(server: HttpsServer, trusted: Certificates) -> None:
    client = Https(str(trusted.ca), None, lambda: ())
    with pytest.raises(NoReply, match="private network") as caught:
        client.ask(get(server.url), only_https)
    assert not caught.value.reached and server.asked == []


def test_an_unknown_authority_is_refused(server: HttpsServer, trusted: Certificates) -> None:
    client = Https(str(trusted.other), None, lambda: ("localhost",))
    with pytest.raises(NoReply, match="certificate") as caught:
        client.ask(get(server.url), only_https)
    assert not caught.value.reached and server.asked == []


@pytest.mark.parametrize(
    "url", ["http://localhost/", "https://me:pass@localhost/", "ftp://x", "https://", "x\x00"]
)
def test_only_plain_https_addresses_are_asked(url: str, trusted: Certificates) -> None:
    with pytest.raises(NoReply):
        asking(trusted).ask(get(url), only_https)


def test_a_redirect_to_http_or_to_another_host_is_not_followed_with_a_secret(
    server: HttpsServer, trusted: Certificates
) -> None:
    targets = {"/down": "http://localhost/x", "/away": "https://elsewhere.example/x", "/here": "/there"}

    def answer(asked: Asked) -> Answer:
        target = targets.get(asked.path)
        return Answer(302, b"", {"Location": target}) if target else Answer(200, b"there")

    server.answer = answer
    client = asking(trusted)
    assert client.ask(get(f"{server.url}/down"), only_https).status == 302
    assert client.ask(get(f"{server.url}/away"), same_origin).status == 302
    assert client.ask(get(f"{server.url}/here"), same_origin).body == b"there"


def test_a_redirect_into_a_private_network_is_not_followed(
    server: HttpsServer, trusted: Certificates
) -> None:
    server.answer = lambda asked: Answer(302, b"", {"Location": "https://169.254.169.254/latest"})
    with pytest.raises(NoReply, match="private network"):
        asking(trusted).ask(get(server.url), only_https)


def test_a_loop_of_redirects_ends(server: HttpsServer, trusted: Certificates) -> None:
    server.answer = lambda asked: Answer(302, b"", {"Location": "/again"})
    with pytest.raises(NoReply, match="redirects more than"):
        asking(trusted).ask(get(server.url), only_https)


def test_a_body_without_end_stops_at_its_limit(server: HttpsServer, trusted: Certificates) -> None:
    def endless(out: Any) -> None:
        while True:
            out.write(b"x" * 65_536)

    server.answer = lambda asked: Answer(200, write=endless)
    with pytest.raises(NoReply, match="more than 1 MB"):
        asking(trusted, Limits(most_bytes=1_000_000)).ask(get(server.url), only_https)


def test_a_body_that_trickles_stops_at_the_deadline(server: HttpsServer, trusted: Certificates) -> None:
    def trickle(out: Any) -> None:
        while True:
            out.write(b"x")
            out.flush()
            time.sleep(0.1)

    server.answer = lambda asked: Answer(200, write=trickle)
    began = time.monotonic()
    with pytest.raises(NoReply, match="in time"):
        asking(trusted, SOON).ask(get(server.url), only_https)
    assert time.monotonic() - began < 30


def test_a_server_that_says_nothing_is_given_up_at_the_deadline(
    server: HttpsServer, trusted: Certificates
) -> None:
    release = threading.Event()

    def wait(asked: Asked) -> Answer:
        release.wait(60)
        return Answer(200)

    server.answer = wait
    with pytest.raises(NoReply, match="in time") as caught:
        asking(trusted, SOON).ask(get(server.url), only_https)
    assert caught.value.reached  # it may have acted on it
    release.set()


def test_a_cut_body_is_no_answer(server: HttpsServer, trusted: Certificates) -> None:
    server.answer = lambda asked: Answer(200, b"half", {"Content-Length": "400", "Connection": "close"})
    with pytest.raises(NoReply) as caught:
        asking(trusted, SOON).ask(get(server.url), only_https)
    assert caught.value.reached


def test_a_compressed_answer_is_refused(server: HttpsServer, trusted: Certificates) -> None:
    server.answer = lambda asked: Answer(200, b"\x1f\x8b", {"Content-Encoding": "gzip"})
    with pytest.raises(NoReply, match="compressed"):
        asking(trusted).ask(get(server.url), only_https)
    assert server.asked[0].headers["accept-encoding"] == "identity"


def test_a_wait_is_ended_by_another_thread(server: HttpsServer, trusted: Certificates) -> None:
    release, client = threading.Event(), asking(trusted)

    def wait(asked: Asked) -> Answer:
        threading.Timer(0.1, client.interrupt).start()
        release.wait(60)
        return Answer(200)

    server.answer = wait
    began = time.monotonic()
    with pytest.raises(NoReply):
        client.ask(get(server.url), only_https)
    assert time.monotonic() - began < 30
    release.set()


def test_nothing_of_the_environment_leads_it_elsewhere(
    server: HttpsServer, trusted: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    server.answer = lambda asked: Answer(200, b"direct")
    assert asking(trusted).ask(get(server.url), only_https).body == b"direct"


def test_where_the_first_address_is_dead_the_next_is_asked(
    server: HttpsServer, trusted: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo

    def two(host: str, port: int, *rest: Any, **more: Any) -> list[Any]:
        if host != "localhost":
            return real(host, port, *rest, **more)
        dead = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.3", port))
        return [dead, (*dead[:4], ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", two)
    server.answer = lambda asked: Answer(200, b"second")
    assert asking(trusted).ask(get(server.url), only_https).body == b"second"
