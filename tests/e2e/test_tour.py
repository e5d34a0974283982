"""`fleettui tour`: it goes on when a step was done, in a demo of its own that is gone afterwards."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from screens.tour.steps import STEPS
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess
from tests.support.plain_reader import PlainReader
from tests.support.terminal import Terminal

pytestmark = pytest.mark.slow


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "tmp").mkdir()
    variables = InProcess(tmp_path / "home", now=MONDAY_MORNING.isoformat()).variables()
    return {**variables, "TMPDIR": str(tmp_path / "tmp")}


def tour(surroundings: dict[str, str], columns: int, rows: int) -> Terminal:
    return Terminal([sys.executable, "-m", "fleettui", "tour"], columns=columns, rows=rows, env=surroundings)


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (60, 20)])
def test_each_step_goes_on_when_it_was_done(
    surroundings: dict[str, str], tmp_path: Path, columns: int, rows: int
) -> None:
    keys = (
        ["4"],
        ["j"],
        ["t", "t"],
        ["u"],
        ["r", "Hello.", "ctrl+s"],
        ["2", " "],
        ["ctrl+p", "northw", "enter"],
        ["?"],
    )
    with tour(surroundings, columns, rows) as terminal:
        for number, pressed in enumerate(keys, 1):
            terminal.wait_for(f"{number} of {len(STEPS)}: ", 60)
            terminal.quiet(0.3)
            for key in pressed:
                terminal.send(key)
                terminal.quiet(0.5)
        terminal.send("escape")
        terminal.wait_for("That was the tour", 60)
        assert list((tmp_path / "tmp").glob("fleettui-tour-*"))
        terminal.send("q")
        assert terminal.wait_exit() == 0
    assert list((tmp_path / "tmp").iterdir()) == []
    assert not (tmp_path / "home").exists()


def test_a_step_can_be_left_out_and_the_tour_left_at_any_time(
    surroundings: dict[str, str], tmp_path: Path
) -> None:
    with tour(surroundings, 80, 24) as terminal:
        terminal.wait_for("1 of ", 60)
        terminal.send("\x1b[20~")
        terminal.wait_for("2 of ", 60)
        terminal.send("q")
        assert terminal.wait_exit() == 0
    assert list((tmp_path / "tmp").iterdir()) == []


def test_nothing_stays_when_the_terminal_goes_away(surroundings: dict[str, str], tmp_path: Path) -> None:
    terminal = tour(surroundings, 80, 24)
    terminal.wait_for("1 of ", 60)
    process = terminal.process
    os.close(process.fd)
    process.fd = -1
    process.closed = True
    process.wait()
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize("by", ["option", "variable"])
def test_in_the_plain_mode_each_step_is_said(surroundings: dict[str, str], tmp_path: Path, by: str) -> None:
    words = ["--plain", "tour"] if by == "option" else ["tour"]
    env = {**surroundings, "TERM": "dumb"} | ({"FLEETTUI_PLAIN": "1"} if by == "variable" else {})
    with Terminal([sys.executable, "-m", "fleettui", *words], columns=100, rows=24, env=env) as terminal:
        reader = PlainReader(terminal)
        reader.hears(f"1 of {len(STEPS)}: Press 4.")
        reader.press("4")
        reader.hears(f"2 of {len(STEPS)}: Move with j and k.")
        reader.press("j")
        reader.hears(f"3 of {len(STEPS)}: ")
        reader.press("\x1b[20~")
        reader.hears(f"4 of {len(STEPS)}: ")
        reader.press("\x0c")
        reader.hears(f"4 of {len(STEPS)}: ")
        assert "\x1b[" not in reader.heard()
        terminal.send("q")
        assert terminal.wait_exit() == 0
    assert list((tmp_path / "tmp").iterdir()) == []


def test_without_a_terminal_its_steps_are_printed(tmp_path: Path) -> None:
    line = InProcess(tmp_path / "home")
    assert len(line.json("tour")["steps"]) == len(STEPS)
    assert "--json" in line.fails(2, "tour")
    line.environment["FLEETTUI_PLAIN"] = "1"
    assert line.ok("tour").splitlines()[1].startswith("1. Press 4.")
    assert "[" not in json.dumps(line.json("tour")["steps"][0])
