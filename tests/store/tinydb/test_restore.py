"""Restoring: all that can be read is rescued, what is lost is listed first, and it is one change or none."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from shutil import copytree, rmtree
from typing import Any

import pytest

from fleettui.errors import Unusable
from fleettui.store.losses import Restored, WouldLose
from fleettui.store.protocol import Happening
from fleettui.store.tinydb import backup, doctor, switch
from fleettui.store.tinydb.restore import restore
from fleettui.store.tinydb.store import TinyDBStore
from tests.support.things import NOW, THINGS, added, finish, new_home, noting, setting, stamp

SYSTEM_CALLS = ("open", "fsync", "rename", "link", "unlink", "mkdir", "write", "rmdir")


def opened(home: Path) -> TinyDBStore:
    return TinyDBStore(home, "zay")


def rescued(home: Path, *, sure: bool = True, **options: Any) -> Restored:
    return restore(opened(home), [THINGS], None, NOW, sure=sure, **options)


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def spoil_line(path: Path, number: int, old: bytes = b'"entry"', new: bytes = b'"en\xfftry"') -> None:
    lines = lines_of(path)
    assert old in lines[number - 1]
    lines[number - 1] = lines[number - 1].replace(old, new, 1)
    path.write_bytes(b"".join(lines))


def journal(home: Path) -> Path:
    (newest,) = sorted((home / "journal").glob("things-*.jsonl"))[-1:]
    return newest


def line_with(path: Path, words: bytes) -> int:
    return next(number for number, line in enumerate(lines_of(path), 1) if words in line)


def errors(home: Path) -> list[str]:
    return [finding.what for finding in doctor.examine(home, [THINGS]) if finding.severity == "error"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return new_home(tmp_path)


def test_the_lines_after_a_damaged_one_are_taken_in(home: Path) -> None:
    """Twenty changes of four things, one of them unreadable: one is lost, and named before it goes."""
    store = opened(home)
    for title in ("a", "b", "c", "d"):
        added(store, title)
    store.checkpoint(THINGS, NOW)
    for turn in range(20):
        store.change(THINGS, f"X-{1000 + turn % 4}", noting(f"note {turn}"), stamp("note", by="kathy"))
    store.close()
    spoil_line(journal(home), line_with(journal(home), b"note 4"))
    before = {path: path.read_bytes() for path in home.rglob("*.json*")}
    with pytest.raises(WouldLose) as refused:
        rescued(home, sure=False)
    assert {path: path.read_bytes() for path in home.rglob("*.json*")} == before
    (lost,) = refused.value.lost
    assert (lost.id, lost.who, lost.when, lost.verb) == ("X-1000", "kathy", "2026-03-09T16:00:00Z", "note")
    assert rescued(home).lost == [lost]
    notes = {thing.id: thing.notes for thing in opened(home).all(THINGS)}
    assert notes["X-1000"] == ("note 0", "note 8", "note 12", "note 16")
    assert notes["X-1001"] == ("note 1", "note 5", "note 9", "note 13", "note 17")
    assert errors(home) == []
    history = opened(home).history(THINGS, "X-1000")
    assert [(entry.rev, entry.verb) for entry in history][2:4] == [(3, "restore"), (4, "note")]
    as_it_was = opened(home).as_of(THINGS, NOW - timedelta(days=1))
    assert as_it_was == []


@pytest.mark.parametrize("damage", ["removed", "emptied", "older checkpoint", "cut"])
def test_what_was_restored_is_kept_like_every_checkpoint(home: Path, damage: str) -> None:
    """With the header of its journal and the mark of what was acknowledged, before anything is changed."""
    store = opened(home)
    for title in ("first", "second"):
        added(store, title)
        store.checkpoint(THINGS, NOW)
    added(store, "third")
    store.close()
    spoil_line(journal(home), 2)
    older = (home / "things.json").read_bytes()
    rescued(home)
    assert errors(home) == []
    path = journal(home)
    if damage == "removed":
        path.unlink()
    elif damage == "emptied":
        path.write_bytes(b"")
    elif damage == "older checkpoint":
        (home / "things.json").write_bytes(older)
    else:
        store = opened(home)
        added(store, "since the restore")
        store.close()
        assert journal(home) == path  # no checkpoint was needed for it
        path.write_bytes(lines_of(path)[0])
    name = "things.json" if damage == "older checkpoint" else path.name
    with pytest.raises(Unusable, match=f"{name}, line "):
        opened(home).all(THINGS)
    assert any(name in what for what in errors(home))


def test_a_change_of_what_was_lost_is_listed_and_not_applied(home: Path) -> None:
    store = opened(home)
    added(store, "a")
    for title in ("lost", "built on it"):
        store.change(THINGS, "X-1000", setting(title=title), stamp())
    store.change(THINGS, "X-1000", setting(count=7), stamp())
    store.close()
    spoil_line(journal(home), 3)
    assert [(lost.id, lost.rev) for lost in rescued(home).lost] == [("X-1000", 2), ("X-1000", 3)]
    thing = opened(home).get(THINGS, "X-1000")
    assert thing is not None and (thing.title, thing.count, thing.rev) == ("a", 7, 4)
    assert errors(home) == []


def test_the_number_of_a_lost_document_is_not_given_again(home: Path) -> None:
    store = opened(home)
    for title in ("a", "b", "c"):
        added(store, title)
    store.close()
    spoil_line(journal(home), 3)
    spoil_line(journal(home), 4, b'"X-1002"', b'"X-\xff02"')
    assert {lost.id for lost in rescued(home).lost} == {"X-1001", "X-\ufffd02"}
    assert added(opened(home), "d").id == "X-1003"


@pytest.mark.parametrize("with_backup", [True, False])
def test_the_rows_of_a_damaged_checkpoint_are_rescued(home: Path, with_backup: bool) -> None:
    store = opened(home)
    for title in ("a", "b", "c"):
        added(store, title)
    store.checkpoint(THINGS, NOW)
    store.change(THINGS, "X-1001", setting(count=2), stamp())
    store.checkpoint(THINGS, NOW)
    store.change(THINGS, "X-1002", setting(count=3), stamp())
    healthy = store.all(THINGS)
    store.close()
    if not with_backup:
        for path in (home / "backups").iterdir():
            path.unlink()
        for path in sorted((home / "journal").glob("*.jsonl"))[:-1]:
            path.unlink()
    spoil_line(home / "things.json", 4, b'"title"', b'"ti\x00tle"')
    done = rescued(home)
    there = opened(home).all(THINGS)
    if with_backup:
        assert done.lost == [] and sorted(there, key=lambda thing: thing.id) == healthy
        assert [entry.verb for entry in opened(home).history(THINGS, "X-1001")] == ["add", "edit"]
    else:
        assert [(lost.id, lost.verb) for lost in done.lost] == [("X-1001", "add"), ("X-1001", "edit")]
        assert [thing for thing in healthy if thing.id != "X-1001"] == there
    assert errors(home) == []


def test_a_damaged_history_is_filled_and_said(home: Path) -> None:
    store = opened(home)
    added(store, "a")
    store.change(THINGS, "X-1000", setting(count=2), stamp())
    store.checkpoint(THINGS, NOW)
    store.close()
    for folder in ("backups", "journal"):
        for path in (home / folder).iterdir():
            path.unlink()
    path = home / "things.json"
    path.write_bytes(path.read_bytes().replace(b'"of":"X-1000"', b'"of":X-1000"'))
    assert rescued(home).lost
    assert [entry.verb for entry in opened(home).history(THINGS, "X-1000")] == ["restore", "restore"]
    assert errors(home) == []


@pytest.mark.parametrize("with_backup", [True, False])
def test_a_damaged_month_of_the_archive_is_rescued(home: Path, with_backup: bool) -> None:
    store = opened(home)
    for title in ("a", "b"):
        added(store, title)
        store.checkpoint(THINGS, NOW)
    for id_ in ("X-1000", "X-1001"):
        finish(store, id_, NOW - timedelta(days=40))
    store.checkpoint(THINGS, NOW)
    healthy = store.all(THINGS, archived=True)
    (month,) = (home / "archive").iterdir()
    spoil_line(month, line_with(month, b'"title":"a"'), b'"title"', b'"ti\xfftle"')
    if not with_backup:
        for path in (*(home / "backups").iterdir(), *(home / "journal").iterdir()):
            path.unlink()
    lost = rescued(home).lost
    there = opened(home).all(THINGS, archived=True)
    if with_backup:
        assert lost == [] and sorted(there, key=lambda thing: thing.id) == healthy
    else:
        assert {change.id for change in lost} == {"X-1000"}
        assert [thing.id for thing in there] == ["X-1001"]
    assert errors(home) == []


def test_going_back_lists_what_was_done_since_and_loses_it_only_when_told(home: Path) -> None:
    store = opened(home)
    added(store, "a")
    zipped = backup.backup(store, [THINGS], NOW)
    store.change(THINGS, "X-1000", setting(count=2), stamp("count", by="alex"))
    added(store, "b")
    with pytest.raises(WouldLose) as refused:
        restore(opened(home), [THINGS], zipped, NOW)
    assert [(lost.id, lost.who, lost.verb) for lost in refused.value.lost] == [
        ("X-1000", "alex", "count"),
        ("X-1001", "kathy", "add"),
    ]
    assert len(opened(home).all(THINGS)) == 2
    kept = restore(opened(home), [THINGS], zipped, NOW, salvage=True)
    assert kept.lost == [] and len(opened(home).all(THINGS)) == 2
    restore(opened(home), [THINGS], zipped, NOW, sure=True)
    assert [(thing.id, thing.count) for thing in opened(home).all(THINGS)] == [("X-1000", 0)]
    assert added(store, "c").id == "X-1002", "no number is given twice"


def test_what_was_archived_since_the_backup_does_not_stay_in_the_archive(home: Path) -> None:
    store = opened(home)
    added(store, "a")
    zipped = backup.backup(store, [THINGS], NOW)
    finish(store, "X-1000", NOW - timedelta(days=40))
    store.checkpoint(THINGS, NOW)
    with pytest.raises(WouldLose):
        restore(opened(home), [THINGS], zipped, NOW)
    restore(opened(home), [THINGS], zipped, NOW, sure=True)
    assert list((home / "archive").iterdir()) == []
    assert [thing.finished for thing in opened(home).all(THINGS, archived=True)] == [None]


def with_a_handbook(home: Path) -> None:
    (home / "handbook" / "templates").mkdir(parents=True)
    (home / "handbook" / "sla.json").write_text("{}")
    (home / "handbook" / "templates" / "README").write_text("old")


def test_the_policy_comes_back_whole_with_files_that_have_no_dot(home: Path) -> None:
    with_a_handbook(home)
    repository = home / "handbook" / ".git"
    repository.mkdir()
    (repository / "config").write_text("[core]")
    (home / "handbook" / "linked.json").symlink_to("sla.json")
    store = opened(home)
    added(store, "a")
    zipped = backup.backup(store, [THINGS], NOW)
    assert backup.left_out(home) == [home / "handbook" / "linked.json"]
    (home / "handbook" / "templates" / "README").write_text("new")
    (home / "handbook" / "later.json").write_text("{}")
    (repository / "config").write_text("[later]")
    restore(store, [THINGS], zipped, NOW)
    assert (home / "handbook" / "templates" / "README").read_text() == "old"
    assert not (home / "handbook" / "later.json").exists()
    assert (repository / "config").read_text() == "[later]"
    (aside,) = (home / "backups").glob("replaced-*")
    assert (aside / "handbook" / "templates" / "README").read_text() == "new"
    assert (aside / "handbook" / "later.json").exists()


# -- one change or none


def content_of(home: Path) -> tuple[Any, ...]:
    store = opened(home)
    history: list[Happening] = store.latest([THINGS], 99)
    policy = {
        path.name: path.read_text() for path in sorted((home / "handbook").rglob("*")) if path.is_file()
    }
    return sorted(store.all(THINGS, archived=True), key=lambda thing: thing.id), len(history), policy


def before_a_restore(home: Path) -> Path:
    """A workspace in which documents, archive and policy have all changed since its backup."""
    with_a_handbook(home)
    store = opened(home)
    for title in ("a", "b", "c"):
        added(store, title)
    finish(store, "X-1000", NOW - timedelta(days=40))
    zipped = backup.backup(store, [THINGS], NOW)
    finish(store, "X-1001", NOW - timedelta(days=70))
    store.checkpoint(THINGS, NOW)
    store.change(THINGS, "X-1002", setting(count=5), stamp())
    (home / "handbook" / "templates" / "README").write_text("new")
    (home / "handbook" / "later.json").write_text("{}")
    store.close()
    return zipped


def killed_at(call: int, work: Callable[[], object]) -> bool:
    """Runs `work` in a process that dies before its system call of that number; whether it did."""
    pid = os.fork()
    if pid == 0:
        left = [call]

        def counting(original: Any) -> Any:
            def counted(*arguments: Any, **options: Any) -> Any:
                left[0] -= 1
                if left[0] < 0:
                    os._exit(9)
                return original(*arguments, **options)

            return counted

        for name in SYSTEM_CALLS:
            setattr(os, name, counting(getattr(os, name)))
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9


def go_back(home: Path, zipped: Path) -> None:
    restore(opened(home), [THINGS], zipped, NOW, sure=True)


@pytest.mark.slow
def test_a_restore_that_is_killed_at_any_call_leaves_the_old_content_or_the_new(tmp_path: Path) -> None:
    prepared = new_home(tmp_path)
    zipped = before_a_restore(prepared)
    old = content_of(prepared)
    complete = copytree(prepared, tmp_path / "complete")
    go_back(complete, zipped)
    new = content_of(complete)
    assert new != old
    ends: list[bool] = []
    while True:
        home = copytree(prepared, tmp_path / "killed")
        session = opened(home)
        session.all(THINGS)
        died = killed_at(len(ends), partial(go_back, home, zipped))
        if len(ends) % 2:
            # A session that was open all the time writes next: what it is told stays.
            session.change(THINGS, "X-1002", noting("after it"), stamp())
            there = opened(home).get(THINGS, "X-1002")
            assert there is not None and there.notes == ("after it",)
            is_new = there.count == 0
        else:
            content = content_of(home)
            assert content in (old, new), len(ends)
            is_new = content == new
        assert not switch.is_pending(home)
        session.close()
        if not died:
            break
        ends.append(is_new)
        rmtree(home)
    assert True in ends and False in ends, "it died on both sides of the decision"
    assert ends == sorted(ends)


def test_a_plan_that_leads_out_of_the_workspace_is_not_carried_out(home: Path, tmp_path: Path) -> None:
    store = opened(home)
    added(store, "a")
    (home / "restore" / "new").mkdir(parents=True)
    outside = tmp_path / "precious.json"
    outside.write_text("{}")
    for name in ("../precious.json", str(outside), "locks/x.lock", "drafts/kathy.json"):
        (home / "restore" / "plan.json").write_text(
            f'{{"collections":["things"],"put":[],"remove":["{name}"]}}'
        )
        with pytest.raises(Unusable, match="is no plan of a restore"):
            store.change(THINGS, "X-1000", setting(count=1), stamp())
    (home / "backups").rename(home / "elsewhere")
    (home / "backups").symlink_to(tmp_path)
    plan = '{"collections":["things"],"put":[],"remove":["backups/precious.json"]}'
    (home / "restore" / "plan.json").write_text(plan)
    with pytest.raises(Unusable):
        store.change(THINGS, "X-1000", setting(count=1), stamp())
    assert outside.exists()
