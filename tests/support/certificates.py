"""Certificates for servers on this machine, made anew for each test run."""

from __future__ import annotations

import ssl
from functools import cache
from pathlib import Path
from typing import NamedTuple

import trustme


class Certificates(NamedTuple):
    """`ca` is what a client has to trust; `other` is the authority of nobody here."""

    ca: Path
    pair: Path
    other: Path

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.pair)
        return context


@cache
def _made() -> tuple[bytes, bytes, bytes]:
    authority, other = trustme.CA(), trustme.CA()
    own = authority.issue_cert("localhost", "127.0.0.1")
    return authority.cert_pem.bytes(), own.private_key_and_cert_chain_pem.bytes(), other.cert_pem.bytes()


def certificates(folder: Path) -> Certificates:
    """For localhost and 127.0.0.1, as files in a folder."""
    files = Certificates(folder / "ca.pem", folder / "server.pem", folder / "other.pem")
    for path, content in zip(files, _made(), strict=True):
        path.write_bytes(content)
    return files
