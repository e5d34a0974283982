"""Pictures of the screens: a colour, a column or a border does not change unseen.

`FLEETTUI_PICTURES=new pytest tests/screens/test_pictures.py` draws them anew; the difference is then in `git diff`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.widgets.rows import Rows
from tests.screens.conftest import SMALL, wait_until
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home
from tests.support.picture import picture

pytestmark = pytest.mark.slow

PICTURES = Path(__file__).with_name("pictures")
WIDE = (140, 40)
CASES: dict[str, tuple[tuple[int, int], str, list[str]]] = {
    "today": (SMALL, "today", []),
    "today-wide": (WIDE, "today", ["j"]),
    "rituals": (SMALL, "rituals", ["j"]),
    "rituals-wide": (WIDE, "rituals", ["j", "enter"]),
    "calls": (SMALL, "calls", []),
    "calls-wide": (WIDE, "calls", ["j"]),
    "call-open": (SMALL, "calls", ["enter"]),
    "triage": (SMALL, "triage", []),
    "triage-wide": (WIDE, "triage", ["j"]),
    "ticket": (SMALL, "triage", ["enter"]),
    "ticket-labels": (SMALL, "triage", ["number_sign"]),
    "triage-filter": (SMALL, "triage", ["slash", *"host"]),
    "playbooks": (SMALL, "playbooks", []),
    "playbooks-wide": (WIDE, "playbooks", ["enter"]),
    "team": (SMALL, "team", []),
    "team-wide": (WIDE, "team", ["G"]),
    "customers": (SMALL, "customers", []),
    "customers-wide": (WIDE, "customers", ["j"]),
    "inbox": (SMALL, "today", ["b"]),
    "inbox-narrow": ((60, 20), "today", ["b", "space"]),
    "inbox-settings": (SMALL, "today", ["b", "e"]),
    "help": (SMALL, "triage", ["question_mark"]),
    "palette": (SMALL, "today", ["ctrl+p"]),
    "form": (SMALL, "team", ["a"]),
}


async def settled(pilot: Pilot[Any]) -> str:
    """The picture, once it stays the same: what follows a key may come a moment later."""
    before = ""
    while before != (drawn := picture(pilot.app)):
        before = drawn
        await pilot.pause(0.12)
    return drawn


@pytest.mark.parametrize("name", CASES)
async def test_the_screen_looks_as_before(tmp_path: Path, name: str) -> None:
    size, screen, keys = CASES[name]
    home = make_home(tmp_path / "home", MONDAY_MORNING, demo=True)
    app = FleettuiApp(Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="kathy"), screen)
    async with app.run_test(size=size) as pilot:
        await wait_until(pilot, lambda: app.screen.query(Rows) and app.screen.query_one(Rows).key)
        await wait_until(pilot, lambda: app.alarm is not None and app.alarm.looks)
        await settled(pilot)
        await pilot.press(*keys)
        drawn = await settled(pilot)
    file = PICTURES / f"{name}.txt"
    if os.environ.get("FLEETTUI_PICTURES") == "new":
        file.write_text(drawn, encoding="utf-8")
    assert drawn == file.read_text(encoding="utf-8")
