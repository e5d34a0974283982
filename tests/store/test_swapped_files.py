"""A member swaps folders and files of the workspace for links, pipes and other people's files, while others work.

Whatever happens inside, nothing outside the workspace is read, made, changed or removed.
"""

from __future__ import annotations

import ast
import contextlib
import os
import shutil
import stat
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fleettui.domain.tickets.model import Ticket
from fleettui.errors import FleettuiError, Refused
from fleettui.policy.shapes import examine
from fleettui.store.personal.presence import Presence
from fleettui.workspace.folder import upkeep
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.folders import files_of
from tests.support.homes import make_home
from tests.support.processes import start

TOP = Path(__file__).parents[2]
SECRET = b'{"secret": "of somebody"}\n'
FOLDERS = (
    "journal", "locks", "archive", "backups", "presence", "drafts", "seen", "files", "handbook", "handbook-last-good",
    "handbook/playbooks", "handbook/templates", "drafts/kathy",
)  # fmt: skip
FILES = (
    "workspace.json", "tickets.json", "people.json", "locks/tickets.lock", "journal/tickets-*.jsonl", "seen/kathy.txt",
    "handbook/sla.json", "handbook/templates/follow-up.j2", "handbook-last-good/sla.json",
)  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """With something in every folder."""
    home = make_home(tmp_path / "home", MONDAY_MORNING)
    workspace = Workspace.open(home, login="kathy")
    made = workspace.tickets.new("Acme", "It fails")
    ticket = made.id
    workspace.drafts.keep(ticket, "not sent")
    workspace.queue.look(made)
    workspace.ticket_files.attach(ticket, "a.txt", b"of a customer")
    workspace.maintenance.backup()
    workspace.tickets.new("Acme", "It fails again")
    workspace.close()
    return home


@pytest.fixture
def private(tmp_path: Path) -> Path:
    """A folder of somebody else's. A link to it has names in it that the workspace has, too."""
    folder = tmp_path / "private"
    folder.mkdir()
    for name in ("1.json", "tickets.json", "T-1001.txt", "notes.txt", "sla.json", "0" * 64):
        (folder / name).write_bytes(SECRET)
    (folder / "tickets-000001.jsonl").write_bytes(SECRET)
    (folder / "whole-2026-01-01T000000Z.zip").write_bytes(SECRET)
    return folder


Snapshot = dict[str, tuple[bytes, int, int]]


def snapshot(folder: Path) -> Snapshot:
    """What is in it, and when it was last read, too."""
    return {
        path.name: (
            path.read_bytes() if path.is_file() else b"",
            path.stat().st_mtime_ns,
            path.stat().st_mode,
        )
        for path in sorted(folder.iterdir())
    }


def ticket_of(workspace: Workspace) -> Ticket:
    ticket = workspace.tickets.get("T-1001")
    if ticket is None:
        raise Refused("It is gone.")
    return ticket


def all_work(home: Path, say: Callable[[str], None] = lambda _: None) -> None:
    """Everything that a session and commands do with files; what is refused is a line."""
    with contextlib.suppress(FleettuiError):
        workspace = Workspace.open(home, login="kathy", in_app=True)
        for work in (
            workspace.presence.enter,
            lambda: workspace.presence.show("triage"),
            workspace.presence.here,
            workspace.refresh,
            lambda: workspace.tickets.new("Acme", "Another"),
            lambda: workspace.tickets.take(["T-1001"]),
            lambda: workspace.queue.look(ticket_of(workspace)),
            lambda: workspace.drafts.keep("T-1001", "typed"),
            workspace.drafts.texts,
            lambda: workspace.drafts.drop("T-1001"),
            lambda: examine(workspace.handbook),
            lambda: workspace.handbook.sla,
            lambda: workspace.handbook.renderer.source("follow-up"),
            lambda: workspace.ticket_files.attach("T-1001", "b.txt", b"of another"),
            lambda: workspace.history.happenings(),
            lambda: workspace.tickets.all(archived=True),
            lambda: workspace.maintenance.backup(with_files=True),
            lambda: workspace.maintenance.clean_up_files(),
            lambda: workspace.maintenance.restore(None, sure=True),
            workspace.close,
        ):
            try:
                work()
            except FleettuiError as error:
                say(str(error))
            except FileNotFoundError as error:
                say(str(error))
    with contextlib.suppress(FleettuiError):
        for finding in upkeep.examine(home):
            say(finding.what)


def copies_of_the_secret(home: Path) -> Iterator[str]:
    for folder, _, names in os.walk(home):  # follows no link
        for path in (Path(folder) / name for name in names):
            if path.is_symlink():
                continue
            if path.suffix == ".zip":
                with zipfile.ZipFile(path) as packed:
                    yield from (name for name in packed.namelist() if packed.read(name) == SECRET)
            elif path.is_file() and SECRET in path.read_bytes():
                yield str(path)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*FOLDERS, *FILES])
def test_nothing_is_done_through_a_link(home: Path, private: Path, name: str) -> None:
    target = max(home.glob(name))
    is_folder = target.is_dir()
    shutil.rmtree(target) if is_folder else target.unlink()
    target.symlink_to(private if is_folder else private / "notes.txt")
    before, lines = snapshot(private), list[str]()
    all_work(home, lines.append)
    assert snapshot(private) == before
    assert "secret" not in "".join(lines)
    assert list(copies_of_the_secret(home)) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
