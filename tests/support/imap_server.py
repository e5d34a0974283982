"""A real IMAP server on this machine (pymap, in a process of its own), and what delivers to it."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from imap_tools import MailBoxStartTls

from tests.support.certificates import Certificates

USER, PASSWORD = "support", "not-to-be-seen-either"


class ImapServer:
    """Keeps mails in memory: begun anew, it has none, and other UIDs."""

    def __init__(self, certificates: Certificates, port: int = 0) -> None:
        self._certificates = certificates
        self.port = port or free_port()
        self.start()

    def start(self) -> None:
        pair = str(self._certificates.pair)
        self._process = subprocess.Popen(
            [
                *(
                    str(Path(sys.executable).with_name("pymap")),
                    "--no-service",
                    "admin",
                    "--host",
                    "127.0.0.1",
                ),
                *("--port", str(self.port), "--cert", pair, "--key", pair),
                *("dict", "--demo-user", USER, "--demo-password", PASSWORD),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)
        raise AssertionError("the IMAP server does not start")

    @contextlib.contextmanager
    def signed_in(self, folder: str = "INBOX") -> Iterator[MailBoxStartTls]:
        context = ssl.create_default_context(cafile=str(self._certificates.ca))
        with MailBoxStartTls("localhost", self.port, ssl_context=context).login(
            USER, PASSWORD, folder
        ) as box:
            yield box

    def deliver(self, mails: Iterable[bytes]) -> None:
        with self.signed_in() as box:
            for mail in mails:
                box.append(mail, "INBOX")

    def count(self, folder: str = "INBOX") -> int:
        with self.signed_in(folder) as box:
            return len(box.uids())

    def seen(self) -> int:
        with self.signed_in() as box:
            return len(box.uids("SEEN"))

    def make_folder(self, name: str) -> None:
        with self.signed_in() as box:
            box.folder.create(name)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(60)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def mail(number: int, *, sender: str = "jo@acme.example", reply_to: str = "", body: str = "") -> bytes:
    """A customer's mail, with an id by its number."""
    references = f"In-Reply-To: {reply_to}\r\nReferences: {reply_to}\r\n" if reply_to else ""
    return (
        f"From: Jo Park <{sender}>\r\nTo: support@fleet.example\r\nSubject: question {number}\r\n"
        f"Message-ID: <q{number}@acme.example>\r\nDate: Mon, 02 Nov 2026 09:00:00 +0000\r\n{references}"
        f"\r\n{body or f'words {number}'}\r\n"
    ).encode()
