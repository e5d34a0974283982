"""The terminal's own cursor stands where one is, though it cannot be seen: magnifiers and Braille lines follow it."""

from __future__ import annotations

import re

from fleettui.workspace.workspace import Workspace
from tests.e2e.conftest import Open
from tests.support.terminal import Terminal

CURSOR_SIGN = "▌"
SHOWN = b"\x1b[?25h"


def wait_for_cursor_on(terminal: Terminal, words: str) -> None:
    """Until the line with these words is lit, and the cursor stands on it."""
    terminal.wait_for(
        lambda screen: (
            screen[terminal.cursor()[1]].startswith(CURSOR_SIGN) and words in screen[terminal.cursor()[1]]
        )
    )


def test_after_each_move_the_cursor_is_on_the_lit_row(open_app: Open, workspace: Workspace) -> None:
    names = [f"Person {number:02}" for number in range(30)]
    for number, name in enumerate(names):
        workspace.people.add(f"person{number:02}", name=name, email=f"p{number}@example.com")
    terminal = open_app()
    terminal.wait_for("● open")
    terminal.send("6")
    terminal.wait_for("Their time")
    for key, words in (
        ("j", "Brad"),
        ("k", "Alex"),
        ("G", ""),
        ("g", "Alex"),
        ("pagedown", ""),
        ("down", ""),
    ):
        terminal.send(key)
        terminal.quiet()
        wait_for_cursor_on(terminal, words)
    assert SHOWN not in bytes(terminal.raw), "it stays hidden"


def test_a_key_in_a_list_moves_the_cursor_once(open_app: Open) -> None:
    """Nothing is sent for the cursor alone, and it does not visit other places when all is drawn."""
    terminal = open_app()
    terminal.wait_for("● open")
    terminal.send("6")
    terminal.wait_for("Their time")
    terminal.quiet()
    before = len(terminal.raw)
    terminal.send("j")
    wait_for_cursor_on(terminal, "Brad")
    terminal.quiet()
    came = bytes(terminal.raw[before:])
    assert len(re.findall(rb"\x1b\[\d+;\d+H", came)) <= 3, (
        "the line of before, the line of now, and there it stays"
    )
    assert len(came) < 600


def test_the_cursor_goes_from_the_list_into_the_page_and_into_what_is_typed(open_app: Open) -> None:
    terminal = open_app()
    terminal.wait_for("● open")
    terminal.send("6")
    terminal.wait_for("Their time")
    terminal.send("enter")
    terminal.wait_for(lambda screen: "Alex" in screen[terminal.cursor()[1]] and terminal.cursor()[1] <= 4)
    terminal.send("escape")
    wait_for_cursor_on(terminal, "Alex")
    terminal.send("/", "zay")
    terminal.wait_for(lambda screen: screen[terminal.cursor()[1]].strip().startswith("zay"))
    terminal.send("enter")
    wait_for_cursor_on(terminal, "Zay")
