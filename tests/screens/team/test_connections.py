"""Team, the line below the header, and the doctor say how the connections stand."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from fleettui.places import in_workspace
from fleettui.store import files, locks
from fleettui.store.service_files import FOLDER, LOCK, STATUS
from fleettui.workspace.connections import Connection, Status
from fleettui.workspace.workspace import Workspace
from screens.app import FleettuiApp
from screens.team.row_keys import ConnectionKey
from tests.screens.conftest import SMALL, see
from tests.screens.team.conftest import on_team
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess
from tests.support.connections import connect

Made = Callable[..., Workspace]
NOT_RUNNING = "service is down: it does not run: `fleettui connect` starts it"
DOWN = Connection(name="mail out", state="down", why="nothing listens there", last_ok=MONDAY_MORNING)


def written(home: Path, *connections: Connection) -> None:
    """As the service writes it."""
    (home / FOLDER).mkdir(mode=0o700, exist_ok=True)
    status = Status(pid=os.getpid(), login="fleettui", started=MONDAY_MORNING, connections=connections)
    files.write_atomic(home / FOLDER / STATUS, msgspec.json.encode(status), 0o600)


@contextmanager
def a_service(home: Path, *connections: Connection) -> Iterator[None]:
    connect(home, slack={"answers": "copy"})
    written(home, *connections)
    with locks.exclusive(in_workspace(home) / FOLDER / LOCK, "fleettui", 0o600):
        yield


def test_a_service_that_does_not_run_is_named(made: Made) -> None:
    workspace = made()
    assert workspace.connections.all() == []
    connect(workspace.home, slack={"answers": "copy"})
    assert "connections" in workspace.refresh()
    assert workspace.connections.troubles == (NOT_RUNNING,)
    findings = InProcess(workspace.home).json("doctor")["findings"]
    assert [finding["what"] for finding in findings] == [NOT_RUNNING]


def test_what_is_down_is_news_once(made: Made) -> None:
    workspace = made()
    with a_service(workspace.home, DOWN):
        assert "connections" in workspace.refresh()
        assert [row.why for row in workspace.connections.down()] == ["nothing listens there"]
        assert "connections" not in workspace.refresh()
        written(workspace.home, msgspec.structs.replace(DOWN, state="ok", why=""))
        assert "connections" in workspace.refresh()
        assert workspace.connections.down() == []
    assert [row.state for row in workspace.connections.all()] == ["down", "off"]


def test_the_doctor_names_a_program_that_anybody_could_have_named(made: Made) -> None:
    workspace = made()
    connect(workspace.home, mail={"from": "support@fleet.example", "smtp": {"sendmail": ["/bin/true"]}})
    (workspace.home / "handbook/connections.json").chmod(0o664)
    report = json.loads(InProcess(workspace.home).run("doctor", "--json").stdout)
    whats = [finding["what"] for finding in report["findings"]]
    assert any("names /bin/true to be run, and others than its owner may change it" in what for what in whats)


async def test_team_and_the_header_say_what_is_down(workspace: Workspace) -> None:
    with a_service(workspace.home, DOWN):
        workspace.refresh()
        app = FleettuiApp(workspace)
        async with app.run_test(size=SMALL, notifications=True) as pilot:
            await see(pilot, "✗ mail out is down: nothing listens there")
            await on_team(pilot, ConnectionKey("mail out"))
            await pilot.press("enter")
            text = await see(pilot, "nothing listens there")
            assert "Last ok" in text and "Waiting" in text
            await pilot.press("escape")
            written(workspace.home, msgspec.structs.replace(DOWN, state="ok", why=""))
            await see(pilot, "ok")
