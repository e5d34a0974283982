"""Ctrl+E writes in one's own editor and Ctrl+Z goes to the shell, in a real terminal: what was typed is there afterwards, however
the editor ended, and the terminal is as it was."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fleettui.config import login
from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from screens.commands.catalogue import BY_ID
from tests.e2e.conftest import Open
from tests.support.clocks import MONDAY_MORNING
from tests.support.terminal import Terminal

pytestmark = pytest.mark.slow

MakeEditor = Callable[[str], str]


@pytest.fixture
def editor(tmp_path: Path) -> MakeEditor:
    """Makes an editor of lines for the shell; "$1" is the file."""

    def make(lines: str) -> str:
        program = tmp_path / "an editor"
        program.write_text(f"#!/bin/sh\n{lines}\n")
        program.chmod(0o755)
        return shlex.quote(str(program))

    return make


def open_name(terminal: Terminal) -> None:
    """The first person's form, in the field of the name."""
    terminal.wait_for("● open")
    terminal.send("6", "e")
    terminal.wait_for("Change Alex Mitchell")
    terminal.send(" III")
    terminal.wait_for("Alex Mitchell III")


def left_over(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "state" / "fleettui" / "editor").glob("*"))


def test_a_field_comes_back_from_the_editor_and_is_saved(
    open_app: Open, workspace: Workspace, tmp_path: Path, editor: MakeEditor
) -> None:
    terminal = open_app(EDITOR=editor('stat -c %a "$1" > mode; printf "Alexa\\nM.\\n" > "$1"'))
    open_name(terminal)
    terminal.send("\x05")
    terminal.wait_for("back from your editor")
    terminal.wait_for("Alexa M.")
    terminal.send("ctrl+s")
    terminal.wait_for("is saved")
    assert workspace.people.get("alex").name == "Alexa M."
    assert (tmp_path / "mode").read_text() == "600\n"
    assert left_over(tmp_path) == []


def test_visual_comes_before_editor_and_no_shell_reads_it(
    open_app: Open, tmp_path: Path, editor: MakeEditor
) -> None:
    """A word of it that a shell would run is an argument, like any other."""
    visual = editor('echo "$#" > arguments; echo "$1" >> arguments; echo Alexa > "$4"')
    terminal = open_app(VISUAL=f"{visual} '$(touch owned)' -n +1", EDITOR="false")
    open_name(terminal)
    terminal.send("\x05")
    terminal.wait_for("Alexa")
    assert (tmp_path / "arguments").read_text() == "4\n$(touch owned)\n"
    assert not (tmp_path / "owned").exists()


def test_an_editor_that_is_killed_leaves_the_text_and_what_it_saved(
    open_app: Open, tmp_path: Path, editor: MakeEditor
) -> None:
    """The terminal too: this editor had the mouse on, no echo, and the cursor away."""
    lines = (
        'printf "half of it" > "$1"; stty raw -echo; printf "\\033[?1003h\\033[?1049h\\033[?25l"; kill -9 $$'
    )
    terminal = open_app(EDITOR=editor(lines))
    open_name(terminal)
    terminal.send("\x05")
    terminal.wait_for("ended by SIGKILL")
    terminal.wait_for("Alex Mitchell III")
    (file,) = left_over(tmp_path)
    assert file.read_text() == "half of it"
    assert file.stat().st_mode & 0o777 == 0o600
    terminal.send("escape", "q")
    assert terminal.wait_exit() == 0


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("printf '\\377\\376garbage' > \"$1\"", "left no UTF-8 text"),
        ('head -c 500000 /dev/zero | tr "\\0" x > "$1"', "more than 100,000 characters"),
        ('rm "$1"', "nothing that can be read"),
        ('rm "$1"; ln -s /etc/hostname "$1"', "nothing that can be read"),
        ('rm "$1"; mkfifo "$1"', "nothing that can be read"),
        ('echo other > "$1"; exit 3', "ended with 3"),
    ],
    ids=["garbage", "too much", "no file", "a link", "a pipe", "it says that it failed"],
)
def test_what_cannot_be_taken_leaves_the_text_of_before(
    open_app: Open, editor: MakeEditor, lines: str, why: str
) -> None:
    terminal = open_app(columns=160, rows=30, EDITOR=editor(lines))
    open_name(terminal)
    terminal.send("\x05")
    terminal.wait_for(why)
    terminal.wait_for("Alex Mitchell III")


