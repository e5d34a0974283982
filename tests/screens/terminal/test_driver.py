"""Esc and the next key that arrive together, read by the parser that Textual reads them with."""

from __future__ import annotations

from importlib.metadata import version

import pytest
from textual import events
from textual._xterm_parser import XTermParser

from screens.terminal.driver import EscApart

CHECKED_WITH = (8, 2), (9, 0)
"""From this version of Textual on, and before that one."""


def test_the_private_parser_is_as_it_was_in_the_versions_that_were_tried() -> None:
    """With another version: look whether Textual reads Esc and a key as two by now, or has a
    public name for its parser; else see that all of this module passes, and widen the range."""
    first, before = CHECKED_WITH
    installed = tuple(int(part) for part in version("textual").split(".")[:2])
    assert first <= installed < before
    parser = XTermParser()
    alone = [message for message in parser.feed("\x1b6") if isinstance(message, events.Key)]
    assert [key.key for key in alone] != ["escape", "6"], (
        "then `EscApart` and the import of the parser can go"
    )
    assert list(parser.tick()) == []


def keys_of(*packets: str) -> list[str]:
    parser, apart = XTermParser(), EscApart()
    messages = [message for packet in packets for message in parser.feed(apart.marked(packet))]
    return [
        f"paste {message.text}" if isinstance(message, events.Paste) else getattr(message, "key", "?")
        for message in messages
    ]


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        ("\x1b6", ["escape", "6"]),
        ("\x1bq", ["escape", "q"]),
        ("\x1bT", ["escape", "T"]),
        ("\x1b?", ["escape", "question_mark"]),
        ("\x1b ", ["escape", "space"]),
        ("\x1b\r", ["escape", "enter"]),
        ("\x1b\x11", ["escape", "ctrl+q"]),
        ("\x1bé", ["escape", "é"]),
        ("\x1b6\x1b[A\x1b5", ["escape", "6", "up", "escape", "5"]),
        ("a\x1b\x1b6", ["a", "escape", "escape", "6"]),
    ],
)
def test_esc_and_the_next_key_are_two_keys(sent: str, keys: list[str]) -> None:
    assert keys_of(sent) == keys
    assert keys_of(*sent) == keys, "one packet for each of them, shortly after one another"


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        ("\x1b[A", ["up"]),
        ("\x1bOP", ["f1"]),
        ("\x1b[1;5C", ["ctrl+right"]),
        ("\x1b[27u", ["escape"]),
        ("\x1bb\x1bf\x1b\x7f", ["ctrl+left", "ctrl+right", "ctrl+w"]),
    ],
)
def test_what_a_terminal_sends_for_one_key_is_one_key(sent: str, keys: list[str]) -> None:
    assert keys_of(sent) == keys
    assert keys_of(*sent) == keys


def test_nothing_is_put_into_what_is_pasted() -> None:
    """A mark there would end the paste, and the rest of the text would be keys."""
    pasted = "\x1b[200~two\x1b6 lines\nof it\x1b[201~"
    assert EscApart().marked(pasted) == pasted
    apart = EscApart()
    assert "".join(apart.marked(character) for character in pasted) == pasted
    assert keys_of("\x1b[200~plain\x1b[201~\x1b6") == ["paste plain", "escape", "6"]
