"""Several accounts of one group in one workspace, and one that is not in it."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fleettui.errors import Unusable
from fleettui.store.personal.drafts import Drafts
from fleettui.store.tinydb import doctor
from fleettui.store.tinydb.store import TinyDBStore
from tests.support.processes import start
from tests.support.things import NOW, THINGS, added, new_home, noting, stamp

GROUP, OTHER_GROUP = 61_000, 61_001
KATHY, ZAY, STRANGER = 61_010, 61_011, 61_012

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root can be three other accounts in turn")


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    home = new_home(folder)
    for path in (home, *home.iterdir()):
        os.chown(path, KATHY, GROUP)
        path.chmod(0o2770)
    yield home
    shutil.rmtree(folder)


def in_account(uid: int, gid: int, umask: int, work: Callable[[Callable[[str], None]], None]) -> list[str]:
    def work_there(say: Callable[[str], None]) -> None:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
        os.umask(umask)
        work(say)

    child = start(work_there)
    lines = child.lines()
    assert child.code() == 0
    return lines


def add(home: Path) -> Callable[[Callable[[str], None]], None]:
    def work(_: Callable[[str], None]) -> None:
        added(TinyDBStore(home, "kathy"))

    return work


def note(home: Path, login: str, times: int) -> Callable[[Callable[[str], None]], None]:
    def work(_: Callable[[str], None]) -> None:
        store = TinyDBStore(home, login)
        for turn in range(times):
            store.change(THINGS, "X-1000", noting(f"{login}-{turn}"), stamp(by=login))
            store.checkpoint(THINGS, NOW)

    return work


def test_members_write_in_turn_whatever_their_umask(home: Path) -> None:
    in_account(KATHY, GROUP, 0o077, add(home))
    for turn in range(3):
        in_account(ZAY, GROUP, 0o077, note(home, f"zay{turn}", 4))
        in_account(KATHY, GROUP, 0o000, note(home, f"kathy{turn}", 4))
    thing = TinyDBStore(home, "root").get(THINGS, "X-1000")
    assert thing is not None and len(thing.notes) == 24
    for path in home.rglob("*"):
        facts = path.stat()
        assert facts.st_gid == GROUP
        assert stat.S_IMODE(facts.st_mode) == (0o2770 if path.is_dir() else 0o660), path
    assert list(doctor.examine(home, [THINGS])) == []


def test_nobody_else_can_read_it(home: Path) -> None:
    in_account(KATHY, GROUP, 0o000, add(home))

    def try_to_read(say: Callable[[str], None]) -> None:
        try:
            say(str(TinyDBStore(home, "stranger").all(THINGS)))
        except Unusable as error:
            say(f"refused: {error}")

    (line,) = in_account(STRANGER, OTHER_GROUP, 0o000, try_to_read)
    assert line.startswith("refused: ") and "not permitted" in line


def test_a_draft_is_for_its_writer_alone(home: Path, tmp_path: Path) -> None:
    in_account(KATHY, GROUP, 0o000, lambda _: Drafts(home, "kathy", tmp_path).keep("T-1", "not yet sent"))

    def try_to_read(say: Callable[[str], None]) -> None:
        try:
            say(str(Drafts(home, "kathy", tmp_path).get("T-1")))
        except (Unusable, OSError):
            say("refused")

    assert in_account(ZAY, GROUP, 0o000, try_to_read) == ["None"]
    assert in_account(
        KATHY, GROUP, 0o077, lambda say: say(Drafts(home, "kathy", Path("/")).get("T-1") or "")
    ) == ["not yet sent"]
