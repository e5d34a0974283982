"""A believable day of an invented team, around the moment at which the demo is made.

Each part of the work has a module here with `fill(stage)`. It goes through the same actions as everybody, at moments in the past
and as the person who would have done it, so that histories, times and names are real.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace

PARTS = ("customers", "calls", "rituals", "playbooks", "tickets")


@dataclass(frozen=True)
class Stage:
    workspace: Workspace
    now: datetime

    @property
    def me(self) -> str:
        return self.workspace.session.login

    def at(self, when: datetime, login: str) -> Workspace:
        """The workspace as it looked to somebody at that moment."""
        return self.workspace.for_person(login, frozen_clock(when))


def fill(workspace: Workspace, now: datetime) -> None:
    stage = Stage(workspace, now)
    for part in PARTS:
        import_module(f"fleettui.demo.{part}").fill(stage)
