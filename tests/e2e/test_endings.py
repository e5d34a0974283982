"""However a session ends, it ends soon, whatever it is doing; what was typed and what was saved is there afterwards."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fleettui.workspace.workspace import Workspace
from tests.support.clocks import MONDAY_MORNING
from tests.support.terminal import PATIENCE, EndedError, Terminal

pytestmark = pytest.mark.slow

BUSY = {
    "in the writing thread": "lambda app: app.write(for_ever)",
    "in a thread of its own": "lambda app: app.run_worker(for_ever, thread=True)",
    "in the event loop": "lambda app: for_ever()",
}
"""What never ends; begun with T."""
WITH_A_BUSY_KEY = """
import sys, time
from screens.app import FleettuiApp
def for_ever():
    while True:
        time.sleep(0.001)
FleettuiApp.do_theme = {busy}
from fleettui.cli.main import main
sys.exit(main([]))
"""
LONGEST = 15.0
"""Seconds. It ends within two, and without its care never; the others are for a machine that is busy with other tests."""

Start = Callable[[str], Terminal]


@pytest.fixture
def start(workspace: Workspace, tmp_path: Path) -> Iterator[Start]:
    terminals: list[Terminal] = []

    def start_(busy: str) -> Terminal:
        env = {
            "FLEETTUI_HOME": str(workspace.home),
            "FLEETTUI_NOW": MONDAY_MORNING.isoformat(),
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
            "XDG_STATE_HOME": str(tmp_path / "state"),
        }
        code = WITH_A_BUSY_KEY.format(busy=busy)
        terminals.append(Terminal([sys.executable, "-c", code], env=env))
        return terminals[-1]

    yield start_
    for terminal in terminals:
        terminal.kill()


AT_REST = """lambda app: app.say("Nothing is under way")
import atexit, pathlib, threading
reads_on = threading.Thread(target=for_ever)
FleettuiApp.on_ready = lambda app: reads_on.start()
atexit.register(pathlib.Path({taken_apart!r}).touch)"""
"""A thread that only reads goes on for ever, and what Python does at its end leaves a file."""


@pytest.mark.parametrize(("keys", "code"), [("q", 0), ("", 128 + signal.SIGTERM)])
def test_an_ordinary_end_takes_nothing_apart_and_waits_for_no_reader(
    start: Start, tmp_path: Path, keys: str, code: int
) -> None:
    """Both cost more than all the rest, and on a busy machine so much that the session was ended by force."""
    taken_apart = tmp_path / "taken apart"
    terminal = start(AT_REST.format(taken_apart=str(taken_apart)))
    terminal.wait_for("Today")
    if keys:
        terminal.send(keys)
    else:
        os.kill(terminal.process.pid, signal.SIGTERM)
    assert ended(terminal)[0] == code
    assert not taken_apart.exists()
    assert b"work was still under way" not in bytes(terminal.raw)
    assert b"\x1b[?1049l\x1b[?25h" in bytes(terminal.raw), "the first screen is back, and its cursor"


def ended(terminal: Terminal) -> tuple[int, float]:
    """How it ended, and after how many seconds."""
    began = time.perf_counter()
    while time.perf_counter() < began + PATIENCE:
        if not terminal.process.closed:
            with contextlib.suppress(EndedError):
                terminal.read(0.02)
        if not terminal.process.isalive():
            status = terminal.process.exitstatus
            code = status if status is not None else -terminal.process.signalstatus
            return code, time.perf_counter() - began
        time.sleep(0.01)
    raise AssertionError("still running")


def cut(terminal: Terminal) -> None:
    """The line is no more; nothing else is sent to the process."""
    terminal.process.fileobj.close()
    terminal.process.closed = True


def typed(terminal: Terminal, name: str) -> None:
    """The form of the first person, changed and not saved, with something that never ends under way."""
    terminal.wait_for("● open")
    terminal.send("T")
    terminal.send("6", "e")
    terminal.wait_for("Change Alex Mitchell")
    terminal.send(f" {name}")
    terminal.wait_for(f"Alex Mitchell {name}")


def draft(workspace: Workspace) -> str:
    return " ".join(path.read_text() for path in (workspace.home / "drafts").rglob("*.txt"))


@pytest.mark.parametrize(
    ("end", "busy"),
    [
        ("hang-up", "in the writing thread"),
        ("hang-up", "in a thread of its own"),
        ("TERM", "in the writing thread"),
        ("INT", "in a thread of its own"),
        ("Ctrl+Q", "in the writing thread"),
    ],
)
def test_it_ends_soon_and_keeps_what_was_typed(
    start: Start, workspace: Workspace, busy: str, end: str
) -> None:
    terminal = start(BUSY[busy])
    typed(terminal, "the Third")
    match end:
        case "hang-up":
            cut(terminal)
        case "Ctrl+Q":
            terminal.send("\x11")
        case _:
            os.kill(terminal.process.pid, getattr(signal, f"SIG{end}"))
    code, seconds = ended(terminal)
    assert code == {"hang-up": 129, "TERM": 143, "INT": 130, "Ctrl+Q": 0}[end]
    assert seconds < LONGEST
    assert "Alex Mitchell the Third" in draft(workspace)
    if end != "hang-up":
        assert terminal.raw.rfind(b"\x1b[?1049h") < terminal.raw.rfind(b"\x1b[?1049l")
        assert b"left while work was still under way" in terminal.raw


@pytest.mark.parametrize("end", ["hang-up", "TERM"])
def test_it_ends_soon_when_nothing_is_answered_any_more(start: Start, end: str) -> None:
    """No event is handled: the signal's own handler and a thread end it, and put the terminal right."""
    terminal = start(BUSY["in the event loop"])
    terminal.wait_for("● open")
    terminal.send("T")
    terminal.quiet(0.3)
    if end == "hang-up":
        cut(terminal)
    else:
        os.kill(terminal.process.pid, signal.SIGTERM)
    code, seconds = ended(terminal)
    assert (code, seconds < LONGEST) == (129 if end == "hang-up" else 143, True)
    if end == "TERM":
        assert b"\x1b[?1049l" in terminal.raw


def test_it_ends_soon_when_the_terminal_takes_nothing_and_then_is_gone(
    start: Start, workspace: Workspace
) -> None:
    """A connection that stalls: what is drawn piles up until the event loop waits for it. Then the line is cut."""
    terminal = start("lambda app: None")
    terminal.wait_for("● open")
    terminal.send("6", "e")
    terminal.wait_for("Change Alex Mitchell")
    terminal.send(" the Third")
    terminal.wait_for("Alex Mitchell the Third")
    for _ in range(400):  # nobody reads any more
        terminal.send("\x0c")
        time.sleep(0.001)
    cut(terminal)
    code, seconds = ended(terminal)
    assert (code, seconds < LONGEST) == (129, True)
    assert "Alex Mitchell the Third" in draft(workspace)


def test_a_terminal_that_is_gone_without_a_word_ends_it_too(workspace: Workspace, tmp_path: Path) -> None:
    """It is not the terminal of its session, so nothing is sent when it goes: reading fails."""
    ours, its = os.openpty()
    termios.tcsetwinsize(its, (24, 80))
    env = {
        **os.environ,
        "TERM": "xterm-256color",
        "FLEETTUI_HOME": str(workspace.home),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    command = [sys.executable, "-m", "fleettui"]
    process = subprocess.Popen(command, stdin=its, stdout=its, stderr=its, env=env, start_new_session=True)
    os.close(its)
    came = b""
    while b"Today" not in came:
        came += os.read(ours, 4096)
    os.close(ours)
    assert process.wait(60) == 129
