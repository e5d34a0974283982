"""Single bytes changed, files cut, emptied and removed: it is named, or no document and no history differs."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fleettui.errors import Unusable
from fleettui.store.tinydb import archive, doctor
from fleettui.store.tinydb.store import TinyDBStore
from fleettui.workspace.folder.workspace_file import WorkspaceFile, encode, read_workspace_file
from tests.support.things import NOW, THINGS, Thing, added, finish, new_home, noting, stamp

KINDS = (
    "things.json",
    "journal/things-*.jsonl",
    "journal/*.acknowledged",
    "archive/*.json",
    "workspace.json",
)
CHANGED_TO = (0x01, 0x80, 0x20, 0xFF, 0x0A)
"""One bit, not UTF-8, a case, all bits, and what begins or ends a line."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small workspace with every kind of file."""
    home = new_home(tmp_path_factory.mktemp("whole"))
    store = TinyDBStore(home, "kathy")
    long_ago = NOW.replace(year=2025)
    old = Thing(id="X-1000", title="thing 0", details={"a": "b"})
    store.add(THINGS, lambda id_: old, stamp("add", at=long_ago))
    store.change(THINGS, "X-1000", noting("a note"), stamp(at=long_ago))
    finish(store, "X-1000", long_ago)
    for number in range(1, 6):
        thing = added(store, f"thing {number}", details={"a": "b"})
        store.change(THINGS, thing.id, noting("a note"), stamp())
    store.change(THINGS, "X-1005", lambda _: None, stamp())
    store.checkpoint(THINGS, NOW)
    for number in range(1, 5):
        store.change(THINGS, f"X-100{number}", noting("in the journal"), stamp())
    store.close()
    (home / "workspace.json").write_bytes(encode(WorkspaceFile(format=2, name="Support", made=NOW)))
    return home


def state(home: Path) -> Any:
    """Everything that people could see of the documents; `Unusable` where damage was found."""
    archive._CHECKED.clear()
    workspace_file = read_workspace_file(home)
    store = TinyDBStore(home, "zay")
    documents = {thing.id: thing for thing in store.all(THINGS, archived=True)}
    ids = {f"X-{number}" for number in range(999, 1010)}
    asked = {id_: (store.get(THINGS, id_), store.history(THINGS, id_)) for id_ in sorted(ids)}
    free = store.fresh(THINGS).meta.next
    return workspace_file, documents, asked, free


def outcome(whole: Path, name: str, content: bytes | None, truth: Any, folder: Path) -> str:
    """What comes of a workspace with another content of one file."""
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(whole, home)
    if content is None:
        (home / name).unlink()
    else:
        (home / name).write_bytes(content)
    try:
        return "harmless" if state(home) == truth else "unseen"
    except Unusable as error:
        file = name.rpartition("/")[2]
        is_named = str(home) in str(error) and any(
            words in str(error) for words in (file, "things", "of format")
        )
        return "named" if is_named and "\n" not in str(error) else f"not named: {error}"


def files_of(home: Path) -> list[str]:
    newest = [max(home.glob(kind)) for kind in KINDS]
    return [path.relative_to(home).as_posix() for path in newest]


def flips(content: bytes, step: int) -> Iterator[bytes]:
    for at in range(0, len(content), step):
        byte = CHANGED_TO[at // step % len(CHANGED_TO)]
        yield content[:at] + bytes([content[at] ^ byte]) + content[at + 1 :]


@pytest.mark.slow
@pytest.mark.parametrize("kind", range(len(KINDS)), ids=KINDS)
def test_a_changed_byte_is_named_or_changes_nothing(whole: Path, kind: int, tmp_path: Path) -> None:
    name = files_of(whole)[kind]
    content, truth = (whole / name).read_bytes(), state(whole)
    step = max(len(content) // 97, 1)
    seen = Counter(outcome(whole, name, flipped, truth, tmp_path) for flipped in flips(content, step))
    assert seen.keys() <= {"named", "harmless"}, seen
    if name.endswith((".jsonl", "things.json")):
        assert seen["named"] > 90


@pytest.mark.slow
@pytest.mark.parametrize("kind", [0, 1, 3, 4], ids=[KINDS[kind] for kind in (0, 1, 3, 4)])
def test_a_file_that_lost_its_end_is_named(whole: Path, kind: int, tmp_path: Path) -> None:
    name = files_of(whole)[kind]
    content, truth = (whole / name).read_bytes(), state(whole)
    step = max(len(content) // 61, 1)
    cut = [content[:length] for length in range(0, len(content) - 1, step)]
    assert {outcome(whole, name, part, truth, tmp_path) for part in cut} == {"named"}


@pytest.mark.parametrize("content", [None, b""], ids=["removed", "emptied"])
def test_a_file_that_is_gone_is_named(whole: Path, content: bytes | None, tmp_path: Path) -> None:
    truth = state(whole)
    for name in files_of(whole):
        expected = "harmless" if name.endswith("acknowledged") else "named"
        if name == "workspace.json" and content is None:
            expected = f"not named: There is no workspace in {tmp_path / 'home'}. "
        assert outcome(whole, name, content, truth, tmp_path).startswith(expected), name


@pytest.mark.slow
def test_the_doctor_names_what_it_finds_and_never_ends_with_an_error_of_its_own(
    whole: Path, tmp_path: Path
) -> None:
    for name in files_of(whole):
        content = (whole / name).read_bytes()
        for flipped in flips(content, max(len(content) // 11, 1)):
            outcome(whole, name, flipped, None, tmp_path)
            list(doctor.examine(tmp_path / "home", [THINGS]))


@pytest.mark.torture
def test_a_thousand_flips_and_eight_thousand_truncations(whole: Path, tmp_path: Path) -> None:
    """The same at many more places; `-s` shows the figures."""
    truth = state(whole)
    seen: Counter[str] = Counter()
    cuts: Counter[str] = Counter()
    for name in files_of(whole):
        content = (whole / name).read_bytes()
        seen.update(
            outcome(whole, name, flipped, truth, tmp_path)
            for flipped in flips(content, max(len(content) // 400, 1))
        )
        if not name.endswith("acknowledged"):
            cuts.update(
                outcome(whole, name, content[:length], truth, tmp_path) for length in range(len(content) - 1)
            )
    print(f"{seen.total()} flips: {dict(seen)}; {cuts.total()} truncations: {dict(cuts)}")
    assert seen.keys() <= {"named", "harmless"} and cuts.keys() == {"named"}
