"""`fleettui backup` and `restore` as somebody uses them whose workspace is damaged, or who wants to go back."""

from __future__ import annotations

import json
import os
import stat
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fleettui.store.protocol import Stamp
from fleettui.store.tinydb.store import TinyDBStore
from fleettui.workspace.collections import TICKETS
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess
from tests.support.homes import make_home
from tests.support.things import setting


@pytest.fixture
def cli(tmp_path: Path) -> InProcess:
    return InProcess(make_home(tmp_path / "home", MONDAY_MORNING))


def ticket(cli: InProcess, subject: str) -> str:
    return str(cli.json("tickets", "new", "--customer", "Acme", "--subject", subject)["id"])


def journal(cli: InProcess) -> Path:
    return sorted((cli.home / "journal").glob("tickets-*.jsonl"))[-1]


def test_the_command_that_is_shown_rescues_all_but_the_damaged_line(cli: InProcess) -> None:
    """Line 5 of 20 was damaged, and the command shown dropped 5 to 20 in silence."""
    ids = [ticket(cli, f"It fails {number}") for number in range(20)]
    path = journal(cli)
    path.write_bytes(path.read_bytes().replace(b"It fails 4", b"It f\xffils 4"))
    shown = cli.fails(3, "tickets", "list")
    assert ids[5] in cli.run("tickets", "list", "--json").stderr or "line " in shown
    command = shown.partition("To mend it: fleettui ")[2].split()
    refused = cli.run(*command)
    assert refused.returncode == 1 and "This would lose 1 change" in refused.stderr
    assert ids[4] in refused.stdout and "came in" in refused.stdout
    refused = cli.run(*command, "--json")
    (lost,) = json.loads(refused.stdout)["lost"]
    assert refused.returncode == 1
    assert (lost["id"], lost["verb"], lost["who"] != "", lost["when"] != "") == (
        ids[4],
        "tickets.new",
        True,
        True,
    )
    done = cli.json(*command, "--yes")
    assert done["lost"] == [lost]
    assert {row["id"] for row in cli.json("tickets", "list")} == {*ids} - {ids[4]}
    assert cli.json("doctor")["ok"]
    assert ticket(cli, "The next one") not in ids
    assert "Nothing is damaged" in cli.ok("restore")


def test_what_would_be_lost_is_worded_as_in_the_history(cli: InProcess) -> None:
    """It had the names of actions, and times of no zone."""
    first = ticket(cli, "It fails")
    file = cli.json("backup")["file"]
    cli.ok("tickets", "note", first, "since")
    path = journal(cli)
    history = cli.ok("history", first).splitlines()[0]
    morning = MONDAY_MORNING.astimezone(ZoneInfo("America/Los_Angeles"))
    assert history[:16] == morning.strftime("%Y-%m-%d %H:%M")
    older = cli.run("restore", file)
    assert history[:16] in older.stdout and "noted (the backup is older)" in older.stdout
    assert "--salvage keeps all" in older.stderr and "--yes restores all the same" in older.stderr
    path.write_bytes(path.read_bytes().replace(b'"since"', b'"s\xffnce"'))
    damaged = cli.run("restore")
    assert history[:16] in damaged.stdout and "noted (" in damaged.stdout
    assert "--salvage" not in damaged.stderr
    offsets = {lost["when"][-6:] for lost in json.loads(cli.run("restore", file, "--json").stdout)["lost"]}
    assert offsets == {"-07:00"}


def test_going_back_asks_first(cli: InProcess) -> None:
    kept = ticket(cli, "Before")
    file = cli.json("backup")["file"]
    gone = ticket(cli, "After")
    refused = cli.run("restore", file, "--json")
    assert refused.returncode == 1 and refused.stderr.count("\n") == 1
    assert [lost["id"] for lost in json.loads(refused.stdout)["lost"]] == [gone]
    assert len(cli.json("tickets", "list")) == 2
    assert cli.json("restore", file, "--salvage")["lost"] == []
    assert len(cli.json("tickets", "list")) == 2
    cli.ok("restore", file, "--yes")
    assert [row["id"] for row in cli.json("tickets", "list")] == [kept]


