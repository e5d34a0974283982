"""Full disks, folders that may not be written, locks that are held, links where files belong."""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fleettui.errors import Unusable
from fleettui.store import files, locks
from fleettui.store.files import Modes
from fleettui.store.personal.drafts import Drafts
from fleettui.store.personal.read_marks import ReadMarks
from fleettui.store.tinydb import checkpoint, doctor
from fleettui.store.tinydb.store import TinyDBStore
from tests.support.processes import start
from tests.support.things import NOW, THINGS, added, new_home, noting, setting, stamp

NOBODY = 65534


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A filesystem of 256 KB of its own, where this account may mount one."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k,mode=755", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("mounting a small filesystem needs root; the file size limit below covers the same")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill_until_refused(store: TinyDBStore, id_: str) -> int:
    for accepted in range(10_000):
        try:
            store.change(THINGS, id_, noting(f"{accepted:04d}" * 200), stamp())
        except Unusable as error:
            assert "disk is full" in str(error)
            return accepted
    raise AssertionError("the disk never filled")


def test_a_full_disk_refuses_the_change_and_keeps_all_there_was(small_disk: Path) -> None:
    home = new_home(small_disk)
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * 100_000)
    store = TinyDBStore(home, "kathy")
    thing = added(store)
    accepted = fill_until_refused(store, thing.id)
    assert accepted > 10
    after = TinyDBStore(home, "zay").get(THINGS, thing.id)
    assert after is not None and len(after.notes) == accepted
    filler.unlink()
    changed = store.change(THINGS, thing.id, setting(count=1), stamp())
    assert changed is not None and len(changed.notes) == accepted, "with room again the same session works on"


def test_what_was_typed_survives_a_full_disk_elsewhere(small_disk: Path, tmp_path: Path) -> None:
    home = new_home(small_disk)
    (home / "filler").write_bytes(b"x" * 240_000)
    drafts = Drafts(home, "kathy", tmp_path / "state")
    drafts.keep("T-1042", "long words " * 5_000)
    assert drafts.get("T-1042") == "long words " * 5_000
    assert (tmp_path / "state" / "drafts" / "T-1042.txt").exists()


def in_child(work: Callable[[Callable[[str], None]], None]) -> list[str]:
    child = start(work)
    lines = child.lines()
    assert child.code() == 0
    return lines


def test_a_file_size_limit_is_a_full_disk_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "is_due", lambda loaded, now: False)
    home = new_home(tmp_path)
    thing = added(TinyDBStore(home, "kathy"))

    def work(say: Callable[[str], None]) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        say(str(fill_until_refused(TinyDBStore(home, "kathy"), thing.id)))

    accepted = int(in_child(work)[0])
    store = TinyDBStore(home, "zay")
    after = store.get(THINGS, thing.id)
    assert after is not None and len(after.notes) == accepted > 5
    assert store.change(THINGS, thing.id, setting(count=1), stamp()) is not None


def test_a_checkpoint_that_finds_no_room_does_not_fail_the_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = new_home(tmp_path)
    store = TinyDBStore(home, "kathy")
    thing = added(store, details={str(n): "x" * 100 for n in range(400)})
    store.checkpoint(THINGS, NOW)
    monkeypatch.setattr(checkpoint, "is_due", lambda loaded, now: True)

    def work(say: Callable[[str], None]) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))
        TinyDBStore(home, "kathy").change(THINGS, thing.id, setting(count=7), stamp())
        say("accepted")

    assert in_child(work) == ["accepted"]
    after = TinyDBStore(home, "zay").get(THINGS, thing.id)
    assert after is not None and after.count == 7
    assert not list(home.glob("*.scratch-*"))


def as_nobody(work: Callable[[Callable[[str], None]], None]) -> Callable[[Callable[[str], None]], None]:
    """Root may do anything: to be refused, be somebody else."""

    def weaker(say: Callable[[str], None]) -> None:
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        work(say)

    return weaker


