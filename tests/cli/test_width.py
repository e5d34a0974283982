"""Lists and the greeting keep within the width there is; scripts read them whole."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from fleettui.cli import width
from fleettui.text.cleaning import width_of
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess
from tests.support.homes import make_home
from tests.support.terminal import EndedError, Terminal

LISTS = [
    "today",
    "tickets list --all",
    "calls list --all",
    "rituals list",
    "rituals week",
    "playbooks list --all",
    "people list",
    "customers list",
    "channels list",
    "history",
    "message",
    "sla table",
    "tickets views",
    "oncall",
    "report week",
]
IDENTIFYING = {
    "tickets list --all": ("id", "subject"),
    "calls list --all": ("id", "customer"),
    "rituals list": ("id", "name"),
    "playbooks list --all": ("id", "name"),
    "people list": ("login", "name"),
    "customers list": ("id", "name"),
    "channels list": ("id", "name"),
    "message": ("name", "title"),
    "tickets views": ("key", "name"),
}
"""What says which row it is, by its names in JSON."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_home(tmp_path_factory.mktemp("width") / "home", MONDAY_MORNING, demo=True)


@pytest.fixture
def in_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if stdout were one; the last test has a real one."""
    monkeypatch.setattr(width, "_of_terminal", lambda: 132)


def lines_of(home: Path, words: str, **environment: str) -> list[str]:
    done = InProcess(home, environment=environment).run(*words.split())
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def rows_in(lines: list[str], words: str) -> list[str]:
    """Without what is no row of a list: the sentences of `sla table`, and a command that is to be copied whole."""
    if words == "sla table":
        return [line for line in lines if "  " in line.strip()]
    return [line for line in lines if not line.strip().startswith("fleettui ")]


@pytest.mark.usefixtures("in_terminal")
@pytest.mark.parametrize("columns", [40, 60, 80, 100])
@pytest.mark.parametrize("words", LISTS)
def test_every_list_fits_the_width_that_columns_says(demo: Path, words: str, columns: int) -> None:
    lines = rows_in(lines_of(demo, words, COLUMNS=str(columns)), words)
    assert lines and [line for line in lines if width_of(line) > columns] == []


@pytest.mark.usefixtures("in_terminal")
@pytest.mark.parametrize("columns", [40, 47, 60, 80])
@pytest.mark.parametrize("words", IDENTIFYING)
def test_every_list_says_which_row_it_is_at_any_width(demo: Path, words: str, columns: int) -> None:
    _, *lines = lines_of(demo, words, COLUMNS=str(columns))
    id_, name = IDENTIFYING[words]
    rows = InProcess(demo).json(*words.split())
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows, strict=True):
        assert row[id_] in line.split()
        assert row[name][:8] in line


@pytest.mark.usefixtures("in_terminal")
def test_a_narrow_history_has_what_was_done_on_a_line_of_its_own(demo: Path) -> None:
    wide, narrow = (lines_of(demo, "history", COLUMNS=columns) for columns in ("132", "40"))
    assert len(narrow) == 2 * len(wide)
    assert wide[0] == "2026-03-09 08:42  tobias      T-1017#1 came in"
    assert narrow[:2] == ["2026-03-09 08:42  tobias", "  T-1017#1 came in"]


def test_a_script_reads_lists_whole(demo: Path) -> None:
    """stdout is no terminal: no cell is cut and no column left out, even where a shell has passed on its width."""
    lines = lines_of(demo, "tickets list --all", COLUMNS="60")
    assert lines[0].split()[-1] == "STATUS"
    assert max(map(width_of, lines)) > 120


def test_a_greeting_without_a_terminal_is_as_wide_as_any_terminal(demo: Path) -> None:
    assert max(map(width_of, lines_of(demo, "today --all", COLUMNS=""))) <= 78
    assert max(map(width_of, rows_in(lines_of(demo, "today --all", COLUMNS="50"), "today"))) <= 50


@pytest.mark.parametrize("columns", ["", "0", "-5", "wide", "3", "٨٠"])
def test_a_width_that_makes_no_sense_is_none(monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert width.there_is(78) == 78


def test_texts_are_cut_first_and_then_the_last_columns_go() -> None:
    table = [["ID", "WHEN", "WHAT", "WHO"], ["T-1", "2026-03-09 10:00", "x" * 60, "somebody"]]
    assert width.shared_out(table, None) == [3, 16, 60, 8]
    assert width.shared_out(table, 90) == [3, 16, 57, 8]
    assert width.shared_out(table, 46) == [3, 16, 13, 8]
    assert width.shared_out(table, 40) == [3, 16, 17, 0]
    assert width.shared_out(table, 8) == [3, 9, 0, 0], "what is printed is cut at the edge"
    assert width.shared_out([["NAME"], ["x" * 30]], 20) == [20]


def test_what_says_which_row_it_is_stays() -> None:
    """The id whole, of the subject enough to know it; what stands between and after them goes first."""
    table = [
        ["NAME", "LEFT", "WHO", "SUBJECT", "STATE"],
        ["out-of-hours-answer", "2 h 12 m", "somebody", "x" * 60, "open"],
    ]
    assert width.shared_out(table, 90, (0, 3)) == [19, 8, 8, 42, 5]
    assert width.shared_out(table, 60, (0, 3)) == [19, 8, 8, 19, 0]
    assert width.shared_out(table, 40, (0, 3)) == [19, 0, 0, 19, 0]
    assert width.shared_out(table, 30, (0, 3)) == [19, 0, 0, 9, 0]
    assert width.shared_out(table, 24, (0, 3)) == [13, 0, 0, 9, 0]


def test_a_line_keeps_its_subject_before_what_it_is_about() -> None:
    before, customer, subject = "! 2 h  T-1 ", "Northwind Robotics", "Hosts are gone"
    assert (
        width.with_subject(before, customer, subject, None) == "! 2 h  T-1 Northwind Robotics: Hosts are gone"
    )
    assert width.with_subject(before, customer, subject, 40) == "! 2 h  T-1 Northwind Robo…: Hosts are gone"
    assert width.with_subject(before, customer, subject, 30) == "! 2 h  T-1 Hosts are gone"
    assert width.with_subject(before, "", subject, 12) == "! 2 h  T-1 Hosts are gone"


@pytest.mark.usefixtures("in_terminal")
def test_what_has_no_room_is_said_beside_the_list(demo: Path) -> None:
    done = InProcess(demo, environment={"COLUMNS": "60"}).run("tickets", "list")
    assert (
        done.stderr
        == "fleettui: no room for CUSTOMER, WHOSE, LEVEL, STATUS here; a wider terminal or --json shows them\n"
    )


@pytest.mark.slow
def test_a_terminal_says_itself_how_wide_it_is(demo: Path, tmp_path: Path) -> None:
    env = {"FLEETTUI_HOME": str(demo), "XDG_STATE_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "fleettui", "tickets", "list"]
    with Terminal(command, columns=64, rows=40, env=env) as terminal:
        with pytest.raises(EndedError):
            while True:
                terminal.read(1)
        lines = bytes(terminal.raw).decode().replace("\r", "").splitlines()
    assert len(lines) > 5
    assert max(width_of(line) for line in lines if not line.startswith("fleettui")) <= 64


def test_the_first_steps_fit_a_narrow_terminal_and_their_commands_stay_whole(tmp_path: Path) -> None:
    new = InProcess(tmp_path / "new", environment={"COLUMNS": "40"})
    new.ok("init")
    steps = new.json("today")["first_steps"]
    lines = new.ok("today").splitlines()
    commands = [line for line in lines if line.strip() in {step["command"] for step in steps}]
    assert len(commands) == len(steps)
    assert max(width_of(line) for line in lines if line not in commands) <= 40
