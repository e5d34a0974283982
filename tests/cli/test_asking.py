"""Questions, and the app where there is no terminal for it: a line, and an end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import CommandLine
from tests.support.terminal import Terminal

pytestmark = pytest.mark.slow


def in_terminal(
    home: Path, words: Sequence[str], typed: str = "", redirected: str = "", **more: str
) -> tuple[int, str]:
    """The exit code and all that was printed, in a terminal; `redirected` as a shell has it: `</dev/null`."""
    env = {
        "FLEETTUI_HOME": str(home),
        "FLEETTUI_NOW": MONDAY_MORNING.isoformat(),
        "XDG_STATE_HOME": str(home.parent / "state"),
        "XDG_CONFIG_HOME": str(home.parent / "config"),
        **more,
    }
    script = f'exec "$0" -m fleettui "$@" {redirected}'
    with Terminal(["sh", "-c", script, sys.executable, *words], env=env) as terminal:
        if typed:
            terminal.wait_for("leave")
            terminal.send(typed)
        code = terminal.wait_exit()
        return code, bytes(terminal.raw).decode().replace("\r", "")


def test_ctrl_d_at_the_offer_of_a_workspace_makes_none(tmp_path: Path) -> None:
    code, printed = in_terminal(tmp_path / "none", [], typed="\x04")
    assert code == 3
    assert printed.endswith("None was made. `fleettui init` makes one.\n")
    assert "Traceback" not in printed
    assert not (tmp_path / "none").exists()


def test_ctrl_d_at_a_question_does_nothing(workspace: Workspace) -> None:
    workspace.close()
    CommandLine(workspace.home).ok("people", "add", "mara", "name=Mara")
    code, printed = in_terminal(workspace.home, ["undo"], typed="\x04")
    assert code == 1
    assert printed.endswith("\nfleettui: Nothing was done.\n")
    assert "Mara" in CommandLine(workspace.home).ok("people", "list")


@pytest.mark.parametrize("redirected", ["</dev/null", "<&-", "2>/dev/null", ">/dev/null"])
def test_the_app_says_that_it_needs_a_terminal_and_ends(workspace: Workspace, redirected: str) -> None:
    """It read the end of /dev/null over and over."""
    workspace.close()
    code, printed = in_terminal(workspace.home, [], redirected=redirected)
    assert code == 2
    expected = "fleettui: the app needs a terminal; `fleettui --help` lists what works without one\n"
    assert printed == ("" if redirected.startswith("2") else expected)


def test_on_a_dumb_terminal_the_app_is_plain_text(workspace: Workspace) -> None:
    workspace.close()
    code, printed = in_terminal(workspace.home, [], TERM="dumb")
    assert code == 0
    assert printed.startswith("fleettui: TERM is dumb: ")
    plain = in_terminal(workspace.home, ["today"], TERM="dumb")[1]
    assert printed.endswith(plain)
    assert "\x1b" not in printed


def test_a_closed_output_at_a_question_is_an_end(workspace: Workspace) -> None:
    """Nobody can read the question, so nobody is asked: as for a script, --yes is wanted."""
    workspace.close()
    CommandLine(workspace.home).ok("people", "add", "mara", "name=Mara")
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" -m fleettui undo 2>&-', sys.executable],
        env={**os.environ, **CommandLine(workspace.home).variables()},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == b""
