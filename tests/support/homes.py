"""Workspaces for tests: each kind is founded once in a process and then copied. NewWorkspace takes three times as long as a copy
in processor time, and waits for the disk seventy times."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from fleettui.demo import fill
from fleettui.time.clock import frozen_clock
from fleettui.workspace.creation import NewWorkspace, create
from fleettui.workspace.workspace import Workspace

TEMPLATES = TemporaryDirectory(prefix="fleettui-templates-")
"""Removed when the process ends."""


@cache
def _template(login: str, made_at: datetime, demo: bool) -> Path:
    home = Path(TEMPLATES.name) / f"{login}-{made_at:%Y%m%d%H%M%S}-{'demo' if demo else 'empty'}"
    create(
        NewWorkspace(home, frozen_clock(made_at), login, fill if demo else None, handbook_team=True)
    ).close()
    return home


def make_home(home: Path, made_at: datetime, login: str = "kathy", *, demo: bool = False) -> Path:
    """A new workspace in the folder `home`, as if it had been made there at that moment."""
    return copytree(_template(login, made_at, demo), home)


def copy_home(prepared: Path, home: Path, now: datetime, login: str = "kathy") -> Workspace:
    """A copy of a workspace that a module of tests has prepared, opened."""
    return Workspace.open(copytree(prepared, home), clock=frozen_clock(now), login=login)
