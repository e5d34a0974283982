"""The app as a person has it: keys into a real terminal, and what is then to be seen there."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

import pytest

from fleettui.workspace.workspace import Workspace
from screens.app import SCREENS
from tests.e2e.conftest import Open
from tests.support.terminal import PATIENCE, Terminal

EVIL = "[red]x[/] [@click=app.quit]y[/] \x1b]0;owned\x07\x1b[2J\u202eexe.doc"


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (160, 50)], ids=str)
def test_it_opens_and_every_screen_shows_something(open_app: Open, size: tuple[int, int]) -> None:
    terminal = open_app(*size)
    terminal.wait_for("● open")
    for number, name in enumerate(SCREENS, start=1):
        terminal.send(str(number))
        lines = terminal.wait_for(f"▸{number} {name.capitalize()[:4]}")
        assert all(len(line) <= size[0] for line in lines)
        lines = terminal.wait_for(lambda screen: sum(bool(line.strip()) for line in screen[2:-1]) >= 2)
        assert "? help" in lines[-1]


def test_two_apps_on_one_workspace_see_each_others_changes(open_app: Open) -> None:
    first, second = open_app(), open_app(120, 40)
    for terminal in (first, second):
        terminal.wait_for("● open")
        terminal.send("6")
        terminal.wait_for("Their time")
    first.send("j", "e")
    first.wait_for("Change Brad Macdowall")
    first.send("\x15", "Bradley M", "ctrl+s")  # Ctrl+U empties the field
    first.send("ctrl+s")
    first.wait_for("is saved")
    second.wait_for("Bradley M")
    first.send("u")
    first.wait_for("Took back")
    second.wait_for("Brad Macdowall")


def test_others_are_seen_and_vanish_when_their_session_dies(open_app: Open) -> None:
    first = open_app(100, 30)
    first.wait_for("● open")
    assert "with" not in first.screen()[0]
    second = open_app()
    second.wait_for("● open")
    first.wait_for(lambda screen: " with " in screen[0])
    second.kill(signal.SIGKILL)
    first.wait_for(lambda screen: " with " not in screen[0])


def test_q_leaves_and_the_terminal_is_as_before(open_app: Open) -> None:
    terminal = open_app()
    terminal.wait_for("● open")
    terminal.send("q")
    assert terminal.wait_exit() == 0
    sent = bytes(terminal.raw)
    for switched_on, switched_off in [
        (b"\x1b[?1049h", b"\x1b[?1049l"),
        (b"\x1b[?25l", b"\x1b[?25h"),
        (b"\x1b[?1003h", b"\x1b[?1003l"),
        (b"\x1b[?2004h", b"\x1b[?2004l"),
    ]:
        assert 0 <= sent.rfind(switched_on) < sent.rfind(switched_off)


def test_esc_and_the_next_key_in_one_packet_are_two_keys(open_app: Open) -> None:
    """As over a slow line. Textual reads Esc and 6 as the character §, and Esc and ? as ? alone."""
    terminal = open_app()
    terminal.wait_for("● open")
    terminal.send("?")
    terminal.wait_for("Esc")
    for packet, wanted in (("\x1b6", "▸6 Team"), ("?", "Esc close"), ("\x1b5", "▸5 Playbooks")):
        terminal.send(packet)
        terminal.wait_for(wanted)


def test_ctrl_q_leaves_while_typing_and_the_draft_is_there_next_time(open_app: Open) -> None:
    terminal = open_app()
    terminal.wait_for("● open")
    terminal.send("6", "e")
    terminal.wait_for("Change Alex Mitchell")
    terminal.send(" the Third", "\x11")
    assert terminal.wait_exit() == 0
    again = open_app()
    again.wait_for("● open")
    again.send("6", "e")
    again.wait_for("Alex Mitchell the Third")


def test_a_dropped_connection_keeps_what_was_typed_and_leaves_nobody_behind(
    open_app: Open, workspace: Workspace
) -> None:
    terminal = open_app()
    terminal.wait_for("● open")
    terminal.send("6", "e")
    terminal.wait_for("Change Alex Mitchell")
    terminal.send(" the Third")
    terminal.wait_for("Alex Mitchell the Third")
    terminal.hang_up()
    assert not is_running(terminal)
    kept = next((workspace.home / "drafts").rglob("*.txt")).read_text()
    assert "Alex Mitchell the Third" in kept
    assert list((workspace.home / "presence").glob("*.json")) == []


def is_running(terminal: Terminal) -> bool:
    """Wait for its end; what a dropped connection leaves running is a process that nobody sees."""
    end = time.perf_counter() + PATIENCE
    while time.perf_counter() < end:
        if not terminal.process.isalive():
            return False
        time.sleep(0.01)
    return True


def test_a_stopped_box_lets_it_leave_in_order(open_app: Open) -> None:
    terminal = open_app()
    terminal.wait_for("● open")
    terminal.process.kill(signal.SIGTERM)
    assert terminal.wait_exit() == 128 + signal.SIGTERM
    assert b"\x1b[?1049l" in terminal.raw


def test_no_color_means_none(open_app: Open) -> None:
    terminal = open_app(NO_COLOR="1")
    terminal.wait_for("● open")
    terminal.send("6", "j")
    terminal.wait_for(lambda screen: any(line.startswith("▌  Brad") for line in screen))
    assert terminal.colours() == set()
    y = next(n for n, line in enumerate(terminal.screen()) if line.startswith("▌"))
    assert terminal.style_at(5, y).reverse, "the cursor is to be seen without a colour"


@pytest.mark.parametrize("term", ["xterm-16color", "linux", "vt100"])
def test_few_colours_are_the_terminals_own(open_app: Open, term: str) -> None:
    terminal = open_app(TERM=term)
    terminal.wait_for("● open")
    terminal.send("6")
    terminal.wait_for("Their time")
    assert b";5;" not in bytes(terminal.raw).replace(b"\x1b[?", b"")
    assert b"38;2" not in terminal.raw


def test_a_bigger_and_a_smaller_terminal(open_app: Open) -> None:
    terminal = open_app()
    terminal.wait_for("● open")
    terminal.send("6")
    terminal.wait_for("Their time")
    terminal.resize(130, 40)
    terminal.wait_for("Time zone")
    terminal.resize(60, 20)
    terminal.wait_for(lambda screen: not any("Time zone" in line for line in screen) and "help" in screen[19])
    terminal.resize(80, 24)
    lines = terminal.wait_for(lambda screen: len(screen) == 24 and "help" in screen[23])
    assert [line for line in lines if "Zay Hanlon" in line]


def test_hostile_names_do_nothing_to_the_terminal(open_app: Open, workspace: Workspace) -> None:
    workspace.people.add("mallory", name=EVIL, email="m@example.com")
    terminal = open_app(120, 30)
    terminal.wait_for("● open")
    before = len(terminal.raw)
    terminal.send("6", "/", "click", "enter", "e")
    terminal.wait_for("Change [red]x[/] [@click=app.quit]y[/]")
    came = bytes(terminal.raw[before:])
    assert b"owned\x07" not in came
    assert b"\x1b[2J" not in came
    assert "\u202e".encode() not in came


def test_the_mouse_works(open_app: Open) -> None:
    terminal = open_app()
    terminal.wait_for("● open")
    terminal.send("6")
    lines = terminal.wait_for("Their time")
    y = next(n for n, line in enumerate(lines) if "Zay Hanlon" in line) + 1
    for action in "Mm":
        terminal.send(f"\x1b[<0;10;{y}{action}")
    terminal.wait_for(lambda screen: screen[y - 1].startswith("▌  Zay"))


def test_y_copies_through_the_terminal(open_app: Open) -> None:
    terminal = open_app()
    terminal.wait_for("● open")
    terminal.send("6", "y")
    terminal.wait_for("Sent to your terminal's clipboard")
    assert terminal.copied()[0].startswith("Alex Mitchell")


def test_a_read_only_workspace_is_said_and_the_app_goes_on(open_app: Open, workspace: Workspace) -> None:
    """Root may write anywhere: the journal is made impossible to open for anybody instead."""
    terminal = open_app()
    terminal.wait_for("● open")
    terminal.send("6", "e")
    terminal.wait_for("Change Alex Mitchell")
    journals = workspace.home / "journal"
    journals.rename(workspace.home / "journal.gone")
    journals.write_text("in the way")
    terminal.send(" Jr", "ctrl+s")
    terminal.wait_for("Not saved. What you typed is kept.")
    journals.unlink()
    (workspace.home / "journal.gone").rename(journals)
    terminal.send("ctrl+s")
    terminal.wait_for("Alex Mitchell Jr is saved")


def test_no_workspace_is_made_behind_ones_back(tmp_path: Path) -> None:
    env = {"FLEETTUI_HOME": str(tmp_path / "none"), "XDG_STATE_HOME": str(tmp_path / "state")}
    with Terminal([sys.executable, "-m", "fleettui"], env=env, cwd=tmp_path) as terminal:
        terminal.wait_for(lambda screen: any(line.strip() for line in screen))
        assert b"\x1b[?1049h" not in terminal.raw
    assert not (tmp_path / "none").exists()
