"""Damage that can still be read is found: checksums, the journal's header, and how far a collection was acknowledged."""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fleettui.errors import Unusable
from fleettui.store.tinydb import acknowledged, journal, row_lines
from fleettui.store.tinydb.damage import Damaged
from fleettui.store.tinydb.store import TinyDBStore
from fleettui.workspace.collections import TICKETS
from tests.support.things import NOW, THINGS, Thing, added, new_home, noting, setting, stamp


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Three things in the checkpoint, three changes in the journal."""
    home = new_home(tmp_path)
    store = TinyDBStore(home, "kathy")
    for title in ("one", "two", "three"):
        added(store, title)
    store.checkpoint(THINGS, NOW)
    for note in ("first", "second", "third"):
        store.change(THINGS, "X-1001", noting(note), stamp())
    store.close()
    return home


def journal_of(home: Path) -> Path:
    return max((home / "journal").glob("things-*.jsonl"))


def refusal(home: Path) -> str:
    with pytest.raises(Unusable) as refused:
        TinyDBStore(home, "zay").all(THINGS)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def without_line(number: int) -> Callable[[Path], None]:
    def harm(path: Path) -> None:
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join(lines[: number - 1] + lines[number:]))

    return harm


def cut(to_line: int) -> Callable[[Path], None]:
    def harm(path: Path) -> None:
        path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:to_line]))

    return harm


def swapped(path: Path) -> None:
    header, first, *others = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(header + others[0] + first + b"".join(others[1:]))


def of_the_generation_before(path: Path) -> None:
    older = min(path.parent.glob("things-*.jsonl"))
    path.write_bytes(older.read_bytes() + b"\n" * 2000)


def edited(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"second", b"decond"))


@pytest.mark.parametrize(
    ("harm", "line", "what"),
    [
        (Path.unlink, 1, "the file is missing"),
        (lambda path: path.write_bytes(b""), 1, "the file was emptied or cut off"),
        (of_the_generation_before, 1, "this is the journal of another file than things.json"),
        (without_line(1), 1, "the header cannot be read, or was changed"),
        (without_line(2), 2, "document X-1001: change 1 of this journal is missing, change 2 stands in its place"),
        (without_line(4), 4, "the file is cut off"),
        (cut(1), 2, "the file is cut off"),
        (swapped, 2, "document X-1001: change 1 of this journal is missing"),
        (edited, 3, "document X-1001: it was changed, its checksum says"),
    ],
    ids=["missing", "emptied", "replaced", "no header", "a gap", "cut by one", "cut to nothing", "swapped", "edited"],
)  # fmt: skip
def test_a_journal_that_lost_something_is_damage_and_no_empty_list(
    home: Path, harm: Callable[[Path], object], line: int, what: str
) -> None:
    live = TinyDBStore(home, "kathy")
    before = live.all(THINGS)
    path = journal_of(home)
    size = path.stat().st_size
    harm(path)
    assert f"{path}, line {line}: " in refusal(home) and what in refusal(home)
    shows = not path.exists() or path.stat().st_size != size
    for store in (live, TinyDBStore(home, "zay")) if shows else (TinyDBStore(home, "zay"),):
        with pytest.raises(Unusable):
            added(store)
        with pytest.raises(Unusable):
            store.change(THINGS, "X-1000", setting(count=1), stamp())
    assert live.all(THINGS) == before, "who had read it still sees what was true"


def test_a_tail_that_was_cut_is_found_by_who_writes_next(home: Path) -> None:
    """Also where a live session had not yet read what was cut."""
    live = TinyDBStore(home, "zay")
    live.all(THINGS)
    length = journal_of(home).stat().st_size
    TinyDBStore(home, "kathy").change(THINGS, "X-1000", noting("acknowledged"), stamp())
    os.truncate(journal_of(home), length)
    with pytest.raises(Damaged, match="is cut off: the last"):
        live.change(THINGS, "X-1002", noting("later"), stamp())
    assert journal_of(home).stat().st_size == length, "nothing was written behind the hole"


def test_a_torn_line_that_was_never_acknowledged_opens_silently(home: Path) -> None:
    before = TinyDBStore(home, "kathy").all(THINGS)
    with journal_of(home).open("ab") as file:
        file.write(b'{"records":[{"key":1000,"id":"X-1000","entry":{"rev":2')
    assert TinyDBStore(home, "zay").all(THINGS) == before


def test_a_mark_that_is_behind_or_gone_stops_nobody(home: Path) -> None:
    """After a power cut it may be older than the journal."""
    mark = acknowledged.place_of(home, "things").path
    older = mark.read_bytes()
    TinyDBStore(home, "kathy").change(THINGS, "X-1000", noting("later"), stamp())
    before = TinyDBStore(home, "kathy").all(THINGS)
    for content in (older, b"", b"\0" * len(older), None):
        mark.unlink()
        if content is not None:
            mark.write_bytes(content)
        store = TinyDBStore(home, "zay")
        assert store.all(THINGS) == before
    store.change(THINGS, "X-1000", noting("last"), stamp())
    assert acknowledged.read(home, "things").length == journal_of(home).stat().st_size


def test_a_checkpoint_older_than_what_was_acknowledged_is_named(home: Path) -> None:
    older = (home / "things.json").read_bytes()
    store = TinyDBStore(home, "kathy")
    store.checkpoint(THINGS, NOW)
    (home / "things.json").write_bytes(older)
    assert "this is checkpoint 2, but changes after checkpoint 3 were acknowledged" in refusal(home)


def test_a_live_session_writes_to_the_journal_that_has_the_name(home: Path) -> None:
    """A copy in its place is the same journal in another file."""
    live = TinyDBStore(home, "kathy")
    live.change(THINGS, "X-1000", noting("before"), stamp())
    path = journal_of(home)
    copied = path.with_name("copied")
    shutil.copy(path, copied)
    copied.rename(path)
    live.change(THINGS, "X-1000", noting("after"), stamp())
    after = TinyDBStore(home, "zay").get(THINGS, "X-1000")
    assert after is not None and after.notes == ("before", "after")


def test_a_checkpoint_that_ends_between_any_two_steps_leaves_the_old_or_the_new(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a kill would: each call that writes or renames is the last one."""
    before = TinyDBStore(home, "zay").all(THINGS)

    class Killed(BaseException):
        """Nothing catches it, as nothing catches a kill."""

    def dying_at(steps: Iterator[int], call: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object, **named: object) -> object:
            if next(steps, None) is None:
                raise Killed
            return call(*arguments, **named)

        return step

    for survived in range(40):
        steps = iter(range(survived))
        with monkeypatch.context() as dying:
            for name in ("rename", "link", "fsync", "pwrite", "unlink"):
                dying.setattr(os, name, dying_at(steps, getattr(os, name)))
            try:
                TinyDBStore(home, "kathy").checkpoint(THINGS, NOW)
            except Killed:
                ended = False
            else:
                ended = True
        store = TinyDBStore(home, "zay")
        assert store.all(THINGS) == before, survived
        assert [entry.rev for entry in store.history(THINGS, "X-1001")] == [1, 2, 3, 4]
        if ended:
            break
    assert ended and survived > 8


