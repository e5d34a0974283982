"""What tests of every kind share: a workspace on a clock that stands still, and the command line in it."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from fleettui.demo import fill
from fleettui.time.clock import frozen_clock
from fleettui.workspace.creation import NewWorkspace, create
from fleettui.workspace.workspace import Workspace
from tests.support import edits_twice
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import CommandLine, InProcess
from tests.support.homes import make_home

hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def nothing_is_frozen() -> Iterator[None]:
    """The app freezes what is loaded when it starts. Here this would be the garbage of the tests before, with all the
    files that it has open.
    """
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def store_of_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """With FLEETTUI_TEST_STORE=twice, whatever is edited is edited twice: any test of a workspace must hold then, too."""
    if os.environ.get("FLEETTUI_TEST_STORE") == "twice":
        edits_twice.use_everywhere(monkeypatch)


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Workspace]:
    """Makes a workspace: made(demo=True, login="kathy")."""

    def make(*, demo: bool = False, login: str = "kathy", group: str | None = None) -> Workspace:
        home, clock = tmp_path / "home", frozen_clock(MONDAY_MORNING)
        if group is not None:  # a copy would not belong to the group
            return create(NewWorkspace(home, clock, login, fill if demo else None, group, handbook_team=True))
        return Workspace.open(make_home(home, MONDAY_MORNING, login, demo=demo), clock=clock, login=login)

    return make


@pytest.fixture
def workspace(made: Callable[..., Workspace]) -> Workspace:
    return made()


@pytest.fixture
def cli(workspace: Workspace) -> InProcess:
    """The command line in a new, empty workspace."""
    workspace.close()
    return InProcess(workspace.home)


@pytest.fixture
def process(workspace: Workspace) -> CommandLine:
    """The same as real processes."""
    workspace.close()
    return CommandLine(workspace.home)
