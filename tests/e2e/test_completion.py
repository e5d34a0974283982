"""`fleettui completion`: real shells complete commands, options, ids and names, and obey nothing that is in a name."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.clocks import MONDAY_MORNING
from tests.support.command_line import InProcess
from tests.support.homes import make_home
from tests.support.terminal import Terminal

pytestmark = pytest.mark.slow

STARTS = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "-i"],
}
LOADS = {
    "bash": "source completion.bash",
    "zsh": "autoload -U compinit; compinit -D -u; source completion.zsh",
    "fish": "source completion.fish",
}
HOSTILE = ("Hz $(touch x) `touch y`", "Hq 'quo\"ted; touch z", "Hv=a:b \\ !$HOME")


class Shell:
    """A shell at a terminal in a folder of its own, with the script read."""

    def __init__(self, terminal: Terminal, folder: Path) -> None:
        self.terminal, self.folder = terminal, folder

    def completes(self, typed: str, wanted: str) -> None:
        """Types it, and Tab until `wanted` is to be read: shells list what there is at the second or third one."""
        terminal = self.terminal
        self._begin_anew()
        terminal.send(typed)
        terminal.wait_for(typed.rstrip()[-6:])
        for _ in range(3):
            terminal.send("tab")
            with contextlib.suppress(AssertionError):
                terminal.wait_for(wanted, 5)
                return
        terminal.send("tab")
        terminal.wait_for(wanted)

    def _begin_anew(self) -> None:
        """On an empty screen. What the shell still completes may come to the end of the line, and `clear` behind it."""
        for _ in range(20):
            # Ctrl+C would take with it what is typed while the shell still looks for completions.
            self.terminal.send("\x15")
            self.terminal.quiet(0.2)
            self.terminal.send("clear\r")
            with contextlib.suppress(AssertionError):
                self.terminal.wait_gone("clear", 6)
                return
        raise AssertionError(f"never an empty line\n{self.terminal.picture()}")

    def obeyed(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if len(path.name) == 1)


@pytest.fixture
def workspace(tmp_path: Path) -> InProcess:
    line = InProcess(make_home(tmp_path / "home", MONDAY_MORNING, demo=True))
    for name in HOSTILE:
        line.ok("customers", "add", name)
    return line


@pytest.fixture(params=STARTS)
def shell(request: pytest.FixtureRequest, workspace: InProcess, tmp_path: Path) -> Iterator[Shell]:
    name = request.param
    if shutil.which(name) is None:
        pytest.skip(f"there is no {name} here")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / f"completion.{name}").write_text(workspace.ok("completion", name))
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    surroundings = {
        **workspace.variables(),
        "PATH": path,
        "HOME": str(folder),
        "PS1": "> ",
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    with Terminal(STARTS[name], columns=200, rows=40, env=surroundings, cwd=folder) as terminal:
        terminal.quiet(0.3)
        terminal.send(f"{LOADS[name]}; echo rea''dy\r")
        terminal.wait_for("ready")
        yield Shell(terminal, folder)


def test_commands_options_ids_and_names_are_completed(shell: Shell) -> None:
    shell.completes("fleettui tickets show T-1", "T-1005")
    shell.completes("fleettui tick", "fleettui tickets")
    shell.completes("fleettui tickets resol", "fleettui tickets resolve")
    shell.completes("fleettui tickets show 1004", "tickets show T-1004")
    shell.completes("fleettui rituals show --o", "rituals show --on")
    shell.completes("ft export out --format js", "--format json")
    shell.completes("fleettui tickets set T-1002 pri", "T-1002 priority=")
    shell.completes("fleettui tickets assign T-1002 rav", "T-1002 ravi")
    shell.completes("fleettui tickets reply T-1001,T-1002 --template out-of-h", "--template out-of-hours")
    shell.completes("fleettui customers show oak", "Oakline\\ Schools")
    shell.completes('fleettui customers show "Oak', '"Oakline Schools"')
    shell.completes("fleettui --screen tri", "--screen triage")
    assert shell.obeyed() == []


def test_another_workspace_of_the_line_is_the_one_that_is_asked(shell: Shell, tmp_path: Path) -> None:
    InProcess(tmp_path / "other").ok("init")
    InProcess(tmp_path / "other").ok("customers", "add", "Zebra")
    shell.completes(f"fleettui --home {tmp_path / 'other'} customers show Ze", "Zebra")
    shell.completes(f"fleettui customers show --home {tmp_path / 'other'} Ze", "Zebra")


def test_no_name_is_obeyed(shell: Shell, workspace: InProcess) -> None:
    shell.completes("fleettui customers show Hz", "Hz\\ \\$\\(touch\\ x\\)")
    shell.terminal.send("\r")
    shell.terminal.wait_for("Hz $(touch x) `touch y`")
    shell.completes("fleettui customers show Hq", "touch\\ z")
    shell.terminal.send("\r")
    shell.terminal.wait_for("Hq 'quo\"ted; touch z")
    shell.completes("fleettui customers show Hv", "Hv=a:b")
    shell.terminal.send("\r")
    shell.terminal.wait_for("Hv=a:b \\ !$HOME")
    shell.completes("fleettui customers show 'Hz ", "touch")
    shell.completes('fleettui customers show "Hq ', "touch")
    assert shell.obeyed() == []
