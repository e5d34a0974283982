"""One byte that is no text, in any file: named with file, line and document by whoever reads it, the doctor included."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest

from fleettui.errors import Unusable
from fleettui.store.tinydb import backup, doctor
from fleettui.store.tinydb.restore import restore
from fleettui.store.tinydb.store import TinyDBStore
from tests.support.things import NOW, THINGS, added, finish, new_home, noting, stamp


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """Of every kind a file."""
    home = new_home(tmp_path)
    store = TinyDBStore(home, "kathy")
    for title in ("one", "two", "three"):
        added(store, title)
    finish(store, "X-1000", NOW - timedelta(days=40))
    store.checkpoint(THINGS, NOW)
    store.checkpoint(THINGS, NOW)
    store.change(THINGS, "X-1002", noting("only in the journal"), stamp())
    store.change(THINGS, "X-1001", noting("later in the journal"), stamp())
    store.close()
    backup.backup(TinyDBStore(home, "kathy"), [THINGS], NOW)
    TinyDBStore(home, "kathy").change(THINGS, "X-1001", noting("since the backup"), stamp())
    TinyDBStore(home, "kathy").change(THINGS, "X-1002", noting("and once more"), stamp())
    return home


def read_everything(home: Path) -> None:
    store = TinyDBStore(home, "zay")
    store.all(THINGS, archived=True)
    store.histories(THINGS, {"X-1000", "X-1001", "X-1002"})


def test_a_bad_byte_is_named_by_the_doctor_and_the_rescue_gets_over_it(
    prepared: Path, tmp_path: Path
) -> None:
    healthy = {thing.id for thing in TinyDBStore(prepared, "zay").all(THINGS, archived=True)}
    names = [path for path in prepared.rglob("*.json*") if path.stat().st_size]
    assert {path.parent.name for path in names} >= {"home", "archive", "backups", "journal"}
    for name in names:
        content = name.read_bytes()
        for part in (3, 5, 8):
            home = copytree(prepared, tmp_path / "spoilt", dirs_exist_ok=True)
            path = home / name.relative_to(prepared)
            at = len(content) * part // 9
            path.write_bytes(content[:at] + b"\xff" + content[at + 1 :])
            line = content.count(b"\n", 0, at) + 1
            findings = [finding for finding in doctor.examine(home, [THINGS]) if finding.file == str(path)]
            assert findings or content[at + 1 :].count(b"\n") <= 1, (path, at)
            assert not findings or any(f"line {line}" in found.what for found in findings), (findings, line)
            try:
                read_everything(home)
            except Unusable as error:
                assert f"{path}, line " in str(error) and "fleettui restore" in str(error)
            restore(TinyDBStore(home, "zay"), [THINGS], None, NOW, sure=True)
            read_everything(home)
            assert {thing.id for thing in TinyDBStore(home, "zay").all(THINGS, archived=True)} == healthy
            path.write_bytes(content)
