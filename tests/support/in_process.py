"""The command line without starting a process: the same front door, streams and environment, thirty times as fast.

A few tests of each command start real processes (tests.conftest.CommandLine): for exit codes as a shell sees them, for terminals,
and wherever several run at once.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO, TextIOWrapper
from pathlib import Path
from shutil import copytree

from fleettui.cli import main as cli
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from tests.conftest import MONDAY_MORNING, CommandLine


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


def copied(prepared: Path, to: Path) -> Workspace:
    """A workspace like `prepared`: founding one for every test takes longer than most tests."""
    return Workspace.open(copytree(prepared, to), clock=frozen_clock(MONDAY_MORNING), login="kathy")
