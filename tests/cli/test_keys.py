"""`fleettui keys`: the keys as they are for me, and what is wrong in my keys.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command_line import InProcess


@pytest.fixture
def shell(tmp_path: Path) -> InProcess:
    (tmp_path / "config" / "fleettui").mkdir(parents=True)
    return InProcess(tmp_path / "home")


def write(shell: InProcess, text: str) -> Path:
    file = shell.home.parent / "config" / "fleettui" / "keys.toml"
    file.write_text(text)
    return file


def test_the_keys_are_printed_without_a_workspace_and_without_a_file(shell: InProcess) -> None:
    lines = shell.ok("keys").splitlines()
    assert "On Triage:" in lines
    assert any(line.split()[:2] == ["r", "triage.reply"] for line in lines)
    assert shell.ok("keys", "--check").endswith("keys.toml: no mistakes.\n")


def test_the_persons_keys_are_printed_with_a_star(shell: InProcess) -> None:
    write(shell, 'preset = "before"\n[keys]\n"triage.take" = ["T", "g t"]\n')
    lines = shell.ok("keys").splitlines()
    assert any(line.split()[:3] == ["*", "s", "triage.resolve"] for line in lines)
    assert any(line.split()[:4] == ["*", "T", "gt", "triage.take"] for line in lines)


def test_the_keys_as_json(shell: InProcess) -> None:
    file = write(shell, 'preset = "vim"\n[keys]\n"triage.take" = "ctrl+t"\n')
    answer = shell.json("keys")
    assert answer["file"] == str(file)
    assert (answer["preset"], answer["problems"]) == ("vim", [])
    (take,) = [row for row in answer["keys"] if row["id"] == "triage.take"]
    assert (take["keys"], take["usual"], take["scope"]) == (["ctrl+t"], ["t"], "triage")


def test_what_is_wrong_is_named_line_by_line_and_ends_with_1(shell: InProcess) -> None:
    write(shell, '[keys]\n"triage.take" = "d"\n"triage.teak" = "x"\n')
    done = shell.run("keys", "--check")
    assert done.returncode == 1
    assert "triage.teak: there is no such command; did you mean triage.take?" in done.stdout
    assert "d is for triage.take; triage.resolve does not have d any more" in done.stdout
    assert "2 mistakes." in done.stdout
    assert shell.json_of(1, "keys", "--check")["ok"] is False
    assert shell.run("keys").returncode == 0


def test_a_file_that_cannot_be_read_is_one_line(shell: InProcess) -> None:
    write(shell, "").unlink()
    (shell.home.parent / "config" / "fleettui" / "keys.toml").mkdir()
    done = shell.run("keys", "--check")
    assert done.returncode == 1
    assert "The usual keys work." in done.stdout


def test_ids_of_earlier_versions_work_and_the_check_says_what_they_are_called_now(shell: InProcess) -> None:
    write(shell, '[keys]\n"calls.link" = "F6"\n"triage.mark_all" = "F7"\n')
    keys = {row["id"]: row["keys"] for row in shell.json("keys")["keys"]}
    assert keys["app.links"] == ["f6"]
    assert keys["board.mark_all"] == ["f7"]
    lines = shell.ok("keys", "--check").splitlines()
    assert "keys.toml: calls.link is called app.links now; both names work." in lines
    assert shell.json("keys", "--check")["renamed"][1] == {"id": "triage.mark_all", "now": "board.mark_all"}


def test_of_an_old_and_a_new_id_of_one_command_the_new_one_counts(shell: InProcess) -> None:
    write(shell, '[keys]\n"calls.link" = "F6"\n"app.links" = "F7"\n')
    assert {row["id"]: row["keys"] for row in shell.json("keys")["keys"]}["app.links"] == ["f7"]
    checked = shell.run("keys", "--check")
    assert (checked.returncode, "this line does nothing" in checked.stdout) == (1, True)
