"""What concerns me reaches me in another terminal, and the terminal is left as it was."""

from __future__ import annotations

import os
import re
import signal
import sys
from pathlib import Path

import pytest

from fleettui.time.clock import frozen_clock
from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.terminal import Terminal

pytestmark = pytest.mark.slow

AS = """
import sys
from pathlib import Path
from fleettui.workspace.workspace import Workspace
from screens.app import run
sys.exit(run(Workspace.open(Path({home!r}), login={login!r}, in_app=True)))
"""
TITLE_KEPT, TITLE_BACK = b"\x1b[22;2t", b"\x1b[23;2t"


def opened(workspace: Workspace, tmp_path: Path, login: str, **env: str) -> Terminal:
    code = AS.format(home=str(workspace.home), login=login)
    own = {"FLEETTUI_NOW": MONDAY_MORNING.isoformat(), "XDG_STATE_HOME": str(tmp_path / login), **env}
    return Terminal([sys.executable, "-c", code], env=own)


def bells(terminal: Terminal) -> int:
    """How often it rang. The same byte also ends some sequences."""
    return re.sub(rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)", b"", bytes(terminal.raw)).count(b"\x07")


def test_who_is_on_another_screen_hears_of_what_a_colleague_gives_them(
    workspace: Workspace, tmp_path: Path
) -> None:
    ticket = workspace.tickets.new("Acme", "It fails", body="Please help.", priority="P2", tier="Premium")
    workspace.people.add("lena", name="Lena Fischer")
    Workspace.open(workspace.home, clock=frozen_clock(MONDAY_MORNING), login="lena").inbox.set("notify", "9")
    with opened(workspace, tmp_path, "kathy") as kathy, opened(workspace, tmp_path, "lena") as lena:
        lena.wait_for("● open")
        lena.wait_for(lambda screen: b"\x1b]2;fleettui\x1b\\" in lena.raw)
        lena.send("6")
        lena.wait_for("▸6 Team")
        kathy.wait_for("● open")
        kathy.send("4")
        kathy.wait_for(ticket.id)
        kathy.send("a", "lena", "\r")
        lena.wait_for(f"Kathy gave you {ticket.id}")
        lena.wait_for("4 Triage •1")
        assert bells(lena) == 1
        assert f"\x1b]9;fleettui: Kathy gave you {ticket.id}".encode() in lena.raw
        assert "\x1b]2;1 new · fleettui".encode() in lena.raw
        lena.send("b")
        lena.wait_for("Inbox · 1 new")
        lena.send("\r")
        lena.wait_for("▸4 Triage")
        lena.wait_gone("•1")
        assert bells(kathy) == 0


@pytest.mark.parametrize("end", ["q", "TERM"])
def test_the_window_has_its_title_of_before_however_the_session_ends(
    workspace: Workspace, tmp_path: Path, end: str
) -> None:
    with opened(workspace, tmp_path, "kathy") as terminal:
        terminal.wait_for("● open")
        terminal.wait_for(lambda screen: b"\x1b]2;fleettui\x1b\\" in terminal.raw)
        if end == "q":
            terminal.send("q")
        else:
            os.kill(terminal.process.pid, signal.SIGTERM)
        terminal.wait_exit()
        assert terminal.raw.count(TITLE_KEPT) == terminal.raw.count(TITLE_BACK) == 1


def test_a_terminal_without_titles_is_sent_none(workspace: Workspace, tmp_path: Path) -> None:
    with opened(workspace, tmp_path, "kathy", TERM="linux") as terminal:
        terminal.wait_for("● open")
        terminal.send("b")
        terminal.wait_for("Nothing concerned you")
        terminal.send("\x1b", "q")
        terminal.wait_exit()
        assert b"\x1b]2;" not in terminal.raw
        assert TITLE_KEPT not in terminal.raw
        assert TITLE_BACK not in terminal.raw
