"""Months of the archive that are removed, emptied or exchanged: named by whoever reads them, and rescued."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from shutil import copytree, rmtree
from typing import Any

import pytest
from msgspec.structs import replace

from fleettui.errors import Unusable
from fleettui.store.losses import WouldLose
from fleettui.store.protocol import Collection
from fleettui.store.tinydb import archive, backup, checkpoint, doctor, months, table_file
from fleettui.store.tinydb.restore import restore
from fleettui.store.tinydb.store import TinyDBStore
from tests.support.things import NOW, THINGS, Thing, added, new_home, noting, setting, stamp

FEBRUARY, JANUARY = NOW - timedelta(days=28), NOW - timedelta(days=50)
OTHERS = Collection("others", Thing, "O", 1, finished=lambda thing: thing.finished)


def opened(home: Path) -> TinyDBStore:
    return TinyDBStore(home, "zay")


def month(home: Path, name: str = "2026-02") -> Path:
    return home / f"archive/things-{name}.json"


def finish(store: TinyDBStore, title: str, at: Any) -> Thing:
    thing = added(store, title)
    store.change(THINGS, thing.id, noting(f"about {title}"), stamp())
    store.change(THINGS, thing.id, setting(finished=at), stamp("finish", at=at))
    return thing


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """February was written three times, January once; each time with a checkpoint that a test wrote, not a new day."""
    monkeypatch.setattr(checkpoint, "is_due", lambda *_: False)
    home = new_home(tmp_path)
    store = TinyDBStore(home, "kathy")
    added(store, "stays open")
    for title, at in (("a", FEBRUARY), ("b", FEBRUARY), ("c", JANUARY), ("d", FEBRUARY)):
        finish(store, title, at)
        store.checkpoint(THINGS, NOW)
        if month(home).exists():
            month(home).with_suffix(f".{title}").write_bytes(month(home).read_bytes())
    store.close()
    return home


def older_copy(home: Path) -> None:
    month(home).with_suffix(".b").replace(month(home))


def other_month(home: Path) -> None:
    month(home).write_bytes(month(home, "2026-01").read_bytes())


def checkpoint_in_its_place(home: Path) -> None:
    month(home).write_bytes((home / "things.json").read_bytes())


HARMS: dict[str, Callable[[Path], object]] = {
    "removed": lambda home: month(home).unlink(),
    "emptied": lambda home: month(home).write_bytes(b""),
    "older copy": older_copy,
    "another month": other_month,
    "a checkpoint": checkpoint_in_its_place,
    "cut": lambda home: os.truncate(month(home), month(home).stat().st_size // 2),
}


def everything(home: Path) -> dict[str, tuple[Thing, list[int]]]:
    store = opened(home)
    things = store.all(THINGS, archived=True)
    return {thing.id: (thing, [entry.rev for entry in store.history(THINGS, thing.id)]) for thing in things}


def errors(home: Path) -> list[str]:
    return [finding.what for finding in doctor.examine(home, [THINGS]) if finding.severity == "error"]


@pytest.mark.parametrize("harm", HARMS)
def test_every_reader_names_a_month_that_is_not_the_one_that_was_written(home: Path, harm: str) -> None:
    HARMS[harm](home)
    readers: list[Callable[[TinyDBStore], object]] = [
        lambda store: store.get(THINGS, "X-1001"),
        lambda store: store.get(THINGS, "X-1099"),
        lambda store: store.history(THINGS, "X-1004"),
        lambda store: store.histories(THINGS, {"X-1001"}),
        lambda store: store.all(THINGS, archived=True),
        lambda store: store.as_of(THINGS, FEBRUARY),
        lambda store: store.change(THINGS, "X-1002", noting("x"), stamp()),
    ]
    for read in readers:
        with pytest.raises(Unusable) as refused:
            read(opened(home))
        assert str(refused.value).startswith(f"{month(home)}, line ")
        assert "fleettui restore" in str(refused.value) and "\n" not in str(refused.value)
    findings = [finding for finding in doctor.examine(home, [THINGS]) if finding.severity == "error"]
    assert [(finding.file, finding.mend) for finding in findings] == [(str(month(home)), "fleettui restore")]
    assert [thing.title for thing in opened(home).all(THINGS)] == ["stays open"]
    opened(home).change(THINGS, "X-1000", noting("work goes on"), stamp())


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("source", ["generations", "whole backup", "older whole backup"])
def test_a_month_is_rescued_whole_from_backups_and_earlier_checkpoints(
    home: Path, harm: str, source: str
) -> None:
    store = TinyDBStore(home, "kathy")
    if source != "generations":
        backup.backup(store, [THINGS], NOW)
        for path in [*(home / "backups").glob("*.json"), *sorted((home / "journal").glob("*.jsonl"))[:-1]]:
            path.unlink()
    if source == "older whole backup":
        finish(store, "e", FEBRUARY)
        store.checkpoint(THINGS, NOW)
    store.close()
    healthy = everything(home)
    HARMS[harm](home)
    done = restore(opened(home), [THINGS], None, NOW)
    assert done.lost == []
    assert everything(home) == healthy
    assert errors(home) == []


@pytest.mark.parametrize("harm", HARMS)
def test_what_no_backup_has_is_said_and_asked_about(home: Path, harm: str) -> None:
    for path in [*(home / "backups").iterdir(), *sorted((home / "journal").glob("*.jsonl"))[:-1]]:
        path.unlink()
    HARMS[harm](home)
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    with pytest.raises(WouldLose) as refused:
        restore(opened(home), [THINGS], None, NOW)
    assert all(
        "things-2026-02.json is gone, and no backup has all of it" in lost.why for lost in refused.value.lost
    )
    assert "" in {lost.id for lost in refused.value.lost}
    assert {path: path.read_bytes() for path in before if "locks" not in str(path)} == {
        path: content for path, content in before.items() if "locks" not in str(path)
    }
    restore(opened(home), [THINGS], None, NOW, sure=True)
    assert errors(home) == []
    assert {"X-1000", "X-1003"} <= everything(home).keys()


def test_a_crash_between_the_month_and_its_checkpoint_is_no_damage(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The month is then newer than the checkpoint says, and the next one writes it again."""
    store = TinyDBStore(home, "kathy")
    finish(store, "e", FEBRUARY)
    healthy = everything(home)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr("fleettui.store.tinydb.rotation.keep_generation", killed)
        with pytest.raises(KeyboardInterrupt):
            store.checkpoint(THINGS, NOW)
    assert months.expected(home, "things")["2026-02"] == 3
    assert errors(home) == [] and everything(home) == healthy
    opened(home).checkpoint(THINGS, NOW)
    assert months.expected(home, "things")["2026-02"] == 5
    assert errors(home) == [] and everything(home) == healthy


