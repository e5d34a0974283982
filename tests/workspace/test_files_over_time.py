"""Kept files over time (SUP-5): backup, restore, doctor, export, and what is cleaned up."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from fleettui.workspace.workspace import Workspace
from tests.support.command_line import InProcess

CONTENT = b"line\n" * 100


@pytest.fixture
def ticket(cli: InProcess) -> str:
    id_: str = cli.json("tickets", "new", "--customer", "Acme", "--subject", "Empty")["id"]
    cli.run("tickets", "attach", id_, "-", "--name", "osquery.log", stdin=CONTENT.decode())
    return id_


def path_of(cli: InProcess, id_: str) -> Path:
    (file,) = cli.json("tickets", "files", id_)
    return Path(file["path"])


def make_old(path: Path) -> None:
    os.utime(path, (0, 0))


def unnamed(workspace: Workspace) -> Path:
    """A file whose ticket was never written: the intake was killed between the two."""
    kept = workspace._file_keeper._kept
    return kept.path(kept.keep(b"nobody names this"))


@pytest.mark.parametrize("damage", ["is missing", "is damaged"])
def test_sup_5_doctor_names_a_file_that_is_not_what_was_kept(
    cli: InProcess, ticket: str, damage: str
) -> None:
    assert cli.json("doctor")["ok"]
    path = path_of(cli, ticket)
    path.unlink() if damage == "is missing" else path.write_bytes(b"other")
    done = cli.run("doctor")
    assert done.returncode == 1
    assert f"{path}: {damage}: osquery.log of {ticket}" in done.stdout
    assert "tickets attach" in done.stdout
    cli.run("tickets", "attach", ticket, "-", "--name", "osquery.log", stdin=CONTENT.decode())
    assert cli.json("doctor")["ok"]


def test_sup_5_doctor_names_the_backup_that_has_the_file(cli: InProcess, ticket: str) -> None:
    backup = cli.json("backup", "--files")["file"]
    path = path_of(cli, ticket)
    path.unlink()
    assert f"unzip -o {backup} files/{path.name}" in cli.run("doctor").stdout


def test_sup_5_a_backup_says_that_files_are_not_in_it(cli: InProcess, ticket: str) -> None:
    text = cli.ok("backup")
    assert "Not in it: 1 file of tickets (500 bytes)." in text
    made = cli.json("backup")
    assert (made["files"], made["files_left"]) == (0, 1)
    assert not [name for name in zipfile.ZipFile(made["file"]).namelist() if name.startswith("files/")]


def test_sup_5_a_backup_with_files_brings_them_back_before_their_ticket(cli: InProcess, ticket: str) -> None:
    made = cli.json("backup", "--files")
    assert made["files"] == 1
    path = path_of(cli, ticket)
    path.unlink()
    done = cli.json("restore", made["file"])
    assert "files: restored 1." in done["restored"]
    assert path.read_bytes() == CONTENT
    assert cli.json("doctor")["ok"]


def test_sup_5_a_damaged_file_in_a_backup_stops_the_restore(
    cli: InProcess, ticket: str, tmp_path: Path
) -> None:
    made, bad = cli.json("backup"), tmp_path / "bad.zip"
    with zipfile.ZipFile(made["file"]) as good, zipfile.ZipFile(bad, "w") as packed:
        for name in good.namelist():
            packed.writestr(name, good.read(name))
        packed.writestr(f"files/{'0' * 64}", b"other")
    assert "is damaged" in cli.fails(3, "restore", str(bad))


def test_sup_5_what_no_ticket_ever_named_is_cleaned_up_by_the_backup_after_a_day(
    cli: InProcess, workspace: Workspace, ticket: str
) -> None:
    left, named = unnamed(workspace), path_of(cli, ticket)
    cli.ok("backup")
    assert left.exists(), "its ticket may be about to be written"
    make_old(left)
    make_old(named)
    cli.ok("backup")
    assert not left.exists()
    assert named.exists()


def test_sup_5_what_undo_can_bring_back_is_never_cleaned_up(cli: InProcess, ticket: str) -> None:
    path = path_of(cli, ticket)
    cli.ok("undo")
    assert cli.json("tickets", "files", ticket) == []
    make_old(path)
    cli.ok("backup")
    cli.ok("backup")
    assert path.exists()


def test_sup_5_an_export_says_where_the_files_are(cli: InProcess, ticket: str, tmp_path: Path) -> None:
    done = cli.run("export", str(tmp_path / "out"))
    assert "Not copied: 1 file of tickets" in done.stderr
    assert path_of(cli, ticket).name in (tmp_path / "out" / "tickets.json").read_text()
