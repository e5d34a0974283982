"""Hooks: what the administrator's programs get of each event, and that nothing they do stops the service."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event as Flag
from typing import Any

import pytest

from fleettui.connect.connections import surroundings
from fleettui.connect.hooks import Hooks
from fleettui.connect.secrets import Secrets
from fleettui.connect.senders import Down
from fleettui.connect.takers import Surroundings
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.connect_service import ServiceThread, until
from tests.support.homes import make_home
from tests.support.processes import start

RECORD = """#!/bin/sh
line=$(cat)
printf '%s %s\\n' "$1" "$line" >> "$OUT"
"""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.txt"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    home = make_home(tmp_path / "home", MONDAY_MORNING, "kathy", demo=False)
    workspace = Workspace.open(home, login="kathy")
    yield workspace
    workspace.close()


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def around(workspace: Workspace, log: list[str]) -> Surroundings:
    around = surroundings(workspace, Secrets(), log.append)
    around.folder.make_folder(0o700)
    return around


@pytest.fixture
def hook(workspace: Workspace, out: Path) -> Callable[..., Path]:
    folder = workspace.home / "hooks"
    folder.mkdir(mode=0o755)

    def make(text: str = RECORD, name: str = "record") -> Path:
        path = folder / name
        path.write_text(text.replace("$OUT", str(out)))
        path.chmod(0o755)
        return path

    return make


def assigned(workspace: Workspace, count: int = 1) -> list[str]:
    tickets = [
        workspace.tickets.new("Acme", f"Number {number}", tier="Premium", priority="P2")
        for number in range(count)
    ]
    for ticket in tickets:
        workspace.tickets.assign(ticket.id, "zay")
    return [ticket.id for ticket in tickets]


def ran(out: Path) -> list[tuple[str, dict[str, Any]]]:
    if not out.exists():
        return []
    pairs = [line.split(" ", 1) for line in out.read_text().splitlines()]
    return [(kind, json.loads(line)) for kind, line in pairs]


def test_each_event_comes_once_in_order_with_its_kind_and_its_json(
    workspace: Workspace, around: Surroundings, hook: Callable[..., Path], out: Path
) -> None:
    hook()
    assigned(workspace)
    hooks = Hooks(around)
    assert hooks.run_new(Flag()) == 0  # from now on
    ids = assigned(workspace, 3)
    assert hooks.run_new(Flag()) == 3
    assert hooks.run_new(Flag()) == 0
    assert [(kind, line["id"], line["for"]) for kind, line in ran(out)] == [
        ("assigned", id_, ["zay"]) for id_ in ids
    ]
    ids += assigned(workspace)
    assert Hooks(around).run_new(Flag()) == 1  # a new service goes on
    assert [line["id"] for _, line in ran(out)] == ids


def test_who_follows_a_ticket_is_listed_also_where_it_is_nobodys(
    workspace: Workspace, around: Surroundings, hook: Callable[..., Path], out: Path
) -> None:
    hook()
    ticket = workspace.tickets.new("Acme", "It fails", tier="Premium", priority="P2")
    workspace.customers.add("Oak")
    zay = Workspace.open(workspace.home, login="zay")
    zay.inbox.follow(ticket.id)
    hooks = Hooks(around)
    hooks.run_new(Flag())
    workspace.tickets.received(ticket.id, "Any news?")
    hooks.run_new(Flag())
    zay.inbox.unfollow(ticket.id)
    workspace.tickets.received(ticket.id, "Hello?")
    hooks.run_new(Flag())
    zay.close()
    assert [(kind, line["id"], line["for"]) for kind, line in ran(out)] == [("answered", ticket.id, ["zay"])]


def test_a_hook_that_fails_hangs_or_talks_stops_nothing_and_is_logged(
    workspace: Workspace, around: Surroundings, hook: Callable[..., Path], out: Path, log: list[str]
) -> None:
    hook("#!/bin/sh\necho it went wrong >&2\nexit 3\n", "a-fails")
    hook("#!/bin/sh\nsleep 60 & sleep 60\n", "b-hangs")
    hook("#!/bin/sh\nyes talking | head -c 3000000\n", "c-talks")
    hook("not a program", "d-is-none")
    hook("#!/bin/sh\nexec <&-\ntrue\n", "e-does-not-listen")
    hook(name="z-records")
    hooks = Hooks(around, time_limit=0.7)
    hooks.run_new(Flag())
    log.clear()
    [id_] = assigned(workspace)
    began = time.monotonic()
    assert hooks.run_new(Flag()) == 1
    assert time.monotonic() - began < 30
    assert [line["id"] for _, line in ran(out)] == [id_]
    assert [line.partition(",")[0] for line in log] == [
        "hook a-fails", "hook b-hangs", "hook c-talks", "hook d-is-none",
    ]  # fmt: skip
    assert "ended with 3: it went wrong" in log[0] and "was ended after 0.7 seconds" in log[1]
    assert len(log[2]) < 500 and "cannot be run" in log[3]
    left = subprocess.run(["pgrep", "-f", "^sleep 60$"], capture_output=True, text=True).stdout.split()
    assert not left, "what a hook left behind ends with it"


def test_a_hook_has_nothing_of_the_services_surroundings(
    workspace: Workspace,
    around: Surroundings,
    hook: Callable[..., Path],
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FLEETTUI_SMTP_PASSWORD", "secret")
    hook("#!/bin/sh\n{ env; pwd; ls /proc/self/fd; } > $OUT\n")
    hooks = Hooks(around)
    hooks.run_new(Flag())
    assigned(workspace)
    hooks.run_new(Flag())
    text = out.read_text()
    assert "secret" not in text and "FLEETTUI" not in text
    assert str(workspace.home / "hooks") in text
    numbers = [line for line in text.splitlines() if line.isdecimal()]
    assert len(numbers) <= 5


def test_what_others_may_change_is_not_run(
    workspace: Workspace, around: Surroundings, hook: Callable[..., Path], out: Path
) -> None:
    path = hook()
    hooks = Hooks(around)
    hooks.run_new(Flag())
    for target, mode in ((path, 0o775), (path, 0o757), (path.parent, 0o775)):
        before = target.stat().st_mode
        target.chmod(mode)
        assigned(workspace)
        assert hooks.run_new(Flag()) == 1 and ran(out) == []
        with pytest.raises(Down, match="others than its owner may change it"):
            hooks.check()
        target.chmod(before)
    elsewhere = workspace.home.parent / "elsewhere"
    elsewhere.write_text(RECORD)
    elsewhere.chmod(0o755)
    (path.parent / "link").symlink_to(elsewhere)
    path.chmod(0o644)
    assigned(workspace)
    assert hooks.run_new(Flag()) == 1 and ran(out) == []
    hooks.check()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file to somebody else")
def test_what_belongs_to_a_member_is_not_run(
    workspace: Workspace, around: Surroundings, hook: Callable[..., Path], out: Path
) -> None:
    path, hooks = hook(), Hooks(around)
    hooks.run_new(Flag())
    for target in (path, path.parent):
        os.chown(target, 61012, -1)
        assigned(workspace)
        assert hooks.run_new(Flag()) == 1 and ran(out) == []
        with pytest.raises(Down, match="belongs to neither root nor the service's account"):
            hooks.check()
        os.chown(target, 0, -1)


def test_a_folder_that_is_a_link_is_not_looked_into(
    workspace: Workspace, around: Surroundings, tmp_path: Path, out: Path
) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "record").write_text(RECORD.replace("$OUT", str(out)))
    (theirs / "record").chmod(0o755)
    (workspace.home / "hooks").symlink_to(theirs)
    hooks = Hooks(around)
    hooks.run_new(Flag())
    assigned(workspace)
    hooks.run_new(Flag())
    assert ran(out) == []


@pytest.mark.slow
def test_the_service_runs_them_while_it_works(
    workspace: Workspace, hook: Callable[..., Path], out: Path
) -> None:
    hook("#!/bin/sh\nsleep 60\n", "a-hangs")
    hook(name="z-records")
    service = ServiceThread(workspace.home)
    until(lambda: (workspace.home / "service/hooks.json").exists())
    [id_] = assigned(workspace)
    time.sleep(0.5)
    assert service.stop() < 30, "a hook that hangs does not hold up the end of the service"
    (workspace.home / "hooks/a-hangs").unlink()
    service = ServiceThread(workspace.home)
    until(lambda: ran(out))
    service.stop()
    assert [line["id"] for _, line in ran(out)] == [id_]
    assert any("hooks: z-records" in line for line in service.lines)


@pytest.mark.slow
def test_a_folder_of_hooks_that_is_made_while_the_service_works_counts_at_once(
    workspace: Workspace, out: Path
) -> None:
    service = ServiceThread(workspace.home)
    until(lambda: any("it waits" in line for line in service.lines))
    new = workspace.home / "hooks.new"
    new.mkdir(mode=0o755)
    (new / "record").write_text(RECORD.replace("$OUT", str(out)))
    (new / "record").chmod(0o755)
    new.rename(workspace.home / "hooks")
    until(lambda: (workspace.home / "service/hooks.json").exists())
    [id_] = assigned(workspace)
    until(lambda: ran(out))
    (workspace.home / "hooks").rename(workspace.home / "hooks.old")
    until(lambda: sum("the folder hooks has changed" in line for line in service.lines) == 2)
    service.stop()
    assert [line["id"] for _, line in ran(out)] == [id_]


def keep_running(home: Path) -> Callable[[Callable[[str], None]], None]:
    def work(say: Callable[[str], None]) -> None:
        own = Workspace.open(home, login="kathy")
        hooks = Hooks(surroundings(own, Secrets(), say))
        while True:
            own.refresh()
            hooks.run_new(Flag())

    return work


@pytest.mark.slow
def test_killed_at_any_moment_every_event_runs_and_only_the_last_one_twice(
    workspace: Workspace, around: Surroundings, hook: Callable[..., Path], out: Path
) -> None:
    hook()
    Hooks(around).run_new(Flag())
    kills, ids = 0, assigned(workspace, 25)

    def is_done() -> bool:
        return len({line["id"] for _, line in ran(out)}) == len(ids)

    while not is_done():
        seen, process = len(ran(out)), start(keep_running(workspace.home))
        more = seen + 1 + kills % 3
        until(lambda more=more: is_done() or len(ran(out)) >= more)  # type: ignore[misc]
        process.kill()
        process.code()
        kills += 1
    time.sleep(0.2)  # a hook that the last kill left alone
    lines = [line["id"] for _, line in ran(out)]
    assert list(dict.fromkeys(lines)) == ids
    assert len(lines) - len(ids) <= kills
    assert kills > 5
