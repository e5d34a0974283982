"""Mails as real programs write them, and the command that takes them in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from tests.support.intake import Intake

SUNDAY_NIGHT = "Sun, 08 Mar 2026 20:00:00 -0700"
DANA, KATHY = "Dana Whitlock <dana@acme.example>", "Kathy Satterlee <kathy@fleet.example>"


def mail(body: str = "The hosts page is empty", **headers: str) -> bytes:
    """Dana's, on Sunday night; `Message_ID="<a@b>"` and so on for other headers, "" for none."""
    given = {"From": DANA, "Subject": "Hosts page", "Message-ID": "<1@acme.example>", "Date": SUNDAY_NIGHT}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\n" for name, value in given.items() if value)
    return f"{lines}\n{body}\n".encode()


class Mail(Intake):
    def send(self, raw: bytes) -> list[dict[str, Any]]:
        return told_by(self.cli.feed("intake", "mail", "--json", stdin=raw))

    def send_to_a_process(self, raw: bytes) -> list[dict[str, Any]]:
        words = [sys.executable, "-m", "fleettui", "intake", "mail", "--json"]
        environment = {**os.environ, **self.cli.variables()}
        return told_by(subprocess.run(words, input=raw, capture_output=True, env=environment, check=False))

    def take(self, raw: bytes) -> dict[str, Any]:
        (done,) = self.send(raw)
        return done


def told_by(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    assert (done.returncode, done.stderr) == (0, b""), done.stderr
    outcomes: list[dict[str, Any]] = json.loads(done.stdout)
    assert not any("reply" in outcome for outcome in outcomes), "no mail is ever answered by itself"
    return outcomes