def test_the_first_checkpoint_of_all_may_end_anywhere_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, rename = new_home(tmp_path), os.rename

    def killed_behind_the_journal(source: str, target: str, **folders: int) -> None:
        if target == "things.json":
            raise KeyboardInterrupt
        rename(source, target, **folders)

    with monkeypatch.context() as dying:
        dying.setattr(os, "rename", killed_behind_the_journal)
        with pytest.raises(KeyboardInterrupt):
            added(TinyDBStore(home, "kathy"))
    assert journal_of(home).exists() and not (home / "things.json").exists()
    assert TinyDBStore(home, "zay").all(THINGS) == []
    assert added(TinyDBStore(home, "zay")).id == "X-1000"


def test_a_damaged_history_is_not_spread_by_the_next_checkpoint(home: Path) -> None:
    path = home / "things.json"
    content = path.read_bytes()
    harmed = content.replace(b'"verb":"add"', b'"verb":"adb"', 1)
    assert harmed != content
    path.write_bytes(harmed)
    store = TinyDBStore(home, "zay")
    assert len(store.all(THINGS)) == 3
    line = harmed.count(b"\n", 0, harmed.index(b'"adb"')) + 1
    with pytest.raises(Damaged, match=rf"line {line}: the history of document X-1000: it was changed"):
        store.checkpoint(THINGS, NOW)
    assert path.read_bytes() == harmed


