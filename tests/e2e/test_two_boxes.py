"""Two people on two boxes, in terminals, on one workspace on PostgreSQL: a day's work, and a server that stops answering."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from fleettui.database_addresses import DatabaseAddress
from fleettui.time.clock import frozen_clock
from fleettui.workspace import place_at
from fleettui.workspace.collections import CALLS
from fleettui.workspace.creation import NewWorkspace, create
from fleettui.workspace.workspace import Workspace, workspace_at
from tests.support.clocks import MONDAY_MORNING
from tests.support.database_shell import DatabaseShell, box
from tests.support.postgres_server import Server, programs
from tests.support.terminal import Terminal

pytestmark = pytest.mark.slow

AS = (
    "import sys; from fleettui import access; access.account_name = lambda: sys.argv[1]\n"
    "from fleettui.cli.main import main; sys.exit(main([]))"
)
"""The app, as it is for another account of the box."""
Session = Callable[[str, str], Terminal]


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """One that may be stopped."""
    with tempfile.TemporaryDirectory(prefix="fleettui-pg-") as folder:
        made = Server(Path(folder), programs())
        made.make()
        made.start()
        yield made
        made.stop("immediate")


@pytest.fixture
def address(own_server: Server, request: pytest.FixtureRequest, tmp_path: Path) -> DatabaseAddress:
    address = own_server.address(f"t{abs(hash(request.node.name)) % 10**9}")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CACHE_HOME", str(tmp_path / "maker"))
        patched.setenv("XDG_STATE_HOME", str(tmp_path / "maker"))
        made = create(
            NewWorkspace(
                address, frozen_clock(MONDAY_MORNING - timedelta(days=1)), "kathy", handbook_team=True
            )
        )
        for id_ in ("RIT-1", "RIT-2", "RIT-3"):
            made.rituals.edit(id_, {"dri": "kathy"})
        made.customers.add("Acme")
        made.close()
    return address


@pytest.fixture
def later(address: DatabaseAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """The workspace as a third one sees it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "third"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "third"))
    workspace = workspace_at(place_at(address), frozen_clock(MONDAY_MORNING), "zay")
    yield workspace
    workspace.close()


@pytest.fixture
def session(address: DatabaseAddress, tmp_path: Path) -> Iterator[Session]:
    """session("kathy", "box a")"""
    terminals: list[Terminal] = []

    def open_(login: str, on: str) -> Terminal:
        folders = {f"XDG_{name}_HOME": str(tmp_path / on / name) for name in ("CONFIG", "STATE", "CACHE")}
        env = {"FLEETTUI_HOME": str(address), "FLEETTUI_NOW": MONDAY_MORNING.isoformat(), **folders}
        argv = [sys.executable, "-c", AS, login]
        terminals.append(Terminal(argv, columns=100, rows=30, env=env, cwd=tmp_path))
        return terminals[-1]

    yield open_
    for terminal in terminals:
        terminal.kill()


def test_a_days_work_of_two_people_on_two_boxes(
    session: Session, address: DatabaseAddress, later: Workspace, tmp_path: Path
) -> None:
    shell: DatabaseShell = box(tmp_path / "box c", address)
    shell.ok("tickets", "new", "--customer", "Acme", "--subject", "Queries hang", "--priority", "P2")
    kathy, alex = session("kathy", "box a"), session("alex", "box b")
    for terminal in (kathy, alex):
        terminal.wait_for("Today")
        terminal.send("4")
        terminal.wait_for("Queries hang")
    kathy.wait_for("with Alex Mitchell")

    # Triage: taken here, seen there; a note there, seen here; taken back.
    kathy.send("t")
    alex.wait_for("Kathy")
    alex.send("c")
    alex.wait_for("Note")
    alex.send(*"They restarted it", "ctrl+s")
    kathy.wait_for("They restarted it")
    alex.send("u")
    kathy.wait_gone("They restarted it")

    # A ritual.
    for terminal in (kathy, alex):
        terminal.send("2")
        terminal.wait_for("Daily ·")
    alex.send("w", "\x1b[H")
    alex.wait_for("Overnight customer")
    kathy.send(" ")
    alex.wait_for("✓ done")

    # A call.
    call = shell.json("calls", "new", "--customer", "Acme", "--start", "2026-03-09 11:00")["id"]
    for terminal in (kathy, alex):
        terminal.send("3")
        terminal.wait_for("Acme")
    kathy.send("enter")
    kathy.wait_for("Esc")
    before = len(later.store.history(CALLS, call))
    kathy.send("c")
    kathy.send(*"by hand", "ctrl+s")
    _until(lambda: len(later.store.history(CALLS, call)) > before)

    # What was done is in the history, and the past can be looked at.
    rows = shell.json("history", "T-1001")
    assert rows[0]["by"] == "alex"
    assert {row["by"] for row in rows} >= {"kathy", "alex"}


def _until(condition: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


def processes_of(server: Server) -> list[int]:
    postmaster = int((server.data / "postmaster.pid").read_text().split()[0])
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(postmaster)], capture_output=True, text=True, check=True
    )
    return [postmaster, *(int(pid) for pid in children.stdout.split())]


def signalled(server: Server, sign: signal.Signals) -> None:
    for pid in processes_of(server):
        os.kill(pid, sign)


def test_with_the_server_frozen_keys_are_answered_and_nothing_typed_is_lost(
    session: Session, own_server: Server, later: Workspace, tmp_path: Path
) -> None:
    ticket = later.tickets.new("Acme", "Queries hang")
    terminal = session("kathy", "box a")
    terminal.wait_for("Today")
    terminal.send("4")
    terminal.wait_for("Queries hang")
    terminal.send("r")
    terminal.wait_for(f"Answer {ticket.id}")
    terminal.send(*"We look ")
    signalled(own_server, signal.SIGSTOP)
    frozen = time.monotonic()
    try:
        for character in "into it":
            began = time.monotonic()
            terminal.send(character)
            terminal.wait_for(lambda lines: True)
            assert time.monotonic() - began < 1
        terminal.wait_for("We look into it")
        terminal.send("escape")
        terminal.wait_for("no connection since")
        noticed = time.monotonic() - frozen
        terminal.send("r")
        terminal.wait_for("We look into it")
        terminal.send("ctrl+s")
        terminal.wait_for("Not sent")
        terminal.send("escape")
        terminal.wait_for("no connection since")
    finally:
        signalled(own_server, signal.SIGCONT)
    back = time.monotonic()
    terminal.wait_gone("no connection since")
    print(f"frozen: the header says so after {noticed:.1f} s; back after {time.monotonic() - back:.1f} s")
    terminal.send("r")
    terminal.wait_for("We look into it")
    terminal.send("ctrl+s")
    terminal.wait_for("Recorded")
    later.refresh()
    assert [message.body for message in later.tickets.find(ticket.id).messages][-1] == "We look into it"


def test_after_a_restart_of_the_server_everybody_goes_on(
    session: Session, own_server: Server, later: Workspace
) -> None:
    ticket = later.tickets.new("Acme", "Queries hang")
    kathy, alex = session("kathy", "box a"), session("alex", "box b")
    for terminal in (kathy, alex):
        terminal.wait_for("Today")
        terminal.send("4")
        terminal.wait_for("Queries hang")
    own_server.stop("immediate")
    kathy.wait_for("no connection since")
    kathy.send("t")
    kathy.wait_for("no connection")
    own_server.start()
    for terminal in (kathy, alex):
        terminal.wait_gone("no connection since")
    kathy.send("t")
    alex.wait_for("Kathy")
    later.refresh()
    assert later.tickets.find(ticket.id).assignee == "kathy"
