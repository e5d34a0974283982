"""Each system call of a command fails in turn: what the command answers is what a fresh process then finds on the disk.

Exit code 0: it is there. Exit code 1 or 3: it is not, unless the line says that the outcome is unknown. `make torture` walks
every call with every error that it can end with; here each kind of call on each file fails once. A restore is killed there, too.
"""

from __future__ import annotations

import errno
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, rmtree
from typing import Any

import pytest

from fleettui.errors import Unusable
from fleettui.store.tinydb import checkpoint
from fleettui.time.clock import frozen_clock
from fleettui.workspace.collections import KEPT, TICKETS
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess
from tests.support.faults import LOOKS, WRITES, Call, Faults, Killed, Moment
from tests.support.homes import make_home

ERRORS = (errno.EIO, errno.ENOSPC, errno.EINTR, errno.ENOLCK, errno.EROFS, errno.EMFILE)
KILL = 0
ASIDE = "backups/replaced-2026-03-09T160000Z"


@dataclass(frozen=True)
class Operation:
    words: tuple[str, ...]
    is_done: Callable[[Workspace, Path], bool]
    folds_in: bool = False
    is_damaged: bool = False
    may_be_killed: bool = False
    only_writes: bool = False
    """What else it calls, `add` calls too; not for `make torture`."""


def taken(*ids: str) -> Callable[[Workspace, Path], bool]:
    """All of them, or none: anything between is a torn batch."""

    def is_done(workspace: Workspace, _: Path) -> bool:
        owned = {bool(workspace.tickets.find(id_).assignee) for id_ in ids}
        assert len(owned) == 1, "half of the batch is there"
        return owned.pop()

    return is_done


def is_added(workspace: Workspace, _: Path) -> bool:
    return any(ticket.subject == "New" for ticket in workspace.store.all(TICKETS))


def is_backed_up(workspace: Workspace, _: Path) -> bool:
    backups = list((workspace.home / "backups").glob("whole-2026-03-09T160000Z.zip"))
    for path in backups:
        with zipfile.ZipFile(path) as packed:
            assert packed.testzip() is None
    return bool(backups)


def contents(workspace: Workspace) -> dict[str, Any]:
    """Documents with their histories, and the policy. Of a damaged collection its file."""
    files: dict[str, Any] = {
        str(path.relative_to(workspace.home)): path.read_bytes()
        for path in (workspace.home / "handbook").rglob("*")
        if path.is_file()
    }
    for collection in KEPT:
        try:
            documents = workspace.store.all(collection)
            histories = workspace.store.histories(collection, {document.id for document in documents})
            files[collection.name] = documents, histories
        except Unusable:
            files[collection.name] = (workspace.home / f"{collection.name}.json").read_bytes()
    return files


def is_restored(workspace: Workspace, restored: Path) -> bool:
    """The old workspace or the new one, whole."""
    there = contents(workspace)
    new, old = (contents_of(restored / name) for name in ("new", "old"))
    differing = [name for name in {*there, *new, *old} if there.get(name) != new.get(name)]
    assert there in (new, old), f"neither the old nor the new workspace; not yet new: {differing}"
    return there == new


CONTENTS: dict[Path, dict[str, Any]] = {}


def contents_of(home: Path) -> dict[str, Any]:
    if home not in CONTENTS:
        workspace = opened(home)
        CONTENTS[home] = contents(workspace)
        workspace.close()
    return CONTENTS[home]


