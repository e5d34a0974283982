"""What tests of every kind share: a workspace on a clock that stands still, and the command line as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from fleettui.time.clock import frozen_clock
from fleettui.workspace.founding import Founding, found
from fleettui.workspace.workspace import Workspace

MONDAY_MORNING = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
"""09:00 in Los Angeles, on the day after the clocks went forward."""


@dataclass
class CommandLine:
    """`fleettui` as a real process in one workspace."""

    home: Path
    now: str = MONDAY_MORNING.isoformat()
    environment: dict[str, str] = field(default_factory=dict)

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
            **self.environment,
        }

    def ok(self, *words: str, stdin: str = "") -> str:
        done = self.run(*words, stdin=stdin)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def json(self, *words: str, stdin: str = "") -> Any:
        return json.loads(self.ok(*words, "--json", stdin=stdin))

    def fails(self, code: int, *words: str, stdin: str = "") -> str:
        """The one line it says on stderr; nothing else may be said, and no traceback."""
        done = self.run(*words, stdin=stdin)
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        assert done.stderr.startswith("fleettui: ")
        assert done.stderr.count("\n") == 1
        return done.stderr


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Workspace]:
    """Makes a workspace: made(demo=True, login="kathy")."""

    def make(*, demo: bool = False, login: str = "kathy", group: str | None = None) -> Workspace:
        return found(Founding(tmp_path / "home", frozen_clock(MONDAY_MORNING), login, demo, group))

    return make


@pytest.fixture
def workspace(made: Callable[..., Workspace]) -> Workspace:
    return made()


@pytest.fixture
def cli(workspace: Workspace) -> CommandLine:
    """The command line in a new, empty workspace."""
    workspace.close()
    return CommandLine(workspace.home)