def test_an_editor_that_is_not_there_is_named(open_app: Open, tmp_path: Path) -> None:
    terminal = open_app(EDITOR="no-such-editor")
    open_name(terminal)
    terminal.send("\x05")
    terminal.wait_for("no-such-editor cannot be started")
    terminal.wait_for("Alex Mitchell III")
    assert left_over(tmp_path) == []


def test_what_others_did_meanwhile_is_there_and_ctrl_c_in_the_editor_ends_the_editor_alone(
    open_app: Open, workspace: Workspace, tmp_path: Path, editor: MakeEditor
) -> None:
    terminal = open_app(
        EDITOR=editor('trap "exit 0" INT; echo the editor is here; touch begun; sleep 60 & wait')
    )
    open_name(terminal)
    terminal.send("\x05")
    terminal.wait_for("the editor is here")
    mine = Workspace.open(workspace.home, clock=frozen_clock(MONDAY_MORNING), login=login())
    mine.people.edit("kathy", {"name": "Katherine Young"})
    terminal.send("ctrl+c")
    terminal.wait_for("left the text as it was")
    terminal.send("escape")
    terminal.wait_for("Katherine Young")


def test_the_draft_is_kept_before_the_editor_begins_and_survives_the_end_of_both(
    open_app: Open, tmp_path: Path, editor: MakeEditor
) -> None:
    terminal = open_app(EDITOR=editor("echo the editor is here; sleep 60"))
    open_name(terminal)
    terminal.send("\x05")
    terminal.wait_for("the editor is here")
    terminal.hang_up()
    again = open_app()
    again.wait_for("● open")
    again.send("6", "e")
    again.wait_for("Alex Mitchell III")


def test_an_answer_is_written_in_the_editor_and_ctrl_z_takes_that_back(
    open_app: Open, workspace: Workspace, editor: MakeEditor
) -> None:
    ticket = workspace.tickets.new("Acme", "Export fails")
    terminal = open_app(EDITOR=editor('printf "One line.\\n\\nAnother.\\n" > "$1"'))
    terminal.wait_for("● open")
    terminal.send("4")
    terminal.wait_for(ticket.subject)
    terminal.send(BY_ID["triage.note"].keys)
    terminal.wait_for("Ctrl+S")
    terminal.send("typed here", "\x05")
    terminal.wait_for("back from your editor")
    terminal.wait_for("Another.")
    terminal.send("\x1a")
    terminal.wait_for("typed here")


def test_ctrl_z_goes_to_the_shell_and_fg_draws_it_anew(workspace: Workspace, tmp_path: Path) -> None:
    env = {
        "FLEETTUI_HOME": str(workspace.home),
        "FLEETTUI_NOW": MONDAY_MORNING.isoformat(),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "PS1": "shell> ",
    }
    with Terminal(["bash", "--norc", "--noprofile", "-i"], env=env, cwd=tmp_path) as terminal:
        terminal.wait_for("shell>")
        # A script in the same job, as `uv run` is: it has to stop, too, or the shell never has its turn.
        terminal.send(f"sh -c '{sys.executable} -m fleettui; true'\r")
        terminal.wait_for("● open")
        for _ in range(2):
            terminal.send("\x1a")
            terminal.wait_for("Stopped")
            terminal.wait_for(lambda screen: any(line.startswith("shell>") for line in screen[1:]))
            terminal.send("echo $((6*7))\r")
            terminal.wait_for("42")
            terminal.send("fg\r")
            terminal.wait_for("● open")
            terminal.send("6")
            terminal.wait_for("Their time")
            terminal.send("1")
            terminal.wait_gone("Their time")
        terminal.send("q")
        terminal.wait_for("shell>")


def test_ctrl_z_where_no_shell_waits_says_so_and_goes_on(open_app: Open) -> None:
    terminal = open_app()
    terminal.wait_for("● open")
    terminal.send("\x1a")
    terminal.wait_for("No shell waits")
    terminal.send("6")
    terminal.wait_for("Their time")