def test_an_answer_is_good_for_the_changes_that_were_listed(
    cli: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While somebody read the question, a colleague went on working: what came since is listed and asked anew."""
    kept = ticket(cli, "Before")
    file = cli.json("backup")["file"]
    first = ticket(cli, "After")
    later: list[str] = []

    def answer_slowly(question: str) -> None:
        if not later:
            later.append(ticket(cli, "While the question stood"))

    monkeypatch.setattr("fleettui.cli.commands.restore.can_ask", lambda options: True)
    monkeypatch.setattr("fleettui.cli.commands.restore.want_yes", answer_slowly)
    done = cli.run("restore", file)
    assert done.returncode == 0 and "Something was changed since you were asked" in done.stderr
    assert done.stderr.count(f"tickets: {first}") == 2 and done.stderr.count(f"tickets: {later[0]}") == 1
    assert [row["id"] for row in cli.json("tickets", "list")] == [kept]


def test_a_backup_is_restored_into_a_new_workspace_without_a_question(cli: InProcess, tmp_path: Path) -> None:
    """What `init` made is nobody's change."""
    id_ = ticket(cli, "It fails")
    file = cli.json("backup")["file"]
    other = InProcess(make_home(tmp_path / "other", MONDAY_MORNING))
    other.ok("restore", file)
    assert [row["id"] for row in other.json("tickets", "list")] == [id_]


def test_a_backup_goes_to_a_folder_elsewhere_for_its_owner_alone(cli: InProcess, tmp_path: Path) -> None:
    ticket(cli, "It fails")
    disk = tmp_path / "disk"
    assert "there is no such folder" in cli.fails(1, "backup", "--to", str(disk))
    disk.mkdir()
    file = Path(cli.json("backup", "--to", str(disk))["file"])
    assert file.parent == disk and stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not list((cli.home / "backups").glob("whole-*"))
    cli.ok("restore", str(file))


def test_version_control_in_the_handbook_does_not_stop_backups(cli: InProcess) -> None:
    repository = cli.home / "handbook" / ".git" / "refs.d"
    repository.mkdir(parents=True)
    (repository / "main.ref").write_text("0" * 40)
    (cli.home / "handbook" / "old.json").symlink_to("sla.json")
    done = cli.run("backup")
    assert done.returncode == 0
    assert f"Not in it: {cli.home / 'handbook' / 'old.json'}" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read every file")
def test_a_file_that_cannot_be_read_is_named_by_the_backup(cli: InProcess) -> None:
    path = cli.home / "handbook" / "sla.json"
    path.chmod(0)
    assert f"{path}: not permitted" in cli.fails(3, "backup")


def test_a_missing_month_of_the_archive_is_named_and_rescued(cli: InProcess) -> None:
    """It was not noticed: tickets of that month were unknown, and doctor said that all is well."""
    resolved_at = MONDAY_MORNING - timedelta(days=60)
    old = ticket(InProcess(cli.home, resolved_at.isoformat()), "Long ago")
    live = ticket(cli, "Live")
    store = TinyDBStore(cli.home, "kathy")
    moment = Stamp(by="kathy", at=resolved_at, verb="tickets.resolve")
    store.change(TICKETS, old, setting(resolved_at=resolved_at, status="resolved"), moment)
    store.checkpoint(TICKETS, MONDAY_MORNING)
    shown = cli.ok("tickets", "show", old)
    (month,) = (cli.home / "archive").glob("tickets-*.json")
    month.unlink()
    for words in (("tickets", "show", old), ("history", old), ("tickets", "list", "--all")):
        assert f"{month}, line 1: the file is missing" in cli.fails(3, *words), words
    assert "Live" in cli.ok("tickets", "list") and "T-" in ticket(cli, "Another")
    assert "To mend it: fleettui restore" in cli.run("doctor").stdout
    assert "It is not in the backup: " in cli.run("backup").stderr
    assert "rescued 1 documents" in cli.ok("restore")
    assert cli.ok("tickets", "show", old) == shown and live in cli.ok("tickets", "list")
    assert cli.json("doctor")["ok"]


def test_a_workspace_file_that_was_changed_is_named_and_made_anew(cli: InProcess) -> None:
    """A flip in its name was shown as the name."""
    ticket(cli, "Kept")
    path = cli.home / "workspace.json"
    whole = path.read_bytes()
    for harmed in (whole.replace(b'"name":"', b'"name":"x'), b"\xff" + whole, b"", None):
        path.unlink()
        if harmed is not None:
            path.write_bytes(harmed)
            path.chmod(0o600)
            shown = cli.fails(3, "tickets", "list")
            assert f"{path}, line 1: " in shown and "To mend it: fleettui restore" in shown
        assert "fleettui restore" in cli.run("doctor").stdout
        assert "workspace.json: written anew" in cli.ok("restore")
        assert "Kept" in cli.ok("tickets", "list") and cli.json("doctor")["ok"]
        path.write_bytes(whole)
    backup = cli.json("backup")["file"]
    path.write_bytes(whole.replace(b'"name":"', b'"name":"x'))
    cli.ok("restore")
    assert path.read_bytes() == whole, "from the backup"
    path.write_bytes(whole.replace(b'"name":"', b'"name":"x'))
    cli.ok("restore", backup, "--yes")
    assert path.read_bytes() == whole
    path.write_bytes(whole.partition(b',"sum"')[0].replace(b'"name":"', b'"name":"x') + b"}")
    cli.ok("tickets", "list")
    path.write_bytes(whole.partition(b',"sum"')[0].replace(b'"format":2', b'"format":3') + b"}")
    assert "is of format 3" in cli.fails(3, "restore")


def test_salvage_of_a_backup_on_a_healthy_workspace_says_what_is_true(cli: InProcess) -> None:
    """It asked for a backup, which had been named."""
    ticket(cli, "Before")
    file = cli.json("backup")["file"]
    ticket(cli, "After")
    shown = cli.ok("restore", file, "--salvage")
    assert "Name a backup" not in shown and "Without --salvage all goes back" in shown
    assert len(cli.json("tickets", "list")) == 2
    assert cli.json("restore", file, "--salvage") == {"restored": [], "lost": []}
