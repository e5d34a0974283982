"""Signing in with a token (XOAUTH2), over TLS from the first byte.

No IMAP server of the package index knows it, so this one knows little else.
"""

from __future__ import annotations

import base64
import json
import socketserver
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fleettui.connect.check import check_all
from fleettui.workspace.workspace import Workspace
from tests.support.certificates import Certificates, certificates
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home

TOKEN = "tok.123"  # noqa: S105  of the server below alone
ANSWERS = {
    "CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 IDLE\r\n",
    "LIST": '* LIST (\\HasNoChildren) "/" "INBOX"\r\n',
    "STATUS": '* STATUS "INBOX" (UIDVALIDITY 1 UIDNEXT 1)\r\n',
    "LOGOUT": "* BYE\r\n",
}


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, keys: Certificates) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.context, self.tokens = keys.server_context(), list[str]()

    def get_request(self) -> tuple[Any, Any]:
        connection, address = super().get_request()
        return self.context.wrap_socket(connection, server_side=True), address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that trusts us not goes away."""


class Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, command, *_ = line.decode().split()
            ok = self._signed_in() if command == "AUTHENTICATE" else True
            answer = ANSWERS.get(command, "")
            self.wfile.write(f"{answer}{tag} {'OK' if ok else 'NO'} done\r\n".encode())

    def _signed_in(self) -> bool:
        self.wfile.write(b"+ \r\n")
        words = base64.b64decode(self.rfile.readline()).decode()
        assert isinstance(self.server, Server)
        self.server.tokens.append(words)
        return words == f"user=support\1auth=Bearer {TOKEN}\1\1"


@pytest.fixture
def keys(tmp_path: Path) -> Certificates:
    return certificates(tmp_path)


@pytest.fixture
def server(keys: Certificates) -> Iterator[Server]:
    server = Server(keys)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def checked(tmp_path: Path, port: int, ca: Path, token: str) -> tuple[bool, str]:
    home = make_home(tmp_path / "home", MONDAY_MORNING, "kathy", demo=False)
    command = [sys.executable, "-c", f"print({token!r})"]
    imap = {
        "host": "localhost",
        "port": port,
        "tls": "tls",
        "user": "support",
        "ca": str(ca),
        "token_command": command,
    }
    (home / "handbook/connections.json").write_text(json.dumps({"mail": {"imap": imap}}))
    (home / "handbook/connections.json").chmod(0o600)
    workspace = Workspace.open(home, login="kathy")
    [result] = check_all(workspace)
    workspace.close()
    return result.ok, result.why


def test_a_token_opens_the_mailbox(tmp_path: Path, server: Server, keys: Certificates) -> None:
    port = server.server_address[1]
    assert checked(tmp_path, port, keys.ca, TOKEN) == (True, "")
    assert len(server.tokens) == 1


def test_a_token_that_is_not_accepted_is_told_and_not_repeated(
    tmp_path: Path, server: Server, keys: Certificates
) -> None:
    ok, why = checked(tmp_path, server.server_address[1], keys.ca, "old.token")
    assert not ok
    assert why.startswith("localhost:") and "old.token" not in why


def test_a_certificate_of_somebody_else_gets_no_token(
    tmp_path: Path, server: Server, keys: Certificates
) -> None:
    ok, why = checked(tmp_path, server.server_address[1], keys.other, TOKEN)
    assert (ok, server.tokens) == (False, [])
    assert "its certificate is not to be trusted" in why
