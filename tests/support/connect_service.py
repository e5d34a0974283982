"""A workspace with connections, and its service in a thread or a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, Self

from fleettui.connect.secrets import Secrets
from fleettui.connect.service import Service
from fleettui.workspace.workspace import Workspace
from tests.support.certificates import Certificates
from tests.support.imap_server import PASSWORD as IMAP_PASSWORD
from tests.support.imap_server import USER
from tests.support.smtp_server import PASSWORD as SMTP_PASSWORD

SECRETS = {"FLEETTUI_SMTP_PASSWORD": SMTP_PASSWORD, "FLEETTUI_IMAP_PASSWORD": IMAP_PASSWORD}


SOON = 15.0
"""Seconds. A service ends within two; the others are for a machine that is busy with other tests. What it does not wait for would
take thirty, or for ever."""


class Listening(Protocol):
    """A server, or what stands before it."""

    @property
    def port(self) -> int: ...


def until(condition: Callable[[], Any], what: str = "", seconds: float = 120) -> Any:
    """Wait for a condition; its value."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited {seconds} seconds in vain: {what or condition}")


def set_up(
    home: Path,
    certificates: Certificates,
    smtp: Listening | None = None,
    imap: Listening | None = None,
    *,
    more: dict[str, Any] | None = None,
    more_mail: dict[str, Any] | None = None,
    more_imap: dict[str, Any] | None = None,
) -> None:
    """Writes connections.json. Answers leave at once."""
    answers = "send" if smtp else "copy"
    mail: dict[str, Any] = {"answers": answers, "letters": answers, "from": "support@fleet.example"}
    mail |= more_mail or {}
    ca = str(certificates.ca)
    if smtp is not None:
        mail["smtp"] = {"host": "localhost", "port": smtp.port, "tls": "starttls", "ca": ca}
    if imap is not None:
        server = {"host": "localhost", "port": imap.port, "tls": "starttls", "user": USER, "ca": ca}
        mail["imap"] = {**server, **(more_imap or {})}
    policy = {"undo_seconds": 0, "mail": mail, **(more or {})}
    scratch = home / "handbook/connections.json.new"
    scratch.write_text(json.dumps(policy))
    scratch.rename(home / "handbook/connections.json")


class ServiceThread:
    """In this process, with the log of what it says."""

    def __init__(self, home: Path, login: str = "kathy", secrets: dict[str, str] | None = None) -> None:
        self.lines: list[str] = []
        self.workspace = Workspace.open(home, login=login)
        self.service = Service(self.workspace, self.lines.append, Secrets(secrets or SECRETS))
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.service.run()
        except Exception as error:
            self.lines.append(f"ended by {error!r}")
            raise

    def stop(self) -> float:
        """Seconds that it took."""
        began = time.monotonic()
        self.service.stop()
        self._thread.join(60)
        assert not self._thread.is_alive()
        self.workspace.close()
        return time.monotonic() - began


def environment(more: dict[str, str]) -> dict[str, str]:
    """That of the service: by the real clock, with the secrets of mail and these."""
    made = {**os.environ, **SECRETS, **more}
    made.pop("FLEETTUI_NOW", None)
    return made


class ServiceProcess:
    """The real command."""

    def __init__(self, home: Path, log: Path, **more: str) -> None:
        self.home, self.log = home, log
        self._environment = environment(more)
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "fleettui", "connect", "--home", str(self.home)],
                stdout=log,
                stderr=log,
                env=self._environment,
            )

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(60)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Also where the test has failed half way."""
        if self.process.poll() is None:
            self.kill()

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(60)
