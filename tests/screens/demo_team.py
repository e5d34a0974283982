"""For tests of the screens: the demo's team at work, one of them at the keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from fleettui.domain.playbooks.runs import PlaybookRun
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.dialogs.form import FieldInput, Form
from screens.widgets.rows import Rows
from tests.screens.conftest import wait_until
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home

CLOCK = frozen_clock(MONDAY_MORNING)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path / "home", MONDAY_MORNING, demo=True)


def session(home: Path, login: str) -> Workspace:
    return Workspace.open(home, clock=CLOCK, login=login)


def running(home: Path, login: str, name: str) -> PlaybookRun:
    runs = session(home, login).playbooks.all()
    return next(run for run in runs if run.open and run.playbook == name)


async def go_to(pilot: Pilot[Any], key: Any) -> None:
    app = pilot.app
    rows = app.screen.query_one(Rows)
    await wait_until(pilot, lambda: rows.go_to(key))
    await pilot.pause()


async def typed(pilot: Pilot[Any], field: str, text: str) -> None:
    await wait_until(pilot, lambda: isinstance(pilot.app.screen, Form))
    await wait_until(pilot, lambda: pilot.app.screen.query(f"#field-{field}"))
    pilot.app.screen.query_one(f"#field-{field}", FieldInput).value = text
    await pilot.press("ctrl+s")
