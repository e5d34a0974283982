"""Each system call of a command fails in turn: what the command answers is what a fresh process then finds on the disk.

Exit code 0: it is there. Exit code 1 or 3: it is not, unless the line says that the outcome is unknown. `make torture` walks
every call with every error; here each kind of call on each file fails once.
"""

from __future__ import annotations

import errno
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, rmtree

import pytest

from fleettui.store.tinydb import checkpoint
from fleettui.time.clock import frozen_clock
from fleettui.workspace.collections import TICKETS
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess
from tests.support.faults import Call, Faults
from tests.support.homes import make_home

ERRORS = (errno.EIO, errno.ENOSPC, errno.EINTR, errno.ENOLCK, errno.EROFS, errno.EMFILE)


@dataclass(frozen=True)
class Operation:
    words: tuple[str, ...]
    is_done: Callable[[Workspace], bool]
    folds_in: bool = False


def taken(workspace: Workspace, *ids: str) -> bool:
    """All of them, or none: anything between is a torn batch."""
    owned = {bool(workspace.tickets.find(id_).assignee) for id_ in ids}
    assert len(owned) == 1, "half of the batch is there"
    return owned.pop()


def backed_up(workspace: Workspace) -> bool:
    backups = list((workspace.home / "backups").glob("whole-2026-03-09T160000Z.zip"))
    for path in backups:
        with zipfile.ZipFile(path) as packed:
            assert packed.testzip() is None
    return bool(backups)


def kind_of(call: Call) -> tuple[str, str]:
    """The call and the folder of its file; of files at the top their names."""
    return call.name, Path(call.file).parts[0] if Path(call.file).parts else ""


BEFORE = {"first", "second", "third"}
OPERATIONS = {
    "add": Operation(
        ("tickets", "new", "--customer", "Acme", "--subject", "New"),
        lambda workspace: any(ticket.subject == "New" for ticket in workspace.store.all(TICKETS)),
    ),
    "change": Operation(("tickets", "take", "T-1001"), lambda workspace: taken(workspace, "T-1001")),
    "batch": Operation(
        ("tickets", "take", "T-1001,T-1002,T-1003"),
        lambda workspace: taken(workspace, "T-1001", "T-1002", "T-1003"),
    ),
    "checkpoint": Operation(
        ("tickets", "take", "T-1001"), lambda workspace: taken(workspace, "T-1001"), True
    ),
    "backup": Operation(("backup",), backed_up),
}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = make_home(tmp_path_factory.mktemp("prepared") / "home", MONDAY_MORNING)
    workspace = opened(home)
    workspace.customers.add("Acme", tier="Premium")
    for subject in sorted(BEFORE):
        workspace.tickets.new("Acme", subject)
    workspace.close()
    return home


def opened(home: Path) -> Workspace:
    return Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="kathy")


@pytest.fixture
def walk(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, bool], dict[str, int]]:
    home = tmp_path / "home"
    due = checkpoint.is_due

    def run(operation: Operation, faults: Faults, error: str) -> str:
        rmtree(home, ignore_errors=True)
        copytree(prepared, home)
        monkeypatch.setattr(checkpoint, "is_due", (lambda *_: True) if operation.folds_in else due)
        with faults.active():
            done = InProcess(home).run(*operation.words, "--json")
        monkeypatch.setattr(checkpoint, "is_due", due)
        # A call that the clean run alone has made (a cache, a loop that waits) cannot fail here.
        failing = [] if faults.at is None else faults.calls[faults.at : faults.at + 1]
        where = f"{error} at {failing}: {done.stderr}"
        assert "Traceback" not in done.stderr and done.returncode in (0, 1, 3), where
        assert all(line.startswith("fleettui: ") for line in done.stderr.splitlines()), where
        if done.returncode == 0:
            json.loads(done.stdout)
        else:
            assert done.stderr.count("\n") == 1, where
        fresh = opened(home)
        is_done = operation.is_done(fresh)
        fresh.close()
        if done.returncode and "the outcome is unknown" in done.stderr:
            return "unknown"
        assert is_done is (done.returncode == 0), f"answer {done.returncode}, on disk {is_done}: {where}"
        return "done" if is_done else "refused"

    def walked(name: str, everything: bool) -> dict[str, int]:
        operation, clean = OPERATIONS[name], Faults(home)
        assert run(operation, clean, "no fault") == "done"
        outcomes = {"done": 0, "refused": 0, "unknown": 0}
        wrong = []
        for at, call in enumerate(clean.calls):
            if not everything and kind_of(call) in {kind_of(earlier) for earlier in clean.calls[:at]}:
                continue
            for error in ERRORS if everything else (ERRORS[at % len(ERRORS)],):
                try:
                    outcomes[run(operation, Faults(home, at, error), errno.errorcode[error])] += 1
                except AssertionError as mismatch:
                    wrong.append(str(mismatch).splitlines()[0])
        assert wrong == [], f"{len(wrong)} answers are not true; {outcomes}"
        return outcomes

    return walked


@pytest.mark.slow
@pytest.mark.parametrize("name", OPERATIONS)
def test_each_kind_of_call_that_fails_is_answered_truly(
    name: str, walk: Callable[[str, bool], dict[str, int]]
) -> None:
    outcomes = walk(name, False)
    assert outcomes["refused"] > 5, outcomes


@pytest.mark.torture
@pytest.mark.parametrize("name", OPERATIONS)
def test_every_call_with_every_error_is_answered_truly(
    name: str, walk: Callable[[str, bool], dict[str, int]]
) -> None:
    print(name, walk(name, True))
