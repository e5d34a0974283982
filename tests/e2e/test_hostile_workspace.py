"""Somebody has written into the files of the workspace by hand: no screen and no form sends any of it to the terminal."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from fleettui.store.protocol import Stamp
from fleettui.store.tinydb.store import TinyDBStore
from fleettui.workspace.collections import ALL
from tests.cli.test_harmless import EVIL, made_evil
from tests.support.clocks import MONDAY_MORNING
from tests.support.homes import make_home
from tests.support.terminal import Terminal

pytestmark = pytest.mark.slow

CLIPBOARD, POSITION, VERSION, SETTINGS, RESET = b"\x1b]52", b"\x1b[6n", b"\x1b[>c", b"\x1bP", b"\x1bc"
ATTACKS = [
    CLIPBOARD,
    POSITION,
    VERSION,
    SETTINGS,
    RESET,
    *(sign.encode() for sign in "\x9b\x9d\x9c\u202e\u2066\x7f\x08"),
]


def test_no_screen_and_no_form_sends_what_a_terminal_obeys(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", MONDAY_MORNING, demo=True)
    store = TinyDBStore(home, "mallory")
    stamp = Stamp("mallory" + EVIL, MONDAY_MORNING, "tickets.set", EVIL)
    for collection in ALL:
        for document in list(store.all(collection)):
            store.change(collection, document.id, made_evil, stamp)
    env = {
        "FLEETTUI_HOME": str(home),
        "FLEETTUI_NOW": MONDAY_MORNING.isoformat(),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    with Terminal([sys.executable, "-m", "fleettui"], columns=100, rows=30, env=env) as terminal:
        terminal.wait_for("Today")
        for screen in "1234567":
            for key in (screen, "enter", "e", "escape", "ctrl+p", "escape", ",", "escape"):
                terminal.send(key)
                terminal.quiet(0.05)  # keys wait for one another in the app
            terminal.quiet(0.3)
            sent = bytes(terminal.raw)
            assert [attack for attack in ATTACKS if attack in sent] == [], screen
            terminal.raw.clear()