def test_a_missing_month_is_not_made_anew_by_the_next_checkpoint(home: Path) -> None:
    store = TinyDBStore(home, "kathy")
    finish(store, "e", FEBRUARY)
    month(home).unlink()
    with pytest.raises(Unusable, match="the file is missing"):
        store.checkpoint(THINGS, NOW)
    assert not month(home).exists()
    opened(home).checkpoint(THINGS, JANUARY)  # nothing leaves for the archive: the month stays missed
    assert errors(home)


def test_a_workspace_of_before_is_checked_from_its_next_checkpoint_on(home: Path) -> None:
    path = home / "things.json"
    content = path.read_bytes()
    meta = table_file.peek_meta(content.partition(b"\n")[0])
    assert meta is not None and meta.months == {"2026-01": 1, "2026-02": 3}
    old = table_file.head(replace(meta, months=None)) + b"\n" + content.partition(b"\n")[2]
    path.write_bytes(old)
    other = month(home, "2026-01")
    kept = other.read_bytes()
    other.unlink()
    assert errors(home) == []
    other.write_bytes(kept)
    opened(home).checkpoint(THINGS, NOW)
    other.unlink()
    assert any("things-2026-01.json" in what for what in errors(home))


def test_going_back_to_a_backup_leaves_no_month_missing(home: Path) -> None:
    store = TinyDBStore(home, "kathy")
    zipped = backup.backup(store, [THINGS], NOW)
    healthy = everything(home)
    finish(store, "e", FEBRUARY)
    finish(store, "f", NOW - timedelta(days=80))
    store.checkpoint(THINGS, NOW)
    newer = month(home).read_bytes()
    reader = opened(home)
    reader.all(THINGS, archived=True)
    restore(opened(home), [THINGS], zipped, NOW, sure=True)
    assert errors(home) == [] and everything(home) == healthy
    assert {thing.id for thing in reader.all(THINGS, archived=True)} == healthy.keys()
    month(home).write_bytes(newer)
    assert any("an older copy has taken its place" in what for what in errors(home))


