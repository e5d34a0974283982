"""What is sent to the terminal beside the picture: the title of its window, and notifications that it shows elsewhere.

OSC 2 sets the title; the one of before is kept on the terminal's stack and taken back at the end. OSC 9, 777 and 99 are the three
ways in which terminals take notifications; which of them a terminal knows cannot be asked, so that each person chooses.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Protocol

from screens.terminal.driver import LeanDriver
from screens.terminal.text import one_line

PLAIN = ("linux", "dumb", "ansi", "")
"""Terminals that would show the sequences as text."""
LONGEST = 160
NAME = "fleettui"


class Terminal(Protocol):
    """What `Telling` asks of the driver."""

    def send(self, sequence: str) -> None: ...

    def retitle(self, title: str) -> None: ...


def takes_sequences(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal is of those that understand a title, or leave alone what they do not understand."""
    term = environment.get("TERM", "")
    return term not in PLAIN and not term.startswith("vt") and not environment.get("STY")


def notification(way: str, text: str, environment: Mapping[str, str] = os.environ) -> str:
    """The sequence that notifies, through tmux where that is between. The name before the text is also there because an OSC 9
    that begins with a number is something else to some terminals."""
    body = one_line(text)[:LONGEST]
    sequences = {
        "9": f"\x1b]9;{NAME}: {body}\x1b\\",
        "777": f"\x1b]777;notify;{NAME};{body.replace(';', ',')}\x1b\\",
        "99": f"\x1b]99;i={NAME}:d=0;{NAME}\x1b\\\x1b]99;i={NAME}:p=body;{body}\x1b\\",
    }
    sequence = sequences.get(way, "")
    if sequence and environment.get("TMUX"):
        doubled = sequence.replace("\x1b", "\x1b\x1b")
        return f"\x1bPtmux;{doubled}\x1b\\"
    return sequence


class Telling:
    """To one terminal; nothing to one that would show it as text."""

    def __init__(self, terminal: Terminal = LeanDriver, environment: Mapping[str, str] = os.environ) -> None:
        self._terminal, self._takes = terminal, takes_sequences(environment)
        self._environment, self._title = environment, ""

    def title(self, *parts: str) -> None:
        """What is said before the name of the program; nothing is sent where it stands there already."""
        title = one_line(" · ".join([*filter(None, parts), NAME]))[:LONGEST]
        if title != self._title and self._takes:
            self._title = title
            self._terminal.retitle(title)

    def notify(self, way: str, text: str) -> None:
        """By the way that the person has chosen; "off" is none."""
        sequence = notification(way, text, self._environment)
        if sequence and self._takes:
            self._terminal.send(sequence)
