"""What the doctor says of permissions and locks: it never advises what would shut the team out, and blames nobody wrongly."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import stat
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fleettui.store import files, lock_holders, locks
from fleettui.store.protocol import Finding
from fleettui.store.tinydb import doctor, permissions
from fleettui.store.tinydb.store import TinyDBStore
from tests.support.things import NOW, THINGS, added, finish, new_home, noting, setting, stamp

HOLD = "import fcntl, sys; fs = [open(a) for a in sys.argv[1:]]; any(fcntl.flock(f, 2) for f in fs); print(); sys.stdin.read()"


def findings(home: Path) -> list[Finding]:
    return list(doctor.examine(home, [THINGS]))


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    home = new_home(tmp_path)
    (home / "workspace.json").write_text("{}")
    (home / "seen").mkdir()
    for path in (home, *home.rglob("*")):
        path.chmod(0o2770 if path.is_dir() else 0o660)
    added(TinyDBStore(home, "kathy"))
    assert findings(home) == []
    return home


def test_what_is_meant_to_be_private_is_no_finding(shared: Path) -> None:
    (shared / "seen" / "zay.txt").write_text("X-1000 1\n")
    (shared / "drafts" / "zay").mkdir(mode=0o700)
    (shared / "drafts" / "zay" / "note.json").write_text("{}")
    for path in ((shared / "seen" / "zay.txt"), (shared / "drafts" / "zay" / "note.json")):
        path.chmod(0o600)
    (shared / "drafts" / "zay").chmod(0o700)
    if os.geteuid() == 0:
        os.chown(shared / "seen" / "zay.txt", 61012, 61001)
    assert findings(shared) == []


def test_what_the_service_keeps_and_what_the_administrator_keeps_of_it_is_no_finding(shared: Path) -> None:
    """Its account is another one; and without `chown root` on connections.json it would use no secret."""
    (shared / "service").mkdir()
    (shared / "service").chmod(0o2750)
    for name, mode in (("status.json", 0o640), ("mail-out.log", 0o600)):
        (shared / "service" / name).write_text("{}")
        (shared / "service" / name).chmod(mode)
    (shared / "handbook").mkdir()
    (shared / "handbook").chmod(0o2770)
    policy = shared / "handbook" / "connections.json"
    policy.write_text("{}")
    for mode in (0o660, 0o640, 0o644):
        policy.chmod(mode)
        assert findings(shared) == []
    policy.chmod(0o666)
    (shared / "service" / "status.json").chmod(0o660)
    assert sorted(finding.mend for finding in findings(shared)) == [
        f"chmod 0660 {policy}",
        f"chmod go-w {shared / 'service' / 'status.json'}",
    ]


def test_a_lost_setgid_bit_is_restored_and_never_shuts_the_team_out(shared: Path) -> None:
    for folder in (shared, shared / "journal"):
        folder.chmod(0o770)
    mends = {finding.file: finding.mend for finding in findings(shared)}
    assert mends == {str(folder): f"chmod 2770 {folder}" for folder in (shared, shared / "journal")}
    store = TinyDBStore(shared, "kathy")
    store.checkpoint(THINGS, NOW)
    store.change(THINGS, "X-1000", noting("after it"), stamp())
    for path in (shared / "things.json", *(shared / "journal").iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) == 0o660, path
    for mend in mends.values():
        subprocess.run(["sh", "-c", mend], check=True)
    assert findings(shared) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another group")
def test_a_lost_group_is_restored_with_the_setgid_bit(shared: Path) -> None:
    for path in (shared, *shared.rglob("*")):
        os.chown(path, -1, 61001)
        path.chmod(0o2770 if path.is_dir() else 0o660)
    os.chown(shared, -1, 0)
    shared.chmod(0o770)
    first = findings(shared)[0]
    assert (first.file, first.mend) == (str(shared), f"chgrp 61001 {shared} && chmod 2770 {shared}")
    subprocess.run(["sh", "-c", first.mend], check=True)
    assert findings(shared) == []


def test_a_private_workspace_that_was_opened_to_its_group_is_closed_again(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    added(TinyDBStore(home, "kathy"))
    home.chmod(0o770)
    (finding,) = findings(home)
    assert "others can write it" in finding.what and finding.mend == f"chmod 0700 {home}"
    assert files.Modes.of(home) == files.PRIVATE


# -- access control lists


def acl(*entries: tuple[int, int, int]) -> bytes:
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


NOBODY = 0xFFFFFFFF
BASE = ((0x01, 7, NOBODY), (0x04, 7, NOBODY))


def test_an_access_control_list_is_read_for_whom_it_lets_in() -> None:
    plain = acl(*BASE, (0x20, 0, NOBODY))
    assert permissions.let_in(plain, 0, 0) == [] == permissions.let_in(b"", 0, 0)
    assert permissions.let_in(acl(*BASE, (0x20, 5, NOBODY)), 0, 0) == ["everybody"]
    named = acl((0x01, 7, NOBODY), (0x02, 7, 61012), (0x04, 7, NOBODY), (0x08, 5, 61001), (0x10, 7, NOBODY))
    assert permissions.let_in(named, 0, 0) == ["61012", "the group 61001"]
    assert permissions.let_in(named, 61012, 61001) == []
    masked = acl((0x01, 7, NOBODY), (0x02, 7, 61012), (0x04, 7, NOBODY), (0x10, 0, NOBODY))
    assert permissions.let_in(masked, 0, 0) == []


def test_a_default_access_control_list_that_lets_others_in_is_found(shared: Path) -> None:
    named = acl((0x01, 7, NOBODY), (0x02, 7, 61012), (0x04, 7, NOBODY), (0x10, 7, NOBODY), (0x20, 0, NOBODY))
    try:
        os.setxattr(shared / "journal", "system.posix_acl_default", named)
    except OSError as error:
        if error.errno in (errno.ENOTSUP, errno.EPERM):
            pytest.skip("this filesystem has no access control lists")
        raise
    (finding,) = findings(shared)
    assert finding.severity == "error" and "lets 61012 into all that is made in it" in finding.what
    assert finding.mend.startswith(f"setfacl -k {shared / 'journal'}")


# -- locks


@contextmanager
def held_by_another_program(*paths: Path) -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, *map(str, paths)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None and process.stdout is not None
    process.stdout.readline()
    try:
        yield process.pid
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="the system does not say who holds a lock")
def test_the_holder_of_a_lock_is_named_and_not_who_signed_it_last(shared: Path) -> None:
    path = shared / "locks" / "things.lock"
    assert b"kathy" in path.read_bytes()
    with held_by_another_program(path) as pid:
        with pytest.raises(locks.Locked) as refused:
            TinyDBStore(shared, "zay", patience=0.1).change(THINGS, "X-1000", noting("x"), stamp())
        (finding,) = findings(shared)
    for text in (str(refused.value), finding.what):
        assert f"process {pid} of " in text and "import fcntl" in text and "kathy" not in text
    assert "kill" not in finding.mend
    assert findings(shared) == []


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="the system does not say who holds a lock")
def test_a_process_that_holds_all_locks_is_one_line(shared: Path) -> None:
    """It was a finding for each, and half a second each."""
    names = [f"c{number:02}" for number in range(12)]
    for name in names:
        (shared / "locks" / f"{name}.lock").write_bytes(b"")
        (shared / "locks" / f"{name}.lock").chmod(0o660)
    with held_by_another_program(*sorted((shared / "locks").iterdir())) as pid:
        (finding,) = findings(shared)
    assert finding.what.startswith(
        f"nobody can write {', '.join(names)}, things: locked by process {pid} of "
    )
    assert finding.file == str(shared / "locks")


def test_nobody_is_blamed_where_the_system_does_not_tell(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shared / "locks" / "things.lock"
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    path.write_bytes(path.read_bytes().replace(b'"pid":%d' % os.getpid(), b'"pid":%d' % ended.pid))
    monkeypatch.setattr(lock_holders, "holder_of", lambda descriptor: None)
    descriptor = os.open(path, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    with pytest.raises(locks.Locked, match="has left no name") as refused:
        TinyDBStore(shared, "zay", patience=0.05).change(THINGS, "X-1000", noting("x"), stamp())
    os.close(descriptor)
    assert "kathy" not in str(refused.value)


def test_lines_of_the_system_name_the_holder_and_not_who_waits() -> None:
    lines = [
        "1: POSIX  ADVISORY  WRITE 11 08:01:77 0 EOF",
        "2: FLOCK  ADVISORY  WRITE 22 08:01:77 0 EOF",
        "2: -> FLOCK  ADVISORY  WRITE 33 08:01:77 0 EOF",
        "3: FLOCK  ADVISORY  WRITE 44 08:02:77 0 EOF",
        "4: FLOCK  ADVISORY  WRITE -1 08:01:78 0 EOF",
    ]
    assert lock_holders.pid_in(lines, os.makedev(8, 1), 77) == 22
    assert lock_holders.pid_in(lines, os.makedev(8, 1), 78) == 0
    assert lock_holders.pid_in(lines, os.makedev(9, 9), 77) == 0


@pytest.mark.parametrize("place", ["things.json", "archive/things-2025-03.json"])
def test_a_document_that_its_history_does_not_lead_to_is_named(tmp_path: Path, place: str) -> None:
    """Another program has changed it: all checksums are its own, and the history says otherwise."""
    home = new_home(tmp_path)
    store = TinyDBStore(home, "kathy")
    thing = added(store)
    for title in ("second", "third"):
        store.change(THINGS, thing.id, setting(title=title), stamp())
    gone = added(store, "removed")
    store.change(THINGS, gone.id, lambda _: None, stamp())
    if place != "things.json":
        finish(store, thing.id, NOW.replace(year=2025))
    store.checkpoint(THINGS, NOW)
    assert list(doctor.examine(home, [THINGS])) == []
    path = home / place
    tables = json.loads(path.read_text())
    tables["_default"]["1000"]["title"] = "not what was written"
    path.write_text(json.dumps(tables))
    (finding,) = doctor.examine(home, [THINGS])
    assert finding.file == str(path) and finding.severity == "error"
    assert finding.what == "X-1000: field title: change 3 (by kathy) does not lead to what is there"
