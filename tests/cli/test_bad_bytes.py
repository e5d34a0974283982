"""One byte that is no text, in any file of a workspace: named with file and line, or without effect on what is shown."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest

from fleettui.store.files import PRIVATE
from fleettui.store.personal.drafts import Drafts
from fleettui.store.personal.presence import Presence
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess
from tests.support.homes import make_home

BAD = b"\xff"
KINDS = {
    "a journal": ("journal/*.jsonl",),
    "a checkpoint": ("[!w]*.json",),
    "the archive": ("archive/*.json",),
    "earlier checkpoints": ("backups/*.json",),
    "whole backups": ("backups/*.zip",),
    "the workspace's own file": ("workspace.json",),
    "marks": ("journal/*.acknowledged",),
    "kept files": ("files/*",),
    "the handbook": ("handbook/*.json", "handbook/playbooks/*.json"),
    "templates": ("handbook/templates/*.j2",),
    "last good": ("handbook-last-good/**/*.j*",),
    "what is private": ("seen/*", "drafts/*/*", "presence/*", "locks/*"),
}
HAS_NO_LINES = ("whole backups", "kept files", "marks")
UNSEEN = ("what is private",)
"""What the doctor does not look into; it counts as not there."""
AT_ONCE = ("the handbook", "templates", "last good", "what is private", "marks", "earlier checkpoints")
"""All files of the kind are spoilt together: none of them hides another."""
COMMANDS = (
    ("today",),
    ("tickets", "list", "--all"),
    ("tickets", "show", "T-1001"),
    ("tickets", "new", "--customer", "Acme", "--subject", "Once more"),
    ("calls", "list"),
)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of every kind a file."""
    folder = tmp_path_factory.mktemp("bad-bytes")
    home = make_home(folder / "home", MONDAY_MORNING)
    earlier = InProcess(home, now=(MONDAY_MORNING - timedelta(days=30)).isoformat())
    for number in range(2):
        earlier.ok("tickets", "new", "--customer", "Acme", "--subject", f"It failed {number}")
    earlier.ok("tickets", "resolve", "T-1002")
    cli = InProcess(home)
    words = ("--customer", "Acme", "--subject", "It fails")
    cli.ok("tickets", "new", *words, "--request-id", "r1")  # a new day: the first one goes to the archive
    note = folder / "log.txt"
    note.write_text("what the log says\n")
    cli.ok("tickets", "attach", "T-1001", str(note))
    cli.ok("tickets", "show", "T-1001")
    cli.ok("backup")
    workspace = Workspace.open(home, clock=frozen_clock(MONDAY_MORNING), login="zay")
    Drafts(home, "zay", folder / "elsewhere").keep("T-1001", "Not sent yet")
    Presence(home, PRIVATE).enter("zay", "Zay", workspace.now())
    workspace.close()
    return home


def files_of(home: Path, kind: str) -> list[Path]:
    paths = [path for pattern in KINDS[kind] for path in sorted(home.glob(pattern)) if path.is_file()]
    assert paths or kind == "last good", kind
    return paths


def spoil(path: Path) -> int:
    """The line of the byte."""
    content = path.read_bytes()
    at = len(content) // 2
    path.write_bytes(content[:at] + BAD + content[at + 1 :])
    return content.count(b"\n", 0, at) + 1


def test_every_file_of_a_workspace_is_of_a_kind_that_is_tried(prepared: Path) -> None:
    tried = {path for kind in KINDS for path in files_of(prepared, kind)}
    others = {path for path in prepared.rglob("*") if path.is_file() and not path.name.startswith(".")}
    assert {path.relative_to(prepared).as_posix() for path in others - tried} == set()


@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_byte_is_named_and_ends_nothing_unnamed(prepared: Path, tmp_path: Path, kind: str) -> None:
    spoilt = files_of(prepared, kind)
    for number, group in enumerate([spoilt] if kind in AT_ONCE else [[path] for path in spoilt]):
        home = copytree(prepared, tmp_path / f"home-{number}")
        lines = {str(path): spoil(path) for path in (home / old.relative_to(prepared) for old in group)}
        cli = InProcess(home)
        named = by_the_doctor(cli)
        for path, line in lines.items():
            if kind not in UNSEEN:
                assert path in named, (kind, path)
                assert kind in HAS_NO_LINES or f"line {line}" in named[path], (path, line, named[path])
        for words in COMMANDS:
            done = cli.run(*words)
            assert done.returncode in (0, 3), (kind, words, done.stderr)
            assert "Traceback" not in done.stderr
            if done.returncode:
                (path,) = lines
                assert done.stderr.count("\n") == 1 and f"{path}, line {lines[path]}" in done.stderr


def by_the_doctor(cli: InProcess) -> dict[str, str]:
    """What it says of each file."""
    done = cli.run("doctor", "--json")
    assert done.returncode in (0, 1) and "Traceback" not in done.stderr
    named: dict[str, str] = {}
    for finding in json.loads(done.stdout)["findings"]:
        file = finding["file"] if Path(finding["file"]).is_file() else finding["what"].partition(", line")[0]
        named[file] = f"{named.get(file, '')} {finding['what']}"
    return named
