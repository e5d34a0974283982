"""Moving a workspace from a folder onto PostgreSQL and back: everything as it was, in exactly one place."""

from __future__ import annotations

import contextlib
import random
import subprocess
import sys
import time
from pathlib import Path
from shutil import copytree, rmtree
from typing import Any

import pytest

from fleettui.config import Address
from fleettui.database_addresses import DatabaseAddress
from fleettui.errors import Refused, Unusable
from fleettui.workspace import place_at
from fleettui.workspace.collections import KEPT
from fleettui.workspace.moving import move
from fleettui.workspace.workspace import Workspace, workspace_at
from tests.support.clocks import MONDAY_MORNING
from tests.support.database_shell import DatabaseShell
from tests.support.homes import make_home
from tests.support.postgres_server import remove_workspace, unmade
from tests.workspace.database.conftest import clock, on_box


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    on_box(monkeypatch, tmp_path / "box")
    folder = make_home(tmp_path / "home", MONDAY_MORNING, "kathy", demo=True)
    kathy = opened(folder)
    ticket = kathy.tickets.new("Acme", "It fails", body="See what I sent.")
    kathy.ticket_files.attach(ticket.id, "log.txt", b"it fails here\n")
    kathy.queue.look(ticket)
    kathy.inbox.follow(ticket.id)
    kathy.drafts.keep(f"answer {ticket.id}", "Dear Ann, ")
    kathy.close()
    return folder


def opened(address: Address, login: str = "kathy") -> Workspace:
    return workspace_at(place_at(address), clock(), login, in_app=True)


def contents(workspace: Workspace) -> list[tuple[Any, ...]]:
    store = workspace.store
    return [
        (collection.name, kept.key, kept.id, kept.document, kept.history)
        for collection in KEPT
        for kept in store.everything(collection)
    ]


def moved(source: Address, target: Address) -> None:
    workspace = opened(source)
    try:
        move(workspace.services, place_at(target), "kathy", clock(), None)
    finally:
        workspace.close()


def test_there_and_back_everything_is_as_it_was(home: Path, address: DatabaseAddress, tmp_path: Path) -> None:
    before = opened(home)
    everything, files = contents(before), list(before.services.kept_files.names())
    policy = {path.name: path.read_bytes() for path in (home / "handbook").glob("*.json")}
    before.close()
    assert len(everything) > 100 and len(files) == 1
    back = tmp_path / "back"
    for source, target in ((home, address), (address, back)):
        moved(source, target)
        there = opened(target)
        assert contents(there) == everything
        assert there.services.kept_files.read(files[0]) == b"it fails here\n"
        ticket = there.tickets.all()[-1]
        assert there.services.read_marks.rev(ticket.id) == 0 or not there.queue.is_unread(ticket)
        assert there.inbox.following() == [ticket.id]
        assert there.drafts.get(f"answer {ticket.id}") == "Dear Ann, "
        there.close()
    assert {path.name: path.read_bytes() for path in (back / "handbook").glob("*.json")} == policy


def test_who_has_the_old_place_open_can_change_nothing_there_and_is_told_where_it_is(
    home: Path, address: DatabaseAddress, tmp_path: Path
) -> None:
    for source, target in ((home, address), (address, tmp_path / "back")):
        colleague = opened(source, "zay")
        ticket = colleague.tickets.all()[0]
        moved(source, target)
        with pytest.raises(Unusable, match=r"this workspace is at .* now") as raised:
            colleague.tickets.note(ticket.id, "too late")
        assert (target.shown if isinstance(target, DatabaseAddress) else str(target)) in str(raised.value)
        colleague.services.close()
        with pytest.raises(Unusable, match=r"this workspace is at .* now"):
            opened(source)


def test_a_place_that_is_taken_is_refused_and_nothing_has_moved(
    home: Path, address: DatabaseAddress, tmp_path: Path
) -> None:
    other = make_home(tmp_path / "other", MONDAY_MORNING, "kathy")
    for target in (other, home):
        with pytest.raises(Refused):
            moved(home, target)
    kathy = opened(home)
    kathy.tickets.new("Acme", "It goes on here")
    kathy.close()


def test_what_was_cut_off_before_the_old_place_was_left_is_finished_by_moving_again(
    home: Path, address: DatabaseAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("fleettui.workspace.folder.removal.FolderRemoval.leave", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            moved(home, address)
    opened(home).close()
    moved(home, address)
    with pytest.raises(Unusable, match="this workspace is at"):
        opened(home)
    opened(address).close()


def test_the_command_says_what_would_move_and_moves_it(shell: DatabaseShell, home: Path) -> None:
    old, new = str(home), str(shell.at)
    asked = shell.json("move", "--home", old, "--to", new, "--check")
    assert not asked["moved"] and asked["files"] == 1
    shell.fails(3, "today")
    done = shell.json("move", "--home", old, "--to", new)
    assert done == {**asked, "moved": True}
    shell.ok("today")
    for again in (["today"], ["move", "--to", new]):
        assert f"this workspace is at {shell.at.shown} now" in shell.fails(3, *again, "--home", old)
    assert shell.ok("doctor").endswith("all is well.\n")


@pytest.mark.slow
@pytest.mark.parametrize("moments", [6, pytest.param(50, marks=pytest.mark.torture)])
def test_killed_at_any_moment_it_is_whole_in_one_place(home: Path, tmp_path: Path, moments: int) -> None:
    """Between the two commits both places have all of it: then moving again finishes."""
    chance, everything, ends, took = random.Random(7), contents_of(home), list[str](), 0.0
    for number in range(moments + 1):
        source, target = copytree(home, tmp_path / f"source-{number}"), unmade()
        killed_at = chance.uniform(0.2, 1.05) * took if took else None
        lasted = killed_while_moving(source, target, killed_at)
        took = took or lasted
        ends.append(end_of(source, target, everything))
        rmtree(source)
        remove_workspace(target)
    assert set(ends) == {"not moved", "moved"} or moments < 50


def killed_while_moving(source: Path, target: DatabaseAddress, seconds: float | None) -> float:
    """How long it took; without a time to be killed at it ends by itself."""
    command = [sys.executable, "-m", "fleettui", "move", "--home", str(source), "--to", str(target)]
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if seconds is not None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.kill()
    process.wait()
    return time.perf_counter() - begun


def end_of(source: Path, target: DatabaseAddress, everything: list[tuple[Any, ...]]) -> str:
    """Where it is: whole there, and nowhere else; or in both, until it is moved once more."""
    is_there = place_at(target).is_made()
    with contextlib.suppress(Unusable):
        assert contents_of(source) == everything
        if not is_there:
            return "not moved"
        moved(source, target)
    assert contents_of(target) == everything
    with pytest.raises(Unusable):
        contents_of(source)
    return "moved"


def contents_of(address: Address) -> list[tuple[Any, ...]]:
    workspace = opened(address)
    try:
        return contents(workspace)
    finally:
        workspace.close()
