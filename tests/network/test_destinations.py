"""CALL-5, CALL-6: a link that somebody else wrote makes the box ask nobody but public servers and those that the team named."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from fleettui.network import destinations, link_check

PRIVATE = [
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "2002:a00:1::1",
    "2001:db8::1",
]


@pytest.fixture
def listening() -> Iterator[tuple[int, list[str]]]:
    """A port of this machine, on every address of it, and who has connected."""
    asked: list[str] = []
    with socket.create_server(("", 0), family=socket.AF_INET) as server:

        def accept() -> None:
            while True:
                try:
                    client, peer = server.accept()
                except OSError:
                    return
                asked.append(peer[0])
                client.close()

        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1], asked
        server.shutdown(socket.SHUT_RDWR)


def own_address() -> str:
    """The address by which this machine would reach others; loopback where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("198.51.100.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "127.1",
        "127.8.9.10",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0.0.0.0",  # noqa: S104  asked, not listened at
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "own",
    ],
)
def test_call_5_no_spelling_of_this_machine_is_asked(listening: tuple[int, list[str]], host: str) -> None:
    port, asked = listening
    answer = link_check.check(f"http://{own_address() if host == 'own' else host}:{port}/admin/delete")
    assert not answer.works and answer.kind in ("refused", "unknown host"), answer
    if answer.kind == "refused":
        assert answer.what == link_check.INSIDE
    assert asked == []


def test_call_5_a_host_that_the_team_named_is_asked(listening: tuple[int, list[str]]) -> None:
    port, asked = listening
    for private in (["localhost"], ["127.0.0.1"], ["10.0.0.0/8", "127.0.0.0/8", "::1"]):
        asked.clear()
        link_check.check(f"http://localhost:{port}/", private=private)
        assert asked, private
    asked.clear()
    link_check.check(f"http://127.0.0.1:{port}/", private=["localhost", "10.0.0.0/8"])
    assert asked == []


@pytest.mark.parametrize(
    "address",
    PRIVATE,
)
def test_addresses_that_are_not_everybodys(address: str) -> None:
    assert not destinations.is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_addresses_that_everybody_may_ask(address: str) -> None:
    assert destinations.is_public(address)


def test_what_is_no_address_is_not_public() -> None:
    assert not destinations.is_public("")


def test_a_public_address_of_this_machine_is_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """203.0.113.9 stands for one that this machine has: the system would send from it to itself."""

    class Probe(socket.socket):
        def connect(self, address: object) -> None:
            pass

        def getsockname(self) -> tuple[str, int]:
            return "93.184.216.34", 40000

    monkeypatch.setattr(socket, "socket", Probe)
    assert not destinations.is_public("93.184.216.34")
    assert destinations.is_public("93.184.216.35")


@pytest.mark.parametrize("private", [[], ["localhost", "127.0.0.0/8"]])
def test_a_redirect_from_outside_to_this_machine_is_not_followed(
    private: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the team lets a link of its own lead there. The first answer counts as a public server's."""
    asked = 0
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def redirect() -> None:
            nonlocal asked
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                asked += 1
                with client:
                    client.recv(4000)
                    client.sendall(
                        f"HTTP/1.1 302 Found\r\nLocation: http://localhost:{port}/x\r\n\r\n".encode()
                    )

        thread = threading.Thread(target=redirect, daemon=True)
        thread.start()
        outside = iter([True])
        monkeypatch.setattr(destinations, "is_public", lambda _: next(outside, False))
        answer = link_check.check(f"http://127.0.0.1:{port}/", private=private)
        server.shutdown(socket.SHUT_RDWR)
    assert (answer.kind, answer.what) == ("refused", link_check.LED_INSIDE)
    assert asked == 1