def archived(home: Path) -> tuple[Path, Thing]:
    store = TinyDBStore(home, "kathy")
    done = added(store, "done", finished=NOW.replace(year=2025))
    store.checkpoint(THINGS, NOW)
    assert store.get(THINGS, done.id) == done
    return home / "archive" / "things-2025-03.json", done


@pytest.mark.parametrize(
    ("old", "new"),
    [('"title":"done"', '"title":"lost"'), ('"id":"X-1003"', '"id":"X-1009"'), ('"of":"X-1003"', '"of":"X-1009"'),
     ('"verb":"add"', '"verb":"adb"'), ('"next":1', '"next":2')],
)  # fmt: skip
def test_a_changed_row_of_the_archive_is_named(home: Path, old: str, new: str) -> None:
    path, done = archived(home)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    for ask in (TinyDBStore.get, TinyDBStore.history):
        with pytest.raises(Damaged, match=r"things-2025-03.json, line \d+: .*it was changed"):
            ask(TinyDBStore(home, "zay"), THINGS, done.id)
    with pytest.raises(Damaged):
        TinyDBStore(home, "zay").all(THINGS, archived=True)
    with pytest.raises(Damaged):
        TinyDBStore(home, "zay").histories(THINGS, {done.id})


def test_lines_behind_a_damaged_one_can_still_be_believed(home: Path) -> None:
    edited(journal_of(home))
    without_line(4)(journal_of(home))
    lines = list(row_lines.lines_of(home, "things", 2))
    assert [(line.number, line.trouble) for line in lines] == [
        (2, ""),
        (3, "it was changed, its checksum says"),
        (4, "the file is cut off here"),
    ]
    assert lines[0].commit is not None and lines[0].commit.records[0].id == "X-1001"


def test_rows_beside_a_damaged_one_can_still_be_believed(home: Path) -> None:
    path = home / "things.json"
    content = path.read_bytes().replace(b'"title":"two"', b'"title":\xff"two')
    rows = list(row_lines.rows_in(content))
    assert [(row.table, row.number, row.is_whole) for row in rows] == [
        ("_default", 1000, True), ("_default", 1001, False), ("_default", 1002, True),
        ("history", 1000, True), ("history", 1001, True), ("history", 1002, True),
    ]  # fmt: skip


@pytest.fixture
def home_of_before(tmp_path: Path) -> Path:
    with tarfile.open(Path(__file__).parents[1] / "before" / "workspace.tar.xz") as packed:
        packed.extractall(tmp_path, filter="data")
    return tmp_path / "home"


def test_files_of_before_are_read_and_get_checksums_with_the_next_change(home_of_before: Path) -> None:
    store = TinyDBStore(home_of_before, "kathy")
    before = store.all(TICKETS)
    path = home_of_before / "tickets.json"
    content = path.read_bytes()
    assert b'"format":1' in content and b"_sums" not in content
    ticket = before[0]
    changed = store.change(TICKETS, ticket.id, setting(subject="Changed"), stamp())
    content = path.read_bytes()
    assert b'"format":2' in content and b"_sums" in content
    assert journal.header_in(max((home_of_before / "journal").glob("tickets-*")).read_bytes().splitlines()[0])
    again = TinyDBStore(home_of_before, "zay")
    assert {t.id: t for t in again.all(TICKETS)} == {**{t.id: t for t in before}, ticket.id: changed}
    assert len(again.history(TICKETS, ticket.id)) == len(store.history(TICKETS, ticket.id)) > 1
