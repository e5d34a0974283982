"""What a command is, and how its keys are written for people."""

from __future__ import annotations

import re

import msgspec

ANYWHERE = "anywhere"
OWN = "own"
"""The first word of the ids of a person's own commands."""
UNBOUND = "unbound"
"""Instead of a key, for a command that has none: Textual takes no empty one."""
MOVES = frozenset(
    {"down", "up", "page_down", "page_up", "top", "bottom", "left", "right", "next", "previous"}
)
"""The last words of the ids of what only moves: not to be named among what can be done."""
INSIDE = (
    "list",
    "page",
    "finding",
    "filter",
    "form",
    "picker",
    "arrange",
    "preview",
    "help",
    "composer",
    "sheet",
    "walk",
    "inbox",
    "plain",
    "number",
    "tour",
)
"""Scopes of what is typed into or moved in: nobody looks for these by name."""


class Command(msgspec.Struct, frozen=True):
    """What a key does; carried out by the method `do_<verb>` of whoever owns its scope."""

    id: str
    title: str
    """One or two words, for the footer and the palette."""
    help: str
    """One sentence: what it does."""
    keys: str
    """As Textual writes them, by commas."""
    footer: bool = False
    while_typing: bool = False
    """Works in a text field and over a form too: for keys that no text contains."""
    named: bool = True
    """Found by its name in the palette, if its scope is one of those."""

    @property
    def scope(self) -> str:
        """Where it works: the first word of the id, but for what works anywhere."""
        first = self.id.partition(".")[0]
        return ANYWHERE if first in ("app", "go", OWN) else first

    @property
    def verb(self) -> str:
        """The last word of the id: `do_<verb>` carries it out."""
        scope, _, last = self.id.rpartition(".")
        return f"{OWN}_{last}" if scope == OWN else last  # whatever a person calls theirs, it is none of ours

    @property
    def in_palette(self) -> bool:
        return self.named and self.scope not in INSIDE


KEY_WORDS = {
    "question_mark": "?",
    "slash": "/",
    "enter": "Enter",
    "escape": "Esc",
    "space": "Space",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "tab": "Tab",
    "at": "@",
    "colon": ":",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "asterisk": "*",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "equals_sign": "=",
    "comma": ",",
    "full_stop": ".",
    "number_sign": "#",
    "dollar_sign": "$",
    "ampersand": "&",
    "exclamation_mark": "!",
    "semicolon": ";",
    "plus": "+",
    "minus": "-",
    "vertical_line": "|",
    "backslash": "\\",
    "underscore": "_",
    "percent_sign": "%",
    "apostrophe": "'",
    "quotation_mark": '"',
    "tilde": "~",
    "backspace": "Backspace",
    "insert": "Ins",
    "delete": "Del",
}


def typed_by(keys: str) -> str:
    """What a key, or the first of a chord, writes where somebody types; empty: nothing."""
    first = keys.split(" ")[0]
    word = " " if first == "space" else KEY_WORDS.get(first, first)
    return word if len(word) == 1 and word.isascii() else ""


FUNCTION_KEY = re.compile(r"f\d+")


def key_word(key: str) -> str:
    """How a key is written for people: `ctrl+p` is Ctrl+P."""
    *held, last = key.strip().split("+")
    word = KEY_WORDS.get(last, last.upper() if held or FUNCTION_KEY.fullmatch(last) else last)
    return "+".join([*(name.capitalize() for name in held), word])


def chord_word(chord: str) -> str:
    """How a chord is written: `g t` is gt, `ctrl+x ctrl+s` is Ctrl+X Ctrl+S. One key is the shortest chord."""
    words = [key_word(key) for key in chord.split()]
    return ("" if all(len(word) == 1 for word in words) else " ").join(words)


def key_words(keys: str) -> str:
    """Several keys: `j,down` is j ↓."""
    return " ".join(chord_word(chord) for chord in keys.split(",") if chord not in ("", UNBOUND))