def test_what_is_no_file_is_named_and_never_waited_for(home: Path, name: str, kind: str) -> None:
    target = max(home.glob(name))
    target.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(target)
    elif kind == "folder":
        target.mkdir()
    elif os.getuid() == 0:
        with contextlib.suppress(PermissionError):  # in a container without that right
            os.mknod(target, stat.S_IFCHR | 0o600, os.makedev(1, 8))
    all_work(home)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize(
    "name", ["tickets.json", "journal/tickets-*.jsonl", "locks/tickets.lock", "handbook/sla.json"]
)
def test_a_file_of_another_account_is_not_opened(home: Path, name: str) -> None:
    """A second name of somebody's own file, put where a colleague would write."""
    target = max(home.glob(name))
    target.unlink(missing_ok=True)
    target.write_bytes(SECRET)
    os.chown(target, 61_011, 61_011)
    lines: list[str] = []
    all_work(home, lines.append)
    assert any("belongs to 61011" in line for line in lines)
    kept = [path for path in home.rglob("*") if path.is_file() and path.stat().st_uid == 61_011]
    assert all(path.read_bytes() == SECRET for path in kept)


PACE = 0.003
"""Seconds that a link stands, and then the folder: so that some work meets either."""


def swapping(home: Path, private: Path, name: str, times: int) -> Callable[[Callable[[str], None]], None]:
    """Turns a name into a link to somebody's private folder, and back."""

    def work(say: Callable[[str], None]) -> None:
        real, aside = home / name, home.parent / f"aside-{name.replace('/', '-')}"
        done = 0
        for _ in range(times):
            try:
                real.rename(aside)
                real.symlink_to(private if aside.is_dir() else private / "notes.txt")
                done += 1
            except OSError:
                pass
            time.sleep(PACE)
            with contextlib.suppress(OSError):
                if real.is_symlink():
                    real.unlink()
            with contextlib.suppress(OSError):
                aside.rename(real)
            time.sleep(PACE)
        say(f"swapped {done}")

    return work


def working(home: Path, turns: int) -> Callable[[Callable[[str], None]], None]:
    def work(say: Callable[[str], None]) -> None:
        done, refused = 0, 0
        presence = Presence(home, files_of(Workspace.open(home, login="kathy")).modes)
        presence.enter("kathy", "Kathy", MONDAY_MORNING)
        for turn in range(turns):
            presence.others()
            try:
                workspace = Workspace.open(home, login="kathy")
                workspace.tickets.take(["T-1001"]) if turn % 2 else workspace.tickets.note(
                    ["T-1001"], f"{turn}"
                )
                workspace.drafts.keep("T-1001", str(turn))
                workspace.queue.look(ticket_of(workspace))
                workspace.close()
                done += 1
            except FleettuiError:
                refused += 1
        say(f"worked {done} refused {refused}")

    return work


def race(home: Path, private: Path, swaps: int, turns: int) -> list[str]:
    before = snapshot(private)
    names = ("presence", "locks", "journal", "drafts", "seen", "handbook")
    children = [start(swapping(home, private, name, swaps)) for name in names]
    children += [start(working(home, turns)) for _ in range(10)]
    lines = [line for child in children for line in child.lines()]
    assert snapshot(private) == before
    return lines


@pytest.mark.slow
def test_nothing_is_done_outside_while_names_are_swapped_and_ten_people_work(
    home: Path, private: Path
) -> None:
    lines = race(home, private, 60, 6)
    assert sum(int(line.split()[1]) for line in lines if line.startswith("swapped")) > 6
    assert any("refused" in line and not line.endswith(" 0") for line in lines), "nobody met a link"


# -- and it stays so

MODULES = ("fleettui/store", "fleettui/policy/last_good.py")
BY_PATH = {
    "glob",
    "rglob",
    "read_bytes",
    "read_text",
    "write_bytes",
    "write_text",
    "iterdir",
    "symlink_to",
    "hardlink_to",
    "lstat",
}
"""What only a path has: a `Place` has nothing of these."""
OF_THE_SYSTEM = {
    "open",
    "unlink",
    "remove",
    "rename",
    "replace",
    "link",
    "symlink",
    "mkdir",
    "rmdir",
    "stat",
    "lstat",
    "chmod",
    "listdir",
}


ALLOWED = {
    "lock_holders.py": "what the system says of processes",
    "permissions.py": "the doctor looks at names and modes, follows no link and opens nothing",
    "signing.py": "the list of signers is outside, and the administrator's",
    "restore.py: sources[0].write_bytes": "a temporary folder of its own",
    "files.py: named_folder(folder).glob": "of a place",
    "schema.py: files('fleettui.store.postgres').joinpath(part).read_text": "came with the code",
    "doctor.py: (in_workspace(home) / 'locks').glob": "of a place",
}
"""Where a path is opened, and why it may be."""


def paths_opened(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name, owner = node.func.attr, ast.unparse(node.func.value)
        by_descriptor = any(keyword.arg and keyword.arg.endswith("dir_fd") for keyword in node.keywords)
        if owner == "os" and name in OF_THE_SYSTEM and not by_descriptor:
            yield node.lineno, f"os.{name}"
        elif name in BY_PATH:
            yield node.lineno, ast.unparse(node.func)
        elif owner == "os" and name in ("walk", "scandir"):
            yield node.lineno, f"os.{name}"


def test_nothing_of_the_store_opens_a_path() -> None:
    """`places.py` and `files.py` are how it is done; a path is opened only where a person named it."""
    sources = [
        path
        for name in MODULES
        for path in ([TOP / name] if name.endswith(".py") else (TOP / name).rglob("*.py"))
    ]
    opening = [
        f"{path.relative_to(TOP)}:{line}: {what}"
        for path in sources
        for line, what in paths_opened(ast.parse(path.read_text(encoding="utf-8")))
        if not {path.name, f"{path.name}: {what}"} & ALLOWED.keys()
    ]
    assert opening == []
