"""A person who hears and feels the plain mode: knows the line on which the cursor stands, and what has been written since the
last key. There is no screen to look at."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from screens.commands.catalogue import BY_ID
from tests.support.terminal import KEYS, Terminal

SEQUENCE = re.compile(r"\x1b\[\d*[A-Za-z]")
SIGNS = {
    "space": " ",
    "slash": "/",
    "number_sign": "#",
    "percent_sign": "%",
    "full_stop": ".",
    "comma": ",",
    "question_mark": "?",
    "at": "@",
    "equals_sign": "=",
}


def key(id_: str) -> str:
    """What the first key of a command sends."""
    name = BY_ID[id_].keys.split(",")[0]
    held, _, last = name.rpartition("+")
    if held == "ctrl":
        return chr(ord(last) - ord("a") + 1)
    return KEYS.get(name, SIGNS.get(name, name))


class PlainReader:
    """At a terminal that writes lines."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self._heard_from = 0

    def press(self, *keys: str) -> None:
        self.terminal.read()
        self._heard_from = len(self.terminal.raw)
        self.terminal.send(*keys)

    def heard(self) -> str:
        """What has been written since the last keys, in one line."""
        self.terminal.read()
        text = bytes(self.terminal.raw[self._heard_from :]).decode("utf-8", "replace")
        return " ".join(SEQUENCE.sub("", text).replace("\b", "").split())

    def hears(self, words: str) -> str:
        """Waits until somebody says so."""
        return self._wait(lambda: words in self.heard(), words)

    def reads(self, words: str) -> str:
        """Waits until it stands on the line of the cursor."""
        return self._wait(lambda: words in self.line(), words)

    def is_answered(self) -> None:
        """Every key is answered: waits for it, and until all is said."""
        self._wait(lambda: bool(self.heard()), "an answer")
        self.terminal.quiet(0.8)

    def line(self) -> str:
        """Where the cursor stands."""
        return self.terminal.screen()[self.terminal.cursor()[1]] + " "

    def _wait(self, holds: Callable[[], bool], words: str) -> str:
        end = time.perf_counter() + 20
        while not holds():
            if time.perf_counter() > end:
                raise AssertionError(f"never: {words!r}\nheard: {self.heard()!r}\nat: {self.line()!r}")
            self.terminal.read(0.1)
        return self.heard()
