"""The app on a workspace in a database asks the server nothing on its event loop: a slow network holds up no key."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from fleettui.store.postgres.link import Link
from fleettui.time.clock import frozen_clock
from fleettui.workspace import place_at
from fleettui.workspace.creation import NewWorkspace, create
from fleettui.workspace.workspace import Workspace, workspace_at
from screens.app import FleettuiApp
from tests.screens.conftest import see
from tests.support.clocks import MONDAY_MORNING
from tests.support.postgres_server import remove_workspace, unmade


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    from fleettui.demo import fill

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    address = unmade()
    create(NewWorkspace(address, frozen_clock(MONDAY_MORNING), "kathy", fill)).close()
    workspace = workspace_at(place_at(address), frozen_clock(MONDAY_MORNING), "kathy", in_app=True)
    yield workspace
    workspace.close()
    remove_workspace(address)


@pytest.fixture
def asked_on_the_loop(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []
    connected = Link.connected

    @contextmanager
    def watched(link: Link) -> Iterator[Any]:
        if asyncio._get_running_loop() is not None:
            frames = [
                f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_stack()
            ]
            asked.append("\n  ".join(frames[-16:-1]))
        with connected(link) as connection:
            yield connection

    monkeypatch.setattr(Link, "connected", watched)
    return asked


async def test_a_walk_through_all_screens_asks_the_server_nothing_on_the_event_loop(
    workspace: Workspace, asked_on_the_loop: list[str]
) -> None:
    app = FleettuiApp(workspace)
    async with app.run_test(size=(100, 30)) as pilot:
        await see(pilot, "Today")
        for screen in "235671":
            await pilot.press(screen, "j", "enter")
            await pilot.pause(0.2)
            await pilot.press("escape")
        await pilot.press("4")
        await see(pilot, "T-10")
        await pilot.press("r")
        await see(pilot, "Answer T-")
        await pilot.press(*"We look", "ctrl+s")
        await pilot.pause(0.5)
        await pilot.press("c", *"noted", "ctrl+s")
        await pilot.pause(0.5)
        await pilot.press("slash", *"lab", "enter", "escape", "ctrl+p", *"tri", "escape", "i")
        await pilot.pause(0.3)
        await pilot.press("escape", "n", *"Acme", "escape", "escape")
    assert "\n\n".join(dict.fromkeys(asked_on_the_loop)) == ""
