"""What is completed: `fleettui complete`, and the table in the scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fleettui.cli.commands import COMMANDS
from fleettui.cli.commands.complete import LISTS, fitting
from fleettui.cli.completion import rows
from fleettui.cli.description import every_command
from fleettui.cli.values import FILE, FOLDER, KINDS
from fleettui.workspace.workspace import Workspace
from tests.support.command_line import InProcess


@pytest.fixture
def demo(made: Callable[..., Workspace]) -> InProcess:
    workspace = made(demo=True)
    workspace.close()
    return InProcess(workspace.home)


def test_every_kind_of_value_has_a_list() -> None:
    assert sorted(KINDS - {FILE, FOLDER, "screen"}) == sorted(LISTS)


def test_every_id_person_and_customer_of_the_command_line_is_of_a_kind() -> None:
    values = [
        argument for command in every_command(COMMANDS) for argument in command.arguments if argument.value
    ]
    wanted = ("ID", "PERSON", "TICKET", "FILE", "DIR")
    unknown = {
        (argument.name, argument.value)
        for argument in values
        if argument.value in wanted and argument.kind == "text"
    }
    assert unknown == {("request_id", "ID"), ("thread", "ID")}


def test_each_list_answers_in_the_demo(demo: InProcess) -> None:
    for kind in LISTS:
        assert demo.json("complete", kind), kind


def test_an_id_is_completed_from_its_number_and_behind_others(demo: InProcess) -> None:
    (one_line,) = demo.ok("complete", "ticket", "1004").splitlines()
    assert one_line.startswith("T-1004\t")
    assert demo.ok("complete", "ticket", "T-1001,1004").startswith("T-1001,T-1004\t")
    assert demo.ok("complete", "ticket", "t-1004") == one_line + "\n"


def test_what_is_no_word_of_a_line_is_left_out() -> None:
    names = ["fine", "fi\nne", "fi\tne", "fi\x1b[2Jne", ""]
    assert list(fitting(((name, "") for name in names), "fi")) == [("fine", "")]


def test_without_a_workspace_nothing_is_completed_and_nothing_is_said(tmp_path: Path) -> None:
    done = InProcess(tmp_path / "none").run("complete", "ticket", "T")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert InProcess(tmp_path / "none").ok("complete", "nonsense", "T") == ""


def test_the_table_has_every_command_and_no_hidden_one() -> None:
    commands = {row.split("|")[1] for row in rows(COMMANDS) if row.startswith("C|")}
    assert commands == {command.words for command in every_command(COMMANDS)}
    assert commands >= set(COMMANDS)
    assert "complete" not in commands


def test_the_hidden_command_is_in_no_help(demo: InProcess) -> None:
    assert "complete," not in demo.run("--help").stdout


def test_a_cell_of_the_table_is_one_cell_of_one_line() -> None:
    counts = {"C": 2, "O": 4, "A": 2}
    for row in rows(COMMANDS):
        assert row.count("|") >= counts[row[0]]
        assert "\n" not in row
