"""Keys as people write them (`Ctrl+P`, `?`, `g t`) and as Textual names them (`ctrl+p`, `question_mark`)."""

from __future__ import annotations

import re
import unicodedata

from screens.commands.command import KEY_WORDS

ALIASES = {
    **{word.casefold(): name for name, word in KEY_WORDS.items()},
    **{name: name for name in KEY_WORDS},
    "return": "enter",
    "escape": "escape",
    "pgup": "pageup",
    "pgdown": "pagedown",
    "del": "delete",
    "ins": "insert",
    **{f"f{number}": f"f{number}" for number in range(1, 25)},
}
HELD = ("ctrl", "alt", "shift")
SHORT_HELD = {"c": "ctrl", "m": "alt", "control": "ctrl", "meta": "alt"}
OTHER_NAMES = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
"""Where Textual calls a sign otherwise than Unicode does."""
SENT_AS = {"ctrl+m": "Enter", "ctrl+left_square_bracket": "Esc"}
"""Terminals send the same for both."""
OF_TERMINAL = {"ctrl+at", "ctrl+space"}
WITH_HOLD = re.compile(r"^(?:(?:ctrl|control|alt|meta|shift|c|m)[+-](?=.))+", re.IGNORECASE)


class NoSuchKey(ValueError):
    """What is written is no key that a terminal sends."""


def key_name(written: str) -> str:
    """One key, as Textual names it. `C-x` and `M-x` are understood too."""
    match = WITH_HOLD.match(written)
    prefix, last = (match.group(), written[match.end() :]) if match else ("", written)
    held = {SHORT_HELD.get(word, word) for word in re.split(r"[+-]", prefix.casefold()) if word}
    name = _last_key(last)
    if len(name) == 1 and held & {"ctrl"}:
        name = name.lower()
    if held == {"shift"} and len(name) == 1 and name.isalpha():
        return name.upper()
    key = "+".join([*(word for word in HELD if word in held), name])
    if key in SENT_AS:
        raise NoSuchKey(f"terminals send {SENT_AS[key]} for {written}")
    return key


def _last_key(last: str) -> str:
    if len(last) == 1:
        return last if last.isalnum() else _sign(last)
    name = ALIASES.get(last.casefold())
    if name is None:
        raise NoSuchKey(f"there is no key {last}")
    return name


def _sign(character: str) -> str:
    name = unicodedata.name(character, "").lower().replace("-", "_").replace(" ", "_")
    if not name:
        raise NoSuchKey("a key is missing")
    return OTHER_NAMES.get(name, name)


def chord_name(written: str) -> str:
    """One key, or the keys of a chord one after the other."""
    keys = written.split()
    if not keys:
        raise NoSuchKey("a key is missing")
    return " ".join(key_name(key) for key in keys)


def needs_no_letter(chord: str) -> bool:
    """Whether its first key is one that no text contains."""
    first = chord.split()[0]
    return "+" in first or re.fullmatch(r"f\d+", first) is not None