def test_a_month_laid_out_anew_by_stock_tinydb_is_believed(home: Path) -> None:
    import json

    month(home).write_text(json.dumps(json.loads(month(home).read_text()), indent=1))
    assert errors(home) == [] and "X-1001" in everything(home)


# -- every file removed, emptied, and exchanged with every earlier or other one


def versions_over_time(folder: Path) -> tuple[Path, dict[str, set[bytes]]]:
    """A workspace of two collections, and every content that each of its files has had."""
    home, contents = new_home(folder), dict[str, set[bytes]]()
    store = TinyDBStore(home, "kathy")
    for turn in range(9):
        for collection in (THINGS, OTHERS):
            thing = store.add(collection, lambda id_: Thing(id=id_, title="a"), stamp("add"))
            at = NOW - timedelta(days=30 * (1 + turn % 3))
            store.change(collection, thing.id, setting(finished=at), stamp(at=at))
            _remember(home, contents)
            if turn % 2:
                store.checkpoint(collection, NOW)
                _remember(home, contents)
            store.add(collection, lambda id_: Thing(id=id_, title="open"), stamp("add"))
    store.close()
    _remember(home, contents)
    return home, contents


def _remember(home: Path, contents: dict[str, set[bytes]]) -> None:
    for pattern in ("*.json", "archive/*", "journal/*"):
        for path in home.glob(pattern):
            contents.setdefault(path.relative_to(home).as_posix(), set()).add(path.read_bytes())


def seen_of(home: Path) -> Any:
    archive._CHECKED.clear()
    store, seen = opened(home), list[Any]()
    for collection in (THINGS, OTHERS):
        things = sorted(store.all(collection, archived=True), key=lambda thing: thing.id)
        seen.append([(thing, store.history(collection, thing.id)) for thing in things])
        seen.append(store.fresh(collection).meta.next)
    return seen


def exchanges(contents: dict[str, set[bytes]]) -> Iterator[tuple[str, bytes | None]]:
    for name, own in contents.items():
        yield name, None
        yield name, b""
        others = {content for other, kept in contents.items() if other != name for content in kept}
        for content in sorted(own | others):
            yield name, content


def outcomes(home: Path, cases: list[tuple[str, bytes | None]]) -> Counter[str]:
    truth, copied, counted = seen_of(home), home.with_name("copy"), Counter[str]()
    for name, content in cases:
        rmtree(copied, ignore_errors=True)
        copytree(home, copied)
        if content is None:
            (copied / name).unlink(missing_ok=True)
        else:
            (copied / name).write_bytes(content)
        try:
            counted["harmless" if seen_of(copied) == truth else f"silent: {name}"] += 1
        except Unusable as error:
            counted["named" if str(copied) in str(error) else f"not named: {error}"] += 1
        named = [
            finding for finding in doctor.examine(copied, [THINGS, OTHERS]) if finding.severity == "error"
        ]
        counted["named by the doctor"] += bool(named)
    return counted


@pytest.mark.slow
def test_no_file_is_exchanged_in_silence(tmp_path: Path) -> None:
    home, contents = versions_over_time(tmp_path)
    cases = [case for case in exchanges(contents) if case[0].startswith("archive") or case[1] in (None, b"")]
    counted = outcomes(home, cases[::4])
    assert counted.keys() <= {"named", "harmless", "named by the doctor"}, counted


@pytest.mark.torture
def test_a_thousand_files_removed_emptied_and_exchanged(tmp_path: Path) -> None:
    """`-s` shows the figures."""
    home, contents = versions_over_time(tmp_path)
    cases = list(exchanges(contents))
    counted = outcomes(home, cases)
    print(f"{len(cases)} files removed, emptied or exchanged: {dict(counted)}")
    assert counted.keys() <= {"named", "harmless", "named by the doctor"}, counted