OPERATIONS = {
    "add": Operation(("tickets", "new", "--customer", "Acme", "--subject", "New"), is_added),
    "change": Operation(("tickets", "take", "T-1001"), taken("T-1001"), only_writes=True),
    "batch": Operation(
        ("tickets", "take", "T-1001,T-1002,T-1003"), taken("T-1001", "T-1002", "T-1003"), only_writes=True
    ),
    "checkpoint": Operation(("tickets", "take", "T-1001"), taken("T-1001"), folds_in=True, only_writes=True),
    "backup": Operation(("backup",), is_backed_up),
    "restore": Operation(("restore", "{backup}", "--yes"), is_restored, may_be_killed=True),
    "rescue": Operation(("restore",), is_restored, is_damaged=True, may_be_killed=True),
}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small workspace, `whole` and `damaged`, and a `backup.zip` from before its last changes."""
    folder = tmp_path_factory.mktemp("prepared")
    home = make_home(folder / "whole", MONDAY_MORNING)
    for path in sorted((home / "handbook").rglob("*.*")):
        if path.parent.name in ("playbooks", "templates"):
            path.unlink()
    rmtree(home / "handbook-last-good", ignore_errors=True)
    workspace = opened(home)
    workspace.customers.add("Acme", tier="Premium")
    for subject in ("first", "second", "third"):
        workspace.tickets.new("Acme", subject)
    backup = workspace.maintenance.backup()
    workspace.tickets.new("Acme", "fourth")
    workspace.close()
    backup.rename(folder / "backup.zip")
    (home / "handbook" / ".late").write_text("from after the backup")
    (home / "handbook" / "labels.json").unlink()
    damaged = copytree(home, folder / "damaged") / "tickets.json"
    damaged.write_bytes(damaged.read_bytes().replace(b'"second"', b'"se\xffond"', 1))
    return folder


def opened(home: Path) -> Workspace:
    return Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="kathy")


class Walk:
    """Runs one operation again and again in fresh copies of the prepared workspace."""

    def __init__(self, name: str, prepared: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.operation, self.home, self._patch = OPERATIONS[name], folder / "home", monkeypatch
        self._words = [word.format(backup=prepared / "backup.zip") for word in self.operation.words]
        self._from, self._due, self._folder = (
            prepared / ("damaged" if self.operation.is_damaged else "whole"), checkpoint.is_due, folder,
        )  # fmt: skip
        self.clean = Faults(self.home)
        self._once(Faults(self.home))  # the first run fills caches: it calls more than all that follow
        if self.operation.may_be_killed:
            copytree(self._from, folder / "old")
            copytree(self.home, folder / "new")
        assert self.run(self.clean, "no fault") == "done"

    def _once(self, faults: Faults) -> Any:
        rmtree(self.home, ignore_errors=True)
        copytree(self._from, self.home)
        self._patch.setattr(checkpoint, "is_due", (lambda *_: True) if self.operation.folds_in else self._due)
        try:
            with faults.active():
                return InProcess(self.home).run(*self._words, "--json")
        except Killed:
            return None
        finally:
            self._patch.setattr(checkpoint, "is_due", self._due)

    def run(self, faults: Faults, error: str) -> str:
        done = self._once(faults)
        where = f"{error} at {faults.at}: {done.stderr.strip() if done else 'killed'}"
        fresh = opened(self.home)
        try:
            is_done = self.operation.is_done(fresh, self._folder)
        except Exception as mismatch:
            raise AssertionError(f"{where}: {mismatch}") from mismatch
        finally:
            fresh.close()
        if done is None:
            return "killed"
        assert "Traceback" not in done.stderr and done.returncode in (0, 1, 3), where
        assert all(line.startswith("fleettui: ") for line in done.stderr.splitlines()), where
        if done.returncode == 0:
            json.loads(done.stdout)
        else:
            assert done.stderr.count("\n") == 1, where
        if done.returncode and "the outcome is unknown" in done.stderr:
            return "unknown"
        assert is_done is (done.returncode == 0), f"answer {done.returncode}, on disk {is_done}: {where}"
        return "done" if is_done else "refused"

    def everything(self) -> Iterator[tuple[Moment, int]]:
        for moment in self.clean.moments():
            for error in (errno.EIO, errno.EMFILE) if moment.call.name in LOOKS else ERRORS:
                yield moment, error
            if self.operation.may_be_killed:
                yield moment, KILL

    def each_kind(self) -> Iterator[tuple[Moment, int]]:
        seen = set()
        for moment in self.clean.moments():
            call = moment.call
            if kind_of(call) in seen or (self.operation.only_writes and call.name not in WRITES):
                continue
            seen.add(kind_of(call))
            yield moment, errno.EIO if call.name in LOOKS else ERRORS[len(seen) % len(ERRORS)]
            if self.operation.may_be_killed and call.name in WRITES:
                yield moment, KILL

    def through(self, faults: Iterator[tuple[Moment, int]]) -> dict[str, int]:
        outcomes = {"done": 0, "refused": 0, "unknown": 0, "killed": 0}
        wrong = []
        for at, error in faults:
            try:
                outcomes[self.run(Faults(self.home, at, error), errno.errorcode.get(error, "kill"))] += 1
            except AssertionError as mismatch:
                wrong.append(str(mismatch).splitlines()[0])
        assert wrong == [], f"{len(wrong)} answers are not true; {outcomes}"
        return outcomes


def kind_of(call: Call) -> tuple[str, str]:
    """The call and the folder of its file. Those of locks and of the policy are alike for every command."""
    folder = Path(call.file).parts[0] if len(Path(call.file).parts) > 1 else ""
    return call.name, folder


def test_a_backup_whose_name_the_disk_did_not_confirm_is_there_and_said_to_be(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = Walk("backup", prepared, tmp_path, monkeypatch)
    moments = walk.clean.moments()
    (named,) = (at for at, (call, _) in enumerate(moments) if call.name == "rename" and "whole-" in call.file)
    at = next(moment for moment in moments[named:] if moment.call.name == "fsync")
    assert walk.run(Faults(walk.home, at, errno.ENOSPC), "ENOSPC") == "unknown"
    assert list((walk.home / "backups").glob("whole-*.zip"))


def test_a_restore_is_done_whatever_fails_when_it_is_looked_at_afterwards(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answered 3 for what was restored, when the folder of what it had put aside could not be looked at."""
    walk = Walk("restore", prepared, tmp_path, monkeypatch)
    look, cleared = Moment(Call("stat", ASIDE), 0), Call("rmdir", "restore")
    faults = Faults(walk.home, look, errno.EIO, after=cleared)
    assert walk.run(faults, "EIO") == "done"
    assert faults.counted(look.call) == 1
    marks = [moment for moment in walk.clean.moments() if moment.call == Call("open", "workspace.json")]
    before = (walk.home / "workspace.json").read_bytes()
    assert walk.run(Faults(walk.home, marks[-1], errno.EIO), "EIO") == "done"
    assert (walk.home / "workspace.json").read_bytes() == before


@pytest.mark.slow
@pytest.mark.parametrize("name", OPERATIONS)
def test_each_kind_of_call_that_fails_is_answered_truly(
    name: str, prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = Walk(name, prepared, tmp_path, monkeypatch)
    outcomes = walk.through(walk.each_kind())
    assert outcomes["refused"], outcomes


@pytest.mark.torture
@pytest.mark.parametrize("name", OPERATIONS)
def test_every_call_with_every_error_is_answered_truly(
    name: str, prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = Walk(name, prepared, tmp_path, monkeypatch)
    print(name, len(walk.clean.calls), walk.through(walk.everything()))
