"""A person's own program that has the terminal to itself (`how = "suspended"`), in a real terminal: it is written to and typed
into, and afterwards the app goes on where it was, whatever the program left behind. The same where nothing is drawn."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fleettui.workspace.workspace import Workspace
from tests.e2e.conftest import Open
from tests.support.clocks import MONDAY_MORNING
from tests.support.plain_reader import PlainReader
from tests.support.terminal import Terminal

pytestmark = pytest.mark.slow

SPOILS = r"printf '\033[?1003h\033[?1049h\033[?25l'; stty raw -echo"
"""Leaves the mouse on, another screen, no cursor, and no line ends."""


@pytest.fixture
def own(tmp_path: Path) -> Callable[..., None]:
    """Writes the keys.toml with one command under F8, which runs lines of a shell."""

    def write(lines: str, *more: str) -> None:
        program = tmp_path / "program"
        program.write_text(f"#!/bin/sh\n{lines}\n")
        program.chmod(0o755)
        folder = tmp_path / "config" / "fleettui"
        folder.mkdir(parents=True)
        table = ["[[command]]", 'key = "F8"', 'title = "Mine"', f'run = ["{program}", "{{id}}"]']
        (folder / "keys.toml").write_text("\n".join([*table, 'how = "suspended"', *more]) + "\n")

    return write


@pytest.fixture
def plain(workspace: Workspace, tmp_path: Path) -> Iterator[PlainReader]:
    env = {
        "FLEETTUI_HOME": str(workspace.home),
        "FLEETTUI_NOW": MONDAY_MORNING.isoformat(),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "TERM": "dumb",
    }
    with Terminal(
        [sys.executable, "-m", "fleettui", "--plain"], columns=120, env=env, cwd=tmp_path
    ) as terminal:
        reader = PlainReader(terminal)
        reader.hears("# Today")
        yield reader


def test_it_has_the_keyboard_and_the_screen_and_gives_both_back(
    open_app: Open, workspace: Workspace, tmp_path: Path, own: Callable[..., None]
) -> None:
    ticket = workspace.tickets.new("Acme", "It fails")
    own('echo "what of $1?"; read answer; echo "$answer" > answer', 'input = "terminal"')
    terminal = open_app()
    terminal.wait_for("● open")
    terminal.send("4")
    terminal.wait_for("It fails")
    terminal.send("\x1b[19~")
    terminal.wait_for(f"what of {ticket.id}?")
    terminal.send("q", "all", "\r")
    terminal.wait_for("▸4 Triage")
    terminal.wait_for("It fails")
    terminal.wait_for(lambda _: _written(tmp_path / "answer") == "qall\n")
    terminal.send("6")
    terminal.wait_for("▸6 Team")


def test_it_gets_the_row_on_standard_input(
    open_app: Open, workspace: Workspace, tmp_path: Path, own: Callable[..., None]
) -> None:
    workspace.tickets.new("Acme", "It fails")
    own("cat > row.json")
    terminal = open_app()
    terminal.wait_for("● open")
    terminal.send("4")
    terminal.wait_for("It fails")
    terminal.send("\x1b[19~")
    terminal.wait_for(lambda _: "It fails" in _written(tmp_path / "row.json"))
    terminal.wait_for("▸4 Triage")


def test_what_it_left_behind_is_put_right_and_its_failure_said(
    open_app: Open, workspace: Workspace, own: Callable[..., None]
) -> None:
    workspace.tickets.new("Acme", "It fails")
    own(f"{SPOILS}; kill -9 $$")
    terminal = open_app()
    terminal.wait_for("● open")
    terminal.send("4")
    terminal.wait_for("It fails")
    before = len(terminal.raw)
    terminal.send("\x1b[19~")
    terminal.wait_for("was ended by signal 9")
    sent = bytes(terminal.raw[before:])
    spoiled = sent.index(b"\x1b[?1003h")
    assert sent.index(b"\x1b[?1003l", spoiled) < sent.index(b"ended by", spoiled)
    terminal.send("q")
    assert terminal.wait_exit() == 0


def test_a_terminal_of_lines_gets_no_codes_of_ours(
    workspace: Workspace, plain_own: Callable[..., None], plain: PlainReader
) -> None:
    workspace.tickets.new("Acme", "It fails")
    plain.press("4")
    plain.hears("It fails")
    plain.press("\x1b[19~")
    plain.hears("in the middle")
    plain.hears("1 of ")
    plain.press("6")
    plain.hears("# Team")
    assert b"\x1b" not in plain.terminal.raw


@pytest.fixture
def plain_own(own: Callable[..., None]) -> Callable[..., None]:
    own("echo in the middle")
    return own


def _written(file: Path) -> str:
    return file.read_text() if file.exists() else ""
