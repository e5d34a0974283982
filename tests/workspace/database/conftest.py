"""For tests of a workspace on a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fleettui.database_addresses import DatabaseAddress
from fleettui.time.clock import Clock
from fleettui.workspace import place_at
from fleettui.workspace.creation import NewWorkspace, create
from fleettui.workspace.workspace import Workspace, workspace_at
from tests.support.clocks import MONDAY_MORNING
from tests.support.database_shell import DatabaseShell, box
from tests.support.postgres_server import remove_workspace, unmade

Opened = Callable[..., Workspace]


@pytest.fixture
def address() -> Iterator[DatabaseAddress]:
    """Nothing is there yet."""
    named = unmade()
    yield named
    remove_workspace(named)


@pytest.fixture
def shell(address: DatabaseAddress, tmp_path: Path) -> DatabaseShell:
    return box(tmp_path / "box", address)


def clock() -> Clock:
    return lambda: MONDAY_MORNING


@pytest.fixture
def ours(address: DatabaseAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DatabaseAddress:
    """A workspace of the team that the handbook names."""
    on_box(monkeypatch, tmp_path / "box a")
    create(NewWorkspace(address, clock(), "kathy", handbook_team=True)).close()
    return address


def on_box(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """What is opened from now on is on that box."""
    for name in ("STATE", "CACHE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))


@pytest.fixture
def opened(ours: DatabaseAddress) -> Iterator[Opened]:
    """Opens it for somebody, as a process of its own would."""
    all_of_them: list[Workspace] = []

    def open_for(login: str = "kathy", address: DatabaseAddress = ours, *, in_app: bool = True) -> Workspace:
        workspace = workspace_at(place_at(address), clock(), login, in_app=in_app)
        all_of_them.append(workspace)
        if in_app:
            workspace.load()
        return workspace

    yield open_for
    for workspace in all_of_them:
        workspace.close()
