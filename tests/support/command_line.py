"""`fleettui` in one workspace: as a real process, or without starting one.

Without a process it is the same front door, streams and environment, thirty times as fast. A few tests of each command start
real processes: for exit codes as a shell sees them, for what is imported, for terminals, and wherever several run at once.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

from fleettui.cli import main as cli
from fleettui.config import Address
from tests.support.clocks import MONDAY_MORNING


@dataclass
class CommandLine:
    """`fleettui` as a real process in one workspace."""

    home: Path
    now: str = MONDAY_MORNING.isoformat()
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> Address:
        return self.home

    def run(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, **self.variables()}
        command = [sys.executable, "-m", "fleettui", *words]
        return subprocess.run(
            command, input=stdin, capture_output=True, text=True, env=environment, check=False
        )

    def variables(self) -> dict[str, str]:
        return {
            "FLEETTUI_HOME": str(self.home),
            "FLEETTUI_NOW": self.now,
            "XDG_CONFIG_HOME": str(self.home.parent / "config"),
            "XDG_STATE_HOME": str(self.home.parent / "state"),
            "XDG_CACHE_HOME": str(self.home.parent / "cache"),
            **self.environment,
        }

    def ok(self, *words: str, stdin: str = "") -> str:
        done = self.run(*words, stdin=stdin)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def json(self, *words: str, stdin: str = "") -> Any:
        return json.loads(self.ok(*words, "--json", stdin=stdin))

    def json_of(self, code: int, *words: str) -> Any:
        """As `json`, of a command that ends with another code."""
        done = self.run(*words, "--json")
        assert done.returncode == code, done.stderr
        return json.loads(done.stdout)

    def fails(self, code: int, *words: str, stdin: str = "") -> str:
        """The one line it says on stderr; nothing else may be said, and no traceback."""
        done = self.run(*words, stdin=stdin)
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        assert done.stderr.startswith("fleettui: ")
        assert done.stderr.count("\n") == 1
        return done.stderr


class InProcess(CommandLine):
    def run(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        done = self.feed(*words, stdin=stdin.encode("utf-8", "surrogateescape"))
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    def feed(self, *words: str, stdin: bytes) -> subprocess.CompletedProcess[bytes]:
        """With bytes on standard input, whatever they are."""
        out, err = BytesIO(), BytesIO()
        with self._surroundings(), _streams(stdin, out, err):
            try:
                code = cli.main(list(words))
            except SystemExit as ended:  # argparse: --help
                code = int(ended.code or 0)
        return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())

    @contextmanager
    def _surroundings(self) -> Iterator[None]:
        before = dict(os.environ)
        os.environ.update(self.variables())
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


@contextmanager
def _streams(stdin: bytes, out: BytesIO, err: BytesIO) -> Iterator[None]:
    before = sys.stdin, sys.stdout, sys.stderr
    ours = [TextIOWrapper(stream, encoding="utf-8") for stream in (BytesIO(stdin), out, err)]
    sys.stdin, sys.stdout, sys.stderr = ours
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
        for stream in ours[1:]:
            stream.flush()
            stream.detach()