def reachable(tmp_path: Path) -> None:
    """pytest's own folders are for their owner alone; the account that is to be refused must get as far as ours."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == tmp_path.owner() and folder.is_relative_to(tempfile.gettempdir()):
            folder.chmod(folder.stat().st_mode | 0o755)


def test_a_folder_that_may_not_be_written_can_still_be_read(tmp_path: Path) -> None:
    reachable(tmp_path)
    home = new_home(tmp_path)
    thing = added(TinyDBStore(home, "kathy"))
    for path in (home, *home.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)

    def work(say: Callable[[str], None]) -> None:
        store = TinyDBStore(home, "guest")
        document = store.get(THINGS, thing.id)
        say(document.title if document else "nothing")
        try:
            store.change(THINGS, thing.id, setting(title="changed"), stamp())
        except files.NotPermitted as error:
            say(str(error))

    lines = in_child(as_nobody(work))
    assert lines[0] == "first"
    assert "not permitted" in lines[1]
    assert TinyDBStore(home, "kathy").get(THINGS, thing.id) == thing
    for path in (home, *home.rglob("*")):
        path.chmod(0o755)


def test_a_lock_held_too_long_names_its_holder(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    store = TinyDBStore(home, "kathy", patience=0.2)
    thing = added(store)
    reading, writing = os.pipe()

    def hold(say: Callable[[str], None]) -> None:
        os.close(writing)
        with locks.exclusive(locks.path_of(home, "things"), "zay", 0o600):
            say("held")
            os.read(reading, 1)

    child = start(hold)
    os.close(reading)
    assert os.read(child.output, 5) == b"held\n"
    with pytest.raises(locks.Locked, match=rf"locked by zay \(process {child.pid}\) since 20\d\d-"):
        store.change(THINGS, thing.id, setting(count=1), stamp())
    assert store.get(THINGS, thing.id) == thing, "reading waits for nobody"
    os.close(writing)
    assert child.code() == 0
    assert store.change(THINGS, thing.id, setting(count=1), stamp()) is not None


@pytest.mark.parametrize("replaced", ["locks", "locks/things.lock"])
def test_a_lock_whose_file_was_replaced_while_somebody_waited_is_taken_anew(
    tmp_path: Path, replaced: str
) -> None:
    """Else two would write at once: one with the lock of the file that is gone, one with that of the new file."""
    home, order = new_home(tmp_path), list[str]()
    path = locks.path_of(home, "things")

    def wait() -> None:
        with locks.exclusive(path, "kathy", 0o600):
            order.append("the one who waited")

    waiting = threading.Thread(target=wait)
    with contextlib.ExitStack() as first, contextlib.ExitStack() as second:
        first.enter_context(locks.exclusive(path, "zay", 0o600))
        waiting.start()
        time.sleep(0.1)
        (home / replaced).rename(home / "aside")
        (home / "locks").mkdir(mode=0o700, exist_ok=True)
        time.sleep(0.01)
        second.enter_context(locks.exclusive(path, "alex", 0o600))
        first.close()
        time.sleep(0.1)
        order.append("the one with the new file")
        second.close()
    waiting.join()
    assert order == ["the one with the new file", "the one who waited"]


@pytest.mark.parametrize("replaced", ["locks", "locks/things.lock"])
def test_a_store_that_has_its_lock_open_takes_the_one_that_has_the_name(
    tmp_path: Path, replaced: str
) -> None:
    home = new_home(tmp_path)
    store = TinyDBStore(home, "kathy", patience=0.05)
    thing = added(store)
    (home / replaced).rename(home / "aside")
    (home / "locks").mkdir(mode=0o700, exist_ok=True)
    time.sleep(0.01)
    with locks.exclusive(locks.path_of(home, "things"), "zay", 0o600), pytest.raises(locks.Locked):
        store.change(THINGS, thing.id, setting(count=1), stamp())
    assert store.change(THINGS, thing.id, setting(count=2), stamp()) is not None
    with locks.exclusive(locks.path_of(home, "things"), "zay", 0o600, patience=0.05):
        pass  # it is free between two changes


def test_after_a_fork_two_processes_do_not_have_one_lock(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    store = TinyDBStore(home, "kathy", patience=0.05)
    thing = added(store)

    def write(say: Callable[[str], None]) -> None:
        try:
            store.change(THINGS, thing.id, setting(count=1), stamp())
        except locks.Locked:
            say("locked")

    with store.writing(THINGS):
        assert start(write).lines() == ["locked"]
    assert store.get(THINGS, thing.id) == thing
    assert start(write).lines() == []
    assert store.fresh(THINGS).documents[thing.id].count == 1


def test_a_lock_is_never_taken_twice_at_once(tmp_path: Path) -> None:
    store = TinyDBStore(new_home(tmp_path), "kathy")
    thing = added(store)
    with store.writing(THINGS), pytest.raises(locks.Locked):
        store.change(THINGS, thing.id, setting(count=1), stamp())
    assert store.change(THINGS, thing.id, setting(count=1), stamp()) is not None


@pytest.mark.parametrize("name", ["things.json", "journal/things-000001.jsonl", "locks/things.lock"])
def test_a_symbolic_link_where_a_file_belongs_is_refused(tmp_path: Path, name: str) -> None:
    home = new_home(tmp_path)
    store = TinyDBStore(home, "kathy")
    thing = added(store)
    store.close()
    real = tmp_path / "elsewhere"
    (home / name).rename(real)
    (home / name).symlink_to(real)
    before = real.read_bytes()
    with pytest.raises(Unusable, match="symbolic link"):
        TinyDBStore(home, "zay").change(THINGS, thing.id, setting(count=1), stamp())
    assert real.read_bytes() == before


def test_a_shared_home_gives_its_group_every_file_and_nobody_else_whatever_the_umask(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    for folder in (home, *home.iterdir()):
        folder.chmod(0o2770)
    for umask in (0o000, 0o022, 0o077):
        before = os.umask(umask)
        try:
            store = TinyDBStore(home, "kathy")
            added(store)
            store.checkpoint(THINGS, NOW)
        finally:
            os.umask(before)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in home.rglob("*") if path.is_file()}
    assert modes == {0o660}


def test_the_doctor_knows_that_what_somebody_has_seen_is_theirs_alone(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    for folder in (home, *home.iterdir()):
        folder.chmod(0o2770)
    ReadMarks(home, "kathy", Modes.of(home)).look("X-1000", 1)
    assert stat.S_IMODE((home / "seen" / "kathy.txt").stat().st_mode) == 0o600
    assert [finding.what for finding in doctor.examine(home, [THINGS]) if "seen" in finding.file] == []


def test_a_private_home_is_for_its_owner_alone(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    before = os.umask(0)
    try:
        store = TinyDBStore(home, "kathy")
        added(store)
        store.checkpoint(THINGS, NOW)
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in home.rglob("*") if path.is_file()} == {0o600}


def test_a_line_that_could_not_be_made_durable_is_taken_out_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worst of full disks: the line is written whole, and only the fsync says no."""
    home = new_home(tmp_path)
    store = TinyDBStore(home, "kathy")
    thing = added(store)
    path = home / "journal" / "things-000001.jsonl"
    before = path.read_bytes()

    def no_room(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", no_room)
        with pytest.raises(files.DiskFull):
            store.change(THINGS, thing.id, noting("refused"), stamp())
    assert path.read_bytes() == before
    assert store.get(THINGS, thing.id) == TinyDBStore(home, "zay").get(THINGS, thing.id) == thing
