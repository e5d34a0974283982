"""Where a link from outside may lead: to public addresses, and to those that the team has named (calls.json, `links`).

A link is data that a stranger wrote. Asked for from this box, it would reach what only this box can reach: itself, and the
private network that it stands in. The connection goes to the very address that was judged: between the judgement and the
connection a name cannot come to mean another.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from typing import Any

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""The IPv6 addresses that stand for IPv4 ones."""


class NotPublicError(Exception):
    """The host has no address that may be asked."""


def connect(
    host: str, port: int, private: Sequence[str], left: Callable[[], float]
) -> tuple[socket.socket, bool]:
    """A connection, and whether it leads to a public address. `private`: host names and networks that may be asked all
    the same. `left`: seconds."""
    resolved = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    allowed = [
        (row, public)
        for row in resolved
        if (public := is_public(row[4][0])) or is_named(host, row[4][0], private)
    ]
    failure: Exception = NotPublicError()
    for (family, kind, protocol, _, address), public in allowed:
        try:
            return _connected(family, kind, protocol, address, left()), public
        except OSError as error:
            failure = error
    raise failure


def _connected(
    family: int, kind: int, protocol: int, address: tuple[Any, ...], timeout: float
) -> socket.socket:
    connection = socket.socket(family, kind, protocol)
    try:
        connection.settimeout(timeout)
        connection.connect(address)
    except BaseException:
        connection.close()
        raise
    return connection


def is_public(address: str | int) -> bool:
    """Whether everybody on the internet could ask there, and it is not this machine by its public address."""
    try:
        parsed = _meant(ipaddress.ip_address(str(address).partition("%")[0]))
    except ValueError:
        return False
    return parsed.is_global and not parsed.is_multicast and not _is_own(parsed)


def is_named(host: str, address: str | int, private: Sequence[str]) -> bool:
    """Whether a list of host names, addresses and networks names this host or address."""
    parsed = _meant(ipaddress.ip_address(str(address).partition("%")[0]))
    for entry in private:
        network = network_of(entry)
        if network is None and entry.lower() == host.lower():
            return True
        if network is not None and parsed.version == network.version and parsed in network:
            return True
    return False


def network_of(entry: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """A network or a single address; None for the name of a host."""
    try:
        return ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return None


def _meant(address: Address) -> Address:
    """The IPv4 address that an IPv6 one only wraps: it is where the connection would arrive."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)


def _is_own(address: Address) -> bool:
    """The system would send from the address itself: it is one of this machine's. Nothing is sent to find that out."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((str(address), 9))
            return str(probe.getsockname()[0]) == str(address)
        except OSError:  # no way there at all
            return False
